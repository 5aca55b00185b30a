import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { CellType } from '../cells/cellType.ts';
import type { DelayLaw, Reaction } from '../circuits/circuit.ts';
import { deterministicLimit } from '../circuits/deterministic.ts';
import { createFlow } from '../circuits/flow.ts';
import { populationOfOne, windowOfOne } from '../circuits/oneCell.ts';
import { multiply, number, species as speciesAmount } from '../expression/build.ts';

/**
 * The deterministic limit of one cell at fixed size and surroundings, dx/dt = N v(x) − μ x: amounts of what reactions change, without
 * biomass, which sets the size. Growing cells dilute: each division leaves half, μ on average. Delays are exponential of the same mean.
 */
export interface LocalDynamics {
  /** Index of the species behind each unknown. */
  readonly species: readonly number[];
  /** Amounts now. */
  readonly start: Float64Array;
  /** Directions in which x can change, as columns (orthonormal): all, but for conserved sums. */
  readonly basis: Matrix;
  /** Specific growth rate, 1/s; 0 where cells do not divide. */
  readonly growth: number;
  /** dx/dt into `slope`, the gross change into `gross`; false where a rate is not finite. */
  evaluate(x: Float64Array, slope: Float64Array, gross: Float64Array): boolean;
  /** Rates at the present state, by reaction, 1/s. */
  reactionRates(): number[];
  /** ∂(dx/dt)/∂x; null where it is not finite. */
  jacobian(x: Float64Array): Matrix | null;
}

/** The cell has these amounts (biomass first) and sees these concentrations. Null where no reaction changes anything but biomass. */
export function localDynamics(
  given: CellType,
  amounts: Float64Array,
  concentrations: readonly number[],
  time: number,
): LocalDynamics | null {
  const type: CellType = { ...given, circuit: deterministicLimit(withDelays(given)) };
  const flow = createFlow(type, concentrations.length, true, false, true);
  if (!flow) return null;
  const population = populationOfOne(type);
  population.amounts.set(amounts.subarray(0, population.stride));
  population.volume[0] = amounts[0] / type.dryDensity;
  const window = windowOfOne(population, concentrations, type.circuit.reactions.length);
  window.time = time;
  flow.enter(window, 0);
  const { changed, changers } = flow.network;
  const unknown = changed.flatMap((s, i) => (s === 0 ? [] : [i]));
  if (unknown.length === 0) return null;
  const rates = new Float64Array(flow.count);
  const partial = new Float64Array(flow.count * flow.size);
  const growth = growthRate();
  const species = unknown.map(i => changed[i]);

  function growthRate(): number {
    const biomass = changed.indexOf(0);
    if (biomass < 0 || given.division === null || flow === null || flow.rates(0, rates) >= 0) return 0;
    const slope = changers[biomass].reduce((sum, [channel, n]) => sum + n * rates[channel], 0);
    return Math.max(0, slope / flow.amounts[0]);
  }

  function moveTo(x: Float64Array): void {
    if (flow) for (let i = 0; i < x.length; i++) flow.amounts[species[i]] = x[i];
  }

  return {
    species,
    start: Float64Array.from(species, s => amounts[s]),
    basis:
      growth > 0
        ? Matrix.eye(species.length)
        : rangeOf(
            unknown.map(i => changers[i]),
            flow.count,
          ),
    growth,
    evaluate(x, slope, gross) {
      moveTo(x);
      if (flow.rates(0, rates) >= 0) return false;
      unknown.forEach((i, row) => {
        slope[row] = -growth * x[row];
        gross[row] = growth * Math.abs(x[row]);
        for (const [channel, n] of changers[i]) {
          slope[row] += n * rates[channel];
          gross[row] += Math.abs(n * rates[channel]);
        }
      });
      return true;
    },
    reactionRates() {
      moveTo(Float64Array.from(species, s => amounts[s]));
      const byReaction = new Array<number>(type.circuit.reactions.length).fill(0);
      if (flow.rates(0, rates) >= 0) return byReaction;
      flow.network.channels.forEach(({ reaction }, c) => {
        byReaction[reaction] = rates[c];
      });
      return byReaction;
    },
    jacobian(x) {
      moveTo(x);
      flow.jacobian(0, partial);
      const made = Matrix.zeros(unknown.length, unknown.length);
      unknown.forEach((i, row) => {
        unknown.forEach((j, column) => {
          let entry = row === column ? -growth : 0;
          for (const [channel, n] of changers[i]) entry += n * partial[channel * flow.size + j];
          made.set(row, column, entry);
        });
      });
      return made.to1DArray().every(Number.isFinite) ? made : null;
    },
  };
}

/** An orthonormal basis of the range of the stoichiometry. */
function rangeOf(
  changers: readonly (readonly (readonly [channel: number, coefficient: number])[])[],
  channels: number,
): Matrix {
  const matrix = Matrix.zeros(changers.length, Math.max(channels, changers.length));
  changers.forEach((list, row) => {
    for (const [channel, n] of list) matrix.set(row, channel, matrix.get(row, channel) + n);
  });
  const { leftSingularVectors, diagonal } = new SingularValueDecomposition(matrix, { autoTranspose: true });
  const rank = diagonal.filter(value => value > 1e-10 * diagonal[0]).length;
  return leftSingularVectors.subMatrix(0, changers.length - 1, 0, rank - 1);
}

/** What is under way completes at the rate 1/mean. */
function withDelays({ circuit, written }: CellType): CellType['circuit'] {
  const { species, reactions } = written ?? circuit;
  const completed = new Map<number, Reaction>();
  for (const { delay } of reactions) {
    if (!delay) continue;
    const completion = reactions[delay.completion];
    const pending = completion.reactants.find(term => term.in === 'cell' && species[term.index].hidden);
    if (!pending) continue;
    const rate = multiply(number(1 / meanOf(delay.law)), speciesAmount(pending.index));
    completed.set(delay.completion, { ...completion, rate, scheduled: false });
  }
  return { species, reactions: reactions.map((reaction, r) => completed.get(r) ?? reaction) };
}

function meanOf(law: DelayLaw): number {
  switch (law.kind) {
    case 'fixed':
      return law.time;
    case 'gamma':
      return law.mean;
    case 'uniform':
      return (law.from + law.to) / 2;
  }
}
