import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../../picture/format/number.ts';
import { decimalsOfStep, formatDuration } from '../../picture/format/time.ts';
import type { ScenarioInfo } from '../../session/contract.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { NumberField, Select, Switch } from '../controls/Fields.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { TimeField } from '../controls/TimeField.tsx';
import { saveVideo } from '../figures/saveVideo.ts';
import { chooseVideo, type VideoChoice } from '../figures/videoEncoder.ts';
import {
  even,
  faultOf,
  LIMITS,
  pictureCount,
  SIZES,
  stageSize,
  summaryOf,
  type VideoKind,
  type VideoSettings,
} from '../figures/videoSettings.ts';
import { useWorkbench } from '../state/context.ts';
import type { Workbench } from '../state/workbench.ts';

type Choices = { readonly mp4: VideoChoice | null; readonly webm: VideoChoice | null };

const LABELS: Readonly<Record<VideoKind, string>> = { mp4: 'MP4', webm: 'WebM', gif: 'GIF', zip: 'PNGs' };

/** A video of the run, or of a part of it. */
export function VideoDialog() {
  const workbench = useWorkbench();
  const { ui, session, say } = workbench;
  const [scenario] = useState(() => session.get().scenario);
  const [settings, setSettings] = useState(() => firstSettings(workbench, scenario));
  const choices = useChoices(settings);
  const job = useRef<AbortController | null>(null);
  const [progress, setProgress] = useState<{ done: number; started: number } | null>(null);
  useEffect(() => () => job.current?.abort(), []);
  if (!scenario) return null;
  const set = (change: Partial<VideoSettings>) => setSettings(before => ({ ...before, ...change }));
  const close = () => {
    if (job.current) job.current.abort();
    else ui.set({ overlay: null });
  };
  const save = async () => {
    const controller = new AbortController();
    job.current = controller;
    setProgress({ done: 0, started: performance.now() });
    try {
      const saved = await saveVideo(workbench, settings, {
        signal: controller.signal,
        progress: done => setProgress(before => before && { ...before, done }),
      });
      if (saved) ui.set({ overlay: null });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      say(`The video could not be made: ${message}`, 'error');
    }
    job.current = null;
    setProgress(null);
  };
  return (
    <Dialog label="Save a video" onClose={close} className="question video">
      <h2>Save a video of the run</h2>
      {progress ? (
        <Progress {...progress} total={pictureCount(settings)} />
      ) : (
        <Choice settings={settings} set={set} scenario={scenario} choices={choices} workbench={workbench} />
      )}
      <div className="row end">
        <Button onClick={close}>Cancel</Button>
        <Button
          kind="primary"
          focused
          icon="film"
          disabled={progress !== null || faultOf(settings, scenario) !== null}
          onClick={() => void save()}
        >
          Save {LABELS[settings.kind]}
        </Button>
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly settings: VideoSettings;
  readonly set: (change: Partial<VideoSettings>) => void;
  readonly scenario: ScenarioInfo;
  readonly choices: Choices | null;
  readonly workbench: Workbench;
}

function Choice({ settings, set, scenario, choices, workbench }: ChoiceProps) {
  const end = scenario.step * scenario.steps;
  const decimals = decimalsOfStep(scenario.step);
  const shot = workbench.stage.current?.shot();
  const sizes = [...(shot ? [stageSize(shot.window)] : []), ...SIZES];
  const size = sizes.findIndex(({ width, height }) => width === settings.width && height === settings.height);
  const kinds: VideoKind[] = [
    ...(choices?.mp4 ? ['mp4' as const] : []),
    ...(choices?.webm ? ['webm' as const] : []),
    'gif',
    'zip',
  ];
  const known = choices !== null;
  // A browser that encodes no H.264 makes a WebM, one that encodes nothing a GIF.
  const { kind } = settings;
  useEffect(() => {
    if (known && !kinds.includes(kind)) set({ kind: kinds[0] });
  });
  const fault = faultOf(settings, scenario);
  return (
    <>
      <Segmented
        label="Format"
        value={kind}
        onChange={next => set({ kind: next })}
        options={kinds.map(value => ({ value, label: LABELS[value] }))}
      />
      <p className="muted small video-note">{noteOf(kind, choices)}</p>
      <div className="labelled">
        <span>Size</span>
        <Select
          label="Size"
          value={String(size)}
          options={[
            ...sizes.map(({ width, height }, i) => ({
              value: String(i),
              label: i === 0 && shot ? `As the stage, ${width} × ${height}` : `${width} × ${height}`,
            })),
            ...(size < 0 ? [{ value: '-1', label: 'Other' }] : []),
          ]}
          onChange={value => set(sizes[Number(value)] ?? {})}
        />
        <span>Pixels</span>
        <span className="row">
          <NumberField
            label="Width"
            value={settings.width}
            least={LIMITS.side[0]}
            most={LIMITS.side[1]}
            onChange={width => set({ width: even(width) })}
          />
          ×
          <NumberField
            label="Height"
            value={settings.height}
            least={LIMITS.side[0]}
            most={LIMITS.side[1]}
            onChange={height => set({ height: even(height) })}
          />
        </span>
        <span>Run from</span>
        <span className="row">
          <TimeField
            label="From"
            value={settings.from}
            decimals={decimals}
            most={end}
            onChange={from => set({ from })}
          />
          to
          <TimeField
            label="To"
            value={settings.to}
            decimals={decimals}
            most={end}
            onChange={to => set({ to })}
          />
        </span>
        <span>Length</span>
        <span className="row">
          <NumberField
            label="Length in seconds"
            value={settings.length}
            least={LIMITS.length[0]}
            most={LIMITS.length[1]}
            onChange={length => set({ length })}
          />
          s at
          <NumberField
            label="Pictures per second"
            value={settings.rate}
            least={LIMITS.rate[0]}
            most={LIMITS.rate[1]}
            onChange={rate => set({ rate })}
          />
          per second
        </span>
      </div>
      <p className={`small video-note ${fault ? 'bad-text' : 'muted'}`} role={fault ? 'alert' : undefined}>
        {fault ?? summaryOf(settings)}
      </p>
      <Switch label="Whole domain" checked={settings.whole} onChange={whole => set({ whole })} />
      <Switch
        label="Colour ranges stay as they are now"
        checked={settings.held}
        onChange={held => set({ held })}
      />
      <Switch label="Legend" checked={settings.legend} onChange={legend => set({ legend })} />
      <Switch label="Scale bar" checked={settings.scaleBar} onChange={scaleBar => set({ scaleBar })} />
      <Switch label="Time" checked={settings.timeStamp} onChange={timeStamp => set({ timeStamp })} />
    </>
  );
}

function Progress({ done, started, total }: { done: number; started: number; total: number }) {
  const left = done === 0 ? null : ((performance.now() - started) / done / 1000) * (total - done);
  return (
    <div className="video-progress">
      <progress aria-label="Pictures made" value={done} max={total} />
      <p className="muted small" aria-live="off">
        {done < total
          ? `Picture ${formatCount(done + 1)} of ${formatCount(total)}`
          : 'The last ones are being encoded'}
        {left !== null && left >= 1 ? `, ${formatDuration(Math.round(left))} to go` : ''}
      </p>
    </div>
  );
}

function noteOf(kind: VideoKind, choices: Choices | null): string {
  switch (kind) {
    case 'mp4':
      return choices?.mp4 ? `${choices.mp4.name}: plays everywhere.` : 'Asking the browser what it encodes …';
    case 'webm':
      return `${choices?.webm?.name ?? 'WebM'}${choices && !choices.mp4 ? ': this browser does not encode H.264.' : ': plays in every browser.'}`;
    case 'gif':
      return 'For slides: repeats for ever, 256 colours per picture.';
    case 'zip':
      return 'Every picture by itself, without loss, in a ZIP with the times of the run.';
  }
}

/** What this browser encodes at a size; null while it is being asked. */
function useChoices({ width, height, rate }: VideoSettings): Choices | null {
  const [choices, setChoices] = useState<Choices | null>(null);
  useEffect(() => {
    let gone = false;
    const format = { width, height, rate, count: 1 };
    Promise.all([chooseVideo(format, 'mp4'), chooseVideo(format, 'webm')]).then(
      ([mp4, webm]) => !gone && setChoices({ mp4, webm }),
      () => !gone && setChoices({ mp4: null, webm: null }),
    );
    return () => {
      gone = true;
    };
  }, [width, height, rate]);
  return choices;
}

/** The run so far, or all of it where it has not begun, as the stage shows it, in ten seconds. */
function firstSettings({ session, stage, view }: Workbench, scenario: ScenarioInfo | null): VideoSettings {
  const { legend, scaleBar, timeStamp } = view.get();
  const end = scenario ? scenario.step * scenario.steps : 1;
  const now = session.get().status?.time ?? 0;
  const shot = stage.current?.shot();
  return {
    kind: 'mp4',
    ...(shot ? stageSize(shot.window) : SIZES[0]),
    rate: 25,
    length: 10,
    from: 0,
    to: now > 0 ? now : end,
    whole: false,
    // At the start the ranges say little of what is to come.
    held: now > 0,
    legend,
    scaleBar,
    timeStamp,
  };
}
