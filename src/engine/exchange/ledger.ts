import { type ContactTerm, planLife } from '../cells/rules.ts';
import type { Term } from '../circuits/circuit.ts';
import type { Description } from '../description/description.ts';
import { DETACHMENT_CAUSES } from '../description/detachment.ts';
import { type SubstanceIndex, substanceOf } from '../description/substances.ts';
import { FACES } from '../fields/field.ts';
import { CompensatedSums } from './compensated.ts';

/** Exact change of one substance per unit of extent. */
export interface Change {
  readonly substance: number;
  readonly amount: number;
  /** The amount as a fraction `n` or `n/d`, signed. */
  readonly exact: readonly { readonly sign: 1 | -1; readonly value: string }[];
}

/**
 * A named reason for amounts to change. A reaction's extent is its firings (or continuous extent; of fields with one another in molecules); for the others one
 * unit of extent is one unit of the substance: decay and death take it, a face lets it in (negative: out), a reservoir gives
 * it to the field (negative: takes it), gains it by its inflow and loses it by its outflow; relaxation of a quasi-steady field,
 * a person's edit and a correction of the balance put it in (negative: take it).
 */
export interface Cause {
  /**
   * What the report sums by. Reactions are `TYPE.NAME`; all others have a blank, which no name can have, and no two kinds the
   * same form: `TYPE death`, `TYPE.release 1`, `FIELD decay`, `FIELD left`, `FIELD relaxation`, `FIELD from RESERVOIR`,
   * `RESERVOIR.FIELD inflow`, `RESERVOIR.FIELD outflow`, `RESERVOIR.FIELD decay`, `user edit`, `FIELD correction`,
   * `NAME reaction` (of fields with one another), `NAME intervention`, `cluster sloughing`, `surface erosion`; of rules and contacts `TYPE death by RULE`, `TYPE.RULE release 1`, `TYPE.RULE carried` and
   * `TYPE.RULE lost` where cells become others, and `TYPE.CONTACT contact`.
   */
  readonly name: string;
  readonly kind:
    | 'reaction'
    | 'field reaction'
    | 'release'
    | 'decay'
    | 'boundary'
    | 'bulk'
    | 'relaxation'
    | 'death'
    | 'transition'
    | 'contact'
    | 'edit'
    | 'intervention'
    | 'detachment'
    | 'correction';
  readonly changes: readonly Change[];
}

/** Name of the cause by which a person's edits change any amount. */
export const USER_EDIT = 'user edit';

/** Where each kind of cause stands in the list. */
export interface CauseIndex {
  readonly all: readonly Cause[];
  /** First reaction of each cell type. */
  readonly reaction: readonly number[];
  /** First release and first sink (one per species) of each exit of planLife; a sink is −1 where nothing leaves that way. */
  readonly release: readonly number[];
  readonly death: readonly number[];
  /** First release, first carried species and first lost one of each transition. */
  readonly transition: readonly {
    readonly release: number;
    readonly carried: number;
    readonly lost: number;
  }[];
  /** By cell type and contact: its change, −1 where it has none. */
  readonly contact: readonly (readonly number[])[];
  /** Decay of field 0; one per field. */
  readonly decay: number;
  /** Face 0 of field 0; six per field. */
  readonly boundary: number;
  /** Per field: the relaxation of a quasi-steady one, −1 for others. */
  readonly relaxation: readonly number[];
  /** Per field: exchange, inflow, outflow and decay of its first reservoir; four per reservoir. */
  readonly bulk: readonly number[];
  /** First reaction of fields with one another. */
  readonly fieldReaction: number;
  /** Edits of substance 0; one per substance. */
  readonly edit: number;
  /** Per intervention: its cause of substance 0, one per substance; −1 where it moves nothing. */
  readonly intervention: readonly number[];
  /** Sloughing and erosion of substance 0, one per cell substance; none without a detachment. */
  readonly detachment: readonly number[];
  /** Correction of field 0; one per field. */
  readonly correction: number;
}

export function indexCauses(description: Description, substances: SubstanceIndex): CauseIndex {
  const all: Cause[] = [];
  const reaction: number[] = [];
  const release: number[] = [];
  const death: number[] = [];
  const { cellTypes } = description;
  const plan = planLife(cellTypes);
  const leave = (exit: number): void => {
    const { type, sink, release: label, releases } = plan.exits[exit];
    release.push(all.length);
    releases.forEach((channel, i) => {
      const name = exit < cellTypes.length ? `${cellTypes[type].name}.${channel.name}` : `${label} ${i + 1}`;
      all.push({ name, kind: 'release', changes: changesOf(substances, type, channel) });
    });
    const isOpen = exit >= cellTypes.length || cellTypes[type].death !== null;
    death.push(isOpen ? all.length : -1);
    if (!isOpen) return;
    cellTypes[type].circuit.species.forEach((_, s) => {
      all.push(single(sink, 'death', substances.typeOffset[type] + s, -1));
    });
  };
  cellTypes.forEach((type, t) => {
    reaction.push(all.length);
    for (const channel of type.circuit.reactions) {
      all.push({
        name: `${type.name}.${channel.name}`,
        kind: 'reaction',
        changes: changesOf(substances, t, channel),
      });
    }
    leave(t);
  });
  for (let exit = cellTypes.length; exit < plan.exits.length; exit++) leave(exit);
  const transition = plan.transitions.map(({ from, to, name, releases, carried, lost }) => {
    const first = all.length;
    releases.forEach((channel, i) => {
      all.push({
        name: `${name} release ${i + 1}`,
        kind: 'release',
        changes: changesOf(substances, from, channel),
      });
    });
    const firstCarried = all.length;
    for (const [s, target] of carried) {
      const changes = [
        ...single('', 'transition', substances.typeOffset[from] + s, -1).changes,
        ...single('', 'transition', substances.typeOffset[to] + target, 1).changes,
      ].sort((a, b) => a.substance - b.substance);
      all.push({ name: `${name} carried`, kind: 'transition', changes });
    }
    const firstLost = all.length;
    for (const s of lost) {
      all.push(single(`${name} lost`, 'death', substances.typeOffset[from] + s, -1));
    }
    return { release: first, carried: firstCarried, lost: firstLost };
  });
  const contact = cellTypes.map(({ name, contacts = [] }, t) =>
    contacts.map(one => {
      if (one.change === null) return -1;
      const substance = (term: ContactTerm): number =>
        substanceOf(substances, term.in === 'partner' ? one.partner : t, {
          in: term.in === 'field' ? 'field' : 'cell',
          index: term.index,
        });
      const changes = netChanges(one.change, substance);
      return all.push({ name: `${name}.${one.name} contact`, kind: 'contact', changes }) - 1;
    }),
  );
  const decay = all.length;
  description.fields.forEach((field, f) => {
    all.push(single(`${field.name} decay`, 'decay', substances.cellCount + f, -1));
  });
  const boundary = all.length;
  description.fields.forEach((field, f) => {
    for (const face of FACES)
      all.push(single(`${field.name} ${face}`, 'boundary', substances.cellCount + f, 1));
  });
  const relaxation = description.fields.map((field, f) => {
    if (field.dynamics !== 'quasi-steady') return -1;
    return all.push(single(`${field.name} relaxation`, 'relaxation', substances.cellCount + f, 1)) - 1;
  });
  const bulk = description.fields.map((field, f) => {
    const first = all.length;
    field.reservoirs?.forEach((reservoir, j) => {
      const substance = substances.bulkOffset[f] + j;
      const name = `${reservoir.name}.${field.name}`;
      const [gives] = single('', 'bulk', substance, -1).changes;
      const from = single(`${field.name} from ${reservoir.name}`, 'bulk', substances.cellCount + f, 1);
      all.push({ ...from, changes: [...from.changes, gives] });
      all.push(single(`${name} inflow`, 'bulk', substance, 1));
      all.push(single(`${name} outflow`, 'bulk', substance, -1));
      all.push(single(`${name} decay`, 'bulk', substance, -1));
    });
    return first;
  });
  const fieldReaction = all.length;
  for (const channel of description.reactions ?? []) {
    all.push({
      name: `${channel.name} reaction`,
      kind: 'field reaction',
      changes: changesOf(substances, 0, channel),
    });
  }
  const edit = all.length;
  substances.all.forEach((_, s) => {
    all.push(single(USER_EDIT, 'edit', s, 1));
  });
  const intervention = (description.interventions?.list ?? []).map(({ name, action }) => {
    if (action.kind === 'set') return -1;
    const first = all.length;
    substances.all.forEach((_, s) => {
      all.push(single(`${name} intervention`, 'intervention', s, 1));
    });
    return first;
  });
  const detachment = (description.detachment ? DETACHMENT_CAUSES : []).map(name => {
    const first = all.length;
    for (let s = 0; s < substances.cellCount; s++) all.push(single(name, 'detachment', s, 1));
    return first;
  });
  const correction = all.length;
  description.fields.forEach((field, f) => {
    all.push(single(`${field.name} correction`, 'correction', substances.cellCount + f, 1));
  });
  return {
    all,
    reaction,
    release,
    death,
    transition,
    contact,
    decay,
    boundary,
    relaxation,
    bulk,
    fieldReaction,
    edit,
    intervention,
    detachment,
    correction,
  };
}

interface Sides {
  readonly reactants: readonly Term[];
  readonly products: readonly Term[];
}

/** Net change per extent of every substance a channel touches; a catalyst (net 0) drops out. */
function changesOf(substances: SubstanceIndex, type: number, channel: Sides): Change[] {
  return netChanges(channel, term => substanceOf(substances, type, term));
}

interface Weighted {
  readonly coefficient: number;
  readonly exact: string;
}

function netChanges<T extends Weighted>(
  channel: { readonly reactants: readonly T[]; readonly products: readonly T[] },
  substanceOfTerm: (term: T) => number,
): Change[] {
  const changes = new Map<number, { amount: number; exact: { sign: 1 | -1; value: string }[] }>();
  const add = (terms: readonly T[], sign: 1 | -1) => {
    for (const term of terms) {
      const substance = substanceOfTerm(term);
      const entry = changes.get(substance) ?? { amount: 0, exact: [] };
      entry.amount += sign * term.coefficient;
      entry.exact.push({ sign, value: term.exact });
      changes.set(substance, entry);
    }
  };
  add(channel.products, 1);
  add(channel.reactants, -1);
  return [...changes]
    .filter(([, entry]) => entry.amount !== 0)
    .map(([substance, entry]) => ({ substance, ...entry }))
    .sort((a, b) => a.substance - b.substance);
}

function single(name: string, kind: Cause['kind'], substance: number, sign: 1 | -1): Cause {
  return { name, kind, changes: [{ substance, amount: sign, exact: [{ sign, value: '1' }] }] };
}

/**
 * Cumulative extents by cause, summed with compensation. A window writes to `pending`; `commit` accepts it, `discard`
 * forgets it (a rejected window leaves no trace).
 */
export class Ledger {
  readonly causes: CauseIndex;
  readonly pending: Float64Array;
  readonly extents: CompensatedSums;

  constructor(causes: CauseIndex) {
    this.causes = causes;
    this.pending = new Float64Array(causes.all.length);
    this.extents = new CompensatedSums(causes.all.length);
  }

  commit(): void {
    for (let cause = 0; cause < this.pending.length; cause++) {
      if (this.pending[cause] !== 0) this.extents.add(cause, this.pending[cause]);
    }
    this.pending.fill(0);
  }

  discard(): void {
    this.pending.fill(0);
  }
}
