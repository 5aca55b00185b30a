import { useState } from 'react';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Switch } from '../controls/Fields.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { saveStage } from '../figures/saveStage.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

const SCALES = { '1': 1, '2': 2, '4': 4 } as const;

/** A picture of the stage at a chosen size. */
export function SnapshotDialog() {
  const workbench = useWorkbench();
  const { ui, view, say } = workbench;
  const [kind, setKind] = useState<'png' | 'svg'>('png');
  const [scale, setScale] = useState<keyof typeof SCALES>('2');
  const [busy, setBusy] = useState(false);
  const { legend, scaleBar, timeStamp } = useStore(view, ({ legend, scaleBar, timeStamp }) => ({
    legend,
    scaleBar,
    timeStamp,
  }));
  const close = () => ui.set({ overlay: null });
  const save = async () => {
    setBusy(true);
    try {
      if (await saveStage(workbench, kind, SCALES[scale])) close();
    } catch (error) {
      say(
        `The picture could not be made: ${error instanceof Error ? error.message : String(error)}`,
        'error',
      );
    }
    setBusy(false);
  };
  return (
    <Dialog label="Save a picture" onClose={close} className="question">
      <h2>Save a picture of the stage</h2>
      <Segmented
        label="Format"
        value={kind}
        onChange={setKind}
        options={[
          { value: 'png', label: 'PNG', title: 'A picture' },
          { value: 'svg', label: 'SVG', title: 'A drawing: every cell a shape, captions as text' },
        ]}
      />
      {kind === 'png' ? (
        <Segmented
          label="Size"
          value={scale}
          onChange={setScale}
          options={[
            { value: '1', label: '1×' },
            { value: '2', label: '2×' },
            { value: '4', label: '4×' },
          ]}
        />
      ) : (
        <p className="muted small video-note">
          Every cell a shape, captions as text; no contour lines or trails.
        </p>
      )}
      <Switch label="Legend" checked={legend} onChange={checked => view.set({ legend: checked })} />
      <Switch label="Scale bar" checked={scaleBar} onChange={checked => view.set({ scaleBar: checked })} />
      <Switch label="Time" checked={timeStamp} onChange={checked => view.set({ timeStamp: checked })} />
      <div className="row end">
        <Button onClick={close}>Cancel</Button>
        <Button kind="primary" focused icon="camera" disabled={busy} onClick={() => void save()}>
          Save {kind === 'png' ? 'PNG' : 'SVG'}
        </Button>
      </div>
    </Dialog>
  );
}
