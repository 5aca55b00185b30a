import Fraction from 'fraction.js';
import { findMoieties, type Moiety } from '../diagnostics/moieties.ts';
import type { Change } from '../exchange/ledger.ts';
import type { Circuit, Reaction, Term } from './circuit.ts';
import { complexGraph, keyOf, reversiblePairs } from './complexes.ts';
import { exactRank } from './rank.ts';
import { reachable } from './reachable.ts';
import { circuitWarnings } from './warnings.ts';

/** What the stoichiometry and the rates of a circuit say before any simulation. */
export interface Structure {
  /** Rows of the matrix: species that take part in a reaction or are not biomass, then fields, as `field.AHL`. */
  readonly substances: readonly string[];
  readonly reactions: readonly string[];
  /** stoichiometry[substance][reaction]: net change per extent. */
  readonly stoichiometry: readonly Float64Array[];
  readonly rank: number;
  /** Distinct sides of reactions, the empty one among them where it occurs. */
  readonly complexes: number;
  /** Connected components of the graph of complexes. */
  readonly linkageClasses: number;
  /** complexes − linkageClasses − rank (Feinberg 1987, doi:10.1016/0009-2509(87)80099-4). */
  readonly deficiency: number;
  /** Sums that no reaction changes, with their initial value (null where a field is in it). */
  readonly conserved: readonly (Moiety & { readonly total: number | null })[];
  /** Sums that change by sources and sinks alone: every conversion keeps them. */
  readonly open: readonly Moiety[];
  /** Reactions that undo each other. */
  readonly reversible: readonly (readonly [string, string])[];
  /** Reactions that can never happen from the initial amounts. */
  readonly deadReactions: readonly string[];
  /** Species that can never be present. */
  readonly absentSpecies: readonly string[];
  readonly warnings: readonly string[];
}

/** `fields` names the fields of the model; those that no reaction touches are left out. */
export function analyseStructure(circuit: Circuit, fields: readonly string[] = []): Structure {
  const { reactions } = circuit;
  const terms = reactions.flatMap(({ reactants, products }) => [...reactants, ...products]);
  const touched = new Set(terms.map(keyOf));
  const rows: {
    readonly key: string;
    readonly name: string;
    readonly in: 'cell' | 'field';
    initial: number;
  }[] = [];
  circuit.species.forEach(({ name, initial }, index) => {
    const key = keyOf({ in: 'cell', index });
    if (index > 0 || touched.has(key)) rows.push({ key, name, in: 'cell', initial });
  });
  const fieldIndices = [...new Set(terms.filter(term => term.in === 'field').map(term => term.index))];
  for (const index of fieldIndices.sort((a, b) => a - b)) {
    const name = `field.${fields[index] ?? index}`;
    rows.push({ key: keyOf({ in: 'field', index }), name, in: 'field', initial: Number.NaN });
  }
  const rowOf = new Map(rows.map(({ key }, row) => [key, row]));

  const columns = reactions.map(reaction => exactChanges(reaction, rowOf));
  const stoichiometry = rows.map(() => new Float64Array(reactions.length));
  columns.forEach((column, r) => {
    for (const [row, change] of column) stoichiometry[row][r] = change.valueOf();
  });
  const rank = exactRank(columns.map(toIntegers));
  const { complexes, linkageClasses } = complexGraph(reactions);

  const moieties = findMoieties(
    rows.map(row => ({ name: row.name, unit: row.name === 'biomass' ? 'fg' : 'molecules', in: row.in })),
    columns.map((column, r) => ({
      name: reactions[r].name,
      kind: 'reaction',
      changes: [...column].map(
        ([substance, change]): Change => ({
          substance,
          amount: change.valueOf(),
          exact: [{ sign: change.s < 0n ? -1 : 1, value: change.abs().toFraction() }],
        }),
      ),
    })),
  );
  const isKept = (moiety: Moiety): boolean => columns.every(column => dot(moiety, column).equals(0));
  const conserved = moieties.filter(isKept).map(moiety => {
    const total = rows.reduce(
      (sum, { initial }, row) => (moiety.weights[row] === 0 ? sum : sum + moiety.weights[row] * initial),
      0,
    );
    return { ...moiety, total: Number.isNaN(total) ? null : total };
  });
  const { deadReactions, absentSpecies } = reachable(circuit, most => mostOf(most, rows, conserved));
  return {
    substances: rows.map(row => row.name),
    reactions: reactions.map(reaction => reaction.name),
    stoichiometry,
    rank,
    complexes,
    linkageClasses,
    deficiency: complexes - linkageClasses - rank,
    conserved,
    open: moieties.filter(moiety => !isKept(moiety)),
    reversible: reversiblePairs(reactions).map(([a, b]) => [reactions[a].name, reactions[b].name] as const),
    deadReactions: deadReactions.map(r => reactions[r].name),
    absentSpecies: absentSpecies.map(s => circuit.species[s].name),
    warnings: circuitWarnings(circuit, new Set(deadReactions)),
  };
}

/** Net change by row, without zeros. */
function exactChanges(reaction: Reaction, rowOf: ReadonlyMap<string, number>): Map<number, Fraction> {
  const changes = new Map<number, Fraction>();
  const add = (term: Term, sign: 1 | -1): void => {
    const row = rowOf.get(keyOf(term));
    if (row === undefined) return;
    changes.set(row, (changes.get(row) ?? new Fraction(0)).add(new Fraction(term.exact).mul(sign)));
  };
  for (const term of reaction.reactants) add(term, -1);
  for (const term of reaction.products) add(term, 1);
  for (const [row, change] of changes) if (change.equals(0)) changes.delete(row);
  return changes;
}

/** A column scaled to whole numbers, which keeps the rank. */
function toIntegers(column: ReadonlyMap<number, Fraction>): Map<number, bigint> {
  const denominator = [...column.values()].reduce((product, { d }) => product * d, 1n);
  return new Map([...column].map(([row, { s, n, d }]) => [row, s * n * (denominator / d)]));
}

function dot(moiety: Moiety, column: ReadonlyMap<number, Fraction>): Fraction {
  let sum = new Fraction(0);
  for (const [row, change] of column) sum = sum.add(change.mul(moiety.weights[row]));
  return sum;
}

/** Most molecules that a species can ever have, by the conserved sums it is in; Infinity where nothing bounds it. */
function mostOf(
  species: number,
  rows: readonly { readonly key: string }[],
  conserved: readonly (Moiety & { readonly total: number | null })[],
): number {
  const row = rows.findIndex(({ key }) => key === keyOf({ in: 'cell', index: species }));
  let most = Number.POSITIVE_INFINITY;
  for (const { weights, total } of conserved) {
    // Only a sum of amounts that are all ≥ 0 bounds its parts.
    if (row < 0 || total === null || weights[row] <= 0 || weights.some(weight => weight < 0)) continue;
    most = Math.min(most, total / weights[row]);
  }
  return most;
}
