import { createModel, type Model, type ModelOptions } from '../model/model.ts';
import type { Scenario } from '../scenario/load.ts';

/** Makes the initial state of a scenario. @throws PlacementError where founders do not fit. */
export function build(scenario: Scenario, options?: ModelOptions): Model {
  return createModel(scenario.description, options);
}
