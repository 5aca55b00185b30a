import type { Expression } from '../expression/ast.ts';
import type { CellType, Release } from './cellType.ts';

/** What a rule or a contact does to a cell. `type` is the index of the new cell type. */
export type Deed =
  | { readonly kind: 'become'; readonly type: number }
  | { readonly kind: 'quiesce' | 'awake' | 'divide' | 'die' };

/**
 * A rule of a cell type, which has its turn with the life cycle. While `when` holds (null: always) it happens at a rate (1/s); without a rate, at
 * once; with a `probability` below 1, with that probability each time that `when` comes true.
 */
export interface Rule {
  readonly name: string;
  readonly when: Expression | null;
  readonly rate: Expression | null;
  readonly probability: number;
  readonly deed: Deed;
  /** Run to completion where the cell dies or becomes another. */
  readonly releases: readonly Release[];
}

/** A term of what happens between two cells: in the acting cell, its partner, or (made only) a field at the acting cell. */
export interface ContactTerm {
  readonly in: 'cell' | 'partner' | 'field';
  readonly index: number;
  readonly coefficient: number;
  readonly exact: string;
}

/** A reaction of two cells, which happens as a whole or not at all; `times`: how often at most, Infinity: to completion. */
export interface ContactChange {
  readonly reactants: readonly ContactTerm[];
  readonly products: readonly ContactTerm[];
  readonly times: number;
}

/**
 * What a cell does to each cell of type `partner` whose surface is at most `range` (µm) from its own: at a rate (1/s) per pair, while `when`
 * holds in it and `where` in the partner (null: always).
 */
export interface Contact {
  readonly name: string;
  readonly partner: number;
  readonly range: number;
  readonly rate: Expression;
  readonly when: Expression | null;
  readonly where: Expression | null;
  readonly change: ContactChange | null;
  /** What then becomes of the acting cell and of its partner. */
  readonly self: Deed | null;
  readonly other: Deed | null;
  /** Run to completion where one of them dies or becomes another. */
  readonly selfReleases: readonly Release[];
  readonly otherReleases: readonly Release[];
}

/** A way for cells of a type to leave: their contents, but for what the releases give, go to a sink of its name. */
export interface Exit {
  readonly type: number;
  /** Of the sink, such as `rod death` or `rod death by starve`. */
  readonly sink: string;
  /** Of release n (from 1), less the number: `rod.release`, `rod.starve release`. */
  readonly release: string;
  readonly releases: readonly Release[];
}

/** A way for cells of one type to become those of another. What both know by name is carried over; the rest is lost to a sink. */
export interface Transition {
  readonly from: number;
  readonly to: number;
  /** Of the cause that carries over: `stem.differentiate`. */
  readonly name: string;
  readonly releases: readonly Release[];
  readonly carried: readonly (readonly [from: number, to: number])[];
  readonly lost: readonly number[];
}

/** Where a deed leads: an index into exits or transitions, −1 where it is neither. */
export interface Lead {
  readonly exit: number;
  readonly transition: number;
}

/** All ways out of and between cell types. Exit t is the death of cell type t, whether it has one or not. */
export interface LifePlan {
  readonly exits: readonly Exit[];
  readonly transitions: readonly Transition[];
  /** By cell type and rule. */
  readonly rules: readonly (readonly Lead[])[];
  /** By cell type and contact, of the acting cell and of its partner. */
  readonly contacts: readonly (readonly { readonly self: Lead; readonly other: Lead }[])[];
}

const NOWHERE: Lead = { exit: -1, transition: -1 };

export function planLife(types: readonly CellType[]): LifePlan {
  const exits: Exit[] = types.map(({ name, death }, type) => ({
    type,
    sink: `${name} death`,
    release: `${name}.release`,
    releases: death?.releases ?? [],
  }));
  const transitions: Transition[] = [];
  const lead = (type: number, deed: Deed | null, label: string, releases: readonly Release[]): Lead => {
    const { name } = types[type];
    if (deed?.kind === 'die') {
      const exit = { type, sink: `${name} death by ${label}`, release: `${name}.${label} release`, releases };
      return { exit: exits.push(exit) - 1, transition: -1 };
    }
    if (deed?.kind !== 'become') return NOWHERE;
    const way = {
      from: type,
      to: deed.type,
      name: `${name}.${label}`,
      releases,
      ...mapping(types, type, deed.type),
    };
    return { exit: -1, transition: transitions.push(way) - 1 };
  };
  return {
    exits,
    transitions,
    rules: types.map(({ rules = [] }, t) =>
      rules.map(({ name, deed, releases }) => lead(t, deed, name, releases)),
    ),
    contacts: types.map(({ contacts = [] }, t) =>
      contacts.map(one => ({
        self: lead(t, one.self, `${one.name}`, one.selfReleases),
        other: lead(one.partner, one.other, `${one.name} by ${types[t].name}`, one.otherReleases),
      })),
    ),
  };
}

/** Species by name; what is under way in a cell (hidden) is never carried, for its calendar is not. */
function mapping(types: readonly CellType[], from: number, to: number): Pick<Transition, 'carried' | 'lost'> {
  const carried: [number, number][] = [];
  const lost: number[] = [];
  types[from].circuit.species.forEach((species, s) => {
    const target = types[to].circuit.species.findIndex(other => other.name === species.name && !other.hidden);
    if (target < 0 || species.hidden) lost.push(s);
    else carried.push([s, target]);
  });
  return { carried, lost };
}
