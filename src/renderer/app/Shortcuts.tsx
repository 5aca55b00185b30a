import { Dialog } from '../controls/Dialog.tsx';
import { useWorkbench } from '../state/context.ts';
import { ACTIONS } from './actions.ts';
import { IS_MAC, keysLabel } from './keys.ts';

const POINTER = [
  ['drag', 'Move the view'],
  ['wheel', 'Zoom at the pointer'],
  ['click', 'Select a cell'],
  ['Shift click', 'Select more cells'],
  ['Shift drag', 'Select cells in a loop'],
] as const;

/** All keys, by group. */
export function Shortcuts() {
  const { ui } = useWorkbench();
  const close = () => ui.set({ overlay: null });
  const actions = ACTIONS.filter(({ id }) => !/^field[2-9]$/.test(id));
  const groups = ['Run', 'View', 'Tools', 'Scenario', 'Circuit lab', 'Help'] as const;
  return (
    <Dialog label="All keys" onClose={close} className="shortcuts">
      <h2>Keys</h2>
      <div className="shortcut-groups">
        {groups.map(group => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {actions
                .filter(action => action.group === group && action.keys)
                .map(action => (
                  <div key={action.id} className="row spread">
                    <dt>{action.id === 'field1' ? 'Show one field' : action.title}</dt>
                    <dd>
                      {action.id === 'field1' ? (
                        <kbd>1 … 9</kbd>
                      ) : (
                        <kbd>{keysLabel(action.keys ?? '', IS_MAC)}</kbd>
                      )}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Pointer on the stage</h3>
          <dl>
            {POINTER.map(([how, what]) => (
              <div key={how} className="row spread">
                <dt>{what}</dt>
                <dd>
                  <kbd>{how}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
