import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { CellInspector } from './CellInspector.tsx';
import { GroupInspector } from './GroupInspector.tsx';

/** The selected cell, or several of them. */
export function Inspector() {
  const { selection } = useWorkbench();
  const ids = useStore(selection, state => state.ids);
  if (ids.length === 0) {
    return (
      <p className="panel-empty muted">
        Click a cell on the stage to see what is in it. Shift-click adds one, shift-drag a loop selects many.
      </p>
    );
  }
  return ids.length === 1 ? <CellInspector key={ids[0]} id={ids[0]} /> : <GroupInspector ids={ids} />;
}
