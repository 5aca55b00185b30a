import { type Closure, toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { OpenFace } from './fieldOperator.ts';
import type { ImplicitSystem } from './implicitSystem.ts';
import { type Reservoir, volumeAt } from './reservoir.ts';
import { D, W } from './scheme.ts';

/** What a step did to the reservoirs of a field; one entry for each. C at the end in molecules/µm³, the rest molecules. */
export interface ReservoirStep {
  readonly end: Float64Array;
  /** Their volumes at the end, µm³. */
  readonly volumes: Float64Array;
  /** Into the domain. */
  readonly exchanged: Float64Array;
  readonly inflow: Float64Array;
  readonly outflow: Float64Array;
  readonly decayed: Float64Array;
}

/** Joins the parts of a window: amounts add up, the last state counts. */
export function joinReservoirSteps(before: ReservoirStep | undefined, step: ReservoirStep): ReservoirStep {
  if (!before) return step;
  const sum = (of: 'exchanged' | 'inflow' | 'outflow' | 'decayed') =>
    step[of].map((value, j) => value + before[of][j]);
  return {
    end: step.end,
    volumes: step.volumes,
    exchanged: sum('exchanged'),
    inflow: sum('inflow'),
    outflow: sum('outflow'),
    decayed: sum('decayed'),
  };
}

/** The voxels through which a reservoir and the domain exchange conductance · (C − c), 1/s. */
interface Contact {
  readonly places: Int32Array;
  readonly conductance: Float64Array;
  /** Sum of the conductances. */
  readonly total: number;
}

/**
 * The reservoirs of a field as further unknowns of its implicit solves: with M the field's matrix, G_j the conductances of
 * reservoir j and v the voxel volume, a stage over `a` is
 *
 *     M x − a Σ_j G_j C_j = b,      (1 + a (γ_j + Q/V + λ)) C_j − a v/V G_j·x = r_j/V,      γ_j = v/V Σ G_j,
 *
 * in contents V C, V being the volume at the stage's time and Q the outflow,
 * solved by elimination: z_j = M⁻¹ a G_j, a small system for C, and x once more with C known. So cells, field and reservoir
 * are implicit together, however fast the reservoir is exhausted or renewed.
 */
export class ReservoirBorder {
  readonly #reservoirs: readonly Reservoir[];
  readonly #contacts: readonly Contact[];
  readonly #influents: readonly (Closure | null)[];
  readonly #voxelVolume: number;
  readonly #decay: number;
  /** Volume of voxels of the domain that are part of each reservoir, µm³. */
  readonly #annexes: Float64Array;
  readonly #responses: Float64Array[] = [];
  #a = 0;
  /** Of the window in progress: concentrations, rates of their contents (molecules/s) and times at the stages so far. */
  #states: Float64Array[] = [];
  #rates: Float64Array[] = [];
  #times: number[] = [];

  constructor(
    reservoirs: readonly Reservoir[],
    faces: readonly OpenFace[],
    voxelVolume: number,
    decay: number,
    annexes: Float64Array = new Float64Array(reservoirs.length),
  ) {
    this.#annexes = annexes;
    this.#reservoirs = reservoirs;
    this.#contacts = reservoirs.map((_, j) => contactOf(faces, j));
    this.#influents = reservoirs.map(({ expression }) => (expression ? toClosure(expression) : null));
    this.#voxelVolume = voxelVolume;
    this.#decay = decay;
  }

  /**
   * Begins a window at `time` (s) with concentrations `start` and the domain at u, whose stages are implicit over `a`; finds
   * the domain's responses for the matrix of the prepared system. Overwrites its b and x.
   */
  begin(
    system: ImplicitSystem,
    a: number,
    time: number,
    start: Float64Array,
    u: Float64Array,
    tolerance: number,
  ): void {
    this.#a = a;
    for (const [j, { places, conductance }] of this.#contacts.entries()) {
      system.b.fill(0);
      system.x.fill(0);
      for (let p = 0; p < places.length; p++) system.b[places[p]] += a * conductance[p];
      system.solve(tolerance);
      this.#responses[j] ??= new Float64Array(system.x.length);
      this.#responses[j].set(system.x);
    }
    this.open(a, time, start, u);
  }

  /** The same without the responses, for solvers that have the reservoirs among their unknowns. */
  open(a: number, time: number, start: Float64Array, u: Float64Array): void {
    this.#a = a;
    this.#states = [start];
    this.#rates = [this.#ratesAt(start, u, time)];
    this.#times = [time];
  }

  /** Adds to b what the stages so far have supplied to the domain by their `weights` (s). */
  supplyStages(weights: readonly number[], b: Float64Array): void {
    weights.forEach((weight, i) => {
      this.#supply(this.#states[i], weight, b);
    });
  }

  /** The right-hand sides of the next stage, at `time`. */
  rightSide(weights: readonly number[], time: number): Float64Array {
    return this.#states[0].map((start, j) => {
      let right = this.#volume(j, this.#times[0]) * start;
      right += this.#a * this.#reservoirs[j].inflow * this.#influent(j, time);
      weights.forEach((weight, i) => {
        right += weight * this.#rates[i][j];
      });
      return right / this.#volume(j, time);
    });
  }

  /** The reservoirs' part of a stage's matrix times the concentrations c and the domain at x: subtracts a Σ_j G_j c_j from `out`; the rows of c. */
  multiply(c: Float64Array, x: Float64Array, time: number, out: Float64Array): Float64Array {
    this.#supply(c, -this.#a, out);
    return c.map(
      (value, j) => this.diagonal(j, time) * value - (this.#a * this.#given(j, x)) / this.#volume(j, time),
    );
  }

  diagonal(j: number, time: number): number {
    return 1 + this.#a * this.#loss(j, time);
  }

  /** The stage at `time` is solved: reservoirs at `state`, the domain at x. */
  close(state: Float64Array, x: Float64Array, time: number): void {
    this.#states.push(state);
    this.#rates.push(this.#ratesAt(state, x, time));
    this.#times.push(time);
  }

  /**
   * Solves the next stage, at `time`: the system's b holds all but what the reservoirs supply, x the guess. `weights` (s) are
   * those of the stages so far.
   */
  solve(system: ImplicitSystem, weights: readonly number[], time: number, tolerance: number): void {
    const state = (this.#states.at(-1) as Float64Array).slice();
    this.supplyStages(weights, system.b);
    this.#supply(state, this.#a, system.b);
    system.solve(tolerance);
    const right = this.rightSide(weights, time);
    const residual = state.map((guess, j) => {
      const given = (this.#a * this.#given(j, system.x)) / this.#volume(j, time);
      return right[j] + given - this.diagonal(j, time) * guess;
    });
    const matrix = this.#reservoirs.map((_, i) =>
      this.#responses.map(
        (z, j) =>
          (i === j ? this.diagonal(i, time) : 0) - (this.#a * this.#given(i, z)) / this.#volume(i, time),
      ),
    );
    const change = solveDense(matrix, residual);
    this.#supply(change, this.#a, system.b);
    for (const [j, response] of this.#responses.entries()) {
      for (let v = 0; v < response.length; v++) system.x[v] += change[j] * response[v];
      state[j] += change[j];
    }
    // The sum of approximate solutions is measured, and bettered where it must be, as one.
    system.solve(tolerance);
    this.close(state, system.x, time);
  }

  /** Mean concentrations of the window just solved. */
  mean(): Float64Array {
    return this.#meanOf(i => this.#states[i]);
  }

  /**
   * The books of that window of h seconds, in which `exchanged` molecules entered the domain: the end follows from these, so
   * that nothing is lost to the solver's error.
   */
  settle(h: number, exchanged: Float64Array): ReservoirStep {
    const mean = this.mean();
    const brought = this.#meanOf(i => mean.map((_, j) => this.#influent(j, this.#times[i])));
    const contents = this.#meanOf(i => this.#states[i].map((c, j) => c * this.#volume(j, this.#times[i])));
    const inflow = brought.map((c, j) => h * this.#reservoirs[j].inflow * c);
    const outflow = mean.map((c, j) => h * this.#reservoirs[j].outflow * c);
    const decayed = contents.map(amount => h * this.#decay * amount);
    const [first, last] = [this.#times[0], this.#times[0] + h];
    const end = this.#states[0].map((c, j) => {
      const content = this.#volume(j, first) * c;
      return (content + (inflow[j] - outflow[j] - decayed[j] - exchanged[j])) / this.#volume(j, last);
    });
    const volumes = Float64Array.from(this.#reservoirs, reservoir => volumeAt(reservoir, last));
    return { end, volumes, exchanged, inflow, outflow, decayed };
  }

  /** What reservoir j holds at `time` once voxels that became part of it, of that mean concentration, have mixed with it. */
  mix(j: number, held: number, joining: number, time: number): number {
    const own = volumeAt(this.#reservoirs[j], time);
    return (own * held + this.#annexes[j] * joining) / (own + this.#annexes[j]);
  }

  /** The largest concentration that a window of h seconds can begin with or bring in. */
  largest(start: Float64Array, time: number, h: number): number {
    let most = 0;
    for (let j = 0; j < start.length; j++) {
      const renewed = (h * this.#reservoirs[j].inflow) / this.#volume(j, time);
      const brought = Math.min(1, renewed) * this.#influent(j, time + h);
      most = Math.max(most, start[j], brought);
    }
    return most;
  }

  /** By the weights of the scheme: three stages are those of TR-BDF2, two backward Euler. */
  #meanOf(value: (stage: number) => Float64Array): Float64Array {
    if (this.#states.length === 2) return value(1);
    const [start, middle, end] = [value(0), value(1), value(2)];
    return end.map((last, j) => W * (start[j] + middle[j]) + D * last);
  }

  /** d(V C)/dt with the domain at x. */
  #ratesAt(state: Float64Array, x: Float64Array, time: number): Float64Array {
    return state.map((c, j) => {
      const lost = this.#loss(j, time) * this.#volume(j, time) * c;
      return this.#given(j, x) - lost + this.#reservoirs[j].inflow * this.#influent(j, time);
    });
  }

  /** b += factor · Σ_j G_j C_j. */
  #supply(concentrations: Float64Array, factor: number, b: Float64Array): void {
    for (const [j, { places, conductance }] of this.#contacts.entries()) {
      for (let p = 0; p < places.length; p++) b[places[p]] += factor * conductance[p] * concentrations[j];
    }
  }

  /** What the domain at x gives to reservoir j, molecules/s. */
  #given(j: number, x: Float64Array): number {
    const { places, conductance } = this.#contacts[j];
    let sum = 0;
    for (let p = 0; p < places.length; p++) sum += conductance[p] * x[places[p]];
    return this.#voxelVolume * sum;
  }

  /** Of its content, 1/s. */
  #loss(j: number, time: number): number {
    const { outflow } = this.#reservoirs[j];
    const leaving = this.#voxelVolume * this.#contacts[j].total + outflow;
    return leaving / this.#volume(j, time) + this.#decay;
  }

  /** With what of the domain is part of it, µm³. */
  #volume(j: number, time: number): number {
    return volumeAt(this.#reservoirs[j], time) + this.#annexes[j];
  }

  #influent(j: number, time: number): number {
    const value = this.#influents[j];
    if (value === null) return this.#reservoirs[j].influent;
    const scope = createScope();
    scope.time = time;
    return value(scope);
  }
}

function contactOf(faces: readonly OpenFace[], reservoir: number): Contact {
  const places: number[] = [];
  const conductance: number[] = [];
  for (const face of faces) {
    if (!face.reservoir) continue;
    for (let p = 0; p < face.places.length; p++) {
      if (face.reservoir[p] !== reservoir) continue;
      places.push(face.places[p]);
      conductance.push(face.conductance[p]);
    }
  }
  return {
    places: Int32Array.from(places),
    conductance: Float64Array.from(conductance),
    total: conductance.reduce((sum, one) => sum + one, 0),
  };
}

/** Gaussian elimination; the matrix is an M-matrix and diagonally dominant by columns, so that no pivoting is needed. */
function solveDense(matrix: readonly (readonly number[])[], right: Float64Array): Float64Array {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i][n];
    for (let j = i + 1; j < n; j++) sum -= rows[i][j] * x[j];
    x[i] = sum / rows[i][i];
  }
  return x;
}
