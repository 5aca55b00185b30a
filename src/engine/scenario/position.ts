import type { Expression } from '../expression/ast.ts';
import { variable } from '../expression/build.ts';
import type { Typed } from './algebra.ts';
import type { Scope } from './expressions.ts';
import { type Context, readOfDimension } from './quantity.ts';
import { type Dimension, LENGTH } from './units.ts';

/** The coordinates as variables. */
export const POSITION: ReadonlyMap<string, Typed> = new Map(
  (['x', 'y', 'z'] as const).map((name, i) => {
    const axis = i === 0 ? 0 : i === 1 ? 1 : 2;
    return [name, { expression: variable({ of: 'position', axis }), dimension: LENGTH }];
  }),
);

/** An expression of a dimension that may read the coordinates. */
export function readOfPosition(
  { source, constants }: Context,
  path: string,
  raw: string | number | undefined,
  dimension: Dimension,
  place: string,
): Expression | null {
  const scope: Scope = {
    ...constants,
    place,
    lookup: name => POSITION.get(name) ?? constants.lookup(name),
    names: () => [...POSITION.keys(), ...constants.names()],
  };
  return readOfDimension(source, scope, path, raw, [dimension])?.expression ?? null;
}
