import type { StateSpace } from './stateSpace.ts';

/** Probabilities of states, and what follows from them. */
export class Law {
  /** Names of the species that change, the coordinates of a state. */
  readonly species: readonly string[];
  readonly states: number;
  /** coordinates[state * species.length + i] */
  readonly coordinates: Float64Array;
  readonly probability: Float64Array;

  constructor(space: StateSpace, probability: Float64Array) {
    this.species = space.names;
    this.states = probability.length;
    this.coordinates = space.coordinates;
    this.probability = probability;
  }

  get total(): number {
    return sum(this.probability);
  }

  /** Probabilities of the counts 0, 1, … of one species. */
  marginal(species: string): Float64Array {
    const i = this.indexOf(species);
    const width = this.species.length;
    let most = 0;
    for (let s = 0; s < this.states; s++) {
      if (this.probability[s] > 0) most = Math.max(most, this.coordinates[s * width + i]);
    }
    const law = new Float64Array(most + 1);
    for (let s = 0; s < this.states; s++) {
      if (this.probability[s] > 0) law[this.coordinates[s * width + i]] += this.probability[s];
    }
    return law;
  }

  /** Mean and variance of that marginal, normalised. */
  moments(species: string): { mean: number; variance: number } {
    const law = this.marginal(species);
    const total = sum(law);
    let mean = 0;
    for (let n = 0; n < law.length; n++) mean += (n * law[n]) / total;
    let variance = 0;
    for (let n = 0; n < law.length; n++) variance += ((n - mean) * (n - mean) * law[n]) / total;
    return { mean, variance };
  }

  private indexOf(species: string): number {
    const i = this.species.indexOf(species);
    if (i < 0) throw new RangeError(`no species ${species} changes; there are ${this.species.join(', ')}`);
    return i;
  }
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
