import type { CellType } from '../cells/cellType.ts';
import type { ContactMechanics } from '../cells/contactMechanics.ts';
import type { PhaseFunctions } from '../cells/cycle.ts';
import { createDeath, type DeathOperator } from '../cells/death.ts';
import { createDivision, type DivisionOperator } from '../cells/division.ts';
import { createLife, LIFE_COLUMNS, needsLife } from '../cells/life.ts';
import { createMechanics } from '../cells/mechanics.ts';
import { placeFounders } from '../cells/placement.ts';
import { createPopulation, type Population } from '../cells/population.ts';
import { createPressureGauge, type PressureGauge } from '../cells/pressure.ts';
import { createRods } from '../cells/rods.ts';
import { expressionsOf, lifeExpressions } from '../circuits/cellExpressions.ts';
import { type CompiledCircuit, compileCircuit } from '../circuits/compile.ts';
import { ALONE, type Crew, type Threads } from '../crew/crew.ts';
import { type CouplingChoice, type Description, seesLines } from '../description/description.ts';
import { indexSubstances, type SubstanceIndex } from '../description/substances.ts';
import { Balance } from '../diagnostics/balance.ts';
import { sumCells } from '../diagnostics/totals.ts';
import { createCrewExchange } from '../exchange/crewExchange.ts';
import { createKernel, type deposit, type Kernel, type sample } from '../exchange/kernel.ts';
import { createKernels, type Kernels, locateAll, shareKernels } from '../exchange/kernels.ts';
import { indexCauses, Ledger } from '../exchange/ledger.ts';
import type { Watch } from '../exchange/watch.ts';
import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { atCentres } from '../fields/centres.ts';
import type { Grid } from '../fields/grid.ts';
import { createFieldSolver, type FieldSolver } from '../fields/solver.ts';
import { total } from '../fields/total.ts';
import { rootStream } from '../random/seed.ts';
import { createReactor, type Reactor } from '../reactions/reactor.ts';
import { compileHazards, compilePhases, type Hazard } from './hazards.ts';
import { createLiving, type Living } from './living.ts';
import { mostCells } from './mostCells.ts';
import { Profile } from './profile.ts';
import { createWorkspace, shareWorkspace, type Workspace } from './workspace.ts';

/** A running state: what changes (step, population, fields, ledger) and what advances it. */
export interface Model {
  readonly description: Description;
  /** Steps taken; time = step × description.time.step. */
  step: number;
  readonly population: Population;
  /** Cell averages of each field, molecules/µm³. Arrays are swapped as windows are accepted: do not keep them. */
  readonly fields: Float64Array[];
  /** What the reservoirs of each field hold, molecules/µm³. */
  readonly bulk: readonly Float64Array[];
  /** Root random stream; founders and placement drew from it. */
  readonly root: Uint32Array;
  readonly ledger: Ledger;
  readonly balance: Balance;
  readonly profile: Profile;

  readonly substances: SubstanceIndex;
  readonly circuits: readonly CompiledCircuit[];
  readonly solver: FieldSolver;
  /** Of the reactions of fields with one another; null where there are none. */
  readonly reactor: Reactor | null;
  /** How cells touch fields that do not say otherwise. */
  readonly kernel: Kernel;
  readonly kernels: Kernels;
  readonly exchange: Exchange;
  readonly mechanics: ContactMechanics | null;
  /** Fills the population's pressures, where rates read them; else null. */
  readonly gauge: PressureGauge | null;
  readonly division: DivisionOperator;
  readonly death: DeathOperator;
  /** Hazard of death per type, 1/s, of the cell in a slot; null where the type does not die. */
  readonly hazards: readonly (Hazard | null)[];
  /** What ends the phases of the cell cycle, per type; null where it divides by volume or not at all. */
  readonly phases: readonly (readonly PhaseFunctions[] | null)[];
  /** Rules and contacts of the cell types; null where there are none. */
  readonly living: Living | null;
  /** Whether hazards, rules or phases read concentrations, which are then sampled before them. */
  readonly hazardsReadFields: boolean;
  /** Steps whose balance did not close, where the scenario only warns. */
  breaches: number;
  /** Cells whose exchange with the fields is to be kept account of, or null. */
  watch: Watch | null;
  readonly work: Workspace;
  /** Who runs the blocks of a step. */
  readonly crew: Crew;
  readonly threads: Threads | null;
}

/** The two maps between cells and grid. A test passes a leaky one to see the balance find it. */
export interface Exchange {
  readonly sample: typeof sample;
  readonly deposit: typeof deposit;
}

export interface ModelOptions {
  /** Milliseconds on any clock, for the time spent per phase. */
  readonly now?: () => number;
  /** False runs rates interpreted instead of compiled to JavaScript (slower, same bits). */
  readonly generateCode?: boolean;
  readonly exchange?: Exchange;
  /** Other threads to help; the results are the same to the bit. Default: the caller's alone. */
  readonly threads?: Threads | null;
}

/** From what a crew's members make the same model. */
export interface CrewSetup {
  readonly description: Description;
  readonly generate: boolean;
}

/** Makes the initial state of a checked scenario. */
export function createModel(description: Description, options: ModelOptions = {}): Model {
  const { grid } = description;
  const root = rootStream(description.seed);
  const population = placeFounders(description, root);
  const fields = description.fields.map(field => initialField(grid, field.initial));
  const crew = enlist(options.threads ?? null, description, options.generateCode ?? true);
  return assemble(description, options, root, population, fields, crew);
}

/** A crew for a model of this description. */
export function enlist(threads: Threads | null, description: Description, generate: boolean): Crew {
  return threads?.enlist({ description, generate } satisfies CrewSetup) ?? ALONE;
}

/** The model as the other members of a crew have it: no state of its own, the crew brings that. */
export function createReplica({ description, generate }: CrewSetup, crew: Crew): Model {
  const stride = Math.max(1, ...description.cellTypes.map(type => type.circuit.species.length));
  const fields = description.fields.map(() => new Float64Array(0));
  const population = createPopulation(0, stride);
  if (description.cellTypes.some(({ shape }) => shape.kind === 'rod')) population.rods = createRods(0);
  if (needsLife(description.cellTypes)) population.life = createLife(0);
  const root = new Uint32Array(4);
  return assemble(description, { generateCode: generate }, root, population, fields, crew);
}

function assemble(
  description: Description,
  options: ModelOptions,
  root: Uint32Array,
  population: Population,
  fields: Float64Array[],
  crew: Crew,
): Model {
  const { grid, cellTypes } = description;
  const substances = indexSubstances(description);
  const ledger = new Ledger(indexCauses(description, substances));
  const kernel = createKernel(description.coupling.kernel, grid, description.fields.length);
  const kernels = createKernels(kernel, grid, description.fields);
  locateAll(kernels, population, grid);
  const circuits = cellTypes.map(type =>
    compileCircuit(type, description.fields.length, {
      generate: options.generateCode ?? true,
      method: methodUnder(description.coupling, type),
      lines: seesLines(description.coupling),
    }),
  );
  const work = createWorkspace(description, circuits);
  const gauge = createGauge(description, population);
  shareState(crew, population, fields);
  shareWorkspace(work, crew);
  shareKernels(kernels, population, grid, crew);
  const solver = createFieldSolver(grid, crew);
  const crewExchange = createCrewExchange(crew);
  const initial = new Float64Array(substances.all.length);
  sumCells(population, substances, initial, work.partial);
  fields.forEach((values, f) => {
    initial[substances.cellCount + f] = total(values) * grid.voxelVolume;
  });
  const bulk = description.fields.map(({ reservoirs = [] }, f) => {
    reservoirs.forEach((reservoir, j) => {
      initial[substances.bulkOffset[f] + j] = reservoir.initial * reservoir.volume;
    });
    return Float64Array.from(reservoirs, reservoir => reservoir.initial);
  });
  return {
    description,
    step: 0,
    breaches: 0,
    watch: null,
    population,
    fields,
    bulk,
    root,
    ledger,
    balance: new Balance(substances, ledger, initial),
    profile: new Profile(options.now),
    substances,
    circuits,
    solver,
    reactor: createReactor(description.reactions ?? [], grid, options.generateCode ?? true),
    kernel,
    kernels,
    exchange: options.exchange ?? crewExchange,
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
    threads: options.threads ?? null,
  };
}

/** What fills the pressures that rates read, after making room for them; null where none do, or cells do not push. */
export function createGauge(
  { cellTypes, grid, mechanics }: Description,
  population: Population,
): PressureGauge | null {
  const readers = cellTypes.some(type => expressionsOf(type).some(one => reads(one).has('pressure')));
  if (mechanics === null || !readers) return null;
  population.pressure ??= new Float64Array(population.capacity);
  return createPressureGauge(grid, mechanics);
}

/** Makes the state common to a crew, as far as its tasks read and write it. */
export function shareState(crew: Crew, population: Population, fields: Float64Array[]): void {
  crew.share(population, [
    'count',
    'capacity',
    'id',
    'type',
    'x',
    'y',
    'z',
    'radius',
    'volume',
    'birthTime',
    'divisionVolume',
    'amounts',
    'streams',
  ]);
  if (population.pressure) crew.share(population, ['pressure']);
  if (population.life) crew.share(population.life, [...LIFE_COLUMNS]);
  crew.share(fields, [...fields.keys()]);
}

/** Iterated windows need channels whose randomness does not depend on what other channels do; `auto` then chooses it. */
export function methodUnder({ schedule }: CouplingChoice, { method = 'auto' }: CellType): string {
  return schedule === 'strong' && method === 'auto' ? 'modified-next-reaction' : method;
}

/** Whether what decides over life and death of any type reads a concentration, so that the fields must be sampled before. */
export function hazardsReadFields(cellTypes: readonly CellType[]): boolean {
  return cellTypes.some(type =>
    lifeExpressions(type).some(one => [...reads(one).values()].some(variable => variable.of === 'field')),
  );
}

/** Values at voxel centres: equal to cell averages up to second order in the spacing, as the scheme is; 0 in obstacles. */
function initialField(grid: Grid, initial: Expression): Float64Array {
  const values = atCentres(grid, toClosure(initial));
  const { solid } = grid;
  if (solid) for (let v = 0; v < values.length; v++) if (solid[v]) values[v] = 0;
  return values;
}
