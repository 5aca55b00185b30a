import { isShared } from '../crew/column.ts';
import { type Crew, ENOUGH_FOR_LITTLE } from '../crew/crew.ts';
import { deposit, type Kernel, sample, sampleSlots } from './kernel.ts';

/** Cells that a thread samples fields for at a time. */
const BLOCK = 1024;

/** The two maps between cells and grid (kernel.ts), sampling by a crew; to the bit what one thread does. */
export function createCrewExchange(crew: Crew): {
  readonly sample: typeof sample;
  readonly deposit: typeof deposit;
} {
  if (crew.threads < ENOUGH_FOR_LITTLE) return { sample, deposit };
  const none = new Float64Array(0);
  const given: { voxel: Int32Array; weight: Float64Array; values: Float64Array; out: Float64Array } = {
    voxel: new Int32Array(0),
    weight: none,
    values: none,
    out: none,
  };
  crew.share(given, ['voxel', 'weight', 'values', 'out']);
  const run = crew.task((block, [points, count, stride, offset]) => {
    const { voxel, weight, values, out } = given;
    const from = block * BLOCK;
    sampleSlots(points, voxel, weight, from, Math.min(from + BLOCK, count), values, out, stride, offset);
    return null;
  });

  function sampleBy(
    kernel: Kernel,
    count: number,
    values: Float64Array,
    out: Float64Array,
    stride: number,
    offset: number,
  ): void {
    const { points, voxel, weight, blocks } = kernel;
    if (blocks || count <= BLOCK || ![voxel, weight, values, out].every(isShared)) {
      sample(kernel, count, values, out, stride, offset);
      return;
    }
    given.voxel = voxel;
    given.weight = weight;
    given.values = values;
    given.out = out;
    run(Math.ceil(count / BLOCK), points, count, stride, offset);
  }

  return { sample: sampleBy, deposit };
}
