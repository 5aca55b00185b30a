import { createVoxelCircuit, meetsField, type VoxelCircuit } from '../circuits/voxelCircuit.ts';
import type { JointCoupling } from '../description/description.ts';
import { total } from '../fields/total.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import type { Workspace } from '../model/workspace.ts';
import { auditCircuits, openWindow } from './audit.ts';
import { windowOf } from './circuitWindow.ts';
import { leakOf } from './injectedBias.ts';
import { sampleFields } from './predict.ts';
import type { Rejection } from './rejection.ts';
import { bookReservoirs } from './reservoirs.ts';
import { raise, runCircuitsOf } from './runCircuits.ts';
import { createVoxelGroups, groupByVoxel, type VoxelGroups } from './voxels.ts';

/**
 * Joint coupling over one window: half of the diffusion, decay and exchange with the surroundings; then every voxel with the cells
 * in it as one well-mixed network over the whole window (circuits/voxelCircuit.ts); then the other half. Between cell and medium nothing is split, so
 * nothing can be overdrawn and fluctuations are exact however fast the exchange; between exchange and diffusion it is
 * Strang's splitting (1968, doi:10.1137/0705041), second order. Where molecules would cross voxels meanwhile, the window is taken in
 * parts (`hops`).
 *
 * Voxels are independent of each other: each takes its random numbers from the stream of its cell of lowest id.
 *
 * Changes cells and `work.next`; the fields are swapped in only when the window is accepted.
 */
export function attemptJointWindow(
  model: Model,
  choice: JointCoupling,
  time: number,
  duration: number,
): Rejection | null {
  const { work, profile, fields, solver, balance, population } = model;
  const scratch = scratchOf(model);
  const parts = Math.max(1, Math.ceil((hopsPerSecond(model, scratch) * duration) / choice.hops - 1e-9));
  const part = duration / parts;
  openWindow(model);
  scratch.gained.fill(0);
  sampleFields(model, fields);
  profile.enter('circuits');
  runCircuitsOf(model, time + duration / 2, time, duration, false, t => !scratch.circuit.takesPart[t]);
  groupByVoxel(scratch.groups, population, model.kernel.voxel, scratch.circuit.takesPart);
  for (let p = 0; p < parts; p++) {
    const start = time + p * part;
    // Between two exchanges the halves of two parts are one solve.
    const rejection = diffuseAll(
      model,
      scratch,
      p === 0 ? start : start - part / 2,
      p === 0 ? part / 2 : part,
      p === 0,
    );
    if (rejection) return rejection;
    profile.enter('circuits');
    runVoxels(model, scratch, start, part);
    profile.enter('diagnostics');
    measureExchange(model, scratch);
  }
  auditCircuits(model, work.hasUptake ? 'made' : 'none');
  for (let f = 0; f < fields.length; f++) {
    balance.note('exchange', model.substances.cellCount + f, scratch.gained[f] - work.transit[f]);
  }
  const rejection =
    diffuseAll(model, scratch, time + duration - part / 2, part / 2, false) ??
    diffuseUnmet(model, scratch, time, duration);
  if (rejection) return rejection;
  solver.clock.time = time;
  for (let f = 0; f < fields.length; f++) {
    const current = fields[f];
    fields[f] = work.next[f];
    work.next[f] = current;
  }
  balance.totals.set(work.totals);
  return null;
}

/** diffusivity / spacing² along the finest axis, of the fastest field that cells meet, 1/s. */
function hopsPerSecond({ description: { grid, fields } }: Model, { isMet }: Scratch): number {
  const along = grid.spacing.filter((_, axis) => grid.cells[axis] > 1);
  if (along.length === 0) return 0;
  return Math.max(
    0,
    ...fields.filter((_, f) => isMet[f]).map(({ diffusivity }) => diffusivity / Math.min(...along) ** 2),
  );
}

/** Fields that no cell meets, over the whole window at once. */
function diffuseUnmet(model: Model, { isMet }: Scratch, time: number, duration: number): Rejection | null {
  const { fields, work, solver } = model;
  solver.clock.time = time;
  for (let f = 0; f < fields.length; f++) {
    const rejection = isMet[f] ? null : diffuse(model, f, fields[f], duration, work.next[f]);
    if (rejection) return rejection;
  }
  return null;
}

/** All fields that cells meet, from the model's (`first`) or those in hand, into `work.next`. */
function diffuseAll(
  model: Model,
  { after, isMet }: Scratch,
  time: number,
  duration: number,
  first: boolean,
): Rejection | null {
  const { work, fields, solver } = model;
  solver.clock.time = time;
  for (let f = 0; f < fields.length; f++) {
    if (!isMet[f]) continue;
    const rejection = diffuse(model, f, first ? fields[f] : work.next[f], duration, after[f]);
    if (rejection) return rejection;
    const current = work.next[f];
    work.next[f] = after[f];
    after[f] = current;
  }
  return null;
}

interface Scratch {
  readonly circuit: VoxelCircuit;
  readonly groups: VoxelGroups;
  /** By field: whether any cell takes from it, gives to it or reads it. */
  readonly isMet: readonly boolean[];
  /** Room for a next state of each field. */
  readonly after: Float64Array[];
  /** Molecules that each field has gained from cells in the window in hand. */
  readonly gained: Float64Array;
}

const scratches = new WeakMap<Workspace, Scratch>();

function scratchOf(model: Model): Scratch {
  let made = scratches.get(model.work);
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
      isMet: fields.map((_, f) => description.cellTypes.some(({ circuit }) => meetsField(circuit, f))),
      after: fields.map(values => new Float64Array(values.length)),
      gained: new Float64Array(fields.length),
    };
    scratches.set(model.work, made);
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
  profile.counts.fieldError = Math.max(profile.counts.fieldError, result.error ?? 0);
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

/** Cells and voxels over one part: `work.next` exchanges with the cells in place. */
function runVoxels(model: Model, { circuit, groups, isMet }: Scratch, start: number, duration: number): void {
  const { work, description, fields } = model;
  const { fieldCount, next } = work;
  const { voxel } = circuit;
  const { voxelVolume } = description.grid;
  const time = start + duration / 2;
  const windows = work.extents.map(extents => ({
    ...windowOf(model, time, start, duration, false),
    extents,
  }));
  const before = new Float64Array(fieldCount);
  for (let g = 0; g < groups.count; g++) {
    const v = groups.voxels[g];
    for (let f = 0; f < fieldCount; f++) {
      before[f] = isMet[f] ? molecules(next[f][v], voxelVolume) : 0;
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

/** What cells gave and took is in the fields: measures how much that is. */
function measureExchange({ work, substances, description }: Model, { gained, isMet }: Scratch): void {
  for (let f = 0; f < work.fieldCount; f++) {
    if (!isMet[f]) continue;
    const substance = substances.cellCount + f;
    const after = total(work.next[f]) * description.grid.voxelVolume;
    gained[f] += after - work.totals[substance];
    work.totals[substance] = after;
  }
}
