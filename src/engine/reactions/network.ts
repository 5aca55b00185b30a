import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { isNumber } from '../expression/build.ts';
import { derivative } from '../expression/derivative.ts';
import { changesOf, type FieldReaction } from './fieldReaction.ts';
import { compileRates, type Rates } from './rates.ts';

/**
 * The field reactions of a scenario, compiled. Concentrations are held by place: first the fields that reactions change, then
 * those that rates only read.
 */
export interface ReactionNetwork {
  readonly reactions: readonly FieldReaction[];
  /** Index of the field at each place. */
  readonly fields: readonly number[];
  /** Number of those that change. */
  readonly changed: number;
  /** Per reaction: places that it changes, and by how much per extent. */
  readonly places: readonly Int32Array[];
  readonly changes: readonly Float64Array[];
  readonly readsPosition: boolean;
  /** Rates of the reactions, by reaction. */
  readonly rates: Rates;
  /** The derivatives that are not 0 everywhere: of the rate of `reaction` by the concentration at `place`. */
  readonly slopes: Rates;
  readonly slopeReaction: Int32Array;
  readonly slopePlace: Int32Array;
  /** ∂rate/∂time by reaction; null where no rate reads the time. */
  readonly timeSlopes: Rates | null;
}

/** Null where there are no reactions. */
export function compileNetwork(
  reactions: readonly FieldReaction[],
  generate: boolean,
): ReactionNetwork | null {
  if (reactions.length === 0) return null;
  const net = reactions.map(changesOf);
  const changed = [...new Set(net.flatMap(changes => changes.map(([field]) => field)))].sort((a, b) => a - b);
  const variables = reactions.flatMap(({ rate }) => [...reads(rate).values()]);
  const read = new Set(variables.flatMap(v => (v.of === 'field' ? [v.index] : [])));
  const fields = [...changed, ...[...read].filter(field => !changed.includes(field)).sort((a, b) => a - b)];
  const slopes: { reaction: number; place: number; slope: Expression }[] = [];
  reactions.forEach(({ rate }, reaction) => {
    changed.forEach((field, place) => {
      const slope = derivative(rate, { of: 'field', index: field });
      if (!isNumber(slope, 0)) slopes.push({ reaction, place, slope });
    });
  });
  const compile = (expressions: readonly Expression[]) => compileRates(expressions, fields, generate);
  const readsTime = variables.some(v => v.of === 'time');
  return {
    reactions,
    fields,
    changed: changed.length,
    places: net.map(changes => Int32Array.from(changes, ([field]) => changed.indexOf(field))),
    changes: net.map(changes => Float64Array.from(changes, ([, change]) => change)),
    readsPosition: variables.some(v => v.of === 'position'),
    rates: compile(reactions.map(({ rate }) => rate)),
    slopes: compile(slopes.map(({ slope }) => slope)),
    slopeReaction: Int32Array.from(slopes, ({ reaction }) => reaction),
    slopePlace: Int32Array.from(slopes, ({ place }) => place),
    timeSlopes: readsTime ? compile(reactions.map(({ rate }) => derivative(rate, { of: 'time' }))) : null,
  };
}
