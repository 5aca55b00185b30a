import type { Work } from '../circuits/window.ts';
import { createDense } from '../ode/dense.ts';
import { errorNorm, type Problem, type Tolerance } from '../ode/integrator.ts';
import { createSwitching } from '../ode/switching.ts';
import { rootStream } from '../random/seed.ts';
import { fail } from './errors.ts';
import { EventQueue } from './eventQueue.ts';
import type { SbmlModel } from './model.ts';
import { buildSystem } from './system.ts';

/** A quantity to be followed. `symbol`: as SBML defines the value of the identifier in a formula. */
export interface Observable {
  readonly name: string;
  readonly as: 'symbol' | 'amount' | 'concentration';
}

export interface TimeCourseOptions {
  /** Times at which values are wanted, ascending; the first is the start of the simulation. */
  readonly times: readonly number[];
  readonly observables: readonly Observable[];
  /**
   * Error of a step relative to a value, and besides it. Default 1e-9, and 1e-12 of the smallest state at the start that is not
   * 0, or of 1 where that is less: models in moles have amounts of 1e-20.
   */
  readonly relative?: number;
  readonly absolute?: number;
  /** For events that are tied. Default '1'. */
  readonly seed?: string;
  /** Counts explicit and stiff steps, and where it went over. */
  readonly work?: Work;
}

/** Places within a step at which triggers are looked at: an excursion shorter than that may be missed. */
const LOOKS = 16;
const MOST_STEPS = 2_000_000;
/** As many changes in a row, each within this part of the time of the last, are taken for a solution that slides along a switch. */
const MOST_CROWDED = 1000;
const CROWDED = 1e-9;

/**
 * Deterministic time course of a model with its events: Dormand–Prince, and a Rosenbrock method from where the problem turns
 * stiff. A trigger's change is located by bisection on the continuous solution, to
 * rounding, and so is a jump of a rate, which is integrated up to it as if it went on and from there anew.
 * Returns values[time][observable].
 * @throws SbmlError where a state is undefined or cannot be integrated
 */
export function simulateSbml(model: SbmlModel, options: TimeCourseOptions): Float64Array[] {
  const { times, observables } = options;
  const system = buildSystem(model);
  const { states } = system;
  const n = states.length;
  const values = new Float64Array(system.size);
  const probe = new Float64Array(system.size);
  const state = new Float64Array(n);
  const load = (target: Float64Array, time: number, y: Float64Array): void => {
    target[0] = time;
    for (let i = 0; i < n; i++) target[states[i]] = y[i];
    if (target === probe) system.updateHeld(target);
    else system.update(target);
  };
  system.initialise(values, times[0]);
  const tolerance: Tolerance = {
    relative: options.relative ?? 1e-9,
    absolute: options.absolute ?? 1e-12 * smallestState(),
  };
  const problem: Problem = {
    size: n,
    derivative(time, y, out) {
      load(probe, time, y);
      system.derivative(probe, out);
      return true;
    },
    norm: (error, before, after) => errorNorm(error, before, after, tolerance),
  };
  const integrator = createSwitching(problem, createDense(problem, tolerance.absolute / tolerance.relative));
  const queue = new EventQueue(system, rootStream(options.seed ?? '1'));
  const observers = observables.map(({ name, as }) => system.observer(name, as));

  queue.start(values);
  const restart = (): void => {
    system.hold(values);
    probe.set(values);
    for (let i = 0; i < n; i++) state[i] = values[states[i]];
    integrator.restart(values[0], state);
  };
  restart();
  const rows: Float64Array[] = [Float64Array.from(observers, observe => observe(values))];
  let steps = 0;
  let wasStiff = false;
  let changes = 0;
  let lastChange = Number.NEGATIVE_INFINITY;
  for (const time of times.slice(1)) {
    while (values[0] < time) {
      const limit = Math.min(time, queue.nextTime());
      if (limit > values[0]) advance(limit);
      if (queue.settle(values)) restart();
    }
    rows.push(Float64Array.from(observers, observe => observe(values)));
  }
  return rows;

  function smallestState(): number {
    let smallest = 1;
    for (const slot of states) {
      const size = Math.abs(values[slot]);
      if (size > 1e-100 && size < smallest) smallest = size;
    }
    return smallest;
  }

  /** One step, or a part of it up to where a trigger changes. */
  function advance(limit: number): void {
    const outcome = integrator.step(limit);
    countStep();
    if (outcome === 'failed' || ++steps > MOST_STEPS) {
      fail('simulation', `it cannot be integrated beyond time ${integrator.to}`);
    }
    const event = firstChange();
    if (Number.isNaN(event)) load(values, integrator.to, integrator.state);
    else {
      integrator.interpolate(event, state);
      load(values, event, state);
      restart();
      if (event - lastChange > CROWDED * Math.max(Math.abs(event), times[times.length - 1] - times[0]))
        changes = 0;
      else if (++changes > MOST_CROWDED) {
        fail('simulation', `its rates or triggers change to and fro without end at time ${event}`);
      }
      lastChange = event;
    }
  }

  function countStep(): void {
    const { work } = options;
    const isStiff = integrator.solver === 'stiff';
    if (work && isStiff) {
      work.implicit++;
      if (!wasStiff) {
        work.switches++;
        work.firstSwitch = Math.min(work.firstSwitch, integrator.from);
      }
    } else if (work) work.explicit++;
    wasStiff = isStiff;
  }

  /** Earliest time in the last step at which a trigger or a jumping part of a rate is seen to have changed; NaN if none. */
  function firstChange(): number {
    if (!system.changes) return Number.NaN;
    const { from, to } = integrator;
    for (let look = 1, left = from; look <= LOOKS; look++) {
      const right = look === LOOKS ? to : from + ((to - from) * look) / LOOKS;
      if (changedAt(right)) return bisect(left, right);
      left = right;
    }
    return Number.NaN;
  }

  function changedAt(time: number): boolean {
    if (time === integrator.to) load(probe, time, integrator.state);
    else {
      integrator.interpolate(time, state);
      load(probe, time, state);
    }
    return queue.hasChanged(probe) || system.hasJumped(probe);
  }

  /** Triggers are as before at `left` and not at `right`: the first double between them at which they are not. */
  function bisect(left: number, right: number): number {
    for (;;) {
      const middle = left + (right - left) / 2;
      if (!(middle > left && middle < right)) return right;
      if (changedAt(middle)) right = middle;
      else left = middle;
    }
  }
}
