import { useMemo } from 'react';
import { IconButton } from '../controls/Button.tsx';
import { fileNameOf } from '../format/fileName.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { columnOf } from './lines.ts';
import { NetworkView } from './network/NetworkView.tsx';

const FOLD = 'lab-network';

/** The network with the mean amounts of the runs at the time of the histogram; it folds away. */
export function NetworkCard() {
  const { lab, files, preferences } = useWorkbench();
  const folded = useStore(preferences, state => state.folded.includes(FOLD));
  const { circuit, run, look, points } = useStore(lab.state, ({ circuit, run, look, settings }) => ({
    circuit,
    run,
    look,
    points: settings.points,
  }));
  const overview = circuit?.overview ?? null;
  const [member] = run.members;
  const at = Math.min(look.time ?? points, points);
  const { amounts, most } = useMemo(() => {
    const means = (overview?.species ?? []).map(({ name }) =>
      member ? columnOf(member, member.mean, name) : new Float64Array(0),
    );
    return {
      amounts: means.map(column => column[at] ?? Number.NaN),
      most: means.map(column => column.reduce((a, b) => Math.max(a, b), 0)),
    };
  }, [overview, member, at]);
  if (!overview || !circuit) return null;
  const selected = overview.species.findIndex(({ name }) => name === look.species);
  const select = (species: number) => {
    const { name } = overview.species[species];
    if (circuit.species.some(other => other.shown && other.name === name)) lab.look({ species: name });
  };
  const save = (svg: string) => {
    void files.saveBytes(new TextEncoder().encode(svg), `${fileNameOf(circuit.title)}-network.svg`, 'bytes');
  };
  const toggle = () => {
    const others = preferences.get().folded.filter(name => name !== FOLD);
    preferences.set({ folded: folded ? others : [...others, FOLD] });
  };
  return (
    <section className="lab-card" aria-label="Network">
      <header className="row">
        <h2>Network</h2>
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
            amounts={amounts.every(Number.isNaN) ? null : amounts}
            most={most.every(value => value === 0) ? null : most}
            selected={selected < 0 ? null : selected}
            onSelect={select}
            onSave={save}
          />
        </div>
      )}
    </section>
  );
}
