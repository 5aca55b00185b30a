import type { Description } from '../description/description.ts';
import type { Intervention, Interventions, Regime } from '../description/interventions.ts';
import { indexSubstances } from '../description/substances.ts';
import { indexCauses } from '../exchange/ledger.ts';
import { volumeAt } from '../fields/reservoir.ts';
import { changesOf } from './interventions.ts';
import { LIMITS, within } from './limits.ts';
import { ScenarioError } from './problems.ts';
import { childPath, type Source } from './source.ts';

/**
 * The interventions of a scenario with what their changes of parameters make of it: a regime for every combination of values that
 * occurs. `load` gives the scenario with overrides of parameters. A value that makes a fault, or changes what a run cannot change, is a
 * fault of the intervention; null then.
 */
export function buildRegimes(
  source: Source,
  list: readonly Intervention[],
  description: Description,
  load: (set: readonly string[]) => Description,
): Interventions | null {
  const { step: unit, steps } = description.time;
  const regimes: Regime[] = [pick(description)];
  const known = new Map<string, number>([['', 0]]);
  const changes: { step: number; regime: number }[] = [];
  for (const { step, values, name } of changesOf(list, steps)) {
    const set = [...values]
      .map(([parameter, value]) => `parameters.${parameter}=${JSON.stringify(value)}`)
      .sort();
    const key = set.join('\n');
    let regime = known.get(key);
    if (regime === undefined) {
      const path = `${childPath('interventions', name)}.set`;
      if (!within(source, 'interventions', regimes.length + 1, LIMITS.regimes, 'combinations of parameters'))
        return null;
      const next = loaded(source, path, load, set);
      if (next === null) return null;
      const fault = differenceOf(description, next);
      if (fault !== null) {
        source.keyProblem(path, `changes ${fault}, which cannot change during a run`);
        return null;
      }
      regime = regimes.push(pick(next)) - 1;
      known.set(key, regime);
    }
    if (regime !== (changes.at(-1)?.regime ?? 0)) changes.push({ step, regime });
  }
  return { unit, list, regimes, changes };
}

function loaded(
  source: Source,
  path: string,
  load: (set: readonly string[]) => Description,
  set: readonly string[],
): Description | null {
  try {
    return load(set);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const [first] = error.problems;
    source.keyProblem(path, `with these values ${first.path} ${first.message}`, first.allowed);
    return null;
  }
}

function pick({ fields, reactions, cellTypes, mechanics }: Description): Regime {
  return { fields, reactions, cellTypes, mechanics } as Regime;
}

/** What the state of one cannot go on with under the other, beyond what a parameter could name, or null. */
function differenceOf(before: Description, after: Description): string | null {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const timeOf = ({ time }: Description) => [time.step, time.lifeCycleEvery, time.mechanicsEvery];
  if (!same(timeOf(before), timeOf(after))) return 'a step';
  const gridOf = ({ grid }: Description) => [grid.size, grid.cells, Array.from(grid.solid ?? [])];
  if (!same(gridOf(before), gridOf(after))) return 'the domain';
  const causesOf = (one: Description) =>
    indexCauses(one, indexSubstances(one)).all.map(({ name, kind, changes }) => [name, kind, changes]);
  if (!same(causesOf(before), causesOf(after))) return 'the stoichiometry of a reaction';
  const volumesOf = ({ fields }: Description) =>
    fields.map(({ reservoirs = [] }) => reservoirs.map(one => [volumeAt(one, 0), volumeAt(one, 1)]));
  return same(volumesOf(before), volumesOf(after)) ? null : 'the volume of a reservoir';
}
