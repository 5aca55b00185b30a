import { netChange } from '../circuits/circuit.ts';
import { sample } from '../exchange/kernel.ts';
import type { Model } from '../model/model.ts';
import { type Advice, advise, type Outlook } from './advice.ts';
import { type Colony, measureColony } from './colony.ts';
import { type Depletion, depletionOf, type Exchange, findExchanges } from './exchange.ts';
import { type FieldGroups, groupsOf } from './fieldGroups.ts';
import { type LocalGroups, type LocalMaps, localGroups } from './local.ts';
import { type LocalDynamics, localDynamics } from './localDynamics.ts';
import { domainTimes, type Process, timeAcross, timeAcrossColony } from './processes.ts';
import { judgeSplitting, type SplitVerdict } from './splitting.ts';
import { eigenvaluesAt, findSteadyStates, type SteadyState } from './steadyStates.ts';
import { reservoirProcesses, type Turnover, turnoverOf } from './turnover.ts';
import { judge, type PairVerdict } from './verdicts.ts';

export interface CircuitScales {
  readonly type: string;
  /** 1/|λ| of the Jacobian at the present means, s, ascending; null where it has none or is too large. */
  readonly relaxation: readonly number[] | null;
  /** Eigenvalues with a positive real part there. */
  readonly unstable: number;
  /** Of the deterministic limit in the present surroundings; null where not looked for. Amounts by name. */
  readonly steadyStates:
    | readonly { readonly amounts: Readonly<Record<string, number>>; readonly stable: boolean }[]
    | null;
}

export interface ScaleReport {
  readonly time: number;
  readonly colony: Colony | null;
  /** From fast to slow. */
  readonly processes: readonly Process[];
  readonly fields: readonly FieldGroups[];
  /** The same voxel by voxel, of the fields that cells take from. */
  readonly local: readonly LocalGroups[];
  readonly circuits: readonly CircuitScales[];
  readonly pairs: readonly PairVerdict[];
  /** Parts of a step that are taken one after the other: reactions of fields, circuits and growth, growth and contacts. */
  readonly splitting: readonly SplitVerdict[];
  readonly advice: Advice;
  /** Every schedule that the advice was chosen from, in the order of their cost. */
  readonly schedules: readonly Outlook[];
}

/** Larger Jacobians take too long to decompose. */
const MOST_SPECIES = 200;

/** Time scales, dimensionless groups and what they say of the coupling, at the model's present state, which stays as it is. */
export function analyseScales(model: Model): ScaleReport {
  const { description, population, kernels, fields } = model;
  const { time, cellTypes, coupling } = description;
  const now = model.step * time.step;
  const fieldCount = fields.length;
  const sampled = new Float64Array(population.count * fieldCount);
  for (let f = 0; f < fieldCount; f++)
    sample(kernels.sample[f], population.count, fields[f], sampled, fieldCount, f);
  const colony = measureColony(model);
  const exchanges = findExchanges(model, sampled);
  const depletion = fields.map((_, f) => depletionOf(model, f, exchanges, time.step));
  const turnover = fields.map((_, f) => turnoverOf(model, f));

  const dynamics = cellTypes.map((_, t) => dynamicsOf(model, t, sampled));
  const circuits = cellTypes.map((type, t) => circuitScales(type.name, dynamics[t], namesOf(model, t)));
  const processes: Process[] = [
    { name: 'coupling step', of: 'run', time: time.step },
    { name: 'simulated time', of: 'run', time: time.step * time.steps },
    ...fields.flatMap((_, f) => fieldProcesses(model, f, colony, depletion[f])),
    ...turnover.flatMap(one => one.processes),
    ...reservoirProcesses(model),
    ...cellTypes.flatMap((_, t) => cellProcesses(model, t, dynamics[t], circuits[t], exchanges)),
  ];
  if (description.mechanics && population.count > 0)
    processes.push({ name: 'overlap of cells', of: 'mechanics', time: 1 / description.mechanics.rate });

  const pairs = exchanges.map(exchange => {
    const { relaxation } = circuits[exchange.type];
    const times =
      relaxation && relaxation.length > 0
        ? { shortest: relaxation[0], longest: relaxation[relaxation.length - 1] }
        : null;
    return judge({
      field: description.fields[exchange.field].name,
      type: cellTypes[exchange.type].name,
      exchange,
      depletion: depletion[exchange.field],
      step: time.step,
      voxelVolume: description.grid.voxelVolume,
      splitting: coupling.schedule === 'weak' ? coupling.splitting : 'strang',
      fieldTime: settlingTime(model, exchange.field, depletion[exchange.field], turnover[exchange.field]),
      circuitTimes: times,
      stableStates: stableIn(circuits[exchange.type]),
    });
  });
  const { advice, outlooks } = advise(model, pairs);
  return {
    time: now,
    colony,
    processes: processes
      .filter(process => Number.isFinite(process.time) && process.time > 0)
      .sort((a, b) => a.time - b.time),
    fields: fields.map((_, f) => groupsOf(model, f, colony, exchanges, depletion[f], turnover[f])),
    local: localGroups(model, colony?.radius ?? 0).map(({ groups }) => groups),
    circuits,
    pairs,
    splitting: judgeSplitting(
      model,
      cellTypes.map(({ name }, t) => ({
        type: name,
        dynamics: dynamics[t],
        slowest: circuits[t].relaxation?.at(-1) ?? null,
        stableStates: stableIn(circuits[t]),
      })),
    ),
    advice,
    schedules: outlooks,
  };
}

function stableIn({ steadyStates }: CircuitScales): number | null {
  return steadyStates === null ? null : steadyStates.filter(({ stable }) => stable).length;
}

/** The mean cell of a type in its mean surroundings. */
function dynamicsOf(
  { description, population, step }: Model,
  t: number,
  sampled: Float64Array,
): LocalDynamics | null {
  const fieldCount = description.fields.length;
  const species = description.cellTypes[t].circuit.species.length;
  const amounts = new Float64Array(species);
  const concentrations = new Array<number>(fieldCount).fill(0);
  let cells = 0;
  for (let slot = 0; slot < population.count; slot++) {
    if (population.type[slot] !== t) continue;
    cells++;
    for (let s = 0; s < species; s++) amounts[s] += population.amounts[slot * population.stride + s];
    for (let f = 0; f < fieldCount; f++) concentrations[f] += sampled[slot * fieldCount + f];
  }
  if (cells === 0) return null;
  return localDynamics(
    description.cellTypes[t],
    amounts.map(amount => amount / cells),
    concentrations.map(c => c / cells),
    step * description.time.step,
  );
}

function namesOf({ description }: Model, t: number): string[] {
  return description.cellTypes[t].circuit.species.map(({ name }) => name);
}

function circuitScales(
  type: string,
  dynamics: LocalDynamics | null,
  names: readonly string[],
): CircuitScales {
  if (!dynamics || dynamics.start.length > MOST_SPECIES)
    return { type, relaxation: null, unstable: 0, steadyStates: null };
  const eigenvalues = eigenvaluesAt(dynamics, dynamics.start) ?? [];
  const sizes = eigenvalues.map(({ re, im }) => Math.hypot(re, im));
  const noise = 1e-10 * Math.max(0, ...sizes);
  const states: readonly SteadyState[] | null = findSteadyStates(dynamics);
  return {
    type,
    relaxation: sizes
      .filter(size => size > noise)
      .map(size => 1 / size)
      .sort((a, b) => a - b),
    unstable: eigenvalues.filter(({ re }) => re > noise).length,
    steadyStates:
      states?.map(({ amounts, stable }) => ({
        stable,
        amounts: Object.fromEntries(amounts.map((amount, i) => [names[dynamics.species[i]], amount])),
      })) ?? null,
  };
}

/** How long the field as a whole remembers, s: decay, what cells take, what reacts away, what leaves. */
function settlingTime({ description }: Model, f: number, { domain }: Depletion, { loss }: Turnover): number {
  const field = description.fields[f];
  const { leaving, mixing } = domainTimes(field, description.grid);
  const rate = field.decay + domain + loss + 1 / leaving;
  return rate > 0 ? Math.max(1 / rate, 0) : Number.isFinite(mixing) ? Number.POSITIVE_INFINITY : mixing;
}

function fieldProcesses(
  { description }: Model,
  f: number,
  colony: Colony | null,
  depletion: Depletion,
): Process[] {
  const { grid } = description;
  const field = description.fields[f];
  const { name, diffusivity, decay } = field;
  const { mixing, leaving } = domainTimes(field, grid);
  const spacing = Math.min(...grid.spacing.slice(0, grid.dimensions));
  const made: (readonly [string, number])[] = [
    ['diffusion across a voxel', timeAcross(spacing, diffusivity)],
    ['diffusion over the domain', mixing],
    ['loss through the faces', leaving],
    ['decay', 1 / decay],
    ['depletion of a voxel by cells', 1 / depletion.voxel],
    ['depletion of the domain by cells', 1 / depletion.domain],
  ];
  if (colony) {
    made.push(['diffusion between neighbouring cells', timeAcross(colony.spacing, diffusivity)]);
    if (colony.cells > 1)
      made.push(['diffusion over the colony', timeAcrossColony(colony.radius, diffusivity, grid.dimensions)]);
  }
  return made.map(([what, time]) => ({ name: what, of: name, time }));
}

function cellProcesses(
  model: Model,
  t: number,
  dynamics: LocalDynamics | null,
  { relaxation }: CircuitScales,
  exchanges: readonly Exchange[],
): Process[] {
  const { description } = model;
  const type = description.cellTypes[t];
  const of = type.name;
  const made: Process[] = (relaxation ?? []).map((time, i, all) => ({
    name: all.length > 1 ? `relaxation ${i + 1} of the circuit` : 'relaxation of the circuit',
    of,
    time,
  }));
  for (const exchange of exchanges) {
    if (exchange.type !== t) continue;
    const { name } = description.fields[exchange.field];
    made.push({ name: `membrane, cell side of ${name}`, of, time: 1 / exchange.cellRate });
    made.push({
      name: `membrane, field side of ${name} (a cell in its voxel)`,
      of,
      time: description.grid.voxelVolume / exchange.permeability,
    });
  }
  if (dynamics) {
    dynamics.reactionRates().forEach((rate, r) => {
      const reaction = type.circuit.reactions[r];
      // Biomass is no count: what makes it shows as growth.
      const isGrowth = netChange(reaction, 'cell').some(([s]) => s === 0);
      if (rate > 0 && !reaction.scheduled && !isGrowth)
        made.push({ name: `${reaction.name}, once per cell`, of, time: 1 / rate });
    });
    if (dynamics.growth > 0) {
      made.push({ name: 'dilution by growth', of, time: 1 / dynamics.growth });
      made.push({ name: 'doubling and division', of, time: Math.LN2 / dynamics.growth });
    }
  }
  return made;
}

/** The local groups of every voxel, at the model's present state. */
export function mapLocalGroups(model: Model): LocalMaps[] {
  return localGroups(model, measureColony(model)?.radius ?? 0).map(({ maps }) => maps);
}
