import { formatValue } from '../../picture/format/number.ts';
import { Slider } from '../controls/Fields.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

/** The plane shown of a 3-D domain. */
export function SliceSlider() {
  const { session, view } = useWorkbench();
  const grid = useStore(session, state => state.scenario?.grid ?? null);
  const slice = useStore(view, state => state.slice);
  if (grid?.dimensions !== 3) return null;
  const planes = grid.cells[2];
  const height = `${formatValue((slice + 0.5) * grid.spacing[2])}\u202fµm`;
  return (
    <div className="parameter">
      <div className="row spread">
        <span>Plane at z</span>
        <span className="num">{height}</span>
      </div>
      <Slider
        label="Plane along z"
        text={height}
        position={planes > 1 ? slice / (planes - 1) : 0}
        onChange={position => view.set({ slice: Math.round(position * (planes - 1)) })}
      />
    </div>
  );
}
