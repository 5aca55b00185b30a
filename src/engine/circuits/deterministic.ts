import type { CellType } from '../cells/cellType.ts';
import type { Expression } from '../expression/ast.ts';
import { conditional, multiply, number, species } from '../expression/build.ts';
import { ABSOLUTE_SHARE } from './bogackiShampine.ts';
import { type Circuit, netChange } from './circuit.ts';
import { createDormandPrince, DORMAND_PRINCE_ORDER, STABILITY_EDGE } from './dormandPrince.ts';
import { createFlow } from './flow.ts';
import { createRosenbrock, ROSENBROCK_ORDER } from './rosenbrock.ts';
import { failRate, type Kernel } from './window.ts';

/**
 * The deterministic limit: every reaction continuous, amounts real. Where a rate is written for whole molecules, as
 * x (x − 1) …, it becomes xⁿ, the law in the limit of large volumes.
 */
export function deterministicLimit(circuit: Circuit): Circuit {
  const reactions = circuit.reactions.map(reaction =>
    reaction.continuous ? reaction : { ...reaction, continuous: true, rate: limitOfCounts(reaction.rate) },
  );
  const changed = new Set(reactions.flatMap(reaction => netChange(reaction, 'cell').map(([s]) => s)));
  return {
    reactions,
    species: circuit.species.map((s, index) => (changed.has(index) ? { ...s, continuous: true } : s)),
  };
}

/** x (x − 1) (x − 2) … → x x x …, wherever the factors of one product have that form. */
function limitOfCounts(rate: Expression): Expression {
  if (rate.kind === 'negate') return { ...rate, argument: limitOfCounts(rate.argument) };
  if (rate.kind === 'conditional') {
    return conditional(rate.test, limitOfCounts(rate.then), limitOfCounts(rate.otherwise));
  }
  if (rate.kind !== 'binary') return rate;
  if (rate.operator !== '*') {
    return { ...rate, left: limitOfCounts(rate.left), right: limitOfCounts(rate.right) };
  }
  const factors: Expression[] = [];
  const collect = (e: Expression): void => {
    if (e.kind === 'binary' && e.operator === '*') {
      collect(e.left);
      collect(e.right);
    } else if (e.kind === 'binary' && e.operator === '/' && e.right.kind === 'number') {
      collect(e.left);
      factors.push(number(1 / e.right.value));
    } else factors.push(e);
  };
  collect(rate);
  const present = new Set(
    factors.flatMap(e => (e.kind === 'variable' && e.variable.of === 'species' ? [e.variable.index] : [])),
  );
  return factors
    .map(factor => {
      const lowered = loweredSpecies(factor);
      return lowered >= 0 && present.has(lowered) ? species(lowered) : factor;
    })
    .reduce(multiply, number(1));
}

/** The species of x − j with a whole number j > 0; −1 for any other form. */
function loweredSpecies(e: Expression): number {
  if (e.kind !== 'binary' || e.operator !== '-' || e.right.kind !== 'number') return -1;
  if (!(Number.isInteger(e.right.value) && e.right.value > 0)) return -1;
  return e.left.kind === 'variable' && e.left.variable.of === 'species' ? e.left.variable.index : -1;
}

/** Steps in a row at the edge of stability after which the explicit solver gives way to the stiff one. */
const STIFF_STEPS = 15;

/** Where the Jacobian's norm times the window is beyond this, the stiff solver starts: the explicit one would take a third as many steps. */
const STIFF_WINDOW = 1000;

/** A step shorter than this share of the window, or than the clock's rounding, is given up. */
const SHORTEST = 2 ** -80;

export interface DeterministicOptions {
  readonly tolerance: number;
  /** Error allowed whatever the amount, molecules; default `tolerance` × 1 molecule. */
  readonly absoluteTolerance?: number;
  readonly timed: boolean;
  readonly generate: boolean;
  /** Keeps to one solver; default: explicit, and stiff where need be. */
  readonly solver?: 'explicit' | 'stiff';
}

/**
 * Integrates all continuous channels of a cell with error control: explicit (dormandPrince.ts) until the step is held at the
 * edge of stability, then stiff (rosenbrock.ts) to the end of the window. Which one begins is decided by the Jacobian at
 * the start of the window, so that the result depends on the cell's state alone. Rates may be negative (the net rate of a
 * reversible reaction); amounts may not, beyond the absolute tolerance.
 */
export function compileDeterministic(
  type: CellType,
  fieldCount: number,
  includeUptake: boolean,
  options: DeterministicOptions,
): Kernel | null {
  const created = createFlow(type, fieldCount, includeUptake, options.timed, options.generate);
  if (!created) return null;
  const flow = created;
  const { count, size, amounts } = flow;
  const { channels, changed, detached, changers } = flow.network;
  const { tolerance } = options;
  const absolute = options.absoluteTolerance ?? tolerance * ABSOLUTE_SHARE;
  const explicit = createDormandPrince(flow);
  const stiff = createRosenbrock(flow);
  /** Extents at the start of a step, from the amounts there: always 0. */
  const extents = new Float64Array(count);
  const totals = new Float64Array(count);
  const error = new Float64Array(size);
  const partial = new Float64Array(count * size);
  const rates = new Float64Array(count);

  /** Largest row sum of |N V|: no eigenvalue exceeds it. */
  function jacobianNorm(): number {
    flow.jacobian(0, partial);
    let most = 0;
    for (let i = 0; i < size; i++) {
      let row = 0;
      for (let j = 0; j < size; j++) {
        let entry = 0;
        for (const [channel, n] of changers[i]) entry += n * partial[channel * size + j];
        row += Math.abs(entry);
      }
      most = Math.max(most, row);
    }
    return most;
  }

  function errorOf(stepExtents: Float64Array, stepError: Float64Array): number {
    flow.combine(stepError, error);
    let largest = 0;
    for (let i = 0; i < size; i++) {
      const scaled = Math.abs(error[i]) / (absolute + tolerance * Math.abs(amounts[changed[i]]));
      if (!(scaled <= largest)) largest = scaled;
    }
    for (const c of detached) {
      const scaled = Math.abs(stepError[c]) / (absolute + tolerance * Math.abs(totals[c] + stepExtents[c]));
      if (!(scaled <= largest)) largest = scaled;
    }
    return largest;
  }

  /** Integrates the cell that was entered; the channel to blame on failure, −1 when done. */
  function integrate(duration: number): number {
    let isStiff = options.solver === 'stiff';
    if (options.solver === undefined) isStiff = jacobianNorm() * duration > STIFF_WINDOW;
    let solver = isStiff ? stiff : explicit;
    const bad = flow.rates(0, rates);
    if (bad >= 0) return bad;
    solver.begin(0);
    let clock = 0;
    let h = duration;
    let held = 0;
    while (true) {
      const valid = solver.attempt(clock, h, extents, -absolute);
      const scaled = valid ? errorOf(solver.step.extents, solver.step.error) : Number.POSITIVE_INFINITY;
      const order = isStiff ? ROSENBROCK_ORDER : DORMAND_PRINCE_ORDER;
      const factor = Math.min(5, Math.max(0.2, 0.9 * scaled ** (-1 / order)));
      if (scaled <= 1) {
        // Each step starts from its own amounts: totals over a long stiff window are so large that their rounding would show.
        for (let c = 0; c < count; c++) totals[c] += solver.step.extents[c];
        flow.rebase();
        solver.accept();
        clock = h >= duration - clock ? duration : clock + h;
        if (clock >= duration) return -1;
        held = solver.step.stiffness > STABILITY_EDGE ? held + 1 : 0;
        if (held >= STIFF_STEPS && !isStiff && options.solver === undefined) {
          isStiff = true;
          solver = stiff;
        }
      } else if (!(h > Math.max(duration * SHORTEST, clock * Number.EPSILON))) {
        return blame(clock);
      }
      h = Math.min(h * factor, duration - clock);
    }
  }

  /** A channel whose rate is not finite where the solver stopped, else one that takes from what runs out. */
  function blame(clock: number): number {
    flow.moveTo(extents);
    const bad = flow.rates(clock, rates);
    if (bad >= 0) return bad;
    let least = 0;
    for (let i = 1; i < size; i++) if (amounts[changed[i]] < amounts[changed[least]]) least = i;
    let worst = 0;
    for (const [channel, n] of changers[least] ?? []) if (n * rates[channel] < 0) worst = channel;
    return worst;
  }

  return (window, duration, failure) => {
    if (!(duration > 0)) return true;
    const { cells, from, to, released, expectedUptake, uptakeStride, population } = window;
    for (let n = from; n < to; n++) {
      const slot = cells[n];
      flow.enter(window, slot);
      totals.fill(0);
      const bad = integrate(duration);
      if (bad >= 0) {
        failRate(failure, channels[bad].reaction, slot, rates[bad]);
        if (rates[bad] - rates[bad] === 0) {
          failure.cause = 'exhausted';
          failure.species = channels[bad].change.find(([, change]) => change * rates[bad] < 0)?.[0] ?? 0;
          failure.value = amounts[failure.species];
        }
        return false;
      }
      flow.moveTo(extents);
      for (let i = 0; i < size; i++)
        population.amounts[slot * population.stride + changed[i]] = amounts[changed[i]];
      for (let c = 0; c < count; c++) {
        const { reaction, given, uptake } = channels[c];
        window.extents[reaction] += totals[c];
        for (const [field, amount] of given) released[slot * fieldCount + field] += amount * totals[c];
        if (uptake >= 0 && expectedUptake) expectedUptake[slot * uptakeStride + uptake] += totals[c];
      }
    }
    return true;
  };
}
