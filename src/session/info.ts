import type { CouplingChoice, Description } from '../engine/description/description.ts';
import type { Model } from '../engine/model/model.ts';
import { listParameters } from '../engine/scenario/listParameters.ts';
import type { Scenario } from '../engine/scenario/load.ts';
import type { BalanceView, ScenarioInfo, SeriesColumn } from './contract.ts';

/** What a view needs to know of a loaded scenario. */
export function describeScenario(
  scenario: Scenario,
  model: Model,
  file: string,
  columns: readonly SeriesColumn[],
): ScenarioInfo {
  const moieties = model.balance.moieties.map(({ name }) => name);
  return describeFor(scenario, model.description.coupling, moieties, file, columns);
}

/** The same where there is no model: `coupling` and `moieties` are what the model would have. */
export function describeFor(
  scenario: Scenario,
  coupling: CouplingChoice,
  moieties: readonly string[],
  file: string,
  columns: readonly SeriesColumn[],
): ScenarioInfo {
  const { title, description, seed, grid, time, fields, cellTypes, mechanics, balance } =
    scenario.description;
  return {
    file,
    title,
    description,
    seed,
    text: scenario.text,
    warnings: scenario.warnings,
    view: scenario.view,
    grid,
    step: time.step,
    steps: time.steps,
    ownSteps: ownStepsOf(scenario.description),
    fields: fields.map(({ name, diffusivity, decay, reservoirs }) => ({
      name,
      diffusivity,
      decay,
      ...(reservoirs && { reservoirs: reservoirs.map(reservoir => reservoir.name) }),
    })),
    cellTypes: cellTypes.map(({ name, shape, circuit, division }) => ({
      name,
      shape,
      species: circuit.species.map(species => ({ name: species.name, continuous: species.continuous })),
      reactions: circuit.reactions.map(reaction => ({ name: reaction.name, equation: reaction.equation })),
      divides: division !== null,
    })),
    parameters: listParameters(scenario.text),
    mechanics,
    coupling,
    balanceTolerance: balance.tolerance,
    moieties,
    seriesColumns: columns,
  };
}

/** What `coupling.steps` comes to. */
function ownStepsOf({ time, fields }: Description): ScenarioInfo['ownSteps'] {
  const { step, circuitParts = 1, lifeCycleEvery = 1, mechanicsEvery = 1 } = time;
  return [
    ...fields.map(({ name, parts = 1 }) => ({ of: name, step: step / parts })),
    { of: 'circuits', step: step / circuitParts },
    { of: 'life cycle', step: step * lifeCycleEvery },
    { of: 'mechanics', step: step * mechanicsEvery },
  ].filter(own => own.step !== step);
}

/** The balance now: every moiety with its causes and where it is. */
export function viewBalance(model: Model): BalanceView {
  const { balance, substances, description } = model;
  const { totals } = balance;
  const moieties = balance.report().map((moiety, m) => {
    const { weights } = balance.moieties[m];
    const where: Record<string, number> = {};
    let cells = 0;
    let inCells = false;
    for (let s = 0; s < substances.cellCount; s++) {
      if (weights[s] === 0) continue;
      inCells = true;
      cells += weights[s] * totals[s];
    }
    if (inCells) where.cells = cells;
    description.fields.forEach(({ name }, f) => {
      const weight = weights[substances.cellCount + f];
      if (weight !== 0) where[name] = weight * totals[substances.cellCount + f];
    });
    substances.all.forEach(({ name, in: place }, s) => {
      if (place === 'bulk' && weights[s] !== 0) where[name] = weights[s] * totals[s];
    });
    return { ...moiety, where };
  });
  return {
    moieties,
    worstRelative: balance.worstRelative(),
    worstStep: balance.worstStep.reduce((a, b) => Math.max(a, b), 0),
    tolerance: description.balance.tolerance,
    breaches: model.breaches,
    leaks: balance.findLeaks(description.balance.tolerance),
  };
}
