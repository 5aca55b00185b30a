import { ErrorBoundary } from '../app/ErrorBoundary.tsx';
import { Splitter } from '../app/Splitter.tsx';
import { Button } from '../controls/Button.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { CircuitPanel } from './CircuitPanel.tsx';
import { CompareTable } from './CompareTable.tsx';
import { LIBRARY } from './library.ts';
import { loadCellType, loadFromLibrary, openInLab } from './load.ts';
import { NetworkCard } from './NetworkCard.tsx';
import { PathsCard } from './PathsCard.tsx';
import { SettingsPanel } from './SettingsPanel.tsx';
import { SpreadCard } from './SpreadCard.tsx';

/** The circuit lab: a circuit as text on the left, its runs in the middle, settings and structure on the right. */
export function Lab() {
  const { preferences, lab } = useWorkbench();
  const { leftOpen, rightOpen, leftWidth, rightWidth } = useStore(
    preferences,
    ({ leftOpen, rightOpen, leftWidth, rightWidth }) => ({ leftOpen, rightOpen, leftWidth, rightWidth }),
  );
  const empty = useStore(lab.state, state => state.source === null);
  const width = Math.max(360, leftWidth);
  return (
    <section className="lab" aria-label="Circuit lab">
      {leftOpen && !empty && (
        <aside className="panel left" aria-label="Circuit" style={{ width }}>
          <ErrorBoundary part="This panel">
            <CircuitPanel />
          </ErrorBoundary>
          <Splitter side="left" width={width} />
        </aside>
      )}
      <ErrorBoundary part="The lab">{empty ? <Welcome /> : <Results />}</ErrorBoundary>
      {rightOpen && !empty && (
        <aside className="panel right" aria-label="Runs and structure" style={{ width: rightWidth }}>
          <Splitter side="right" width={rightWidth} />
          <ErrorBoundary part="This panel">
            <div className="panel-content">
              <div className="scroll">
                <SettingsPanel />
              </div>
            </div>
          </ErrorBoundary>
        </aside>
      )}
    </section>
  );
}

function Results() {
  const { lab } = useWorkbench();
  const { fault, failures } = useStore(lab.state, ({ fault, run }) => ({
    fault,
    failures: run.members
      .flatMap(({ method, failure }) => (failure === null ? [] : [`${method}: ${failure}`]))
      .join('\n'),
  }));
  return (
    <div className="lab-results scroll">
      {fault !== null && (
        <div className="lab-notice" role="alert">
          <p>The lab stopped: {fault.split('\n')[0]}</p>
          <Button small onClick={lab.restart}>
            Start it again
          </Button>
        </div>
      )}
      {failures !== '' && (
        <div className="lab-notice" role="alert">
          <p>{failures}</p>
        </div>
      )}
      <NetworkCard />
      <div className="lab-plots">
        <PathsCard />
        <SpreadCard />
      </div>
      <CompareTable />
    </div>
  );
}

/** Before there is a circuit: where to take one from. */
function Welcome() {
  const workbench = useWorkbench();
  const types = useStore(workbench.session, state => state.scenario?.cellTypes ?? null);
  return (
    <div className="lab-welcome scroll">
      <div>
        <h1>Choose a circuit</h1>
        <p className="muted">
          Independent copies of it run without space, and their mean, spread and histogram grow as they do.
        </p>
      </div>
      {types && types.length > 0 && (
        <div className="row lab-own">
          <span className="muted">From the open scenario</span>
          {types.map(({ name }) => (
            <Button key={name} onClick={() => loadCellType(workbench, name)}>
              {name}
            </Button>
          ))}
        </div>
      )}
      <ul className="lab-library">
        {LIBRARY.map(({ name, title, caption }, i) => (
          <li key={name}>
            <button
              type="button"
              className="card lab-entry"
              data-autofocus={i === 0 ? true : undefined}
              onClick={() => loadFromLibrary(workbench, name)}
            >
              <span className="card-title">{title}</span>
              <span className="card-caption muted small">{caption}</span>
            </button>
          </li>
        ))}
      </ul>
      <div>
        <Button icon="open" onClick={() => void openInLab(workbench)}>
          Open a scenario or SBML file
        </Button>
      </div>
    </div>
  );
}
