import { advance } from '../coupling/step.ts';
import type { Model } from '../model/model.ts';
import type { Schedule } from './schedule.ts';

/** Something to do with the model at the steps of a schedule: record, report, inspect. It must not change the model. */
export interface Observer {
  readonly when: Schedule;
  readonly act: (model: Model) => void;
}

export interface SimulateOptions {
  /** Step at which to stop; the scenario's end when left out. */
  readonly untilStep?: number;
  readonly observers?: readonly Observer[];
}

/**
 * Advances a model step by step to the end, yielding after each step so that the caller can draw, pause or stop between
 * steps. Observers see the model before the first step (unless it resumes) and after every step of their schedule.
 *
 * @throws RunFailure where the run cannot go on; the model then holds the state of the failure
 */
export function* steps(model: Model, options: SimulateOptions = {}): Generator<Model, void, void> {
  const { untilStep = model.description.time.steps, observers = [] } = options;
  const observe = () => {
    model.profile.enter('recording');
    for (const { when, act } of observers) if (when(model.step)) act(model);
    model.profile.enter(null);
  };
  if (model.step === 0) observe();
  while (model.step < untilStep) {
    advance(model);
    observe();
    yield model;
  }
}

/** Runs a model to the end in one go. */
export function simulate(model: Model, options: SimulateOptions = {}): Model {
  for (const _ of steps(model, options));
  return model;
}

/** Simulated time, s: always index × step. */
export function timeOf(model: Model): number {
  return model.step * model.description.time.step;
}
