import type { Frame } from '../../engine/recording/frame.ts';
import { slotOf } from '../state/frames.ts';

/** What a frame says of one cell. Lengths in µm, volumes in µm³, times in s, amounts in molecules (species 0: fg). */
export interface CellReading {
  readonly id: number;
  readonly parent: number;
  readonly type: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
  /** Of a rod: from pole to pole. */
  readonly length?: number;
  /** Of a rod: between its axis and the x axis, degrees from 0 to 180; in 3-D of its projection on the plane. */
  readonly angle?: number;
  /** Of a rod in 3-D: between its axis and the plane, degrees. */
  readonly tilt?: number;
  readonly volume: number;
  readonly age: number;
  /** Share of the way from birth volume to division volume, or through the phases of its cycle; NaN where the cell does not divide. */
  readonly cycle: number;
  readonly amounts: readonly number[];
}

/** Reads a cell out of a frame; null where it is not in it. */
export function readCell(frame: Frame, id: number, species: (type: number) => number): CellReading | null {
  const i = slotOf(frame, id);
  if (i < 0) return null;
  const birth = frame.birthVolume[i];
  const division = frame.divisionVolume[i];
  const type = frame.type[i];
  return {
    id,
    parent: frame.parent[i],
    type,
    x: frame.x[i],
    y: frame.y[i],
    z: frame.z[i],
    radius: frame.radius[i],
    ...lie(frame, i),
    volume: frame.volume[i],
    age: frame.time - frame.birthTime[i],
    cycle:
      (frame.phase?.[i] ?? Number.NaN) >= 0
        ? (frame.phase?.[i] ?? 0)
        : division > birth && Number.isFinite(division)
          ? (frame.volume[i] - birth) / (division - birth)
          : Number.NaN,
    amounts: Array.from(frame.amounts.subarray(i * frame.stride, i * frame.stride + species(type))),
  };
}

/** Length and direction of a rod; an axis has no sense, so angles are those of half a turn. */
function lie({ half, radius }: Frame, i: number): Pick<CellReading, 'length' | 'angle' | 'tilt'> {
  if (!half) return {};
  const [x, y, z] = [half.x[i], half.y[i], half.z[i]];
  const reach = Math.hypot(x, y, z);
  if (reach === 0) return {};
  const angle = (180 / Math.PI) * Math.atan2(y, x);
  return {
    length: 2 * (reach + radius[i]),
    angle: angle < 0 ? angle + 180 : angle,
    tilt: (180 / Math.PI) * Math.asin(Math.abs(z) / reach),
  };
}

/** Amounts of one species over those selected cells that are of its type and in the frame. */
export function amountsOf(
  frame: Frame,
  ids: ReadonlySet<number> | null,
  type: number,
  species: number,
): number[] {
  const values: number[] = [];
  for (let i = 0; i < frame.count; i++) {
    if (frame.type[i] !== type || (ids && !ids.has(frame.id[i]))) continue;
    values.push(frame.amounts[i * frame.stride + species]);
  }
  return values;
}
