import { Icon } from '../controls/Icon.tsx';
import { Menu, type MenuItem } from '../controls/Menu.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { LIBRARY } from './library.ts';
import { loadCellType, loadFromLibrary, openInLab } from './load.ts';

/** Where circuits come from: the open scenario, the library, a file. */
export function LoadMenu() {
  const workbench = useWorkbench();
  const scenario = useStore(workbench.session, state => state.scenario);
  const items: MenuItem[] = [
    ...(scenario?.cellTypes ?? []).map(({ name }) => ({
      label: name,
      hint: 'of the open scenario',
      onSelect: () => loadCellType(workbench, name),
    })),
    ...LIBRARY.map(({ name, title }, i) => ({
      label: title,
      separated: i === 0 && (scenario?.cellTypes.length ?? 0) > 0,
      onSelect: () => loadFromLibrary(workbench, name),
    })),
    {
      label: 'Open a file',
      hint: 'scenario or SBML',
      separated: true,
      onSelect: () => void openInLab(workbench),
    },
  ];
  return (
    <Menu
      label="Load a circuit"
      items={items}
      button={
        <>
          <Icon name="open" size={14} />
          Load
          <Icon name="down" size={14} />
        </>
      }
    />
  );
}
