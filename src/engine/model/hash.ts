import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { packEntries } from '../cells/calendar.ts';
import { LIFE_COLUMNS } from '../cells/life.ts';
import { motionColumns } from '../cells/motion.ts';
import type { Model } from './model.ts';

/**
 * SHA-256 over everything that decides the future of a run: clock, cells (ids, lineage, positions, axes of rods, amounts, random
 * streams, phases of cycles, headings, what is under way), fields and reservoirs, bit for bit. Two runs agree if and only if their hashes do.
 */
export function stateHash(model: Model): string {
  const hash = sha256.create();
  const update = (column: Float64Array | Uint32Array | Uint16Array) => {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  };
  const { population } = model;
  const { count, stride } = population;
  update(Float64Array.of(model.step, count, population.nextId));
  update(model.root);
  for (const column of [population.id, population.parent, population.type]) update(column.subarray(0, count));
  for (const column of [population.x, population.y, population.z]) update(column.subarray(0, count));
  const { rods } = population;
  if (rods) for (const column of [rods.axisX, rods.axisY, rods.axisZ]) update(column.subarray(0, count));
  for (const column of [population.birthTime, population.birthVolume, population.divisionVolume]) {
    update(column.subarray(0, count));
  }
  const { life } = population;
  if (life) for (const name of LIFE_COLUMNS) update(life[name].subarray(0, count));
  if (population.motion) {
    for (const [, column] of motionColumns(population.motion)) update(column.subarray(0, count));
  }
  update(population.amounts.subarray(0, count * stride));
  update(population.streams.subarray(0, 4 * count));
  if (population.calendar) {
    const { counts, triggers } = population.calendar;
    const { due, what } = packEntries(population.calendar, count);
    for (const column of [counts.subarray(0, count), triggers.subarray(0, count), due, what]) update(column);
  }
  for (const field of model.fields) update(field);
  for (const held of model.bulk) update(held);
  return bytesToHex(hash.digest());
}
