import type { TimeAxis } from '../description/description.ts';
import type { Detachment } from '../description/detachment.ts';
import { FACES, type Face } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Loose } from './conform.ts';
import { readOfPosition } from './position.ts';
import { type Context, NOT_NEGATIVE, POSITIVE, readQuantity } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { itemPath } from './source.ts';
import { wholeSteps } from './time.ts';
import { LENGTH, PER_TIME, TIME } from './units.ts';

/** Gap at which cells still hold together, where a scenario does not say. */
const RANGE = '0.1 um';

/** The section `detachment`; null without it or after a fault. */
export function buildDetachment(
  context: Context,
  raw: Loose<ScenarioFile>['detachment'],
  grid: Grid | null,
  time: TimeAxis | null,
): Detachment | null {
  if (raw === undefined || grid === null || time === null) return null;
  const { source } = context;
  const path = 'detachment';
  const range = readQuantity(context, `${path}.range`, raw.range ?? RANGE, LENGTH, NOT_NEGATIVE);
  const seconds = readQuantity(context, `${path}.every`, raw.every ?? `${time.step} s`, TIME, POSITIVE);
  const every = seconds && wholeSteps(context, `${path}.every`, seconds, time.step);
  const erosion =
    raw.erosion === undefined
      ? null
      : readOfPosition(context, `${path}.erosion`, raw.erosion, PER_TIME, 'a rate of erosion');
  if (erosion?.kind === 'number' && erosion.value < 0)
    source.problem(`${path}.erosion`, 'must not be negative');
  const walls = FACES.filter((_, i) => i < 2 * grid.dimensions && !grid.periodic[i >> 1]);
  const faces: Face[] = [];
  let obstacles = false;
  raw.substratum?.forEach((name, i) => {
    const face = FACES.find(one => one === name);
    if (name === 'obstacles') obstacles = true;
    else if (face && walls.includes(face)) faces.push(face);
    else
      source.problem(
        itemPath(`${path}.substratum`, i),
        'is no surface of this domain',
        [...walls, 'obstacles'].join(', '),
      );
  });
  if (range === null || every === null || every === 0) return null;
  return { faces, obstacles, range, every, sloughing: raw.sloughing ?? true, erosion };
}
