import type { Model } from '../model/model.ts';
import type { LocalDynamics } from './localDynamics.ts';
import { reactionRelaxation } from './turnover.ts';
import { GOOD_ENOUGH, percent, SEPARATED, short } from './verdicts.ts';

/** How two parts of a step stand to each other that are taken one after the other. */
export interface SplitVerdict {
  readonly between: readonly [string, string];
  readonly verdict: 'separated' | 'the step suffices' | 'shorten the step' | 'not separated';
  /** Predicted relative error, of what the reason names. */
  readonly error: number;
  /** The longest step with which it is at most 5 %, s; null where the step has nothing to do with it. */
  readonly longestStep: number | null;
  readonly reason: string;
}

export interface SplitInput {
  readonly type: string;
  readonly dynamics: LocalDynamics | null;
  /** Slowest relaxation of the circuit, s. */
  readonly slowest: number | null;
  readonly stableStates: number | null;
}

export function judgeSplitting(model: Model, types: readonly SplitInput[]): SplitVerdict[] {
  return [
    ...fieldReactions(model),
    ...types.flatMap(type => growthOf(model, type)),
    ...contacts(model, types),
  ];
}

/**
 * Reactions of fields take half of the step before transport and half after it. What comes in at a steady rate s by transport and from
 * cells and reacts away at λ then stands at (s H/2)/sinh(λ H/2) at the end of a step, not at s/λ.
 */
function fieldReactions(model: Model): SplitVerdict[] {
  const { fields, time } = model.description;
  return fields.flatMap(({ name }, f): SplitVerdict[] => {
    const { names, most } = reactionRelaxation(model, f);
    if (names.length === 0 || most === 0) return [];
    const error = splittingError(most, time.step);
    const longestStep = longestFor(most);
    const how = `${name} reacts within ${short(1 / most)} s where it does so fastest; in half steps, before and after transport,`;
    const between = [names.join(', '), `transport of ${name}`] as const;
    if (Math.abs(error) <= GOOD_ENOUGH) {
      const reason = `${how} what comes in by transport is off by ${percent(Math.abs(error))} at most`;
      return [{ between, verdict: 'the step suffices', error, longestStep, reason }];
    }
    const reason =
      `${how} what comes in by transport is off by up to ${percent(Math.abs(error))} at the ends of steps: ` +
      `${short(longestStep)} s would do, or, of what only vanishes in proportion, the field's \`decay\``;
    return [{ between, verdict: 'shorten the step', error, longestStep, reason }];
  });
}

/** x/sinh x − 1, x = λ H/2. */
export function splittingError(rate: number, step: number): number {
  const x = (Math.abs(rate) * step) / 2;
  return x < 1e-6 ? -(x * x) / 6 : x > 700 ? -1 : x / Math.sinh(x) - 1;
}

function longestFor(rate: number): number {
  let [low, high] = [0, 2 / rate];
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    if (Math.abs(splittingError(rate, middle)) <= GOOD_ENOUGH) low = middle;
    else high = middle;
  }
  return low;
}

/** Cells divide at the ends of steps: half a step's growth late on average. */
function growthOf({ description }: Model, { type, dynamics, slowest, stableStates }: SplitInput) {
  const growth = dynamics?.growth ?? 0;
  if (growth === 0 || slowest === null) return [];
  const { step, lifeCycleEvery = 1 } = description.time;
  const error = (growth * step * lifeCycleEvery) / 2;
  const longestStep = (2 * GOOD_ENOUGH) / growth / lifeCycleEvery;
  const between = [`circuit of ${type}`, 'growth and division'] as const;
  const late = `cells divide ${percent(error)} too large on average, at the ends of steps`;
  const made = (verdict: SplitVerdict['verdict'], reason: string): SplitVerdict[] => [
    { between, verdict, error, longestStep, reason },
  ];
  if (error > GOOD_ENOUGH) return made('shorten the step', `${late}: ${short(longestStep)} s would do`);
  // Dilution is part of the circuit's relaxation, so it is at most as slow as growth.
  if (slowest * growth * SEPARATED <= 1) {
    const settled = `the circuit settles within ${short(slowest)} s, ${short(1 / (slowest * growth))} times faster than cells grow`;
    if (stableStates === 1)
      return made('separated', `${settled}, into its one stable state: quasi-steady along growth; ${late}`);
    if (stableStates !== null && stableStates > 1)
      return made('the step suffices', `${settled}, but into one of ${stableStates} stable states; ${late}`);
  }
  return made(
    'the step suffices',
    `the circuit settles within ${short(slowest)} s, cells grow within ${short(1 / growth)} s; ${late}`,
  );
}

/** Overlap at the middle of a disc of N cells that grow at g and relax at k: 0.18 g N/k radii (docs/numerics.md, Contact mechanics). */
function contacts({ description, population }: Model, types: readonly SplitInput[]): SplitVerdict[] {
  const { mechanics, grid } = description;
  const growth = Math.max(0, ...types.map(({ dynamics }) => dynamics?.growth ?? 0));
  if (!mechanics || growth === 0 || grid.dimensions !== 2) return [];
  const error = (0.18 * growth * population.count) / mechanics.rate;
  const between = ['growth', 'contacts'] as const;
  const what = `the middle of a colony of ${population.count} cells is pressed together by ${percent(error)} of a radius`;
  return error <= GOOD_ENOUGH
    ? [{ between, verdict: 'separated', error, longestStep: null, reason: what }]
    : [
        {
          between,
          verdict: 'not separated',
          error,
          longestStep: null,
          reason: `${what}: a mechanics.rate of ${short((0.18 * growth * population.count) / GOOD_ENOUGH)} /s would keep that below ${percent(GOOD_ENOUGH)}`,
        },
      ];
}
