import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { atCentres } from '../fields/medium.ts';
import type { Loose } from './conform.ts';
import { LIMITS } from './limits.ts';
import { readOfPosition } from './position.ts';
import type { Context } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { SPEED } from './units.ts';

const STILL: Expression = { kind: 'number', value: 0 };

/** The velocity of the medium, µm/s along each axis; null where there is none, or after a fault. */
export function buildFlow(
  context: Context,
  raw: Loose<NonNullable<ScenarioFile['domain']['flow']>> | undefined,
  grid: Grid | null,
): FieldDescription['velocity'] | null {
  const { source } = context;
  if (!raw || !grid) return null;
  if (grid.dimensions === 2 && raw.z !== undefined) {
    source.keyProblem('domain.flow.z', 'a 2-D domain has no such axis', 'x, y');
  }
  const [x, y, z] = (['x', 'y', 'z'] as const).map(axis => {
    if (raw[axis] === undefined) return STILL;
    const path = childPath('domain.flow', axis);
    const speed = readOfPosition(context, path, raw[axis], SPEED, 'a velocity');
    if (!speed) return null;
    if (atCentres(grid, toClosure(speed)).every(value => Math.abs(value) <= LIMITS.magnitude)) return speed;
    source.problem(path, 'must be a finite number in range');
    return null;
  });
  for (const field of fieldNames(source)) {
    const dynamics = source.at(`${field}.dynamics`);
    if (dynamics?.kind !== 'scalar' || dynamics.value !== 'quasi-steady') continue;
    source.problem(`${field}.dynamics`, 'is not possible with a flow', '`transient`');
  }
  return x && y && z ? [x, y, z] : null;
}

function fieldNames(source: Context['source']): string[] {
  const fields = source.at('fields');
  return fields?.kind === 'mapping' ? fields.entries.map(({ value }) => value.path) : [];
}
