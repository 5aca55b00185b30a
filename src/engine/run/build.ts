import { tasksOf } from '../coupling/tasks.ts';
import { createModel, type Model, type ModelOptions } from '../model/model.ts';
import type { Scenario } from '../scenario/load.ts';
import { chooseSchedule } from './chooseSchedule.ts';

/** Makes the initial state of a scenario, and chooses its schedule where that is `auto`. @throws PlacementError where founders do not fit. */
export function build(scenario: Scenario, options?: ModelOptions): Model {
  const { description } = scenario;
  if (description.coupling.chosen === undefined) return made(createModel(description, options));
  const model = createModel(description, { ...options, threads: null });
  // Looking draws nothing and moves nothing, but what was compiled is for one schedule.
  return made(createModel({ ...description, coupling: chooseSchedule(model) }, options));
}

/** So that the crew can make ready while the caller does. */
function made(model: Model): Model {
  tasksOf(model);
  return model;
}
