import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { CellType } from '../cells/cellType.ts';
import { compileDeterministic, deterministicLimit } from './deterministic.ts';
import { createFlow, type Flow } from './flow.ts';
import { populationOfOne, windowOfOne } from './oneCell.ts';
import { createFailure } from './window.ts';

/** Time scales of the deterministic limit near a state: the inverse of the Jacobian's eigenvalues. */
export interface TimeScales {
  /** s; 1/|λ| of the largest and the least eigenvalue that is not 0. */
  readonly shortest: number;
  readonly longest: number;
  /** longest / shortest: the stiffness ratio. */
  readonly ratio: number;
  /** Eigenvalues with a positive real part: directions in which the state is left. */
  readonly unstable: number;
  /** Some eigenvalues are complex: it swings. */
  readonly oscillates: boolean;
}

export interface Stiffness {
  /** At the initial amounts; null where nothing depends on an amount. */
  readonly start: TimeScales | null;
  /** At the steady state that the limit reaches from there, with its amounts; null where it reaches none. */
  readonly steady: { readonly amounts: readonly number[]; readonly scales: TimeScales | null } | null;
}

/** From this ratio on an explicit method is held back by what is fast long after it is over. */
export const STIFF_RATIO = 1000;

/** Larger Jacobians take too long to decompose: some seconds at this size. */
const MOST_SPECIES = 300;
/** Eigenvalues below this share of the largest are rounding: moieties, and species that nothing depends on. */
const NOISE = 1e-10;
/** Steady where no amount, plus one molecule, would change by more than this share in the longest time scale. */
const STEADY = 1e-6;
const DOUBLINGS = 40;
const MOST_STEPS = 20_000;

/**
 * Stiffness of a cell type's circuit, without space: fields are held at 0, time at the start. The steady state is looked for by
 * integration over windows that double, from a third of the longest time scale. Null where the circuit is too large to decompose, or
 * its rates are undefined at the start.
 */
export function analyseStiffness(type: CellType, fieldCount = 0): Stiffness | null {
  const limit: CellType = { ...type, circuit: deterministicLimit(type.circuit) };
  const flow = createFlow(limit, fieldCount, true, false, true);
  if (!flow || flow.size === 0) return { start: null, steady: null };
  if (flow.size > MOST_SPECIES) return null;
  const population = populationOfOne(limit);
  const window = windowOfOne(
    population,
    new Array<number>(fieldCount).fill(0),
    limit.circuit.reactions.length,
  );
  window.includeUptake = true;
  const rates = new Float64Array(flow.count);
  const slope = new Float64Array(flow.size);
  flow.enter(window, 0);
  if (flow.rates(0, rates) >= 0) return null;
  const start = timeScales(flow);
  const advance = compileDeterministic(limit, fieldCount, true, {
    tolerance: 1e-8,
    timed: false,
    generate: true,
    mostSteps: MOST_STEPS,
  });
  let scales = start;
  let duration = (start?.longest ?? 1) / 3;
  for (let n = 0; n < DOUBLINGS; n++) {
    if (!advance?.(window, duration, createFailure())) return { start, steady: null };
    flow.enter(window, 0);
    if (flow.rates(0, rates) >= 0) return { start, steady: null };
    scales = timeScales(flow);
    flow.combine(rates, slope);
    // Once a round may pass a turning point; a steady state is one for the longest time scale, and for the window just taken.
    const horizon = Math.max(scales?.longest ?? 0, duration);
    const { changed } = flow.network;
    const isSteady = changed.every(
      (s, i) => Math.abs(slope[i]) * horizon <= STEADY * (1 + Math.abs(flow.amounts[s])),
    );
    if (isSteady) return { start, steady: { amounts: [...flow.amounts], scales } };
    duration *= 2;
  }
  return { start, steady: null };
}

/** At the flow's present state. */
function timeScales(flow: Flow): TimeScales | null {
  const { size, count } = flow;
  const { changers } = flow.network;
  const partial = new Float64Array(count * size);
  flow.jacobian(0, partial);
  const jacobian = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let entry = 0;
      for (const [channel, n] of changers[i]) entry += n * partial[channel * size + j];
      if (!Number.isFinite(entry)) return null;
      jacobian.set(i, j, entry);
    }
  }
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(jacobian, {
    assumeSymmetric: false,
  });
  const sizes = realEigenvalues.map((re, i) => Math.hypot(re, imaginaryEigenvalues[i]));
  const most = Math.max(...sizes);
  const kept = sizes.map(value => value > NOISE * most);
  if (!(most > 0)) return null;
  const least = Math.min(...sizes.filter((_, i) => kept[i]));
  return {
    shortest: 1 / most,
    longest: 1 / least,
    ratio: most / least,
    unstable: realEigenvalues.filter((re, i) => kept[i] && re > NOISE * most).length,
    oscillates: imaginaryEigenvalues.some((im, i) => kept[i] && Math.abs(im) > NOISE * most),
  };
}
