import { type ReactNode, useEffect, useState } from 'react';
import { formatClock } from '../../picture/format/time.ts';
import { Button } from '../controls/Button.tsx';
import { useWorkbench } from '../state/context.ts';
import { type Failure, transition } from '../state/machine.ts';
import { useStore } from '../state/store.ts';

/** What a state of the session says over the stage: nothing while all is well. */
export function StageNotice() {
  const workbench = useWorkbench();
  const { session, ui, engine } = workbench;
  const { phase, failure, problems, refused } = useStore(session, state => ({
    phase: state.phase,
    failure: state.failure,
    problems: state.problems.length,
    refused: state.refusedText?.file ?? null,
  }));
  const { contextLost, gallery } = useStore(ui, ({ contextLost, overlay }) => ({
    contextLost,
    gallery: overlay === 'gallery',
  }));
  const chooser = () => ui.set({ overlay: 'gallery' });
  if (contextLost) {
    return (
      <Notice level="warn" title="The graphics were lost">
        <p>
          The system took the graphics context away. The run is safe; the stage comes back by itself when it
          can.
        </p>
      </Notice>
    );
  }
  if (refused !== null && phase !== 'loading' && phase !== 'lost')
    return <Refused count={problems} file={refused} />;
  switch (phase) {
    case 'empty':
      if (gallery) return null;
      return (
        <Notice level="plain" title="Nothing on the stage yet">
          <p className="muted">Choose a scenario from the gallery, open a file, or drop one here.</p>
          <div className="row">
            <Button kind="primary" onClick={chooser}>
              Open the gallery
            </Button>
            <Button icon="open" onClick={() => void workbench.openFile()}>
              Open a file
            </Button>
          </div>
        </Notice>
      );
    case 'loading':
      return <Loading />;
    case 'lost':
      return (
        <Notice level="bad" title="The engine stopped">
          <p>{sentence(failure?.message ?? 'its worker is gone')}</p>
          <p className="muted">
            This is a fault of the program, not of your scenario. What you see is the last state.
          </p>
          <div className="row">
            <Button kind="primary" icon="restart" onClick={engine.reconnect}>
              Start the engine again
            </Button>
          </div>
        </Notice>
      );
    case 'failed':
      return failure && <Failed failure={failure} />;
    case 'finished':
      return <Finished />;
    default:
      return null;
  }
}

const TITLES: Readonly<Record<string, string>> = {
  balance: 'The balance did not close',
  convergence: 'A step did not converge',
  'non-finite': 'A value is no longer a number',
  negative: 'An amount would turn negative',
  rate: 'A rate cannot be worked with',
  capacity: 'The run outgrew its limits',
};

/** A message of the engine as a sentence. */
function sentence(message: string): string {
  // A name such as `sender.export` stays as the scenario writes it.
  return /^\p{L}+ /u.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
}

function titleOf(failure: Failure): string {
  return TITLES[failure.kind] ?? 'The run failed';
}

/** Says why the run stopped, until dismissed: the cell it names may lie beneath. */
function Failed({ failure }: { readonly failure: Failure }) {
  const { ui, engine, preferences } = useWorkbench();
  const [dismissed, setDismissed] = useState<Failure | null>(null);
  if (dismissed === failure) return null;
  return (
    <Notice level="bad" title={titleOf(failure)}>
      <p>{sentence(failure.message)}</p>
      <p className="muted">The last good state stays visible, at {formatClock(failure.time)}.</p>
      <div className="row">
        {failure.kind === 'balance' && (
          <Button
            kind="primary"
            onClick={() => {
              preferences.set({ rightOpen: true });
              ui.set({ rightTab: 'balance', bare: false });
            }}
          >
            See the balance
          </Button>
        )}
        <Button icon="restart" onClick={engine.restart}>
          Restart
        </Button>
        <Button onClick={() => setDismissed(failure)}>Dismiss</Button>
      </div>
    </Notice>
  );
}

function Notice(props: {
  readonly level: 'plain' | 'warn' | 'bad';
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={`notice ${props.level}`} role={props.level === 'plain' ? 'status' : 'alert'}>
      <h2>{props.title}</h2>
      {props.children}
    </div>
  );
}

/** Only shown where loading takes long enough to be noticed. */
function Loading() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 250);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className="notice plain loading" role="status">
      <span className="spinner" aria-hidden="true" /> Preparing the scenario …
    </div>
  );
}

function Refused({ count, file }: { readonly count: number; readonly file: string }) {
  const { session, ui, preferences } = useWorkbench();
  return (
    <Notice level="bad" title={`${file} cannot be loaded`}>
      <p>
        {count === 1 ? 'It has a problem.' : `It has ${count} problems.`} They are listed beside its text.
      </p>
      <div className="row">
        <Button
          kind="primary"
          onClick={() => {
            preferences.set({ leftOpen: true });
            ui.set({ leftTab: 'text', bare: false });
          }}
        >
          Show the text
        </Button>
        <Button onClick={() => session.set(state => transition(state, { type: 'dismissProblems' }))}>
          Dismiss
        </Button>
      </div>
    </Notice>
  );
}

function Finished() {
  const { engine, session } = useWorkbench();
  const [closed, setClosed] = useState(false);
  const end = useStore(session, state => state.status?.time ?? 0);
  if (closed) return null;
  return (
    <div className="notice plain finished" role="status">
      <span>Finished at {formatClock(end)}</span>
      <Button small icon="restart" onClick={engine.restart}>
        Restart
      </Button>
      <Button small kind="plain" onClick={() => setClosed(true)}>
        Dismiss
      </Button>
    </div>
  );
}
