import type { CellType } from './cellType.ts';
import type { Contact, ContactTerm } from './rules.ts';

/** A reaction of two cells as changes per unit of extent. */
export interface CompiledChange {
  /** Whole firings: some count of molecules changes. */
  readonly whole: boolean;
  readonly times: number;
  readonly needs: readonly { partner: boolean; species: number; coefficient: number; consumed: number }[];
  readonly changes: readonly { partner: boolean; species: number; change: number }[];
  readonly fields: readonly { field: number; change: number }[];
}

export function compileChange(contact: Contact, self: CellType, other: CellType): CompiledChange | null {
  if (contact.change === null) return null;
  const { reactants, products, times } = contact.change;
  const net = new Map<string, { term: ContactTerm; change: number }>();
  const add = (term: ContactTerm, sign: 1 | -1): void => {
    const key = `${term.in} ${term.index}`;
    const entry = net.get(key) ?? { term, change: 0 };
    entry.change += sign * term.coefficient;
    net.set(key, entry);
  };
  for (const term of products) add(term, 1);
  for (const term of reactants) add(term, -1);
  const inCells = [...net.values()].filter(({ term, change }) => term.in !== 'field' && change !== 0);
  const isCount = (term: ContactTerm): boolean =>
    term.index > 0 && !(term.in === 'cell' ? self : other).circuit.species[term.index].continuous;
  return {
    whole: inCells.some(({ term }) => isCount(term)),
    times,
    needs: reactants.map(term => ({
      partner: term.in === 'partner',
      species: term.index,
      coefficient: term.coefficient,
      consumed: Math.max(0, -(net.get(`${term.in} ${term.index}`)?.change ?? 0)),
    })),
    changes: inCells.map(({ term, change }) => ({
      partner: term.in === 'partner',
      species: term.index,
      change,
    })),
    fields: [...net.values()]
      .filter(({ term, change }) => term.in === 'field' && change !== 0)
      .map(({ term, change }) => ({ field: term.index, change })),
  };
}

/** How often the change can happen between cells whose amounts begin at `self` and `other`: 0 where something is missing. */
export function extentOf(
  { whole, times, needs }: CompiledChange,
  amounts: Float64Array,
  self: number,
  other: number,
): number {
  let extent = times;
  for (const { partner, species, coefficient, consumed } of needs) {
    const amount = amounts[(partner ? other : self) + species];
    if (Number.isFinite(times) || whole ? amount < coefficient : !(amount > 0)) return 0;
    if (consumed === 0) continue;
    const limit =
      whole || Number.isFinite(times) ? Math.floor((amount - coefficient) / consumed) + 1 : amount / consumed;
    if (limit < extent) extent = limit;
  }
  return extent;
}
