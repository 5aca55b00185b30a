import type { DelayLaw, Reaction, Species, Term } from '../circuits/circuit.ts';
import { number } from '../expression/build.ts';
import type { Loose } from './conform.ts';
import type { Equation } from './equation.ts';
import { type Context, NOT_NEGATIVE, POSITIVE, readQuantity } from './quantity.ts';
import type { DelayFile } from './schema/cells.ts';
import { NONE, TIME } from './units.ts';

/** A delay as written: a time, `{ mean, cv }` (gamma) or `{ uniform: [from, to] }`. Null after a fault. */
export function readDelay(context: Context, path: string, raw: Loose<DelayFile>): DelayLaw | null {
  if (typeof raw !== 'object') {
    const time = readQuantity(context, path, raw, TIME, NOT_NEGATIVE);
    return time === null ? null : { kind: 'fixed', time };
  }
  if (raw.uniform !== undefined) {
    if (raw.cv !== undefined) {
      context.source.keyProblem(`${path}.cv`, 'goes with `mean`, not with `uniform`');
      return null;
    }
    const [from, to] = raw.uniform.map((end, i) =>
      readQuantity(context, `${path}.uniform[${i}]`, end, TIME, NOT_NEGATIVE),
    );
    if (from === null || to === null) return null;
    if (from <= to) return { kind: 'uniform', from, to };
    context.source.problem(`${path}.uniform`, 'ends before it begins', 'the shorter delay first');
    return null;
  }
  const mean = readQuantity(context, `${path}.mean`, raw.mean, TIME, POSITIVE);
  const cv = readQuantity(context, `${path}.cv`, raw.cv ?? 0, NONE, { min: 0, max: 10 });
  if (mean === null || cv === null) return null;
  return cv === 0 ? { kind: 'fixed', time: mean } : { kind: 'gamma', mean, cv };
}

/** What a delayed reaction adds to a circuit. */
export interface Delayed {
  readonly initiation: Reaction;
  /** The scheduled ones: the completion, and what becomes of one whose reactants are gone. */
  readonly scheduled: readonly Reaction[];
  readonly pending: Species;
}

/**
 * A delayed reaction as two: what it takes turns into `NAME.pending`, a molecule for each firing under way, and that into what
 * it makes. What stands on both sides stays throughout. Where it does not consume, the beginning only makes the pending
 * molecule, and the completion takes what it takes with it; where that is not there by then, the pending molecule goes alone.
 *
 * @param pending index of the pending species
 * @param first index of the first scheduled reaction
 */
export function delayedReaction(
  reaction: Reaction,
  law: DelayLaw,
  consuming: boolean,
  pending: number,
  first: number,
): Delayed {
  const { name, equation } = reaction;
  const marker: Term = { in: 'cell', index: pending, coefficient: 1, exact: '1' };
  const { kept, taken, made } = splitSides(reaction);
  const keepsAll = !consuming && taken.length > 0;
  const scheduled = { rate: number(0), continuous: false, scheduled: true } as const;
  const completion: Reaction = {
    ...scheduled,
    name: `${name}.completion`,
    equation,
    reactants: [marker, ...(keepsAll ? taken : [])],
    products: made,
  };
  const abandoned: Reaction = {
    ...scheduled,
    name: `${name}.abandoned`,
    equation,
    reactants: [marker],
    products: [],
  };
  return {
    initiation: {
      ...reaction,
      products: [...(keepsAll ? reaction.reactants : kept), marker],
      delay: { law, completion: first, abandoned: keepsAll ? first + 1 : -1 },
    },
    scheduled: keepsAll ? [completion, abandoned] : [completion],
    pending: { name: `${name}.pending`, initial: 0, continuous: false, hidden: true },
  };
}

/** What stands on both sides, and what is net taken and made. Coefficients are whole. */
function splitSides({ reactants, products }: Equation): { kept: Term[]; taken: Term[]; made: Term[] } {
  const same = (a: Term, b: Term): boolean => a.in === b.in && a.index === b.index;
  const common = (term: Term, others: readonly Term[]): number =>
    Math.min(term.coefficient, others.find(other => same(term, other))?.coefficient ?? 0);
  const withCoefficient = (term: Term, coefficient: number): Term[] =>
    coefficient === 0 ? [] : [{ ...term, coefficient, exact: String(coefficient) }];
  return {
    kept: reactants.flatMap(term => withCoefficient(term, common(term, products))),
    taken: reactants.flatMap(term => withCoefficient(term, term.coefficient - common(term, products))),
    made: products.flatMap(term => withCoefficient(term, term.coefficient - common(term, reactants))),
  };
}
