import { useEffect, useState } from 'react';
import { VERSION } from '../../engine/version.ts';
import type { AppInfo } from '../../preload/contract.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { useWorkbench } from '../state/context.ts';

/** What this program is, and what it runs on. */
export function About() {
  const { ui } = useWorkbench();
  const [info, setInfo] = useState<AppInfo | null>(null);
  useEffect(() => {
    window.cellfield?.appInfo().then(setInfo, () => setInfo(null));
  }, []);
  const close = () => ui.set({ overlay: null });
  return (
    <Dialog label="About Cellfield" onClose={close} className="question">
      <h2>Cellfield {VERSION}</h2>
      <p className="muted">
        Cells with stochastic gene circuits over diffusing fields, and an exact account of everything that
        crosses between them.
      </p>
      {info && (
        <p className="muted small">
          Electron {info.electron} · Chromium {info.chrome} · Node {info.node} · {info.platform}
        </p>
      )}
      <div className="row end">
        <Button kind="primary" onClick={close}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}
