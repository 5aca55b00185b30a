import { type Ensemble, EnsembleError } from '../../engine/circuits/ensemble.ts';
import { Moments } from '../../engine/circuits/statistics.ts';
import type { Work } from '../../engine/circuits/window.ts';
import { SbmlError } from '../../engine/sbml/errors.ts';
import type { MemberResult } from './contract.ts';
import { Spread } from './spread.ts';

/** Copies whose paths are kept. */
export const KEPT_PATHS = 12;

/** Methods whose amounts are no whole numbers. */
const REAL = new Set(['langevin', 'hybrid', 'deterministic']);

/** Bins of real amounts begin this narrow. */
const FINEST = 2 ** -20;

/** One method of a run: its blocks in order, and what they add up to. */
export class Member {
  readonly method: string;
  readonly #ensemble: Ensemble | null;
  readonly #runs: number;
  readonly #times: number;
  #block = 0;
  #done = 0;
  #elapsed = 0;
  #failure: string | null;
  readonly #moments: Moments[];
  readonly #spreads: Spread[];
  readonly #paths: number[] = [];
  #extents = 0;
  #counts = false;
  #work: Work | null = null;

  /** `real` says which species are real-valued whatever the method. */
  constructor(
    method: string,
    runs: number,
    times: number,
    prepare: () => Ensemble,
    real: (species: string) => boolean,
  ) {
    this.method = method;
    this.#runs = runs;
    this.#times = times;
    this.#failure = null;
    let ensemble: Ensemble | null = null;
    try {
      ensemble = prepare();
    } catch (error) {
      this.#failure = expected(error);
    }
    this.#ensemble = ensemble;
    const species = ensemble?.species ?? [];
    const columns = times * species.length;
    this.#moments = Array.from({ length: columns }, () => new Moments());
    this.#spreads = Array.from({ length: columns }, (_, i) => {
      const fine = REAL.has(ensemble?.method ?? '') || real(species[i % species.length]);
      return new Spread(fine ? FINEST : 1);
    });
  }

  get finished(): boolean {
    return this.#failure !== null || this.#ensemble === null || this.#block >= this.#ensemble.blocks;
  }

  /** Runs the next block. @throws what is no fault of the circuit */
  advance(now: () => number): void {
    if (this.finished || !this.#ensemble) return;
    const started = now();
    try {
      const result = this.#ensemble.run(this.#block++);
      const columns = this.#moments.length;
      for (let i = 0; i < columns; i++)
        this.#moments[i].merge(result.runs, result.mean[i], result.squares[i]);
      for (let copy = 0; copy < result.runs; copy++) {
        for (let i = 0; i < columns; i++) this.#spreads[i].add(result.trajectories[copy * columns + i]);
      }
      const kept = Math.max(0, Math.min(result.runs, KEPT_PATHS - this.#done));
      for (let i = 0; i < kept * columns; i++) this.#paths.push(result.trajectories[i]);
      this.#done += result.runs;
      this.#counts = result.extents.length > 0;
      for (const extent of result.extents) this.#extents += extent;
      if (result.work) this.#work = addWork(this.#work, result.work);
    } catch (error) {
      this.#failure = expected(error);
    }
    this.#elapsed += now() - started;
  }

  /** What there is so far, with the histograms at one output time. */
  result(spreadAt: number): MemberResult {
    const species = this.#ensemble?.species ?? [];
    const runsBy = this.#ensemble?.method ?? this.method;
    const moments = this.#moments;
    const at = Math.min(Math.max(0, spreadAt), this.#times - 1);
    const last = (this.#times - 1) * species.length;
    return {
      method: this.method,
      runsBy,
      done: this.#done,
      runs: this.#runs,
      elapsed: this.#elapsed,
      firings:
        this.#counts && this.#done > 0 && runsBy !== 'deterministic' ? this.#extents / this.#done : null,
      species,
      mean: Float64Array.from(moments, ({ mean }) => mean),
      sd: Float64Array.from(moments, ({ count, squares }) =>
        count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
      ),
      fourth: Float64Array.from(species, (_, s) => this.#spreads[last + s].fourth(moments[last + s].mean)),
      paths: Float64Array.from(this.#paths),
      spreads: species.map((_, s) => this.#spreads[at * species.length + s].view()),
      spreadAt: at,
      work: this.#work,
      failure: this.#failure,
    };
  }
}

function addWork(sum: Work | null, work: Work): Work {
  if (!sum) return { ...work };
  return {
    explicit: sum.explicit + work.explicit,
    implicit: sum.implicit + work.implicit,
    switches: sum.switches + work.switches,
    firstSwitch: Math.min(sum.firstSwitch, work.firstSwitch),
  };
}

/** The message of an error that a circuit or its options may cause. @throws any other */
function expected(error: unknown): string {
  if (error instanceof EnsembleError || error instanceof RangeError || error instanceof SbmlError)
    return error.message;
  throw error;
}
