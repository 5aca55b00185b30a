import { advance } from '../coupling/step.ts';
import type { Model } from '../model/model.ts';
import type { SimulateOptions } from '../run/simulate.ts';
import type { Scenario } from '../scenario/load.ts';
import { applyEdit } from './apply.ts';
import { EditError, type LoggedEdit } from './edit.ts';

/**
 * Runs a model with the edits of an event log, each after the step that the log names: the same state, bit for bit, as the run
 * in which they were made. Yields the model after every step; a change of parameters makes it another one. Observers see a
 * step before the edits that follow it.
 *
 * @throws EditError where an edit is out of order, past the end or impossible; RunFailure
 */
export function* replay(
  model: Model,
  scenario: Scenario,
  log: readonly LoggedEdit[],
  options: SimulateOptions = {},
): Generator<Model, Model, void> {
  const { untilStep = model.description.time.steps, observers = [] } = options;
  checkOrder(log, model.step, Math.max(untilStep, model.description.time.steps));
  let run = { model, scenario };
  let next = 0;
  const edit = () => {
    for (; next < log.length && log[next].step === run.model.step; next++) {
      try {
        run = applyEdit(run.model, run.scenario, log[next].edit);
      } catch (error) {
        if (!(error instanceof EditError)) throw error;
        throw new EditError(`event ${next}, at step ${log[next].step}: ${error.message}`);
      }
    }
  };
  const observe = () => {
    run.model.profile.enter('recording');
    for (const { when, act } of observers) if (when(run.model.step)) act(run.model);
    run.model.profile.enter(null);
  };
  if (model.step === 0) observe();
  edit();
  while (run.model.step < untilStep) {
    advance(run.model);
    observe();
    edit();
    yield run.model;
  }
  return run.model;
}

function checkOrder(log: readonly LoggedEdit[], from: number, end: number): void {
  let last = from;
  log.forEach(({ step }, i) => {
    if (step < last) {
      throw new EditError(
        `event ${i} is at step ${step}, before step ${last} that the run has already reached`,
      );
    }
    if (step > end)
      throw new EditError(`event ${i} is at step ${step}, past step ${end} at which the run ends`);
    last = step;
  });
}
