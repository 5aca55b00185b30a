import type { CellType } from '../cells/cellType.ts';
import type { Expression } from '../expression/ast.ts';
import { conditional, multiply, number, species } from '../expression/build.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { ABSOLUTE_SHARE } from '../ode/bogackiShampine.ts';
import { createSwitching, type SolverName } from '../ode/switching.ts';
import { type Circuit, netChange } from './circuit.ts';
import { createFlow } from './flow.ts';
import { createFlowProblem } from './flowProblem.ts';
import { type Failure, failRate, type Kernel, UNREPORTED, type Work } from './window.ts';

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

/** Where the Jacobian's norm times the window is beyond this, the stiff solver starts: the explicit one would take a third as many steps. */
const STIFF_WINDOW = 1000;

export interface DeterministicOptions {
  readonly tolerance: number;
  /** Error allowed whatever the amount, molecules; default `tolerance` × 1 molecule. */
  readonly absoluteTolerance?: number;
  readonly timed: boolean;
  readonly generate: boolean;
  /** Keeps to one solver; default: explicit, and stiff where need be. */
  readonly solver?: SolverName;
  /** Amounts end at 0 or above, and rates that may be negative may not: as the explicit integration of continuous channels. */
  readonly strict?: boolean;
  /** Of one cell in one window; default RUN_LIMITS.steps. */
  readonly mostSteps?: number;
}

/**
 * Integrates all continuous channels of a cell with error control (ode/switching.ts): explicit until the step is held at the
 * edge of stability, then stiff to the end of the window. Which one begins is decided by the Jacobian at
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
  const { channels, changed, changers } = flow.network;
  const { tolerance, solver, mostSteps = RUN_LIMITS.steps } = options;
  const absolute = options.absoluteTolerance ?? tolerance * ABSOLUTE_SHARE;
  const totals = new Float64Array(count);
  const problem = createFlowProblem(flow, tolerance, absolute, totals, options.strict);
  const integrator = createSwitching(problem, problem.linear, solver);
  /** Extents at the start of a step, from the amounts there: always 0. */
  const origin = new Float64Array(count);
  const rates = new Float64Array(count);

  /** Integrates the cell that was entered; false on failure. */
  function integrate(duration: number, slot: number, time: number, work: Work, failure: Failure): boolean {
    const stiffFirst = solver === undefined && problem.jacobianNorm(0) * duration > STIFF_WINDOW;
    if (!integrator.restart(0, origin, duration, stiffFirst ? 'stiff' : 'explicit')) {
      return explain(0, slot, failure);
    }
    let wasStiff = false;
    for (let steps = 0; integrator.to < duration; steps++) {
      if (steps === mostSteps) {
        failFastest(integrator.to, slot, failure);
        failure.cause = 'steps';
        return false;
      }
      if (integrator.step(duration) === 'failed') return explain(integrator.to, slot, failure);
      if (integrator.solver === 'explicit') work.explicit++;
      else {
        work.implicit++;
        if (!wasStiff) {
          work.switches++;
          work.firstSwitch = Math.min(work.firstSwitch, time + integrator.from);
          wasStiff = true;
        }
      }
      // Each step starts from its own amounts: totals over a long stiff window are so large that their rounding would show.
      const { state } = integrator;
      for (let c = 0; c < count; c++) totals[c] += state[c];
      flow.moveTo(state);
      flow.rebase();
      state.fill(0);
    }
    return true;
  }

  /** Why no step is short enough: a rate that is not finite, else what runs out, else the channel that moves fastest. */
  function explain(clock: number, slot: number, failure: Failure): false {
    const { undershot, invalid, invalidRate } = problem;
    flow.moveTo(origin);
    const bad = flow.rates(clock, rates);
    if (bad >= 0) return failRate(failure, channels[bad].reaction, slot, rates[bad]);
    if (invalid >= 0) return failRate(failure, channels[invalid].reaction, slot, invalidRate);
    let least = 0;
    for (let i = 1; i < size; i++) if (amounts[changed[i]] < amounts[changed[least]]) least = i;
    const taker = undershot ? (changers[least]?.find(([c, n]) => n * rates[c] < 0)?.[0] ?? -1) : -1;
    if (taker < 0) {
      failFastest(clock, slot, failure);
      failure.cause = 'stuck';
      return false;
    }
    failRate(failure, channels[taker].reaction, slot, amounts[changed[least]]);
    failure.cause = 'exhausted';
    failure.species = changed[least];
    return false;
  }

  function failFastest(clock: number, slot: number, failure: Failure): void {
    flow.moveTo(origin);
    flow.rates(clock, rates);
    let fastest = 0;
    for (let c = 1; c < count; c++) if (Math.abs(rates[c]) > Math.abs(rates[fastest])) fastest = c;
    failRate(failure, channels[fastest].reaction, slot, rates[fastest]);
  }

  return (window, duration, failure) => {
    if (!(duration > 0)) return true;
    const { cells, from, to, released, expectedUptake, uptakeStride, population } = window;
    for (let n = from; n < to; n++) {
      const slot = cells[n];
      flow.enter(window, slot);
      totals.fill(0);
      if (!integrate(duration, slot, window.time, window.work ?? UNREPORTED, failure)) return false;
      flow.moveTo(origin);
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
