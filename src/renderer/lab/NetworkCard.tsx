import { useMemo } from 'react';
import { formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';
import { IconButton } from '../controls/Button.tsx';
import { fileNameOf } from '../format/fileName.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { liveAmounts } from './liveAmounts.ts';
import { NetworkView } from './network/NetworkView.tsx';

const FOLD = 'lab-network';

/** The network of the circuit with the mean amounts at the time of the histogram; a click chooses the histogram's species. It folds away. */
export function NetworkCard() {
  const { lab, files, preferences } = useWorkbench();
  const folded = useStore(preferences, state => state.folded.includes(FOLD));
  const { circuit, run, look } = useStore(lab.state, ({ circuit, run, look }) => ({ circuit, run, look }));
  const overview = circuit?.overview ?? null;
  const member = run.members[0];
  const live = useMemo(
    () => (overview && member ? liveAmounts(overview, member, run.times.length, look.time) : null),
    [overview, member, run.times, look.time],
  );
  if (!circuit || !overview) return null;
  const at = live && run.times[live.time];
  const when = circuit.timeUnit === 'model' ? formatValue(at ?? 0) : formatDuration(at ?? 0);
  const selected = overview.species.findIndex(({ name }) => name === look.species);
  const choose = (species: number) => {
    const { name } = overview.species[species];
    if (circuit.species.some(other => other.name === name && other.shown)) lab.look({ species: name });
  };
  const save = (svg: string) => {
    void files.saveBytes(new TextEncoder().encode(svg), `${fileNameOf(circuit.title)}-network.svg`, 'svg');
  };
  const toggle = () => {
    const others = preferences.get().folded.filter(name => name !== FOLD);
    preferences.set({ folded: folded ? others : [...others, FOLD] });
  };
  return (
    <section className="lab-card" aria-label="Network">
      <header className="row">
        <h2>Network</h2>
        {live && (
          <span className="muted small ellipsis">
            mean amounts at {when}
            {run.members.length > 1 && ` by ${member.method}`}
          </span>
        )}
        <span className="grow" />
        <IconButton
          icon={folded ? 'plus' : 'minus'}
          tiny
          label={folded ? 'Show the network' : 'Hide the network'}
          onClick={toggle}
        />
      </header>
      {!folded && (
        <div className="lab-network">
          <NetworkView
            overview={overview}
            title={circuit.title}
            amounts={live?.amounts ?? null}
            most={live?.most ?? null}
            selected={selected >= 0 ? selected : null}
            onSelect={choose}
            onSave={save}
          />
        </div>
      )}
    </section>
  );
}
