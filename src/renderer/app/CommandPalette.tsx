import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Dialog } from '../controls/Dialog.tsx';
import { CATALOGUE } from '../gallery/catalogue.ts';
import { LIBRARY } from '../lab/library.ts';
import { loadCellType, loadFromLibrary } from '../lab/load.ts';
import { plotChoices } from '../plots/choices.ts';
import { useWorkbench } from '../state/context.ts';
import type { Workbench } from '../state/workbench.ts';
import { ACTIONS, isHere } from './actions.ts';
import { colouringKey, colourings } from './colourings.ts';
import { IS_MAC, keysLabel } from './keys.ts';
import { rank } from './search.ts';

interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

/** Everything that can be done, found by typing. */
export function CommandPalette() {
  const workbench = useWorkbench();
  const { ui } = workbench;
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const [commands] = useState(() => allCommands(workbench));
  const found = rank(commands, query, command => `${command.title} ${command.group}`).slice(0, 60);
  const at = Math.min(chosen, found.length - 1);
  const close = () => ui.set({ overlay: null });
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one is brought into view when it changes
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, query]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(0, at - 1));
    else if (event.key === 'Enter') run(found[at]);
    else if (event.key === 'k' && (event.ctrlKey || event.metaKey)) close();
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label="Command palette" onClose={close} className="palette">
      <input
        className="palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] ? `command-${found[at].id}` : undefined}
        aria-label="Search commands"
        placeholder="What would you like to do?"
        data-autofocus
        value={query}
        onChange={event => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id="palette-list" className="palette-list" role="listbox" aria-label="Commands">
        {found.map((command, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the field, which keeps the focus
          <div
            key={command.id}
            id={`command-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onClick={() => run(command)}
            onPointerMove={() => setChosen(i)}
          >
            <span className="grow ellipsis">{command.title}</span>
            <span className="muted small">{command.group}</span>
            {command.keys && <kbd>{keysLabel(command.keys, IS_MAC)}</kbd>}
          </div>
        ))}
        {found.length === 0 && <p className="muted palette-none">Nothing is called that.</p>}
      </div>
    </Dialog>
  );
}

function allCommands(workbench: Workbench): Command[] {
  const { session, view, ui, preferences } = workbench;
  const scenario = session.get().scenario;
  const commands: Command[] = ACTIONS.filter(
    action =>
      action.id !== 'palette' &&
      !action.id.startsWith('field') &&
      isHere(action, ui.get().workplace) &&
      action.enabled(workbench),
  ).map(({ id, title, group, keys, run }) => ({ id, title, group, keys, run: () => run(workbench) }));
  const inColony = ui.get().workplace === 'colony';
  if (inColony)
    scenario?.fields.forEach(({ name }, field) => {
      commands.push({
        id: `show-field-${field}`,
        title: `Show ${name}`,
        group: 'Field',
        keys: field < 9 ? String(field + 1) : undefined,
        run: () => view.set({ fields: [{ field, map: 'viridis', scale: 'linear', range: 'auto' }] }),
      });
    });
  if (scenario && inColony) {
    for (const colouring of colourings(scenario.cellTypes)) {
      const what =
        colouring.by === 'species'
          ? `${scenario.cellTypes[colouring.type].species[colouring.species].name} of ${scenario.cellTypes[colouring.type].name}`
          : colouring.by;
      commands.push({
        id: `colour-${colouringKey(colouring).replaceAll(' ', '-')}`,
        title: `Colour cells by ${what}`,
        group: 'Cells',
        run: () => view.set({ cells: colouring }),
      });
    }
    for (const { value, label } of plotChoices(scenario)) {
      commands.push({
        id: `plot-${value.replaceAll(' ', '-')}`,
        title: `Plot ${label}`,
        group: 'Plot',
        run: () => {
          preferences.set({ rightOpen: true });
          ui.set(state => ({
            ...state,
            bare: false,
            rightTab: 'plots',
            plots: [value, ...state.plots.filter(other => other !== value)],
          }));
        },
      });
    }
  }
  for (const { name } of scenario?.cellTypes ?? []) {
    commands.push({
      id: `lab-type-${name}`,
      title: `Open ${name} in the circuit lab`,
      group: 'Circuit lab',
      run: () => loadCellType(workbench, name),
    });
  }
  for (const { name, title } of LIBRARY) {
    commands.push({
      id: `lab-circuit-${name}`,
      title: `Circuit: ${title}`,
      group: 'Circuit lab',
      run: () => loadFromLibrary(workbench, name),
    });
  }
  for (const { name, title } of CATALOGUE) {
    commands.push({
      id: `scenario-${name}`,
      title,
      group: 'Scenario',
      run: () => workbench.openGallery(name),
    });
  }
  return commands;
}
