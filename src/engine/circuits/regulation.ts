import { reads } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { evaluate } from '../expression/evaluate.ts';
import { FALLS, RISES, trend, trendOfCount } from '../expression/trend.ts';
import type { Circuit, Reaction } from './circuit.ts';
import { gatedPropensity } from './propensity.ts';

/**
 * What more of a substance does to a rate. `mixed`: the rate rises in one place and falls in another; `unknown`: it does not
 * always the same by any proof at hand, and no example of both was met.
 */
export type Effect = 'activates' | 'represses' | 'mixed' | 'unknown';

/** A substance that a reaction's rate depends on beyond being taken by it. */
export interface Influence {
  readonly in: 'cell' | 'field';
  /** Index into the circuit's species or into the model's fields. */
  readonly index: number;
  /** `catalyst`: on both sides in the same number; `reactant`: taken, yet slowing its own reaction; else `modifier`. */
  readonly role: 'catalyst' | 'modifier' | 'reactant';
  readonly effect: Effect;
}

/**
 * Who regulates a reaction, or how `rate` (the condition of an event) depends on substances: species and fields that its rate reads, in that order, and what it takes only where more of it does
 * not speed it up. A stochastic reaction waits for the molecules on its left side, so a catalyst counts although the rate
 * leaves it out. What has provably no effect is left out.
 */
export function influencesOn(
  circuit: Circuit,
  reaction: Reaction,
  rate: Expression = reaction.continuous ? reaction.rate : gatedPropensity(circuit, reaction),
): Influence[] {
  const read = [...reads(rate).values()].filter(isSubstance).sort(bySubstance);
  return read.flatMap((variable): Influence[] => {
    const place = { in: variable.of === 'field' ? 'field' : 'cell', index: variable.index } as const;
    const role = roleOf(reaction, place);
    const effect = effectOf(circuit, rate, variable);
    if (effect === null) return [];
    if (role === 'reactant' && effect !== 'represses' && effect !== 'mixed') return [];
    return [{ ...place, role, effect }];
  });
}

type Substance = Extract<Variable, { of: 'species' | 'field' }>;

function isSubstance(variable: Variable): variable is Substance {
  return variable.of === 'species' || variable.of === 'field';
}

function bySubstance(a: Substance, b: Substance): number {
  if (a.of !== b.of) return a.of === 'species' ? -1 : 1;
  return a.index - b.index;
}

function roleOf(
  { reactants, products }: Reaction,
  place: { readonly in: 'cell' | 'field'; readonly index: number },
): Influence['role'] {
  const amount = (terms: Reaction['reactants']): number =>
    terms.reduce(
      (total, term) =>
        term.in === place.in && term.index === place.index ? total + term.coefficient : total,
      0,
    );
  const taken = amount(reactants);
  if (taken === 0) return 'modifier';
  return taken === amount(products) ? 'catalyst' : 'reactant';
}

function effectOf(circuit: Circuit, rate: Expression, variable: Substance): Effect | null {
  const isCount = variable.of === 'species' && !circuit.species[variable.index].continuous;
  switch (isCount ? trendOfCount(rate, variable) : trend(rate, variable)) {
    case 0:
      return null;
    case RISES:
      return 'activates';
    case FALLS:
      return 'represses';
    default:
      return turnsSomewhere(circuit, rate, variable, isCount) ? 'mixed' : 'unknown';
  }
}

/** Powers of 2 from 2⁻¹⁰ to 2²⁰ beyond the whole numbers up to 16. */
const COUNTS = [...Array(17).keys(), ...Array.from({ length: 16 }, (_, i) => 2 ** (i + 5))];
const AMOUNTS = [0, ...Array.from({ length: 31 }, (_, i) => 2 ** (i - 10))];
/** A step below this share of the values is rounding. */
const SLIGHT = 1e-9;

/** Whether an example shows that the rate both rises and falls with the variable. */
function turnsSomewhere(circuit: Circuit, rate: Expression, variable: Substance, isCount: boolean): boolean {
  const fieldCount =
    1 + [...reads(rate).values()].reduce((m, v) => (v.of === 'field' ? Math.max(m, v.index) : m), -1);
  const grid = isCount ? COUNTS : AMOUNTS;
  let met = 0;
  for (const other of ['initial', 0, 1, 10, 1000] as const) {
    const amounts = Float64Array.from(circuit.species, ({ initial }) =>
      other === 'initial' ? initial : other,
    );
    const fields = new Float64Array(fieldCount).fill(other === 'initial' ? 1 : other);
    const column = variable.of === 'field' ? fields : amounts;
    const values = grid.map(value => {
      column[variable.index] = value;
      return evaluate(rate, { amounts, fields, volume: 1, time: 1, age: 1, position: [1, 1, 1] });
    });
    for (let i = 1; i < values.length; i++) {
      const step = values[i] - values[i - 1];
      if (Math.abs(step) > SLIGHT * (Math.abs(values[i]) + Math.abs(values[i - 1]))) {
        met |= step > 0 ? RISES : FALLS;
      }
    }
  }
  return met === (RISES | FALLS);
}
