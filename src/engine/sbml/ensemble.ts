import type { CellType } from '../cells/cellType.ts';
import type { Circuit } from '../circuits/circuit.ts';
import {
  type BlockResult,
  COPIES_PER_BLOCK,
  copyStream,
  createEnsemble,
  type Ensemble,
  type EnsembleOptions,
  type EnsembleResult,
  mergeBlocks,
} from '../circuits/ensemble.ts';
import { Moments, Tally } from '../circuits/statistics.ts';
import { createWork } from '../circuits/window.ts';
import { rootStream } from '../random/seed.ts';
import { beyondCircuits } from './beyondCircuits.ts';
import { createFlowSampler } from './flowSampler.ts';
import { readsTime } from './formula.ts';
import type { SbmlModel } from './model.ts';
import { createSampler } from './sampler.ts';
import { type Observable, simulateSbml } from './simulate.ts';
import { toCircuit } from './toCircuit.ts';

/** A circuit alone, in a cell of 1 fg and 1 µm³. */
export function cellTypeOf(circuit: Circuit): CellType {
  return {
    name: 'circuit',
    shape: { kind: 'sphere', radius: (3 / (4 * Math.PI)) ** (1 / 3) },
    dryDensity: circuit.species[0].initial,
    circuit,
    division: null,
    death: null,
  };
}

/** The method that integrates the model as it stands. */
const DETERMINISTIC = 'deterministic';

/**
 * An ensemble of a model in its own unit of time. Models that are plain reaction networks run as circuits, by any method;
 * models with events, rate rules, species under an assignment rule, stoichiometries that vary or functions that circuits lack
 * (such as `factorial`) by the direct method on the model itself, along what flows where anything does; those with events alone
 * also as circuits, by methods that run these. `deterministic` is the time course of
 * simulate.ts, for every model, of species (amounts) and of the compartments and parameters that vary. @throws SbmlError
 */
export function createSbmlEnsemble(model: SbmlModel, options: EnsembleOptions): Ensemble {
  if (options.method === DETERMINISTIC) return createTimeCourse(model, options);
  const beyond = beyondCircuits(model);
  if (beyond === null) {
    const { circuit } = toCircuit(model, { inSeconds: false });
    return createEnsemble(cellTypeOf(circuit), options);
  }
  const { method = 'auto' } = options;
  if (beyond === 'events' && method !== 'auto' && method !== 'direct') {
    const { circuit } = toCircuit(model, { inSeconds: false });
    return createEnsemble(cellTypeOf(circuit), options);
  }
  if (method !== 'auto' && method !== 'direct') {
    throw new RangeError(`circuit method '${method}' does not support ${beyond} of SBML; 'direct' does`);
  }
  return createModelEnsemble(model, options);
}

export function runSbmlEnsemble(model: SbmlModel, options: EnsembleOptions): EnsembleResult {
  const ensemble = createSbmlEnsemble(model, options);
  const results = Array.from({ length: ensemble.blocks }, (_, block) => ensemble.run(block));
  return mergeBlocks(ensemble, options, results);
}

/** Whether anything that decides about firings changes between them. */
function flows({ rules, reactions }: SbmlModel): boolean {
  return (
    rules.some(({ kind, math }) => kind === 'rate' || readsTime(math)) ||
    reactions.some(({ rate }) => rate !== null && readsTime(rate))
  );
}

function createModelEnsemble(model: SbmlModel, options: EnsembleOptions): Ensemble {
  const { runs, times, seed, binWidth = 0, trajectories = 0, copiesPerBlock = COPIES_PER_BLOCK } = options;
  if (!(Number.isInteger(runs) && runs >= 1))
    throw new RangeError(`runs must be a whole number ≥ 1, not ${runs}`);
  const start = options.start ?? Math.min(0, times[0] ?? 0);
  const species = model.species.map(({ id }) => id);
  const root = rootStream(seed);
  const columns = times.length * species.length;
  return {
    method: 'direct',
    blocks: Math.ceil(runs / copiesPerBlock),
    species,
    run(block): BlockResult {
      const first = block * copiesPerBlock;
      const count = Math.min(copiesPerBlock, runs - first);
      const kept = Math.max(0, Math.min(count, trajectories - first));
      const stream = new Uint32Array(4);
      const sampler = flows(model) ? createFlowSampler(model, stream) : createSampler(model, stream);
      const amounts = Array.from({ length: columns }, () => new Float64Array(count));
      for (let copy = 0; copy < count; copy++) {
        copyStream(root, first + copy, stream, 0);
        sampler.run(start, times, (t, s, amount) => {
          amounts[t * species.length + s][copy] = amount;
        });
      }
      const moments = amounts.map(column => Moments.of(column));
      const paths = new Float64Array(kept * columns);
      for (let copy = 0; copy < kept; copy++) {
        for (let i = 0; i < columns; i++) paths[copy * columns + i] = amounts[i][copy];
      }
      return {
        block,
        runs: count,
        mean: Float64Array.from(moments, ({ mean }) => mean),
        squares: Float64Array.from(moments, ({ squares }) => squares),
        histograms: binWidth > 0 ? amounts.map(column => new Tally(binWidth).addAll(column).sorted()) : [],
        trajectories: paths,
        extents: sampler.takeExtents(),
      };
    },
  };
}

/** All copies are the same: one block, without spread. */
function createTimeCourse(model: SbmlModel, options: EnsembleOptions): Ensemble {
  const { runs, times, seed, binWidth = 0, trajectories = 0, tolerance } = options;
  const start = options.start ?? Math.min(0, times[0] ?? 0);
  const observables: Observable[] = [
    ...model.species.map(({ id }) => ({ name: id, as: 'amount' as const })),
    ...[...model.compartments, ...model.parameters]
      .filter(({ constant }) => !constant)
      .map(({ id }) => ({ name: id, as: 'symbol' as const })),
  ];
  return {
    method: DETERMINISTIC,
    blocks: 1,
    species: observables.map(({ name }) => name),
    run(block): BlockResult {
      if (block !== 0) throw new RangeError(`there is no block ${block}`);
      const work = createWork();
      const rows = simulateSbml(model, {
        times: [start, ...times],
        observables,
        seed,
        work,
        ...(tolerance === undefined ? {} : { relative: tolerance }),
      }).slice(1);
      const mean = Float64Array.from(rows.flatMap(row => [...row]));
      const kept = Math.min(runs, trajectories);
      const paths = new Float64Array(kept * mean.length);
      for (let copy = 0; copy < kept; copy++) paths.set(mean, copy * mean.length);
      const tally = (amount: number) =>
        new Tally(binWidth).addAll(new Array<number>(runs).fill(amount)).sorted();
      return {
        block,
        runs,
        mean,
        squares: new Float64Array(mean.length),
        histograms: binWidth > 0 ? Array.from(mean, tally) : [],
        trajectories: paths,
        extents: new Float64Array(0),
        work,
      };
    },
  };
}
