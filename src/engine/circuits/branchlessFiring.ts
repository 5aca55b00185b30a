import { children } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import type { StochasticNetwork } from './network.ts';
import { isFixed } from './propensity.ts';

/**
 * Selection and firing without branches, for the generated direct method in networks of one group. Which channel fires is
 * what a processor cannot predict; a wrong guess costs it more than evaluating every rate of a small network again. So the
 * comparisons of the search are added up, `pick = Σ (target_c ≥ a_c)`, amounts change by look-ups of `pick` in tables, and
 * all rates follow. The comparisons, with the target reduced by one rate after the other, are those of the search: what was
 * below its rate stays below all later ones, as it is negative by then. So the trajectories are the same bits.
 *
 * Measured on chains of conversions: 1.8 times as fast at 5 channels, 1.7 at 10, 1.2 at 16.
 */

/** Work (below) that one firing may spend on rates that it would not have to evaluate. */
const MOST_EXTRA_WORK = 30;

/** Operations that cost as much as the evaluation, about: a look-up, a division, a function. */
const WORK = { call: 6, divide: 4, power: 20, operator: 1 } as const;

/** Whether the network gains: one group, and rates that are cheap beside a wrong guess. */
export function canFireBranchless(
  { groups, channels, dependents }: StochasticNetwork,
  isVarying: (variable: Variable) => boolean,
): boolean {
  if (groups.length !== 1 || channels.length === 1) return false;
  const work = channels.map(({ propensity }) => workOf(propensity, isVarying));
  const sum = (list: readonly number[]): number => list.reduce((total, c) => total + work[c], 0);
  const usual = dependents.reduce((total, list) => total + sum(list), 0) / channels.length;
  return sum(groups[0]) - usual <= MOST_EXTRA_WORK;
}

function workOf(expression: Expression, isVarying: (variable: Variable) => boolean): number {
  if (isFixed(expression, isVarying)) return 0;
  const inner = children(expression).reduce((total, child) => total + workOf(child, isVarying), 0);
  if (expression.kind === 'call') return inner + WORK.call;
  if (expression.kind !== 'binary') return inner;
  const { operator } = expression;
  return inner + (operator === '/' ? WORK.divide : operator === '^' ? WORK.power : WORK.operator);
}

/**
 * Statements that take a `target` (drawn by `draw`) and fire a channel: amounts x, transfers r (and v where `guarded`),
 * extents and, by `evaluations`, the rates a that depend on any change. With the tables that they refer to.
 */
export function branchlessFiring(
  { channels, changed, fields }: StochasticNetwork,
  guarded: boolean,
  draw: string,
  evaluations: readonly string[],
): { statements: string; tables: Readonly<Record<string, Float64Array | Int32Array>> } {
  const tables: Record<string, Float64Array | Int32Array> = {
    reactionOf: Int32Array.from(channels, ({ reaction }) => reaction),
  };
  const changes: string[] = [];
  for (const species of changed) {
    tables[`changeOf${species}`] = Float64Array.from(channels, ({ change }) => amountOf(change, species));
    changes.push(`x${species} += changeOf${species}[pick];`);
  }
  for (const field of fields) {
    tables[`givenTo${field}`] = Float64Array.from(channels, ({ given }) => amountOf(given, field));
    changes.push(`r${field} += givenTo${field}[pick];`);
    if (guarded) changes.push(`v${field} += givenTo${field}[pick];`);
  }
  const targets = channels.slice(1).map((_, c) => `const target${c + 1} = target${c} - a${c};`);
  // The + makes a comparison a number without a jump.
  const comparisons = channels.map((_, c) => `+(target${c} >= a${c})`);
  const statements = `let pick = 0;
    do {
      ${draw}
      const target0 = target;
      ${targets.join('\n')}
      pick = ${comparisons.join(' + ')};
    } while (pick === ${channels.length});
    extents[reactionOf[pick]] += 1;
    ${changes.join('\n')}
    ${evaluations.join('\n')}`;
  return { statements, tables };
}

function amountOf(list: readonly (readonly [index: number, amount: number])[], wanted: number): number {
  return list.find(([index]) => index === wanted)?.[1] ?? 0;
}
