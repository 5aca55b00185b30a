import { isUptake, netChange } from '../circuits/circuit.ts';
import { solvedWithCells } from '../circuits/stagedCells.ts';
import type { Description } from '../description/description.ts';
import type { MoietyBalance } from '../diagnostics/balance.ts';
import type { Leak } from '../diagnostics/leaks.ts';
import { chooseSolver, type SolverDecision } from '../fields/choice.ts';
import { stateHash } from '../model/hash.ts';
import type { Model } from '../model/model.ts';
import type { Counts } from '../model/profile.ts';
import { countCells, type FieldCensus, surveyFields, surveyReservoirs, surveySpecies } from './census.ts';
import { fallbackWarnings } from './warnings.ts';

/** The state of a run in one object, as `--json` prints it. Times in s, concentrations in molecules/µm³. */
export interface Summary {
  readonly title: string;
  readonly seed: string;
  readonly time: number;
  readonly steps: number;
  readonly cells: Readonly<Record<string, number>>;
  /** Mean and standard deviation over cells of each species (biomass in fg, others in molecules). */
  readonly species: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
  readonly fields: Readonly<Record<string, Omit<FieldCensus, 'name'>>>;
  /** Concentrations in reservoirs, `RESERVOIR.FIELD`; those that are held are left out. */
  readonly bulk: Readonly<Record<string, number>>;
  /** How cells and fields are coupled; `reason` where that was left to the engine. */
  readonly coupling: { readonly schedule: string; readonly reason: string | null };
  /** How a whole step of each field is solved, and why. */
  readonly solvers: Readonly<Record<string, SolverDecision>>;
  readonly moieties: readonly MoietyBalance[];
  /** Where the exchange lost or made more than the tolerance: the field, the channel, and by how much. */
  readonly leaks: readonly Leak[];
  readonly worstRelativeResidual: number;
  /** Largest relative residual of any single step and moiety. */
  readonly worstStepResidual: number;
  readonly balanceBreaches: number;
  /** Wall seconds per phase of the step. */
  readonly phaseSeconds: Readonly<Record<string, number>>;
  readonly counts: Counts;
  /** What to know of how the run was computed, in sentences; empty where all is as the scheme promises. */
  readonly warnings: readonly string[];
  readonly stateHash: string;
}

/** Transforms know one coefficient for all voxels: where cells take from the field they do not serve. */
function besideUptake(decision: SolverDecision, taken: boolean): SolverDecision {
  if (decision.solver !== 'spectral' || !taken) return decision;
  return { ...decision, reason: `${decision.reason}; multigrid in steps in which cells take it up` };
}

function takenUp(schedule: string, cellTypes: Description['cellTypes'], f: number): boolean {
  if (schedule !== 'weak') return false;
  return cellTypes.some(({ circuit }) =>
    circuit.reactions.some(
      reaction =>
        isUptake(reaction) && netChange(reaction, 'field').some(([field, n]) => field === f && n < 0),
    ),
  );
}

export function summarise(model: Model): Summary {
  const { description, balance, profile } = model;
  const counts = countCells(model);
  return {
    title: description.title,
    seed: description.seed,
    time: model.step * description.time.step,
    steps: model.step,
    cells: Object.fromEntries(description.cellTypes.map((type, t) => [type.name, counts[t]])),
    species: Object.fromEntries(
      description.cellTypes.flatMap((type, t) =>
        surveySpecies(model, t).map(({ name, mean, sd }) => [`${type.name}.${name}`, { mean, sd }]),
      ),
    ),
    fields: Object.fromEntries(surveyFields(model).map(({ name, ...census }) => [name, census])),
    bulk: Object.fromEntries(
      surveyReservoirs(model).map(one => [`${one.reservoir}.${one.field}`, one.concentration]),
    ),
    coupling: couplingOf(description),
    solvers: solversOf(description),
    moieties: balance.report(),
    leaks: balance.findLeaks(description.balance.tolerance),
    worstRelativeResidual: balance.worstRelative(),
    worstStepResidual: balance.worstStep.reduce((a, b) => Math.max(a, b), 0),
    balanceBreaches: model.breaches,
    phaseSeconds: profile.byPhase(),
    counts: { ...profile.counts },
    warnings: fallbackWarnings(
      profile.counts,
      model.step,
      description.coupling.schedule,
      toleranceOf(description.fields),
    ),
    stateHash: stateHash(model),
  };
}

/** The largest tolerance that a field has for its steps; infinite where none has one. */
function toleranceOf(fields: Description['fields']): number {
  const given = fields.flatMap(({ tolerance }) => (tolerance === undefined ? [] : [tolerance]));
  return given.length > 0 ? Math.max(...given) : Number.POSITIVE_INFINITY;
}

/** The schedule, and why where the engine chose it. */
export function couplingOf({ coupling }: Description): Summary['coupling'] {
  return { schedule: coupling.schedule, reason: coupling.chosen ?? null };
}

/** How a whole step of each field is solved, by its name. */
export function solversOf({
  fields,
  grid,
  time,
  coupling,
  cellTypes,
}: Description): Record<string, SolverDecision> {
  const withCells = coupling.schedule === 'monolithic' ? solvedWithCells(cellTypes) : [];
  return Object.fromEntries(
    fields.map((field, f) => [
      field.name,
      withCells.includes(f)
        ? { solver: 'multigrid', reason: 'solved as one with the cells' }
        : besideUptake(
            chooseSolver(grid, field, time.step / (field.parts ?? 1)),
            takenUp(coupling.schedule, cellTypes, f),
          ),
    ]),
  );
}
