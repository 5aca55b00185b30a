import { reads } from '../expression/algebra.ts';
import { toClosure } from '../expression/closure.ts';
import { derivative } from '../expression/derivative.ts';
import { createScope } from '../expression/scope.ts';
import { atCentres } from '../fields/centres.ts';
import { speedsAtCentres } from '../fields/velocity.ts';
import type { Model } from '../model/model.ts';
import { changesOf } from '../reactions/fieldReaction.ts';
import type { Process } from './processes.ts';

/** What happens to a field without cells and beside diffusion and decay, at the present state. */
export interface Turnover {
  /** Of reactions of fields and of the flow, where they act. */
  readonly processes: readonly Process[];
  /** What the field relaxes by through reactions and the flow together, 1/s; 0 where they let it grow. */
  readonly loss: number;
}

/**
 * A reaction acts on a field on the time 1/|ν ∂r/∂c|, ν its change per extent, by means over the free voxels; the flow on L over its
 * mean speed along an axis, and takes the field along where both ends are open.
 */
export function turnoverOf(model: Model, f: number): Turnover {
  const { description } = model;
  const of = description.fields[f].name;
  const processes: Process[] = [];
  let relaxation = 0;
  for (const reaction of description.reactions ?? []) {
    const change = changesOf(reaction).find(([field]) => field === f)?.[1];
    if (change === undefined) continue;
    const slope = derivative(reaction.rate, { of: 'field', index: f });
    const response = change * meanOverVoxels(model, slope);
    relaxation -= response;
    processes.push({ name: `${reaction.name} reaction`, of, time: 1 / Math.abs(response) });
  }
  const flow = flowOf(model, f);
  if (flow.rate > 0) processes.push({ name: 'flow through the domain', of, time: 1 / flow.rate });
  return { processes, loss: Math.max(0, relaxation) + (flow.open ? flow.rate : 0) };
}

/** Renewal of the reservoirs by their inflow, s. */
export function reservoirProcesses({ description }: Model): Process[] {
  const exchanges = new Map<string, number>();
  for (const { reservoirs = [] } of description.fields)
    for (const { name, inflow, volume } of reservoirs) exchanges.set(name, inflow / volume);
  return [...exchanges].map(([of, exchange]) => ({ name: 'renewal by inflow', of, time: 1 / exchange }));
}

/** The reactions of fields that change field f, and the largest rate at which they relax it (or let it grow) in a free voxel, 1/s. */
export function reactionRelaxation(model: Model, f: number): { names: readonly string[]; most: number } {
  const { grid, reactions = [] } = model.description;
  const sum = new Float64Array(grid.voxels);
  const names: string[] = [];
  for (const reaction of reactions) {
    const change = changesOf(reaction).find(([field]) => field === f)?.[1];
    if (change === undefined) continue;
    names.push(reaction.name);
    const slope = overVoxels(model, derivative(reaction.rate, { of: 'field', index: f }));
    for (let v = 0; v < sum.length; v++) sum[v] -= change * slope[v];
  }
  let most = 0;
  sum.forEach((rate, v) => {
    if (!grid.solid?.[v] && Number.isFinite(rate)) most = Math.max(most, Math.abs(rate));
  });
  return { names, most };
}

function meanOverVoxels(model: Model, expression: Parameters<typeof toClosure>[0]): number {
  return meanOfFree(overVoxels(model, expression), model.description.grid.solid);
}

function overVoxels(
  { description, fields, step }: Model,
  expression: Parameters<typeof toClosure>[0],
): Float64Array {
  const { grid, time } = description;
  const closure = toClosure(expression);
  const read = [...reads(expression).values()].flatMap(v => (v.of === 'field' ? [v.index] : []));
  const now = createScope();
  now.fields = new Float64Array(fields.length);
  now.time = step * time.step;
  let voxel = 0;
  return atCentres(grid, ({ position }) => {
    for (const f of read) now.fields[f] = fields[f][voxel];
    for (let axis = 0; axis < 3; axis++) now.position[axis] = position[axis];
    voxel++;
    return closure(now);
  });
}

/** The axis along which the flow is through first: its rate, 1/s, and whether it can enter and leave there. */
function flowOf({ description }: Model, f: number): { rate: number; open: boolean } {
  const { grid } = description;
  const { velocity, boundary } = description.fields[f];
  let fastest = { rate: 0, open: false };
  velocity?.slice(0, grid.dimensions).forEach((part, axis) => {
    const speeds = speedsAtCentres(grid, part, axis).map(Math.abs);
    const rate = meanOfFree(speeds, grid.solid) / grid.size[axis];
    const ends = [boundary[2 * axis], boundary[2 * axis + 1]];
    const open = ends.every(({ kind }) => kind !== 'no-flux' && kind !== 'periodic');
    if (rate > fastest.rate) fastest = { rate, open };
  });
  return fastest;
}

function meanOfFree(values: Float64Array, solid: Model['description']['grid']['solid']): number {
  let [sum, count] = [0, 0];
  values.forEach((value, v) => {
    if (solid?.[v] || !Number.isFinite(value)) return;
    sum += value;
    count++;
  });
  return count > 0 ? sum / count : 0;
}
