import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { advance, applyEdit, type Model, stateHash, timeSeriesRow } from '../engine/index.ts';
import { takeCells } from '../engine/recording/cellColumns.ts';
import { createCellStream } from '../engine/recording/cellStream.ts';
import { EXIT, UsageError } from './exit.ts';
import { clockTime } from './format.ts';
import { printJson } from './output.ts';
import { Progress } from './progress.ts';
import { listCheckpoints } from './recording/checkpoints.ts';
import { FILES } from './recording/files.ts';
import { FrameReader } from './recording/frameReader.ts';
import { type Opened, openRecording, restore, restoreBefore } from './recording/opened.ts';
import { stepOf } from './session.ts';

export interface VerifyOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** How many of each were compared, and the first that differed. */
interface Finding {
  readonly from: number;
  readonly to: number;
  readonly states: number;
  readonly frames: number;
  readonly rows: number;
  readonly difference: { readonly step: number; readonly what: string } | null;
}

/** `cellfield verify`: runs a stretch of a recording again and compares every state, frame and row in it, to the bit. */
export function verify(folder: string, options: VerifyOptions): number {
  const opened = openRecording(folder);
  const { step } = opened.scenario.description.time;
  const { provenance } = opened;
  const first = options.from === undefined ? provenance.from : stepOf(options.from, '--from', step);
  const last = options.to === undefined ? provenance.step : stepOf(options.to, '--to', step);
  if (first < provenance.from || last > provenance.step || first >= last) {
    const [begin, end] = [provenance.from * step, provenance.step * step];
    throw new UsageError(`--from and --to must lie between ${begin} s and ${end} s, --to after --from`);
  }
  const finding = compare(opened, first, last, options);
  if (options.json) printJson({ status: finding.difference ? 'failed' : 'done', ...finding });
  else process.stdout.write(describe(finding, step) + otherEngine(finding, provenance.platform));
  return finding.difference ? EXIT.failed : EXIT.done;
}

function compare(opened: Opened, first: number, last: number, { quiet, json }: VerifyOptions): Finding {
  const { folder, scenario } = opened;
  const { description } = scenario;
  const states = new Map<number, string>();
  for (const { step, path } of listCheckpoints(folder)) states.set(step, path);
  if (opened.provenance.status !== 'failed') states.set(opened.provenance.step, join(folder, FILES.state));
  const frames = new FrameReader(folder, description);
  const byStep = new Map(frames.entries.map(entry => [entry.step, entry]));
  const rows = readRows(join(folder, FILES.timeSeries));
  const stream = createCellStream(
    frames.columns,
    description.cellTypes.map(({ name }) => name),
  );

  const counted = { states: 0, frames: 0, rows: 0 };
  let { model, scenario: current, ahead } = restoreBefore(opened, first);
  const from = model.step;
  /** What differs at the model's step, edits not yet made; null: nothing. */
  const findDifference = (): string | null => {
    const row = rows.get(model.step);
    if (row !== undefined) {
      counted.rows++;
      if (row !== timeSeriesRow(model)) return `the row of ${FILES.timeSeries}`;
    }
    const entry = byStep.get(model.step);
    if (!entry) return null;
    counted.frames++;
    const batch = frames.batch(entry);
    if (batch && !same(batch, stream.encode(takeCells(model, frames.columns)))) return 'the frame of cells';
    const fields = frames.fields(entry);
    const f = fields?.findIndex(
      (values, i) => !values.every((value, v) => value === Math.fround(model.fields[i][v])),
    );
    return f !== undefined && f >= 0 ? `the frame of field ${description.fields[f].name}` : null;
  };
  const progress = new Progress(model, last, (quiet ?? false) || (json ?? false));
  let difference: string | null = null;
  try {
    for (;;) {
      if (model.step > from) difference = findDifference();
      difference ??= stateDiffers(opened, states.get(model.step), model, ahead.length, counted);
      while (difference === null && ahead.length > 0 && ahead[0].step <= model.step) {
        ({ model, scenario: current } = applyEdit(model, current, ahead[0].edit));
        ahead = ahead.slice(1);
        difference = stateDiffers(opened, states.get(model.step), model, ahead.length, counted);
      }
      if (difference !== null || model.step >= last) break;
      advance(model);
      progress.update(model, last);
    }
  } finally {
    progress.stop();
  }
  return {
    from,
    to: model.step,
    ...counted,
    difference: difference === null ? null : { step: model.step, what: difference },
  };
}

/** Compares a kept state with that of the model, where both have the same edits still ahead. */
function stateDiffers(
  opened: Opened,
  path: string | undefined,
  model: Model,
  ahead: number,
  counted: { states: number },
): string | null {
  if (path === undefined) return null;
  const kept = restore(opened, path);
  if (kept.ahead.length !== ahead) return null;
  counted.states++;
  return stateHash(kept.model) === stateHash(model) ? null : `the state in ${path}`;
}

/** Rows of the time series by step, as they stand there. */
function readRows(path: string): Map<number, string> {
  const lines = readFileSync(path, 'utf8').split(/(?<=\n)/);
  return new Map(
    lines
      .slice(1)
      .filter(line => line.endsWith('\n'))
      .map(line => [Number.parseInt(line, 10), line]),
  );
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Browsers, and other versions of Node, may round exp, log and sin in another way: a difference need be no fault. */
function otherEngine({ difference }: Finding, platform: string): string {
  if (difference === null || platform.startsWith(`node ${process.versions.node},`)) return '';
  return `  it was recorded by ${platform}; this is node ${process.versions.node}: their exp, log and sin may differ in the last bit\n`;
}

function describe({ from, to, states, frames, rows, difference }: Finding, step: number): string {
  const stretch = `${clockTime(from * step)} to ${clockTime(to * step)}`;
  const compared = `${states} states, ${frames} frames and ${rows} rows`;
  if (difference === null) return `  ${stretch}: ${compared} are the same to the bit\n`;
  return `  ${stretch}: ${difference.what} differs at step ${difference.step} (${clockTime(difference.step * step)}); before it ${compared} were compared\n`;
}
