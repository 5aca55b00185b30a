import { createDeath } from '../cells/death.ts';
import { createDivision } from '../cells/division.ts';
import { refreshGeometry } from '../cells/geometry.ts';
import { createMechanics } from '../cells/mechanics.ts';
import { compileCircuit } from '../circuits/compile.ts';
import { type Description, seesLines } from '../description/description.ts';
import { indexSubstances } from '../description/substances.ts';
import { createCrewExchange } from '../exchange/crewExchange.ts';
import { createKernel } from '../exchange/kernel.ts';
import { createKernels, locateAll, shareKernels } from '../exchange/kernels.ts';
import { type Cause, indexCauses } from '../exchange/ledger.ts';
import { volumeAt } from '../fields/reservoir.ts';
import { createFieldSolver } from '../fields/solver.ts';
import { createReactor } from '../reactions/reactor.ts';
import { compileHazards, compilePhases } from './hazards.ts';
import { createLiving } from './living.ts';
import {
  createGauge,
  enlist,
  hazardsReadFields,
  type Model,
  type ModelOptions,
  methodUnder,
  shareState,
} from './model.ts';
import { mostCells } from './mostCells.ts';
import { createWorkspace, shareWorkspace } from './workspace.ts';

/** A description that cannot continue a state: its substances, causes, grid or step are others. */
export class AdoptionError extends Error {
  override readonly name = 'AdoptionError';
}

/**
 * A model of another description that continues with the state of `old`: a change of parameters in a run. Clock, cells,
 * fields, streams, books and profile are carried over (the very objects: `old` must not be advanced any more); everything
 * compiled from the description is made anew. What is drawn or decided at birth (volume at division) stays with the living
 * cells; the founders and initial concentrations of the new description play no part.
 *
 * @throws AdoptionError where substances, causes, grid, step or coupling's kernel differ; `old` is then as it was
 */
export function adopt(
  old: Model,
  given: Description,
  options: Pick<ModelOptions, 'generateCode'> = {},
): Model {
  // What was chosen at the start stays: a schedule is part of a run.
  const description: Description =
    given.coupling.chosen === undefined ? given : { ...given, coupling: old.description.coupling };
  const difference = findDifference(old, description);
  if (difference !== null) throw new AdoptionError(`${difference} cannot change during a run`);
  const { cellTypes, grid, fields, coupling } = description;
  const { population } = old;
  const generate = options.generateCode ?? true;
  const circuits = cellTypes.map(type =>
    compileCircuit(type, fields.length, {
      generate,
      method: methodUnder(coupling, type),
      lines: seesLines(coupling),
    }),
  );
  const work = createWorkspace(description, circuits);
  const gauge = createGauge(description, population);
  const crew = enlist(old.threads, description, generate);
  refreshGeometry(population, cellTypes, grid);
  const kernel = createKernel(coupling.kernel, grid, fields.length);
  const kernels = createKernels(kernel, grid, fields);
  locateAll(kernels, population, grid);
  shareState(crew, population, old.fields);
  shareWorkspace(work, crew);
  shareKernels(kernels, population, grid, crew);
  const solver = createFieldSolver(grid, crew);
  const crewExchange = createCrewExchange(crew);
  return {
    ...old,
    description,
    circuits,
    // The fields' tables depend on diffusivity and decay.
    solver,
    reactor: createReactor(description.reactions ?? [], grid, generate),
    kernel,
    kernels,
    exchange: old.threads ? crewExchange : old.exchange,
    mechanics: description.mechanics
      ? createMechanics(grid, description.mechanics, population.rods !== undefined, crew)
      : null,
    gauge,
    division: createDivision(cellTypes, grid, mostCells(description)),
    death: createDeath(cellTypes, population.stride),
    hazards: compileHazards(description, population, work),
    phases: compilePhases(description, population, work),
    living: createLiving(description, population, work),
    hazardsReadFields: hazardsReadFields(cellTypes),
    work,
    crew,
  };
}

/** What of the state's meaning the descriptions disagree about, or null. */
function findDifference(old: Model, description: Description): string | null {
  const before = old.description;
  const { grid, time, cellTypes, fields, seed } = description;
  if (before.seed !== seed) return 'the seed';
  if (before.time.step !== time.step) return 'the step';
  // What is due at the end of a step follows from its index.
  if (before.time.lifeCycleEvery !== time.lifeCycleEvery) return 'the step of the life cycle';
  if (before.time.mechanicsEvery !== time.mechanicsEvery) return 'the step of the mechanics';
  if (
    !same(
      [before.grid.cells, before.grid.size, before.grid.periodic],
      [grid.cells, grid.size, grid.periodic],
    ) ||
    !sameBytes(before.grid.solid, grid.solid)
  )
    return 'the grid';
  const named = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  if (!same(named(before.cellTypes), named(cellTypes))) return 'the cell types';
  if (!same(named(before.fields), named(fields))) return 'the fields';
  const volumes = (one: Description) =>
    one.fields.map(({ reservoirs = [] }) =>
      // Where it grows, the volume now follows from how it has grown since the start.
      reservoirs.map(reservoir => [reservoir.name, volumeAt(reservoir, 0), volumeAt(reservoir, 1)]),
    );
  if (!same(volumes(before), volumes(description))) return 'the volume of a reservoir';
  const species = (one: Description) =>
    one.cellTypes.map(type => type.circuit.species.map(({ name, continuous }) => [name, continuous]));
  if (!same(species(before), species(description))) return 'the species';
  const shapes = (one: Description) => one.cellTypes.map(({ shape }) => shape.kind);
  if (!same(shapes(before), shapes(description))) return 'the shape of cells';
  const phases = (one: Description) =>
    one.cellTypes.map(({ division }) => division?.phases?.map(({ name }) => name));
  if (!same(phases(before), phases(description))) return 'the phases of the cell cycle';
  const rules = (one: Description) =>
    one.cellTypes.map(({ rules = [], contacts = [] }) => [...rules, ...contacts].map(({ name }) => name));
  if (!same(rules(before), rules(description))) return 'the rules of the cells';
  const causes = (list: readonly Cause[]) => list.map(({ name, kind, changes }) => [name, kind, changes]);
  const { all } = indexCauses(description, indexSubstances(description));
  if (!same(causes(old.ledger.causes.all), causes(all))) return 'the reactions';
  return null;
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a?.length === b?.length && (a ?? new Uint8Array(0)).every((value, i) => value === b?.[i]);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
