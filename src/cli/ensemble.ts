import { type EnsembleResult, leftOut, METHOD_NAMES, mergeBlocks, optionsLeftOut } from '../engine/index.ts';
import { asUsage, chooseCellType, heldFields, inFile, readCircuits } from './circuitFile.ts';
import { type EnsembleTask, prepareEnsemble, runBlocks } from './ensembleTask.ts';
import { EXIT, UsageError } from './exit.ts';
import { checkNew, writeNew } from './export.ts';
import { figure, table } from './format.ts';
import { printJson } from './output.ts';
import type { ScenarioOptions } from './scenarioFile.ts';

export interface EnsembleCommand extends ScenarioOptions {
  readonly runs: string;
  readonly times: string;
  readonly method?: string;
  readonly threads?: string;
  readonly cell?: string;
  readonly field?: readonly string[];
  readonly bins?: string;
  readonly paths?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Rows of the result: beyond it the times are taken for a mistake. */
const MOST_TIMES = 1_000_000;
const MOST_RUNS = 100_000_000;

/** `cellfield ensemble`: independent copies of one circuit without space. Returns the exit status. */
export async function ensemble(file: string, command: EnsembleCommand): Promise<number> {
  const runs = readWhole('--runs', command.runs, 1, MOST_RUNS);
  const times = readTimes(command.times);
  const threads = readWhole('--threads', command.threads ?? '1', 1, 256);
  const { method } = command;
  if (method !== undefined && !METHOD_NAMES.includes(method)) {
    throw new UsageError(`unknown method '${method}'; known are ${METHOD_NAMES.join(', ')}`);
  }
  checkNew(command.out, command.force);
  const circuits = readCircuits(file, command);
  if (circuits.kind === 'sbml' && command.cell !== undefined)
    throw new UsageError('--cell chooses a cell type of a scenario; this is an SBML model');
  const fields = heldFields(circuits, command.field);
  const seed = command.seed ?? (circuits.kind === 'scenario' ? circuits.seed : '1');
  const task: EnsembleTask = {
    source:
      circuits.kind === 'sbml'
        ? circuits
        : {
            kind: 'type',
            type: chooseCellType(circuits.cellTypes, command.cell),
            fields,
          },
    options: {
      runs,
      times,
      seed,
      ...(circuits.kind === 'sbml' ? {} : { step: circuits.step }),
      ...(method === undefined ? {} : { method }),
      ...(command.bins === undefined ? {} : { binWidth: readPositive('--bins', command.bins) }),
      ...(command.paths === undefined ? {} : { trajectories: readWhole('--paths', command.paths, 0, runs) }),
    },
  };
  if ((command.bins !== undefined || command.paths !== undefined) && !command.json) {
    throw new UsageError('--bins and --paths need --json: a table has no place for them');
  }
  const prepared = inFile(file, () => asUsage(() => prepareEnsemble(task)));
  const left = task.source.kind === 'type' ? leftOut(task.source.type) : null;
  if (left !== null) process.stderr.write(`note: ${left}\n`);
  const unheeded = task.source.kind === 'type' ? optionsLeftOut(task.source.type, prepared.method) : null;
  if (unheeded !== null) process.stderr.write(`note: ${unheeded}\n`);
  const result = mergeBlocks(prepared, task.options, await runBlocks(task, prepared, threads));
  const shown = result.species.flatMap((_, index) =>
    index === 0 && hidesFirst(task, result) ? [] : [index],
  );
  const note = workNote(result);
  if (note !== null) process.stderr.write(`${note}\n`);
  const csv = toCsv(result, shown);
  if (command.out !== undefined) writeNew(command.out, csv, command.force ?? false);
  if (command.json) printJson(asJson(file, seed, result, shown));
  else if (command.out === undefined) process.stdout.write(csv);
  else process.stdout.write(summary(file, result, shown));
  return EXIT.done;
}

/** Which form of a method ran, and where it went over to the implicit one. */
function workNote({ method, work }: EnsembleResult): string | null {
  if (!work) return null;
  const { explicit, implicit, switches, firstSwitch } = work;
  const [plain, stiff, what] =
    method === 'deterministic' ? ['explicit', 'stiff', 'steps'] : ['explicit', 'implicit', 'leaps'];
  const count = (n: number): string => n.toLocaleString('en');
  const went =
    switches === 0
      ? ''
      : `; to ${stiff} ones ${count(switches)} ${switches === 1 ? 'time' : 'times'}, first at time ${figure(firstSwitch)}`;
  return `${method}: ${count(explicit)} ${plain} and ${count(implicit)} ${stiff} ${what}${went}`;
}

/** `start:end:step`, plain numbers in s (of an SBML model, in its unit of time): every start + i·step up to the end. */
export function readTimes(text: string): number[] {
  const parts = text.split(':').map(part => (/^\s*$/.test(part) ? Number.NaN : Number(part)));
  const [start, end, step] = parts;
  if (parts.length !== 3 || !parts.every(Number.isFinite) || !(step > 0) || !(start >= 0) || end < start) {
    throw new UsageError(
      `--times ${text} is not start:end:step, as in 0:50:1, with 0 ≤ start ≤ end and step > 0`,
    );
  }
  const whole = Math.floor((end - start) / step + 1e-9);
  if (whole >= MOST_TIMES) throw new UsageError(`--times ${text} asks for more than ${MOST_TIMES} times`);
  return Array.from({ length: whole + 1 }, (_, i) => Math.min(end, start + i * step));
}

export function readWhole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\s*$/.test(text) || !Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`${option} ${text} is not a whole number from ${least} to ${most}`);
  }
  return value;
}

export function readPositive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new UsageError(`${option} ${text} is no number above 0`);
  return value;
}

/** Whether species 0 is a biomass that nothing changes: an SBML model has none of its own, a circuit that does not grow keeps it. */
function hidesFirst({ source }: EnsembleTask, { species }: EnsembleResult): boolean {
  if (source.kind === 'sbml') return species.length > source.model.species.length;
  return !source.type.circuit.reactions.some(({ reactants, products }) =>
    [...reactants, ...products].some(term => term.in === 'cell' && term.index === 0),
  );
}

function toCsv({ mean, sd, species, times }: EnsembleResult, shown: readonly number[]): string {
  const rows = [['time', ...shown.flatMap(s => [`${species[s]}-mean`, `${species[s]}-sd`])].join(',')];
  times.forEach((time, t) => {
    const cells = shown.flatMap(s => [mean[t * species.length + s], sd[t * species.length + s]]);
    rows.push([time, ...cells].join(','));
  });
  return `${rows.join('\n')}\n`;
}

function asJson(file: string, seed: string, result: EnsembleResult, shown: readonly number[]): object {
  const { mean, sd, species, times, method, runs, histograms, trajectories, work } = result;
  const column = (values: Float64Array, s: number): number[] =>
    times.map((_, t) => values[t * species.length + s]);
  const paths = trajectories.length / (times.length * species.length);
  return {
    file,
    method,
    ...(work ? { work: { ...work, firstSwitch: work.switches > 0 ? work.firstSwitch : null } } : {}),
    runs,
    seed,
    times,
    species: Object.fromEntries(
      shown.map(s => [
        species[s],
        {
          mean: column(mean, s),
          sd: column(sd, s),
          ...(histograms.length === 0
            ? {}
            : {
                histograms: times.map((_, t) => {
                  const { bins, counts } = histograms[t * species.length + s];
                  return { bins: [...bins], counts: [...counts] };
                }),
              }),
          ...(paths === 0
            ? {}
            : {
                paths: Array.from({ length: paths }, (_, copy) =>
                  times.map((_, t) => trajectories[(copy * times.length + t) * species.length + s]),
                ),
              }),
        },
      ]),
    ),
  };
}

function summary(file: string, result: EnsembleResult, shown: readonly number[]): string {
  const { mean, sd, species, times, method, runs } = result;
  const last = (times.length - 1) * species.length;
  const rows = [
    ['Species', 'mean', 'sd'],
    ...shown.map(s => [species[s], figure(mean[last + s]), figure(sd[last + s])]),
  ];
  return `${file}: ${runs} runs by ${method}; at time ${times[times.length - 1]}:\n${table(rows)}`;
}
