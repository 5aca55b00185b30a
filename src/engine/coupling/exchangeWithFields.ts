import { gatheredBy, type Kernel, spreadGathered } from '../exchange/kernel.ts';
import type { FieldStep } from '../fields/fieldStep.ts';
import { total } from '../fields/total.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { biasOf, isBiased, leak } from './injectedBias.ts';
import type { Rejection } from './rejection.ts';
import { bookReservoirs } from './reservoirs.ts';
import { computeCoefficients, depositCoefficients, isSolvedFirst, primaryOf } from './uptake.ts';
import { uptakeKernel } from './uptakeKernel.ts';

/**
 * Exchange and fields of one window. Field after field: what the cells released becomes its source, their uptake part of its
 * implicit operator; it is solved into `work.next`; and what it lost to each uptake channel goes to the cells that own it
 * (k · Σ w E, E the exposure the solver reports, w as in uptakeKernel.ts), with everything else the channel makes. Returns why the window cannot be
 * accepted, or null.
 */
export function exchangeWithFields(
  model: Model,
  time: number,
  duration: number,
  second: boolean,
): Rejection | null {
  const { work, profile, description } = model;
  profile.enter('exchange');
  work.solved.fill(0);
  if (work.hasUptake) {
    computeCoefficients(model, second ? midAmounts(model) : model.population.amounts, time);
    if (second) releaseExpected(model);
  }
  const seen = second && work.readsFields ? work.next : model.fields;
  for (const f of work.order) {
    const kernel = uptakeKernel(model, f, seen[f]);
    const uptake = depositCoefficients(model, f, kernel);
    const rejection = solveField(model, f, duration, uptake);
    if (rejection) return rejection;
    work.solved[f] = 1;
    if (uptake) {
      profile.enter('exchange');
      const late = deliverUptake(model, f, kernel, second);
      if (late) return late;
    }
  }
  const short = work.hasUptake ? findShortCell(model) : -1;
  if (short < 0) return null;
  const { population } = model;
  const type = description.cellTypes[population.type[Math.floor(short / population.stride)]];
  return {
    reason: second ? 'correction' : 'exhausted',
    what: `uptake would leave ${type.name}.${type.circuit.species[short % population.stride].name} negative in cell ${
      population.id[Math.floor(short / population.stride)]
    }`,
    wholeMolecules: false,
  };
}

/** Amounts halfway through the window, as far as the circuits know them. */
function midAmounts(model: Model): Float64Array {
  const { work, population } = model;
  const { amounts } = population;
  const saved = work.backup.amounts;
  for (let i = 0; i < population.count * population.stride; i++) {
    work.midAmounts[i] = 0.5 * (saved[i] + amounts[i]);
  }
  return work.midAmounts;
}

/**
 * Products of uptake whose field is solved before the field they are made of: what the cells expect to make enters as a source
 * with the rest, and only the difference to what they then really make comes late (depositLate).
 */
function releaseExpected(model: Model): void {
  const { work, circuits } = model;
  const { expectedUptake, uptakeStride, released, fieldCount, transit } = work;
  circuits.forEach(({ uptakes }, t) => {
    uptakes.forEach(({ reaction, fieldChanges }, u) => {
      const leaks = isBiased(model, t, reaction);
      for (const [g, change] of fieldChanges) {
        if (!isSolvedFirst(model, t, u, g)) continue;
        let sum = 0;
        for (let n = 0; n < work.slotCounts[t]; n++) {
          const slot = work.slots[t][n];
          const amount = change * expectedUptake[slot * uptakeStride + u];
          released[slot * fieldCount + g] += amount;
          if (leaks) leak(model, slot, expectedUptake[slot * uptakeStride + u], g);
          sum += amount;
        }
        transit[g] += sum;
      }
    });
  });
}

/**
 * Solves field f over the window into `work.next`, with what the cells released as its source; books what it did. A negative
 * result is tried again by more careful schemes, unless `freely`.
 */
export function solveField(
  model: Model,
  f: number,
  duration: number,
  uptake: Float64Array | null,
  freely = false,
): Rejection | null {
  const { work, profile, description, solver } = model;
  const field = description.fields[f];
  const source = depositReleased(model, f, duration);
  profile.enter('fields');
  const exposure = uptake ? work.voxelExposure : null;
  const solve = freely ? solver.advanceFreely : solver.advance;
  solver.clock.reservoirs = field.reservoirs ? work.nextBulk[f] : null;
  const result = solve(field, model.fields[f], duration, source, uptake, work.next[f], exposure);
  if (result.scheme === 'euler' || result.scheme === 'positive') profile.counts.positiveFields++;
  profile.counts.fieldSubsteps += result.substeps - 1;
  if (result.minimum < 0) return overdrawn(model, f);
  profile.counts.fieldError = Math.max(profile.counts.fieldError, result.error ?? 0);
  bookField(model, f, duration, source, uptake, result);
  return null;
}

export function overdrawn({ work, description, population }: Model, f: number): Rejection {
  const field = description.fields[f];
  const conditions = [...field.boundary, ...(field.patches ?? []).map(({ condition }) => condition)];
  const takers = [
    ...(population.count > 0 ? ['cells'] : []),
    ...(conditions.some(({ kind }) => kind === 'flux') ? ['the flux given at a face'] : []),
  ];
  return {
    reason: 'overdrawn',
    what: `${takers.join(' or ') || 'the step'} would take more ${field.name} than there is`,
    wholeMolecules: work.takenWhole[f],
    timeless: field.dynamics === 'quasi-steady',
  };
}

/** What the cells released to field f over the window as a source, molecules/µm³/s, in `work.source`; null where that is nothing. */
export function depositReleased(model: Model, f: number, duration: number): Float64Array | null {
  const { work, population, exchange, description } = model;
  const kernel = model.kernels.deposit[f];
  if (!releasedAnything(work.released, population.count, work.fieldCount, f)) return null;
  const source = work.source.fill(0);
  const scale = 1 / (description.grid.voxelVolume * duration);
  exchange.deposit(kernel, population.count, work.released, work.fieldCount, f, scale, source);
  if (work.leaks) exchange.deposit(kernel, population.count, work.leaked, work.fieldCount, f, scale, source);
  return source;
}

/** Books the step `result` that took field f to `work.next`, with that source and uptake. */
export function bookField(
  model: Model,
  f: number,
  duration: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
  result: FieldStep,
): void {
  const { work, profile, description, ledger, balance, substances } = model;
  const { voxelVolume } = description.grid;
  const substance = substances.cellCount + f;
  profile.enter('diagnostics');
  const deposited = source ? total(source) * voxelVolume * duration : 0;
  const after = total(work.next[f]) * voxelVolume;
  if (!Number.isFinite(after)) {
    throw new RunFailure(
      'non-finite',
      `field ${description.fields[f].name} is not finite after its solve`,
      model.step * description.time.step,
      model.step,
    );
  }
  let inflow = 0;
  for (let face = 0; face < 6; face++) {
    inflow += result.inflow[face];
    ledger.pending[ledger.causes.boundary + 6 * f + face] += result.inflow[face];
  }
  if (result.reservoirs) inflow += bookReservoirs(model, f, result.reservoirs);
  ledger.pending[ledger.causes.decay + f] += result.decayed;
  if (ledger.causes.relaxation[f] >= 0) ledger.pending[ledger.causes.relaxation[f]] += result.relaxed;
  const taken = uptake ? dot(uptake, work.voxelExposure) * voxelVolume : 0;
  balance.note('exchange', substance, deposited - work.transit[f] - taken);
  balance.note(
    'fields',
    substance,
    after - work.totals[substance] - (deposited + inflow + result.relaxed - result.decayed - taken),
  );
  work.totals[substance] = after;
}

/**
 * Gives every cell what field f lost to its uptake channels, and passes on what else those channels consume and make.
 * Returns why that cannot be, or null.
 */
function deliverUptake(model: Model, f: number, kernel: Kernel, second: boolean): Rejection | null {
  const { work, circuits, population, exchange, ledger, balance, substances, description } = model;
  exchange.sample(kernel, population.count, work.voxelExposure, work.exposure, 1, 0);
  for (let t = 0; t < circuits.length; t++) {
    for (const [u, uptake] of circuits[t].uptakes.entries()) {
      if (uptake.fields[primaryOf(model, t, u)].field !== f) continue;
      const cause = ledger.causes.reaction[t] + uptake.reaction;
      const { extent, expected } = deliverChannel(model, t, u, second);
      ledger.pending[cause] += extent;
      for (const { substance, amount } of ledger.causes.all[cause].changes) {
        const other = substance - substances.cellCount;
        if (other < 0) continue;
        if (other === f) {
          // The channel took what the field lost, up to rounding: solveField noted the loss, this the receipt.
          balance.note('exchange', substance, -amount * extent);
        } else if (!work.solved[other]) work.transit[other] += amount * extent;
        else if (depositLate(model, t, u, other, amount, extent - expected, second)) {
          const what = `the correction of uptake would leave ${description.fields[other].name} negative`;
          return { reason: 'correction', what, wholeMolecules: false };
        }
      }
    }
  }
  return null;
}

/** Applies one channel's extents to its cells; returns their sum, and what the cells had expected. */
function deliverChannel(
  model: Model,
  t: number,
  u: number,
  second: boolean,
): { extent: number; expected: number } {
  const { work, circuits, population, substances } = model;
  const { amounts, stride } = population;
  const { coefficient, uptakeStride, exposure, expectedUptake, released, fieldCount } = work;
  const { reaction, cellChanges, fieldChanges, fields } = circuits[t].uptakes[u];
  const leaks = isBiased(model, t, reaction);
  const primary = fields[primaryOf(model, t, u)].field;
  const slots = work.slots[t];
  let sum = 0;
  let assumed = 0;
  for (let n = 0; n < work.slotCounts[t]; n++) {
    const slot = slots[n];
    const extent = coefficient[slot * uptakeStride + u] * exposure[slot];
    const expected = second ? expectedUptake[slot * uptakeStride + u] : 0;
    sum += extent;
    assumed += expected;
    // The cell's own integration may have assumed some of it already: only the difference is new.
    for (const [s, change] of cellChanges) amounts[slot * stride + s] += change * (extent - expected);
    // A source for fields still to be solved; for the others the cell's account only (exchange/watch.ts), where
    // releaseExpected entered a part but for the primary field.
    for (const [g, change] of fieldChanges) {
      const late = work.solved[g] && g !== primary;
      released[slot * fieldCount + g] += change * (late ? extent - expected : extent);
      if (leaks && !work.solved[g] && g !== primary) leak(model, slot, extent, g);
    }
  }
  for (const [s, change] of cellChanges) work.named[substances.typeOffset[t] + s] += change * (sum - assumed);
  return { extent: sum, expected: assumed };
}

/**
 * A product of uptake whose field was solved before: what the cells had not expected enters at the end of the window. Returns
 * whether that left a voxel negative.
 */
function depositLate(
  model: Model,
  t: number,
  u: number,
  g: number,
  change: number,
  extent: number,
  second: boolean,
): boolean {
  const { work, description, balance, substances } = model;
  const kernel = model.kernels.deposit[g];
  const { points, voxel, weight } = kernel;
  const { coefficient, exposure, expectedUptake, uptakeStride } = work;
  const target = work.next[g];
  const bias = biasOf(model, t, model.circuits[t].uptakes[u].reaction);
  const scale = (bias * change) / description.grid.voxelVolume;
  const gathered = gatheredBy(kernel, target);
  for (let n = 0; n < work.slotCounts[t]; n++) {
    const slot = work.slots[t][n];
    const at = slot * uptakeStride + u;
    const amount = scale * (coefficient[at] * exposure[slot] - (second ? expectedUptake[at] : 0));
    for (let p = slot * points; p < (slot + 1) * points; p++) gathered[voxel[p]] += weight[p] * amount;
  }
  spreadGathered(kernel, gathered, target);
  const negative = target.some(value => value < 0);
  const substance = substances.cellCount + g;
  const after = total(target) * description.grid.voxelVolume;
  balance.note('exchange', substance, after - work.totals[substance] - change * extent);
  work.totals[substance] = after;
  return negative;
}

function releasedAnything(released: Float64Array, count: number, stride: number, f: number): boolean {
  for (let slot = 0; slot < count; slot++) if (released[slot * stride + f] !== 0) return true;
  return false;
}

/** Index into `amounts` of the first negative amount, or −1. */
function findShortCell(model: Model): number {
  const { amounts, count, stride } = model.population;
  for (let i = 0; i < count * stride; i++) if (amounts[i] < 0) return i;
  return -1;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
