import type { ScaleReport } from '../../engine/scales/analyse.ts';
import { type Schedule, writeSchedule, writtenSchedule } from '../../engine/scenario/writeSchedule.ts';
import { Button } from '../controls/Button.tsx';
import { proposeText } from '../editor/proposeText.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { unbroken } from './PairVerdicts.tsx';

/** Which schedule the time scales call for, whether the run has it, and a button that writes it into the text. */
export function ScheduleAdvice({ advice }: { readonly advice: ScaleReport['advice'] }) {
  const workbench = useWorkbench();
  const { session, document, say } = workbench;
  const running = useStore(session, state => state.scenario?.coupling.schedule ?? null);
  const draft = useStore(document, state => state.draft);
  const { schedule, reason } = advice;
  const met = running === schedule || running === 'joint';
  const write = async (): Promise<void> => {
    try {
      const text = writeSchedule(document.get().draft, schedule);
      await proposeText(workbench, text, `Coupling set to ${schedule}: apply the text to run it.`);
    } catch {
      say('The text has faults: mend them before a schedule is written into it.', 'error');
    }
  };
  return (
    <div className={`balance-head ${met || schedule === 'weak' ? 'good' : 'warn'}`}>
      <span className={`dot ${met || schedule === 'weak' ? 'good' : 'warn'}`} />
      <div className="advice">
        <strong>{schedule === 'strong' ? 'Couple strongly' : 'Weak coupling suffices'}</strong>
        <p>{unbroken(reason)}</p>
        <p className="muted small">
          This run couples them by the schedule {running}
          {running === 'joint' && ', which parts no cell from its voxel'}.
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

const SCHEDULES: Readonly<Record<Schedule, string>> = {
  weak: 'schedule: weak',
  strong: 'schedule: strong',
};

/** What the text in hand says; null where it says nothing or has faults. */
function draftSchedule(draft: string): string | null {
  try {
    return writtenSchedule(draft);
  } catch {
    return null;
  }
}
