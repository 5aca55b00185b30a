import type { ScaleReport } from '../../engine/scales/analyse.ts';
import { type Schedule, writeSchedule, writtenSchedule } from '../../engine/scenario/writeSchedule.ts';
import { formatValue } from '../../picture/format/number.ts';
import { Button } from '../controls/Button.tsx';
import { proposeText } from '../editor/proposeText.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { unbroken } from './PairVerdicts.tsx';

/** Which schedule the time scales call for, whether the run has it, and a button that writes it into the text. */
export function ScheduleAdvice({ report }: { readonly report: ScaleReport }) {
  const { advice, schedules } = report;
  const workbench = useWorkbench();
  const { session, document, say } = workbench;
  const running = useStore(session, state => state.scenario?.coupling.schedule ?? null);
  const draft = useStore(document, state => state.draft);
  const { schedule, reason } = advice;
  const end = schedules.some(({ by, advised }) => advised && by === 'strong end');
  const met = running === schedule || running === 'joint' || running === 'monolithic';
  const write = async (): Promise<void> => {
    try {
      const text = writeSchedule(document.get().draft, schedule, end ? 'end' : null);
      await proposeText(workbench, text, `Coupling set to ${schedule}: apply the text to run it.`);
    } catch {
      say('The text has faults: mend them before a schedule is written into it.', 'error');
    }
  };
  return (
    <div className={`balance-head ${met || schedule === 'weak' ? 'good' : 'warn'}`}>
      <span className={`dot ${met || schedule === 'weak' ? 'good' : 'warn'}`} />
      <div className="advice">
        <strong>{HEADS[schedule]}</strong>
        <p>{unbroken(reason)}</p>
        {schedules.length > 0 && (
          <p className="muted small">
            Predicted errors:{' '}
            {unbroken(schedules.map(({ by, error }) => `${by} ${errorOf(error)}`).join(', '))}.
          </p>
        )}
        <p className="muted small">
          This run couples them by the schedule {running}
          {running === 'joint' && ', which parts no cell from its voxel'}
          {running === 'monolithic' && ', which solves cells and fields as one'}.
        </p>
        {!met && draftSchedule(draft) === schedule && (
          <p className="muted small">The text says so already: apply it to run it.</p>
        )}
        {!met && draftSchedule(draft) !== schedule && (
          <Button small onClick={() => void write()}>
            Write {SCHEDULES[schedule]} into the text
          </Button>
        )}
      </div>
    </div>
  );
}

const HEADS: Readonly<Record<Schedule, string>> = {
  weak: 'Weak coupling suffices',
  strong: 'Couple strongly',
  joint: 'Couple jointly',
  monolithic: 'Couple as one implicit system',
};

const SCHEDULES: Readonly<Record<Schedule, string>> = {
  weak: 'schedule: weak',
  strong: 'schedule: strong',
  joint: 'schedule: joint',
  monolithic: 'schedule: monolithic',
};

function errorOf(error: number): string {
  return Number.isFinite(error) ? `${formatValue(100 * error, 2)} %` : 'unstable';
}

/** What the text in hand says; null where it says nothing or has faults. */
function draftSchedule(draft: string): string | null {
  try {
    return writtenSchedule(draft);
  } catch {
    return null;
  }
}
