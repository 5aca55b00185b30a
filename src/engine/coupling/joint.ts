import { createVoxelCircuit, type VoxelCircuit } from '../circuits/voxelCircuit.ts';
import { total } from '../fields/total.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { auditCircuits, openWindow } from './audit.ts';
import { leakOf } from './injectedBias.ts';
import { sampleFields } from './predict.ts';
import type { Rejection } from './rejection.ts';
import { bookReservoirs } from './reservoirs.ts';
import { raise, runCircuitsOf, windowOf } from './runCircuits.ts';
import { createVoxelGroups, groupByVoxel, type VoxelGroups } from './voxels.ts';

/**
 * Joint coupling over one window: half of the diffusion, decay and exchange with the surroundings; then every voxel with the cells
 * in it as one well-mixed network over the whole window (circuits/voxelCircuit.ts); then the other half. Between cell and medium nothing is split, so
 * nothing can be overdrawn and fluctuations are exact however fast the exchange; between exchange and diffusion it is
 * Strang's splitting (1968, doi:10.1137/0705041), second order.
 *
 * Voxels are independent of each other: each takes its random numbers from the stream of its cell of lowest id.
 *
 * Changes cells and `work.next`; the fields are swapped in only when the window is accepted.
 */
export function attemptJointWindow(model: Model, time: number, duration: number): Rejection | null {
  const { work, profile, fields, solver, balance } = model;
  const scratch = scratchOf(model);
  openWindow(model);
  for (let f = 0; f < fields.length; f++) {
    const rejection = diffuse(model, f, fields[f], duration / 2, work.next[f]);
    if (rejection) return rejection;
  }
  profile.enter('circuits');
  runVoxels(model, scratch, time, duration);
  profile.enter('diagnostics');
  auditCircuits(model, work.hasUptake ? 'made' : 'none');
  measureExchange(model);
  solver.clock.time = time + duration / 2;
  for (let f = 0; f < fields.length; f++) {
    const rejection = diffuse(model, f, work.next[f], duration / 2, scratch.after[f]);
    if (rejection) return rejection;
  }
  for (let f = 0; f < fields.length; f++) {
    const current = fields[f];
    fields[f] = scratch.after[f];
    scratch.after[f] = current;
  }
  balance.totals.set(work.totals);
  return null;
}

interface Scratch {
  readonly circuit: VoxelCircuit;
  readonly groups: VoxelGroups;
  readonly after: Float64Array[];
}

const scratches = new WeakMap<Model, Scratch>();

function scratchOf(model: Model): Scratch {
  let made = scratches.get(model);
  if (made === undefined) {
    const { description, circuits, fields } = model;
    const generate = circuits.every(({ generated }) => generated);
    made = {
      circuit: createVoxelCircuit(
        description.cellTypes,
        fields.length,
        description.grid.voxelVolume,
        generate,
      ),
      groups: createVoxelGroups(),
      after: fields.map(values => new Float64Array(values.length)),
    };
    scratches.set(model, made);
  }
  return made;
}

/** Field f from `before` over `duration` without cells, into `after`; books what it did. */
function diffuse(
  model: Model,
  f: number,
  before: Float64Array,
  duration: number,
  after: Float64Array,
): Rejection | null {
  const { work, profile, description, solver, ledger, balance, substances } = model;
  const field = description.fields[f];
  const substance = substances.cellCount + f;
  profile.enter('fields');
  solver.clock.reservoirs = field.reservoirs ? work.nextBulk[f] : null;
  const result = solver.advance(field, before, duration, null, null, after, null);
  if (result.scheme === 'euler' || result.scheme === 'positive') profile.counts.positiveFields++;
  profile.counts.fieldSubsteps += result.substeps - 1;
  if (result.minimum < 0) {
    return { reason: 'overdrawn', what: `${field.name} would be negative`, wholeMolecules: false };
  }
  profile.enter('diagnostics');
  const amount = total(after) * description.grid.voxelVolume;
  if (!Number.isFinite(amount)) {
    const what = `field ${field.name} is not finite after its solve`;
    throw new RunFailure('non-finite', what, model.step * description.time.step, model.step);
  }
  let inflow = 0;
  for (let face = 0; face < 6; face++) {
    inflow += result.inflow[face];
    ledger.pending[ledger.causes.boundary + 6 * f + face] += result.inflow[face];
  }
  if (result.reservoirs) inflow += bookReservoirs(model, f, result.reservoirs);
  ledger.pending[ledger.causes.decay + f] += result.decayed;
  if (ledger.causes.relaxation[f] >= 0) ledger.pending[ledger.causes.relaxation[f]] += result.relaxed;
  const named = inflow + result.relaxed - result.decayed;
  balance.note('fields', substance, amount - work.totals[substance] - named);
  work.totals[substance] = amount;
  return null;
}

/** Cells and voxels over the window: `work.next` exchanges with the cells in place; cells that meet no field run by themselves. */
function runVoxels(model: Model, { circuit, groups }: Scratch, start: number, duration: number): void {
  const { work, population, description, kernel, fields } = model;
  const { fieldCount, next } = work;
  const { takesPart, voxel } = circuit;
  const { voxelVolume } = description.grid;
  const time = start + duration / 2;
  sampleFields(model, next);
  runCircuitsOf(model, time, start, duration, false, t => !takesPart[t]);
  const windows = work.extents.map(extents => ({
    ...windowOf(model, time, start, duration, false),
    extents,
  }));
  groupByVoxel(groups, population, kernel.voxel, takesPart);
  const before = new Float64Array(fieldCount);
  for (let g = 0; g < groups.count; g++) {
    const v = groups.voxels[g];
    for (let f = 0; f < fieldCount; f++) {
      before[f] = molecules(next[f][v], voxelVolume);
      voxel.contents[f] = before[f];
    }
    const fired = biasedExtent(model);
    const failed = circuit.advance(windows, groups.slots, groups.starts[g], groups.starts[g + 1], duration);
    if (failed) raise(model, failed.fault, failed.type);
    for (let f = 0; f < fields.length; f++) {
      if (voxel.contents[f] !== before[f]) next[f][v] = voxel.contents[f] / voxelVolume;
    }
    const leaking = biasedExtent(model) - fired;
    if (leaking !== 0)
      for (const [f, amount] of leakOf(model)) next[f][v] += (amount * leaking) / voxelVolume;
  }
}

/** Extents so far of the channel that leaks on purpose; 0 where none does. */
function biasedExtent({ work, description: { injectBias: bias } }: Model): number {
  return bias ? work.extents[bias.type][bias.reaction] : 0;
}

/** Rounding of c V that is undone. */
const ROUNDING = 2 ** -50;

/** The content of a voxel. What is a whole number but for the rounding of c V is that number: the last molecule can be taken. */
function molecules(concentration: number, voxelVolume: number): number {
  const content = concentration * voxelVolume;
  const whole = Math.round(content);
  return Math.abs(content - whole) <= ROUNDING * content ? whole : content;
}

/** What cells gave and took is in the fields: books whether it is the same. */
function measureExchange({ work, balance, substances, description }: Model): void {
  for (let f = 0; f < work.fieldCount; f++) {
    const substance = substances.cellCount + f;
    const after = total(work.next[f]) * description.grid.voxelVolume;
    balance.note('exchange', substance, after - work.totals[substance] - work.transit[f]);
    work.totals[substance] = after;
  }
}
