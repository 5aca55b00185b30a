import type { DeathLog } from '../cells/death.ts';
import { createDeathLog } from '../cells/death.ts';
import { checkBalance } from '../coupling/step.ts';
import { AdoptionError, adopt } from '../model/adopt.ts';
import type { Model } from '../model/model.ts';
import { listParameters } from '../scenario/listParameters.ts';
import { loadScenario, type Scenario } from '../scenario/load.ts';
import { formatProblem, ScenarioError } from '../scenario/problems.ts';
import { type Edit, EditError } from './edit.ts';
import { kill, killCells } from './kill.ts';
import { paint } from './paint.ts';
import { place } from './place.ts';

/** What an edit did. */
export interface EditResult {
  /** The model to go on with: another one, with the same state, after a change of parameters. */
  readonly model: Model;
  /** The scenario with its parameters as they now are. */
  readonly scenario: Scenario;
  /** Molecules that a brush moved, cells placed or removed; 1 for a parameter. 0: nothing changed. */
  readonly amount: number;
  /** Cells that the edit removed. */
  readonly dead: DeathLog;
}

/**
 * Makes an edit between two steps. Every amount that comes or goes is booked under `user edit`, and the books are closed, so
 * that the balance stays closed to rounding and names the edit.
 *
 * @throws EditError where the edit is impossible; the run is then as it was. RunFailure where the balance does not close.
 */
export function applyEdit(model: Model, scenario: Scenario, edit: Edit): EditResult {
  const dead = createDeathLog();
  if (edit.kind === 'parameter') {
    const changed = changeParameter(scenario, edit);
    if (changed === scenario) return { model, scenario, amount: 0, dead };
    return { model: adoptScenario(model, changed), scenario: changed, amount: 1, dead };
  }
  const amount = change(model, edit, dead);
  if (amount !== 0) {
    model.balance.commit();
    checkBalance(model);
  }
  return { model, scenario, amount, dead };
}

function change(model: Model, edit: Exclude<Edit, { kind: 'parameter' }>, dead: DeathLog): number {
  switch (edit.kind) {
    case 'paint':
      return paint(model, edit);
    case 'place':
      return place(model, edit);
    case 'kill':
      return kill(model, edit, dead);
    case 'killCells':
      return killCells(model, edit.ids, dead);
  }
}

/** The scenario with another value of a parameter; the same object where the value is the one it has. */
function changeParameter(
  scenario: Scenario,
  { name, value }: Extract<Edit, { kind: 'parameter' }>,
): Scenario {
  const parameters = listParameters(scenario.text);
  const parameter = parameters.find(one => one.name === name);
  if (!parameter) {
    const names = parameters.map(one => one.name).join(', ');
    throw new EditError(`there is no parameter ${name}; the scenario has ${names === '' ? 'none' : names}`);
  }
  if (parameter.text === value.trim()) return scenario;
  try {
    return loadScenario(scenario.text, { set: [`parameters.${name}=${value}`] });
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new EditError(
      error.problems
        .map(problem => formatProblem({ ...problem, origin: null, line: null }, 'edit'))
        .join('\n'),
    );
  }
}

/** The scenario as the parameters of these edits leave it. @throws EditError */
export function scenarioAfter(scenario: Scenario, edits: readonly Edit[]): Scenario {
  let after = scenario;
  for (const edit of edits) if (edit.kind === 'parameter') after = changeParameter(after, edit);
  return after;
}

/** A model with the state of `model` and the rates of `scenario`. @throws EditError */
export function adoptScenario(model: Model, scenario: Scenario): Model {
  try {
    return adopt(model, scenario.description);
  } catch (error) {
    if (error instanceof AdoptionError) throw new EditError(error.message);
    throw error;
  }
}
