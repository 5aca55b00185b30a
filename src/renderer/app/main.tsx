import 'pixi.js/unsafe-eval';
import { createRoot } from 'react-dom/client';
import '../style/base.css';
import '../style/controls.css';
import '../style/layout.css';
import '../style/stage.css';
import '../style/panels.css';
import '../style/readings.css';
import '../style/scales.css';
import '../style/overlays.css';
import '../style/lab.css';
import '../style/replay.css';
import { connectSession } from '../state/connect.ts';
import { connectLab } from '../state/connectLab.ts';
import { WorkbenchContext } from '../state/context.ts';
import { createWorkbench } from '../state/workbench.ts';
import { App } from './App.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';

const root = document.getElementById('root');
if (root) {
  const workbench = createWorkbench(connectSession, connectLab);
  createRoot(root).render(
    <WorkbenchContext value={workbench}>
      <ErrorBoundary part="The window">
        <App />
      </ErrorBoundary>
    </WorkbenchContext>,
  );
}
