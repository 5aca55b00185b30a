import { createCalendar, needsCalendar } from '../cells/calendar.ts';
import type { CellType } from '../cells/cellType.ts';
import type { MethodOptions } from '../cells/methodOptions.ts';
import { createPopulation, type Population } from '../cells/population.ts';
import { rootStream } from '../random/seed.ts';
import { mix } from '../random/xoshiro.ts';
import { compileCircuit } from './compile.ts';
import { ensembleWindows } from './ensembleWindows.ts';
import { methodType, optionsFor, selectMethod } from './methods.ts';
import { Moments, Tally } from './statistics.ts';
import { type CircuitWindow, createWork, type Fault, type Work } from './window.ts';

export interface EnsembleOptions {
  /** Number of independent copies. */
  readonly runs: number;
  /** Output times, s, ascending; the copies start at `start` with the circuit's initial amounts. */
  readonly times: readonly number[];
  /** s; default 0, or the first output time where that is lower. */
  readonly start?: number;
  /**
   * Longest window of circuits with continuous reactions beside others, s (default: 1/100 of the whole time), and the time in which
   * `hybrid` and `langevin` count firings (default: the whole time). Of a scenario: its step.
   */
  readonly step?: number;
  readonly seed: string;
  /** Of the catalogue in methods.ts; default `auto`. */
  readonly method?: string;
  /**
   * Options of the method. Default: those of the cell type where the method is the type's own, or the type leaves it to `auto`; of another
   * method its defaults.
   */
  readonly methodOptions?: MethodOptions;
  /** Error of continuous steps, relative to an amount plus one molecule. */
  readonly tolerance?: number;
  /** Of the method `deterministic`: error allowed whatever the amount, molecules. */
  readonly absoluteTolerance?: number;
  readonly generate?: boolean;
  /** Concentrations of the fields, molecules/µm³, held throughout; default none. */
  readonly fields?: readonly number[];
  /** Counts how often each amount occurs, in bins of this width; 0 (default) counts nothing. */
  readonly binWidth?: number;
  /** The first copies whose amounts are kept whole; default 0. */
  readonly trajectories?: number;
  /** Smaller blocks give control back sooner, and sums that differ from those of others in rounding alone; default 128. */
  readonly copiesPerBlock?: number;
}

/** N independent copies of one circuit without space, cut into blocks that may be run anywhere, in any order. */
export interface Ensemble {
  /** The method that runs. */
  readonly method: string;
  readonly blocks: number;
  readonly species: readonly string[];
  /** Runs one block; its result can be sent between threads. Throws EnsembleError. */
  run(block: number): BlockResult;
}

export interface BlockResult {
  readonly block: number;
  /** Copies in the block. */
  readonly runs: number;
  /** Mean and sum of squared deviations from it, [time * speciesCount + species]. */
  readonly mean: Float64Array;
  readonly squares: Float64Array;
  /** By time and species as above: bins (ascending) and counts; empty where nothing is counted. */
  readonly histograms: readonly { readonly bins: Float64Array; readonly counts: Float64Array }[];
  /** Amounts of kept copies, [(copy * times + time) * speciesCount + species]. */
  readonly trajectories: Float64Array;
  /** Extents per reaction over the block. */
  readonly extents: Float64Array;
  /** Of methods with an explicit and an implicit form. */
  readonly work?: Work;
}

export interface EnsembleResult {
  readonly method: string;
  readonly runs: number;
  readonly times: readonly number[];
  readonly species: readonly string[];
  /** [time * species.length + species] */
  readonly mean: Float64Array;
  /** Sample standard deviation (n − 1); 0 for a single run. */
  readonly sd: Float64Array;
  readonly histograms: readonly { readonly bins: Float64Array; readonly counts: Float64Array }[];
  /** [(copy * times.length + time) * species.length + species] */
  readonly trajectories: Float64Array;
  readonly extents: Float64Array;
  readonly work?: Work;
}

export class EnsembleError extends Error {
  override readonly name = 'EnsembleError';
}

/** Copies per block: fixed, so that sums do not depend on threads. A block's working set stays in cache. */
export const COPIES_PER_BLOCK = 128;

/** Prepares an ensemble. Throws RangeError for options that make no sense or a method that cannot run the circuit. */
export function createEnsemble(type: CellType, options: EnsembleOptions): Ensemble {
  const { runs, times, seed, generate, tolerance, binWidth = 0, trajectories = 0, fields = [] } = options;
  const { copiesPerBlock = COPIES_PER_BLOCK } = options;
  const start = options.start ?? Math.min(0, times[0] ?? 0);
  if (!(Number.isInteger(runs) && runs >= 1))
    throw new RangeError(`runs must be a whole number ≥ 1, not ${runs}`);
  times.forEach((time, i) => {
    if (!(Number.isFinite(time) && time >= (i === 0 ? start : times[i - 1]))) {
      throw new RangeError(`output times must ascend from ${start}; ${time} does not`);
    }
  });
  // Of a type whose own method is the deterministic limit, other methods simulate the circuit as it was written.
  const written = type.written ? { ...type, circuit: type.written } : type;
  if (options.step !== undefined && !(options.step > 0))
    throw new RangeError(`step must be above 0, not ${options.step}`);
  const method = selectMethod(written.circuit, options.method ?? type.method, { exactTime: true });
  const prepared = {
    ...methodType(written, method),
    method: method.name,
    methodOptions: options.methodOptions ?? optionsFor(type, method.name),
  };
  const circuit = compileCircuit(prepared, fields.length, {
    method: method.name,
    exactTime: true,
    ...(generate === undefined ? {} : { generate }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(options.absoluteTolerance === undefined ? {} : { absoluteTolerance: options.absoluteTolerance }),
  });
  const { species, reactions } = prepared.circuit;
  const last = times[times.length - 1] ?? start;
  const windows = ensembleWindows(prepared.circuit, method.name, fields, start, last, options.step);
  const columns = times.length * species.length;
  const root = rootStream(seed);

  return {
    method: circuit.method,
    blocks: Math.ceil(runs / copiesPerBlock),
    species: species.map(({ name }) => name),
    run(block) {
      const first = block * copiesPerBlock;
      const count = Math.min(copiesPerBlock, runs - first);
      if (!(count > 0)) throw new RangeError(`there is no block ${block}`);
      const population = populate(prepared, root, first, count, start);
      const window = windowOf(population, fields, circuit.uptakes.length, reactions.length);
      window.timeScale = windows.timeScale;
      if (hasTwoForms(circuit.method)) window.work = createWork();
      const kept = Math.max(0, Math.min(count, trajectories - first));
      const result = {
        block,
        runs: count,
        mean: new Float64Array(columns),
        squares: new Float64Array(columns),
        histograms: [] as { bins: Float64Array; counts: Float64Array }[],
        trajectories: new Float64Array(kept * columns),
        extents: window.extents,
        ...(window.work ? { work: window.work } : {}),
      };
      const column = new Float64Array(count);
      let now = start;
      times.forEach((time, t) => {
        const from = now;
        let fault: Fault | null = null;
        do {
          window.start = now;
          now = windows.end(now, time);
          window.duration = now - window.start;
          window.time = windows.atMiddle ? window.start + window.duration / 2 : window.start;
          fault = circuit.advance(window);
        } while (now < time && !fault);
        if (fault) {
          throw new EnsembleError(
            `${fault.reaction}: ${fault.message} in copy ${first + fault.slot + 1}, between ${from} and ${time} s`,
          );
        }
        for (let s = 0; s < species.length; s++) {
          for (let i = 0; i < count; i++) column[i] = population.amounts[i * species.length + s];
          const moments = Moments.of(column);
          result.mean[t * species.length + s] = moments.mean;
          result.squares[t * species.length + s] = moments.squares;
          for (let i = 0; i < kept; i++) {
            result.trajectories[(i * times.length + t) * species.length + s] = column[i];
          }
          if (binWidth > 0) result.histograms.push(new Tally(binWidth).addAll(column).sorted());
        }
      });
      return result;
    },
  };
}

/** What of a cell type an ensemble has no part for, in words; null if nothing. */
export function leftOut({ name, division, death }: CellType): string | null {
  if (division === null && death === null) return null;
  const what = [...(division ? ['division'] : []), ...(death ? ['death'] : [])].join(' and ');
  const phase = division ? '; the phase of their cycle stays 0, so that nothing replicates' : '';
  return `copies do not follow the ${what} of '${name}', as the cells of a run do${phase}`;
}

/** What of a cell type's method is not heeded where another one runs, in words; null if nothing. */
export function optionsLeftOut(type: CellType, method: string): string | null {
  const names = Object.keys(type.methodOptions ?? {});
  if (names.length === 0 || Object.keys(optionsFor(type, method)).length > 0) return null;
  return `${names.join(', ')} of '${type.name}' ${names.length > 1 ? 'are' : 'is'} for its method ${type.method}; ${method} runs with its defaults`;
}

/** Puts the results of all blocks together, in the order of blocks whatever order they come in. */
export function mergeBlocks(
  ensemble: Ensemble,
  options: EnsembleOptions,
  results: readonly BlockResult[],
): EnsembleResult {
  const ordered = [...results].sort((a, b) => a.block - b.block);
  const { times, binWidth = 0 } = options;
  const columns = times.length * ensemble.species.length;
  const mean = new Float64Array(columns);
  const sd = new Float64Array(columns);
  for (let i = 0; i < columns; i++) {
    const all = new Moments();
    for (const result of ordered) all.merge(result.runs, result.mean[i], result.squares[i]);
    mean[i] = all.mean;
    sd[i] = all.count > 1 ? Math.sqrt(all.squares / (all.count - 1)) : 0;
  }
  const histograms =
    binWidth > 0
      ? Array.from({ length: columns }, (_, i) => {
          const tally = new Tally(binWidth);
          for (const result of ordered) tally.addSorted(result.histograms[i]);
          return tally.sorted();
        })
      : [];
  const kept = ordered.map(result => result.trajectories);
  const trajectories = new Float64Array(kept.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of kept) {
    trajectories.set(part, offset);
    offset += part.length;
  }
  const extents = new Float64Array(ordered[0]?.extents.length ?? 0);
  for (const result of ordered) for (let r = 0; r < extents.length; r++) extents[r] += result.extents[r];
  return {
    method: ensemble.method,
    runs: ordered.reduce((sum, result) => sum + result.runs, 0),
    times,
    species: ensemble.species,
    mean,
    sd,
    histograms,
    trajectories,
    extents,
    ...mergedWork(ordered),
  };
}

function mergedWork(results: readonly BlockResult[]): { work?: Work } {
  const works = results.flatMap(({ work }) => (work ? [work] : []));
  if (works.length === 0) return {};
  const sum = createWork();
  for (const work of works) {
    sum.explicit += work.explicit;
    sum.implicit += work.implicit;
    sum.switches += work.switches;
    sum.firstSwitch = Math.min(sum.firstSwitch, work.firstSwitch);
  }
  return { work: sum };
}

/** Whether a method goes over between an explicit and an implicit form. */
function hasTwoForms(method: string): boolean {
  return method === 'tau-leaping' || method === 'deterministic';
}

/** Runs all blocks here, one after the other. */
export function runEnsemble(type: CellType, options: EnsembleOptions): EnsembleResult {
  const ensemble = createEnsemble(type, options);
  const results = Array.from({ length: ensemble.blocks }, (_, block) => ensemble.run(block));
  return mergeBlocks(ensemble, options, results);
}

function populate(
  type: CellType,
  root: Uint32Array,
  first: number,
  count: number,
  start: number,
): Population {
  const { species } = type.circuit;
  const population = createPopulation(count, species.length);
  population.count = count;
  population.birthTime.fill(start);
  population.volume.fill(species[0].initial / type.dryDensity);
  population.birthVolume.set(population.volume);
  population.divisionVolume.fill(Number.POSITIVE_INFINITY);
  if (needsCalendar(type.circuit)) population.calendar = createCalendar(count);
  for (let i = 0; i < count; i++) {
    copyStream(root, first + i, population.streams, 4 * i);
    for (let s = 0; s < species.length; s++) population.amounts[i * species.length + s] = species[s].initial;
  }
  return population;
}

/**
 * The stream of copy n, from the root and n alone: each word of the root with n and the word's place, through two rounds of
 * MurmurHash3's finaliser. Copies differ in every word.
 */
export function copyStream(root: Uint32Array, copy: number, into: Uint32Array, offset: number): void {
  let any = 0;
  for (let word = 0; word < 4; word++) {
    const once = mix(root[word] ^ Math.imul(copy + 1, 0x9e3779b9));
    const twice = mix(once ^ Math.imul(word + 1, 0x85ebca6b));
    into[offset + word] = twice;
    any |= twice;
  }
  // The all-zero state is the one from which xoshiro never leaves.
  if (any === 0) into[offset] = 1;
}

function windowOf(
  population: Population,
  fields: readonly number[],
  uptakes: number,
  reactions: number,
): CircuitWindow {
  const { count } = population;
  const sampled = new Float64Array(count * fields.length);
  for (let i = 0; i < count; i++) sampled.set(fields, i * fields.length);
  return {
    population,
    cells: Int32Array.from({ length: count }, (_, i) => i),
    from: 0,
    to: count,
    time: 0,
    start: 0,
    duration: 0,
    fieldCount: fields.length,
    sampled,
    released: new Float64Array(count * fields.length),
    available: null,
    // Held concentrations feed uptake channels, too.
    includeUptake: uptakes > 0,
    expectedUptake: uptakes > 0 ? new Float64Array(count * uptakes) : null,
    uptakeStride: Math.max(1, uptakes),
    extents: new Float64Array(reactions),
  };
}
