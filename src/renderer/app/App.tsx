import { useEffect } from 'react';
import { Gallery } from '../gallery/Gallery.tsx';
import { Lab } from '../lab/Lab.tsx';
import { loadFile } from '../lab/load.ts';
import { LeftPanel } from '../panels/LeftPanel.tsx';
import { RightPanel } from '../panels/RightPanel.tsx';
import { useWorkbench } from '../state/context.ts';
import { readScenarioFile } from '../state/files.ts';
import { droppedFolder } from '../state/folders.ts';
import { isSbmlFile } from '../state/lab.ts';
import { useStore } from '../state/store.ts';
import { About } from './About.tsx';
import { ACTIONS, actionOf, isHere } from './actions.ts';
import { CommandPalette } from './CommandPalette.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { focusKind } from './focus.ts';
import { actionFor } from './keys.ts';
import { Messages } from './Messages.tsx';
import { QuestionDialog } from './QuestionDialog.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { SnapshotDialog } from './SnapshotDialog.tsx';
import { Splitter } from './Splitter.tsx';
import { StageArea } from './StageArea.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Timeline } from './Timeline.tsx';
import { TopBar } from './TopBar.tsx';
import { Tour } from './Tour.tsx';
import { VideoDialog } from './VideoDialog.tsx';

/** The window. */
export function App() {
  const workbench = useWorkbench();
  const { ui, preferences } = workbench;
  const { overlay, bare, workplace } = useStore(ui, ({ overlay, bare, workplace }) => ({
    overlay,
    bare,
    workplace,
  }));
  const lab = workplace === 'lab';
  const layout = useStore(preferences, ({ leftOpen, rightOpen, leftWidth, rightWidth }) => ({
    leftOpen,
    rightOpen,
    leftWidth,
    rightWidth,
  }));
  const text = useStore(ui, state => state.leftTab !== 'controls');
  useKeys();
  useMenu();
  useDrop();
  const left = layout.leftOpen && !bare;
  const right = layout.rightOpen && !bare;
  const leftWidth = text ? Math.max(400, layout.leftWidth) : layout.leftWidth;
  return (
    <div className={`app${bare ? ' bare' : ''}${lab ? ' in-lab' : ''}`}>
      {!bare && <TopBar />}
      {/* Behind the lab the colony keeps its size, so that nothing of it is made anew. */}
      <main className="middle" inert={lab}>
        {left && (
          <aside className="panel left" aria-label="Scenario" style={{ width: leftWidth }}>
            <ErrorBoundary part="This panel">
              <LeftPanel />
            </ErrorBoundary>
            <Splitter side="left" width={leftWidth} />
          </aside>
        )}
        <ErrorBoundary part="The stage">
          <StageArea />
        </ErrorBoundary>
        {right && (
          <aside className="panel right" aria-label="Readings" style={{ width: layout.rightWidth }}>
            <Splitter side="right" width={layout.rightWidth} />
            <ErrorBoundary part="This panel">
              <RightPanel />
            </ErrorBoundary>
          </aside>
        )}
      </main>
      {lab && <Lab />}
      {!bare && <Timeline />}
      {!bare && <StatusBar />}
      {overlay === 'gallery' && <Gallery />}
      {overlay === 'palette' && <CommandPalette />}
      {overlay === 'shortcuts' && <Shortcuts />}
      {overlay === 'snapshot' && <SnapshotDialog />}
      {overlay === 'video' && <VideoDialog />}
      {overlay === 'about' && <About />}
      {overlay === 'tour' && <Tour />}
      <QuestionDialog />
      <Messages />
    </div>
  );
}

/** Keys of the whole window. */
function useKeys(): void {
  const workbench = useWorkbench();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const here = ACTIONS.filter(one => isHere(one, workbench.ui.get().workplace));
      const action = actionFor(here, event, focusKind(document.activeElement));
      if (!action) return;
      event.preventDefault();
      if (action.enabled(workbench)) action.run(workbench);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [workbench]);
}

/** Commands of the application menu. */
function useMenu(): void {
  const workbench = useWorkbench();
  useEffect(
    () =>
      window.cellfield?.onMenu(command => {
        const action = actionOf(command);
        if (action?.enabled(workbench)) action.run(workbench);
      }),
    [workbench],
  );
}

/** Scenario files and recordings (folders) dropped on the window; in the desktop app the preload script takes them first. */
function useDrop(): void {
  const workbench = useWorkbench();
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      const folder = droppedFolder(event.dataTransfer);
      if (folder) {
        folder.then(
          place => workbench.openRecording(place),
          (error: Error) => workbench.say(error.message, 'error'),
        );
        return;
      }
      readScenarioFile(file).then(
        read => {
          const inLab = workbench.ui.get().workplace === 'lab';
          const isSbml = isSbmlFile(read.name, read.text);
          if (!inLab && isSbml && workbench.namesModel(read.name))
            workbench.provideModel(read.name, read.text);
          else if (inLab || isSbml) loadFile(workbench, read);
          else workbench.guard(() => workbench.openText(read));
        },
        (error: Error) => workbench.say(error.message, 'error'),
      );
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, [workbench]);
}
