import {
  type CellType,
  cellTypeOf,
  type Law,
  lawsInTime,
  meanPassage,
  readCondition,
  type Stationary,
  type StationaryOptions,
  stationaryLaw,
  switchingRates,
  toCircuit,
} from '../engine/index.ts';
import { asUsage, chooseCellType, heldFields, inFile, readCircuits } from './circuitFile.ts';
import { readPositive, readTimes, readWhole } from './ensemble.ts';
import { EXIT, UsageError } from './exit.ts';
import { checkNew, writeNew } from './export.ts';
import { figure, table } from './format.ts';
import { printJson } from './output.ts';
import type { ScenarioOptions } from './scenarioFile.ts';

export interface DistributionCommand extends ScenarioOptions {
  readonly times?: string;
  readonly stationary?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly species?: string;
  readonly tolerance?: string;
  readonly maxStates?: string;
  readonly cell?: string;
  readonly field?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Probabilities that are kept to be written (400 MB). */
const MOST_NUMBERS = 5e7;

/** `cellfield distribution`: the law of one circuit. Returns the exit status. */
export function distribution(file: string, command: DistributionCommand): number {
  checkChoice(command);
  const tolerance = readPositive('--tolerance', command.tolerance ?? '1e-6');
  if (tolerance >= 1) throw new UsageError(`--tolerance ${command.tolerance} is not below 1`);
  const maxStates = readWhole('--max-states', command.maxStates ?? '200000', 1, 20_000_000);
  const times = command.times === undefined ? null : readTimes(command.times);
  checkNew(command.out, command.force);
  const circuits = readCircuits(file, command);
  const type =
    circuits.kind === 'sbml'
      ? cellTypeOf(inFile(file, () => toCircuit(circuits.model, { inSeconds: false }).circuit))
      : chooseCellType(circuits.cellTypes, command.cell);
  if (circuits.kind === 'sbml' && command.cell !== undefined)
    throw new UsageError('--cell chooses a cell type of a scenario; this is an SBML model');
  const fields = heldFields(circuits, command.field);
  checkSpecies(command.species, type);
  const seconds = circuits.kind === 'scenario';
  const task: Task = { file, type, seconds, command, options: { tolerance, maxStates, fields } };
  if (command.from !== undefined && command.to !== undefined) switching(task, command.from, command.to);
  else if (command.to !== undefined) passage(task, command.to, times);
  else if (times !== null) course(task, times);
  else stationary(task);
  return EXIT.done;
}

interface Task {
  readonly file: string;
  readonly type: CellType;
  /** Whether times are in s; those of SBML are in the model's unit. */
  readonly seconds: boolean;
  readonly command: DistributionCommand;
  readonly options: StationaryOptions;
}

function checkChoice({ times, stationary, from, to, out, species }: DistributionCommand): void {
  if (from !== undefined && to === undefined) throw new UsageError('--from needs --to');
  if (to === undefined) {
    if ((times === undefined) === (stationary !== true)) {
      throw new UsageError(
        times === undefined
          ? 'one of --times, --stationary and --to is needed'
          : '--times and --stationary exclude each other',
      );
    }
    return;
  }
  if (stationary) throw new UsageError('--stationary and --to exclude each other');
  if (from !== undefined && times !== undefined)
    throw new UsageError('--times and --from exclude each other: rates are those of the long run');
  if (out !== undefined || species !== undefined)
    throw new UsageError('--out and --species are for --times and --stationary, without --to');
}

/** The species asked for, of those that change. */
function chooseSpecies({ command }: Task, changing: readonly string[]): readonly string[] {
  const names = command.species?.split(',').map(name => name.trim()) ?? changing;
  for (const name of names) {
    if (!changing.includes(name))
      throw new UsageError(
        `--species: no reaction changes '${name}'; those that change are ${changing.join(', ')}`,
      );
  }
  return [...new Set(names)];
}

/** Before anything is computed. */
function checkSpecies(names: string | undefined, type: CellType): void {
  const known = type.circuit.species.map(species => species.name);
  for (const name of names?.split(',') ?? []) {
    if (!known.includes(name.trim()))
      throw new UsageError(
        `--species: there is no species '${name.trim()}'; there are ${known.slice(1).join(', ')}`,
      );
  }
}

function spread(law: Law, name: string): { mean: number; sd: number } {
  const { mean, variance } = law.moments(name);
  return { mean, sd: Math.sqrt(variance) };
}

/** Adds rows `time,species,count,probability`. */
function addRows(rows: string[], time: number | string, name: string, marginal: Float64Array): void {
  marginal.forEach((p, count) => {
    if (p > 0) rows.push(`${time},${name},${count},${p}`);
  });
}

const ROW_HEAD = 'time,species,count,probability';

function course(task: Task, times: readonly number[]): void {
  const { file, type, command, options } = task;
  let names: readonly string[] | null = null;
  const bounds: number[] = [];
  const lines: string[] = [];
  const rows = [ROW_HEAD];
  const species: Record<string, { mean: number[]; sd: number[]; probability: number[][] }> = {};
  let states = 0;
  let kept = 0;
  for (const { time, law, bound } of lawsInTime(type, times, options)) {
    names ??= chooseSpecies(task, law.species);
    states = law.states;
    bounds.push(bound);
    const cells: (number | string)[] = [time, bound];
    for (const name of names) {
      const { mean, sd } = spread(law, name);
      cells.push(mean, sd);
      if (!command.json && command.out === undefined) continue;
      const marginal = law.marginal(name);
      kept += marginal.length;
      if (kept > MOST_NUMBERS)
        throw new UsageError('more than 50 million probabilities: ask for fewer times');
      if (command.out !== undefined) addRows(rows, time, name, marginal);
      if (!command.json) continue;
      species[name] ??= { mean: [], sd: [], probability: [] };
      species[name].mean.push(mean);
      species[name].sd.push(sd);
      species[name].probability.push([...marginal]);
    }
    lines.push(cells.join(','));
  }
  if (command.out !== undefined) writeNew(command.out, `${rows.join('\n')}\n`, command.force ?? false);
  if (command.json) printJson({ file, kind: 'times', states, times, bound: bounds, species });
  else {
    const head = ['time', 'bound', ...(names ?? []).flatMap(name => [`${name}-mean`, `${name}-sd`])];
    process.stdout.write(`${[head.join(','), ...lines].join('\n')}\n`);
  }
}

function stationary(task: Task): void {
  const { file, type, command, options } = task;
  const found = stationaryLaw(type, options);
  const { law, closed, conditional, rim, outflow } = found;
  const names = chooseSpecies(task, law.species);
  if (command.out !== undefined) {
    const rows = [ROW_HEAD];
    for (const name of names) addRows(rows, 'inf', name, law.marginal(name));
    writeNew(command.out, `${rows.join('\n')}\n`, command.force ?? false);
  }
  if (command.json) {
    const species = Object.fromEntries(
      names.map(name => {
        const marginal = law.marginal(name);
        return [name, { ...spread(law, name), modes: modesOf(marginal), probability: [...marginal] }];
      }),
    );
    printJson({ file, kind: 'stationary', states: law.states, closed, conditional, rim, outflow, species });
    return;
  }
  const rows = names.map(name => {
    const { mean, sd } = spread(law, name);
    return [name, figure(mean), figure(sd), modesOf(law.marginal(name)).join(', ')];
  });
  process.stdout.write(
    `${file}: stationary law on ${law.states.toLocaleString('en')} states\n` +
      `${table([['Species', 'mean', 'sd', 'modes'], ...rows])}${certificate(found)}`,
  );
}

function certificate({ closed, conditional, rim }: Stationary): string {
  if (closed) return 'The states are all there are: exact up to rounding.\n';
  const within =
    conditional === null
      ? 'not bounded: too many ways lead into the states'
      : `certified, off by at most ${figure(conditional)} in all`;
  return `Within the states: ${within}. Outside: estimated at ${figure(rim)}, not certified.\n`;
}

/**
 * Counts that are more probable than their neighbours, and not negligible beside the likeliest; of equal ones side by side,
 * such as λ − 1 and λ of a Poisson law, the first. Equal is what rounding could tell apart.
 */
export function modesOf(marginal: Float64Array): number[] {
  const largest = marginal.reduce((most, p) => Math.max(most, p), 0);
  const exceeds = (a: number, b = 0): boolean => a - b > 1e-9 * a;
  const modes: number[] = [];
  for (let n = 0; n < marginal.length; ) {
    let end = n + 1;
    while (end < marginal.length && Math.abs(marginal[end] - marginal[n]) <= 1e-9 * marginal[n]) end++;
    const p = marginal[n];
    if (p > 1e-9 * largest && exceeds(p, marginal[n - 1]) && exceeds(p, marginal[end])) modes.push(n);
    n = end;
  }
  return modes;
}

function passage(task: Task, to: string, times: readonly number[] | null): void {
  const { file, type, seconds, command, options } = task;
  const condition = asUsage(() => readCondition(to, type.circuit));
  if (times === null) {
    const { mean, sd, atLeast, states } = meanPassage(type, condition, options);
    if (command.json) printJson({ file, kind: 'passage', to, mean, sd, atLeast, rate: 1 / mean, states });
    else {
      process.stdout.write(
        `${file}: from the start until ${to}, on ${states.toLocaleString('en')} states\n` +
          table([
            [seconds ? 'Time (s)' : 'Time', 'mean', 'sd', 'mean at least'],
            ['', figure(mean), figure(sd), figure(atLeast)],
          ]),
      );
    }
    return;
  }
  const rows = [...lawsInTime(type, times, { ...options, target: condition })].map(
    ({ time, reached, bound }) => [time, reached, Math.min(1, reached + bound)],
  );
  if (command.json) {
    const [time, atLeast, atMost] = [0, 1, 2].map(column => rows.map(row => row[column]));
    printJson({ file, kind: 'passage', to, times: time, atLeast, atMost });
  } else {
    process.stdout.write(`${['time,at-least,at-most', ...rows.map(row => row.join(','))].join('\n')}\n`);
  }
}

function switching({ file, type, seconds, command, options }: Task, from: string, to: string): void {
  const sets = [from, to].map(text => asUsage(() => readCondition(text, type.circuit)));
  const { rate, back, probability, stationary: law } = switchingRates(type, sets[0], sets[1], options);
  if (command.json) {
    const { closed, conditional, rim } = law;
    const { states } = law.law;
    printJson({
      file,
      kind: 'switching',
      from,
      to,
      rate,
      back,
      probability,
      states,
      closed,
      conditional,
      rim,
    });
    return;
  }
  process.stdout.write(
    `${file}: switching in the long run, on ${law.law.states.toLocaleString('en')} states\n` +
      table([
        ['From', 'to', ...(seconds ? ['rate (1/s)', 'mean time (s)'] : ['rate', 'mean time']), 'time there'],
        [from, to, figure(rate), figure(1 / rate), `${figure(100 * probability)} %`],
        [to, from, figure(back), figure(1 / back), `${figure(100 * (1 - probability))} %`],
      ]) +
      certificate(law),
  );
}
