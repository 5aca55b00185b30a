import { useEffect, useState } from 'react';
import type { RecentFile } from '../../preload/contract.ts';
import { IconButton } from '../controls/Button.tsx';
import { Icon } from '../controls/Icon.tsx';
import { Menu, type MenuItem } from '../controls/Menu.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { LabTransport } from '../lab/LabTransport.tsx';
import { ReplayTransport } from '../replay/ReplayTransport.tsx';
import { useWorkbench } from '../state/context.ts';
import { isDirty } from '../state/document.ts';
import { useStore } from '../state/store.ts';
import type { Workplace } from '../state/ui.ts';
import { actionOf } from './actions.ts';
import { IS_MAC, keysLabel } from './keys.ts';
import { Transport } from './Transport.tsx';

/** Scenario menu, transport, and the way to everything else. */
export function TopBar() {
  const workbench = useWorkbench();
  const { session, document, preferences, ui } = workbench;
  const title = useStore(session, state => state.scenario?.title ?? null);
  const recorded = useStore(session, state => state.scenario?.recording !== undefined);
  const dirty = useStore(document, isDirty);
  const { leftOpen, rightOpen } = useStore(preferences, ({ leftOpen, rightOpen }) => ({
    leftOpen,
    rightOpen,
  }));
  const workplace = useStore(ui, state => state.workplace);
  const theme = useStore(workbench.view, state => state.theme);
  const act = (id: string) => actionOf(id)?.run(workbench);
  return (
    <header className="top-bar">
      <div className="row grow">
        <IconButton
          icon="left"
          label={leftOpen ? 'Fold the left panel' : 'Open the left panel'}
          pressed={leftOpen}
          onClick={() => preferences.set({ leftOpen: !leftOpen })}
        />
        <Menu
          label="Scenario"
          items={useScenarioMenu()}
          button={
            <>
              <span className="scenario-title ellipsis">{title ?? 'Cellfield'}</span>
              {dirty && (
                <span className="dirty" role="img" aria-label="unsaved edits" title="Unsaved edits" />
              )}
              <Icon name="down" size={14} />
            </>
          }
        />
        <Segmented<Workplace>
          label="Workplace"
          value={workplace}
          onChange={next => ui.set({ workplace: next, bare: false })}
          options={[
            { value: 'colony', label: 'Colony', title: 'The colony (l)' },
            { value: 'lab', label: 'Circuit lab', title: 'The circuit lab (l)' },
          ]}
        />
      </div>
      {workplace === 'lab' ? <LabTransport /> : recorded ? <ReplayTransport /> : <Transport />}
      <div className="row grow end">
        <button
          type="button"
          className="button small palette-button"
          aria-label="Command palette"
          onClick={() => ui.set({ overlay: 'palette' })}
        >
          <span className="muted wide-only">Commands</span>
          <kbd>{keysLabel('Mod+k', IS_MAC)}</kbd>
        </button>
        <IconButton
          icon="theme"
          label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          onClick={() => act('toggleTheme')}
        />
        <IconButton icon="help" label="All keys" keys="?" onClick={() => act('shortcuts')} />
        <IconButton
          icon="right"
          label={rightOpen ? 'Fold the right panel' : 'Open the right panel'}
          pressed={rightOpen}
          onClick={() => preferences.set({ rightOpen: !rightOpen })}
        />
      </div>
    </header>
  );
}

function useScenarioMenu(): MenuItem[] {
  const workbench = useWorkbench();
  const [recent, setRecent] = useState<readonly RecentFile[]>([]);
  const file = useStore(workbench.document, state => state.path);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file may have joined the recent ones
  useEffect(() => {
    workbench.files.recent().then(setRecent, () => setRecent([]));
  }, [workbench, file]);
  const command = (id: string): MenuItem[] => {
    const action = actionOf(id);
    if (!action) return [];
    return [
      {
        label: action.title,
        keys: action.keys && keysLabel(action.keys, IS_MAC),
        disabled: !action.enabled(workbench),
        onSelect: () => action.run(workbench),
      },
    ];
  };
  return [
    ...['gallery', 'open', 'openRecording', 'save', 'saveAs', 'text'].flatMap(command),
    ...recent.slice(0, 6).map((entry, i) => ({
      label: entry.name,
      hint: entry.folder,
      separated: i === 0,
      onSelect: () => void workbench.openRecent(entry.path),
    })),
    ...['tour', 'about'].flatMap(command).map((item, i) => ({ ...item, separated: i === 0 })),
  ];
}
