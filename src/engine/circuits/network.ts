import { divideBy, reads, variableKey } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { type Circuit, netChange } from './circuit.ts';
import { gatedPropensity, gatherConstants, mayBeNegative, readsAny, speciesKey } from './propensity.ts';

/** One stochastic channel, ready for a simulation method. */
export interface Channel {
  /** Index into the circuit's reactions. */
  readonly reaction: number;
  /** Gated, with window constants gathered in front. */
  readonly propensity: Expression;
  /** Net change per firing: [species, change ≠ 0]. */
  readonly change: readonly (readonly [index: number, change: number])[];
  /** Net molecules given to each field per firing; negative are taken. */
  readonly given: readonly (readonly [field: number, amount: number])[];
  /** Whether each evaluation must be tested for a negative value. */
  readonly checked: boolean;
  /** Where set, the rate is `propensity` times the concentration of that field, or 0 where fewer molecules than needed are left. */
  readonly factor: Factor | null;
}

export interface Factor {
  readonly field: number;
  readonly needed: number;
}

/**
 * The stochastic channels of a circuit with their dependency graph (Gibson & Bruck 2000, doi:10.1021/jp993732q) and the
 * groups in which propensities are summed and searched. Channel and group numbers index `channels` and `groups`.
 */
export interface StochasticNetwork {
  readonly channels: readonly Channel[];
  /** Consecutive channels: all of a small network, else 4 each, or √n in a large one. */
  readonly groups: readonly (readonly number[])[];
  /** dependents[c]: channels whose propensity may change when c fires. */
  readonly dependents: readonly (readonly number[])[];
  /** affected[c]: groups that hold a dependent of c. */
  readonly affected: readonly (readonly number[])[];
  /** Species that some channel changes, ascending. */
  readonly changed: readonly number[];
  /** Fields that some channel takes from or gives to, ascending. */
  readonly fields: readonly number[];
}

/** Networks up to this size are searched as one group. */
const ONE_GROUP = 10;

/**
 * `guarded`: channels also depend on how much of a field is left to take (CircuitWindow.available). `following`: rates follow
 * the fields that firings change; what is proportional to one of them is a `factor` of it. Null where the circuit has no stochastic channel.
 */
export function stochasticNetwork(
  circuit: Circuit,
  guarded: boolean,
  following = false,
): StochasticNetwork | null {
  const changed = new Set<number>();
  const indices = circuit.reactions.flatMap((reaction, index) => (reaction.continuous ? [] : [index]));
  if (indices.length === 0) return null;
  for (const index of indices) {
    for (const [species] of netChange(circuit.reactions[index], 'cell')) changed.add(species);
  }
  const isVarying = (variable: Variable): boolean =>
    (variable.of === 'species' && changed.has(variable.index)) || (following && variable.of === 'field');

  const channels = indices.map((index): Channel => {
    const reaction = circuit.reactions[index];
    const given = netChange(reaction, 'field');
    const { rate, factor } = following ? factorOf(reaction, given) : { rate: reaction.rate, factor: null };
    return {
      reaction: index,
      propensity: gatherConstants(gatedPropensity(circuit, { ...reaction, rate }), isVarying),
      change: netChange(reaction, 'cell'),
      given,
      checked: mayBeNegative(circuit, rate),
      factor,
    };
  });
  const dependents = channels.map(channel => {
    const keys = new Set(channel.change.map(([species]) => speciesKey(species)));
    const touched = new Set(guarded ? channel.given.map(([field]) => field) : []);
    if (following) for (const [index] of channel.given) keys.add(variableKey({ of: 'field', index }));
    return channels.flatMap((other, index) =>
      readsAny(other.propensity, keys) ||
      (other.factor === null && other.given.some(([field, n]) => n < 0 && touched.has(field)))
        ? [index]
        : [],
    );
  });
  const size =
    channels.length <= ONE_GROUP ? channels.length : Math.max(4, Math.ceil(Math.sqrt(channels.length)));
  const groups: number[][] = [];
  for (let start = 0; start < channels.length; start += size) {
    groups.push(channels.map((_, index) => index).slice(start, start + size));
  }
  const affected = dependents.map(list => [...new Set(list.map(index => Math.floor(index / size)))]);
  const fields = new Set(channels.flatMap(channel => channel.given.map(([field]) => field)));
  return { channels, groups, dependents, affected, changed: ascending(changed), fields: ascending(fields) };
}

/** A rate in proportion to one field, of which alone the channel takes, as that field and what is left of the rate. */
function factorOf(
  { rate }: Circuit['reactions'][number],
  given: Channel['given'],
): { rate: Expression; factor: Factor | null } {
  const taken = given.filter(([, n]) => n < 0);
  const read = [...reads(rate).values()].flatMap(v => (v.of === 'field' ? [v.index] : []));
  const [index] = read;
  const isAlone = read.length === 1 && taken.every(([field]) => field === index);
  const coefficient = isAlone ? divideBy(rate, { of: 'field', index }) : null;
  if (coefficient === null || [...reads(coefficient).values()].some(v => v.of === 'field'))
    return { rate, factor: null };
  return { rate: coefficient, factor: { field: index, needed: -(taken[0]?.[1] ?? 0) } };
}

function ascending(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

/**
 * The fixed tree on which propensities are added: halves, the first one larger. As text of the same additions, in the
 * same order, as `treeSum` makes.
 */
export function treeText(names: readonly string[]): string {
  if (names.length === 1) return names[0];
  const middle = (names.length + 1) >>> 1;
  return `(${treeText(names.slice(0, middle))} + ${treeText(names.slice(middle))})`;
}

/** values[from … to) added on the tree of `treeText`. */
export function treeSum(values: Float64Array, from: number, to: number): number {
  switch (to - from) {
    case 1:
      return values[from];
    case 2:
      return values[from] + values[from + 1];
    case 3:
      return values[from] + values[from + 1] + values[from + 2];
    case 4:
      return values[from] + values[from + 1] + (values[from + 2] + values[from + 3]);
    default: {
      const middle = from + ((to - from + 1) >>> 1);
      return treeSum(values, from, middle) + treeSum(values, middle, to);
    }
  }
}
