import { basename, extname, resolve } from 'node:path';
import type { FrameEntry } from '../../engine/recording/frameIndex.ts';
import { formatClock } from '../../picture/format/time.ts';
import { Ranges } from '../../picture/ranges.ts';
import { paintScene } from '../../picture/raster/paint.ts';
import { type Scene, sceneOf } from '../../picture/scene.ts';
import type { Subject } from '../../picture/subject.ts';
import { svgOf } from '../../picture/svg/sceneSvg.ts';
import type { StageView } from '../../picture/view.ts';
import { EXIT, UsageError } from '../exit.ts';
import { openSource, type Source } from '../export/source.ts';
import { checkNew, writeNew } from '../export.ts';
import { printJson } from '../output.ts';
import { size as sizeText } from '../recording/need.ts';
import { timeOption } from '../session.ts';
import { Moments } from './moments.ts';
import { pngOf } from './png.ts';
import { sizeOf, subjectOf, type ViewOptions, viewOf } from './viewOptions.ts';

export interface SnapshotOptions extends ViewOptions {
  readonly at?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const WIDTH = 1024;

/** `cellfield snapshot`: a moment of a recording as a picture. Returns the exit status. */
export function snapshot(folder: string, options: SnapshotOptions): number {
  const source = openSource(folder, {});
  const entry = momentOf(source, options.at);
  const path = options.out ?? `${basename(resolve(folder))}-${Math.round(entry.time)}s.png`;
  const kind = extname(path).toLowerCase();
  if (kind !== '.png' && kind !== '.svg')
    throw new UsageError(`--out ${path}: allowed are names that end in .png or .svg`);
  checkNew(path, options.force);
  const { opened, description } = source;
  const subject = subjectOf(description, opened.scenario.view);
  const view = viewOf(subject, options);
  const { ratio, ...window } = sizeOf(subject, options, WIDTH);
  const moments = new Moments(source);
  const frame = moments.frameAt(entry);
  const ranges = new Ranges();
  ranges.update(frame, view);
  const scene = sceneOf(subject, frame, view, ranges, moments.clones, window);
  const about = aboutMoment(source, entry);
  const picture =
    kind === '.png'
      ? pngOf(paintScene(subject, scene, view, ratio), about)
      : svgOf(scene, view, fieldImage(subject, scene, view), about.Title, about);
  writeNew(path, picture, options.force ?? false);
  const [width, height] = [window.width, window.height].map(side =>
    Math.round(side * (kind === '.png' ? ratio : 1)),
  );
  if (options.json)
    printJson({ path, time_s: entry.time, step: entry.step, width, height, bytes: picture.length });
  else
    process.stdout.write(
      `${path}: ${width} × ${height}, ${sizeText(picture.length)}, at ${formatClock(entry.time)}\n`,
    );
  return EXIT.done;
}

/** The last frame up to a time. @throws UsageError */
function momentOf({ reader, opened }: Source, at: string | undefined): FrameEntry {
  const { entries } = reader;
  const [first, last] = [entries[0], entries[entries.length - 1]];
  if (at === undefined) return last;
  const time = timeOption(at, '--at');
  const slack = 1e-9 * time;
  const found = entries.findLast(entry => entry.time <= time + slack);
  if (!found || time > opened.provenance.time_s + slack) {
    throw new UsageError(
      `--at ${at} lies outside the frames, which go from ${first.time} s to ${last.time} s`,
    );
  }
  return found;
}

/** What a picture says of itself. */
export function aboutMoment({ about }: Source, entry: FrameEntry): Record<string, string> {
  return {
    Title: about.title,
    Software: `Cellfield ${about.cellfield}`,
    Description: `${formatClock(entry.time)} (step ${entry.step}), seed ${about.seed}`,
    Source: `scenario SHA-256 ${about.scenarioHash}`,
  };
}

/** The domain without cells and captions, one CSS pixel to a pixel. */
function fieldImage(subject: Subject, scene: Scene, view: StageView): string | null {
  if (scene.planes.length === 0) return null;
  const [left, top, right, bottom] = scene.place;
  const [width, height] = [Math.round(right - left), Math.round(bottom - top)];
  const bare: Scene = {
    ...scene,
    window: { width, height },
    place: [0, 0, width, height],
    cells: Object.assign(Object.create(scene.cells), { count: 0 }),
    captions: { window: { width, height }, scale: null, time: null, legends: [] },
  };
  const png = pngOf(paintScene(subject, bare, view, 1), {});
  return `data:image/png;base64,${png.toString('base64')}`;
}
