import { isCondition } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import type { Scope } from './expressions.ts';
import { type Context, readOfDimension } from './quantity.ts';
import { NONE } from './units.ts';

/** A condition over what a scope knows, worth 1 or 0; null after a fault. `example` is what a message shows. */
export function readTruth(
  context: Context,
  scope: Scope,
  path: string,
  raw: string | number | undefined,
  example = 'volume > 2 um^3',
): Expression | null {
  const typed = readOfDimension(context.source, scope, path, raw, [NONE]);
  if (typed === null) return null;
  if (isCondition(typed.expression)) return typed.expression;
  context.source.problem(path, 'is no condition', `a comparison such as \`${example}\``);
  return null;
}
