import { EnsembleError } from '../circuits/ensemble.ts';
import { createDense } from '../ode/dense.ts';
import { errorNorm, type Problem, type Tolerance } from '../ode/integrator.ts';
import { createSwitching } from '../ode/switching.ts';
import { exponential } from '../random/exponential.ts';
import { EventQueue } from './eventQueue.ts';
import { createFirings } from './firings.ts';
import type { SbmlModel } from './model.ts';
import type { Sampler } from './sampler.ts';
import { buildSystem } from './system.ts';

/** Places within a step at which triggers and jumps are looked at. */
const LOOKS = 8;
const MOST_STEPS = 20_000_000;

/** Of a step, in what rate rules determine and in the integrated propensity: far below what any number of runs shows. */
const TOLERANCE: Tolerance = { relative: 1e-8, absolute: 1e-10 };

/**
 * A piecewise-deterministic process (Davis 1984, doi:10.1111/j.2517-6161.1984.tb01308.x): what rate rules determine
 * flows, and reactions fire between, at propensities that follow it and the time. The next firing is where the integrated total
 * propensity reaches a number drawn from the exponential law; it is located, like triggers and jumps in rates, by bisection on
 * the continuous solution.
 */
export function createFlowSampler(model: SbmlModel, stream: Uint32Array): Sampler {
  const molecules = model.units.substance ?? 1;
  const system = buildSystem(model, { molecules });
  const queue = new EventQueue(system, stream);
  const reactions = createFirings(model, system, stream, molecules);
  const observers = model.species.map(({ id }) => system.observer(id, 'molecules'));
  const flowing = new Set(model.rules.flatMap(({ kind, variable }) => (kind === 'rate' ? [variable] : [])));
  const slots = [...flowing].map(name => system.slotOf(name));
  const places = slots.map(slot => system.states.indexOf(slot));
  const n = slots.length;
  const values = new Float64Array(system.size);
  const probe = new Float64Array(system.size);
  const beginning = new Float64Array(system.size);
  const slopes = new Float64Array(system.states.length);
  // The last one is the integrated propensity.
  const state = new Float64Array(n + 1);
  let prepared = Number.NaN;
  let threshold = 0;

  const load = (target: Float64Array, time: number, y: Float64Array): void => {
    target[0] = time;
    for (let i = 0; i < n; i++) target[slots[i]] = y[i];
    if (target === probe) system.updateHeld(target);
    else system.update(target);
  };
  const problem: Problem = {
    size: n + 1,
    derivative(time, y, out) {
      load(probe, time, y);
      system.derivative(probe, slopes);
      for (let i = 0; i < n; i++) out[i] = slopes[places[i]];
      out[n] = reactions.total(probe);
      return true;
    },
    norm: (error, before, after) => errorNorm(error, before, after, TOLERANCE),
  };
  const integrator = createSwitching(problem, createDense(problem, TOLERANCE.absolute / TOLERANCE.relative));

  function restart(propensity: number): void {
    system.hold(values);
    probe.set(values);
    for (let i = 0; i < n; i++) state[i] = values[slots[i]];
    state[n] = propensity;
    integrator.restart(values[0], state);
  }

  function changedAt(time: number): boolean {
    if (time === integrator.to) state.set(integrator.state);
    else integrator.interpolate(time, state);
    load(probe, time, state);
    return state[n] >= threshold || queue.hasChanged(probe) || system.hasJumped(probe);
  }

  /** Earliest time in the last step at which anything happens; NaN if nothing does. */
  function firstChange(): number {
    const { from, to } = integrator;
    for (let look = 1, left = from; look <= LOOKS; look++) {
      let right = look === LOOKS ? to : from + ((to - from) * look) / LOOKS;
      if (!changedAt(right)) {
        left = right;
        continue;
      }
      for (;;) {
        const middle = left + (right - left) / 2;
        if (!(middle > left && middle < right)) return right;
        if (changedAt(middle)) right = middle;
        else left = middle;
      }
    }
    return Number.NaN;
  }

  /** One step, or a part of it up to a firing, a trigger or a jump. */
  function advance(limit: number): void {
    if (integrator.step(limit) === 'failed') {
      throw new EnsembleError(`it cannot be integrated beyond time ${integrator.to}`);
    }
    const time = firstChange();
    if (Number.isNaN(time)) {
      load(values, integrator.to, integrator.state);
      return;
    }
    if (time === integrator.to) state.set(integrator.state);
    else integrator.interpolate(time, state);
    const propensity = state[n];
    load(values, time, state);
    if (propensity >= threshold) {
      reactions.fire(values, reactions.total(values));
      threshold = exponential(stream, 0);
      queue.settle(values);
      restart(0);
    } else {
      queue.settle(values);
      restart(propensity);
    }
  }

  return {
    run(start, times, record) {
      if (prepared !== start) {
        system.initialise(beginning, start);
        prepared = start;
      }
      values.set(beginning);
      queue.start(values);
      threshold = exponential(stream, 0);
      restart(0);
      let steps = 0;
      for (let t = 0; t < times.length; t++) {
        const end = times[t];
        while (values[0] < end) {
          if (++steps > MOST_STEPS)
            throw new EnsembleError(`more than ${MOST_STEPS} steps at time ${values[0]}`);
          const limit = Math.min(end, queue.nextTime());
          if (limit > values[0]) advance(limit);
          // What was waiting and is due now.
          if (queue.settle(values)) restart(integrator.state[n]);
        }
        for (let s = 0; s < observers.length; s++) record(t, s, observers[s](values));
      }
    },
    takeExtents: reactions.takeExtents,
  };
}
