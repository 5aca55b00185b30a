import { writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Frame } from '../../engine/index.ts';
import type { FrameEntry } from '../../engine/recording/frameIndex.ts';
import { Ranges, type ShownRanges, widest } from '../../picture/ranges.ts';
import { paintScene } from '../../picture/raster/paint.ts';
import { sceneOf } from '../../picture/scene.ts';
import type { StageView } from '../../picture/view.ts';
import { EXIT, UsageError } from '../exit.ts';
import { openSource, type RangeOptions } from '../export/source.ts';
import { bytesAt, checkTarget, type Target, writeTarget } from '../export/target.ts';
import { clockTime } from '../format.ts';
import { printJson } from '../output.ts';
import { size as sizeText } from '../recording/need.ts';
import { fieldColours, writeGif } from './gif.ts';
import { Moments } from './moments.ts';
import { pngOf } from './png.ts';
import { aboutMoment } from './snapshot.ts';
import { sizeOf, subjectOf, type ViewOptions, viewOf } from './viewOptions.ts';

export interface VideoOptions extends ViewOptions, RangeOptions {
  readonly out: string;
  readonly rate?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const WIDTH = 640;

/** `cellfield video`: a stretch of a recording as a GIF, or as numbered PNGs in a folder. Returns the exit status. */
export async function video(folder: string, options: VideoOptions): Promise<number> {
  const { out, rate = '10' } = options;
  const kind = kindOf(out);
  const perSecond = Number(rate);
  if (!(perSecond >= 0.1 && perSecond <= 50)) {
    throw new UsageError(`--rate ${rate}: expected 0.1 to 50 pictures a second`);
  }
  const source = openSource(folder, options);
  const { opened, description, entries } = source;
  const subject = subjectOf(description, opened.scenario.view);
  const view = viewOf(subject, options);
  const { ratio, ...window } = sizeOf(subject, options, WIDTH);
  const target: Target = {
    path: out,
    kind: kind === 'gif' ? 'file' : 'folder',
    force: options.force ?? false,
  };
  checkTarget(target);
  const moments = new Moments(source);
  const ranges = entries.map(entry => rangesAt(moments.frameAt(entry), view)).reduce(widest);
  const paint = (entry: FrameEntry) => {
    const scene = sceneOf(subject, moments.frameAt(entry), view, ranges, moments.clones, window);
    return paintScene(subject, scene, view, ratio);
  };
  const mark = { ...source.about, format: kind, frames: entries.length };
  await writeTarget(target, mark, path => {
    if (kind === 'gif')
      writeGif(path, entries.length, i => paint(entries[i]), perSecond, fieldColours(subject, view));
    else {
      entries.forEach((entry, i) => {
        const name = `frame-${String(i).padStart(5, '0')}.png`;
        writeFileSync(join(path, name), pngOf(paint(entry), aboutMoment(source, entry)));
      });
    }
  });
  const bytes = bytesAt(out);
  const seconds = entries.length / perSecond;
  if (options.json) printJson({ path: out, format: kind, pictures: entries.length, seconds, bytes });
  else {
    const stretch = `${clockTime(entries[0].time)} to ${clockTime(entries[entries.length - 1].time)}`;
    process.stdout.write(`${out}: ${entries.length} pictures, ${stretch}, ${sizeText(bytes)}\n`);
  }
  return EXIT.done;
}

/** Those of one picture for itself. */
function rangesAt(frame: Frame, view: StageView): ShownRanges {
  const ranges = new Ranges();
  ranges.update(frame, view);
  return ranges;
}

function kindOf(out: string): 'gif' | 'png' {
  const extension = extname(out).toLowerCase();
  if (extension === '.gif') return 'gif';
  if (extension === '') return 'png';
  if (['.mp4', '.webm', '.mov', '.mkv'].includes(extension)) {
    throw new UsageError(
      `--out ${out}: ${extension.slice(1)} needs a browser's encoder, which the app's video export uses; here allowed are .gif and a folder of PNGs`,
    );
  }
  throw new UsageError(`--out ${out}: allowed are a name that ends in .gif, and a folder for PNGs`);
}
