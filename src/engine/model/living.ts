import { type CompiledChange, compileChange } from '../cells/encounter.ts';
import type { Population } from '../cells/population.ts';
import { type LifePlan, planLife } from '../cells/rules.ts';
import { createTouchFinder, type TouchFinder } from '../cells/touching.ts';
import { createTransitions, type TransitionOperator } from '../cells/transition.ts';
import type { Description } from '../description/description.ts';
import type { Expression } from '../expression/ast.ts';
import { cellFunctions, type Hazard } from './hazards.ts';
import type { Workspace } from './workspace.ts';

/** What rules and contacts did in the last turn: entry i < count says which cell, of which type, by which rule (index; −1 − index: contact), to which cell (id; 0: none). */
export interface RuleLog {
  count: number;
  cell: Uint32Array;
  partner: Uint32Array;
  type: Uint16Array;
  rule: Int16Array;
  /** x, y, z of each, µm. */
  at: Float64Array;
}

/** Rules and contacts of all cell types, compiled, with the scratch memory of their turn. */
export interface Living {
  readonly plan: LifePlan;
  readonly hasRules: boolean;
  /** Largest range of a contact, µm; −1 where there is none. */
  readonly reach: number;
  readonly rules: readonly (readonly { readonly when: Hazard | null; readonly rate: Hazard | null }[])[];
  readonly contacts: readonly (readonly {
    readonly when: Hazard | null;
    readonly where: Hazard | null;
    readonly rate: Hazard;
  }[])[];
  readonly changes: readonly (readonly (CompiledChange | null)[])[];
  /** Extents of the last turn, by cell type and contact. */
  readonly contactExtents: readonly Float64Array[];
  readonly transitions: TransitionOperator;
  readonly touch: TouchFinder;
  /** Exit + 1 of cells that are to die in this turn; whether a cell has died or become another in it. */
  marks: Uint16Array;
  spent: Uint8Array;
  readonly log: RuleLog;
  note(population: Population, slot: number, type: number, rule: number, partner: number): void;
}

/** Null where no cell type has rules or contacts. */
export function createLiving(
  description: Description,
  population: Population,
  work: Workspace,
): Living | null {
  const { cellTypes, grid } = description;
  if (!cellTypes.some(({ rules, contacts }) => rules !== undefined || contacts !== undefined)) return null;
  const plan = planLife(cellTypes);
  const compilers = cellTypes.map((_, t) => cellFunctions(description, population, work, t));
  const optional = (type: number, one: Expression | null): Hazard | null => one && compilers[type](one);
  const log: RuleLog = {
    count: 0,
    cell: new Uint32Array(16),
    partner: new Uint32Array(16),
    type: new Uint16Array(16),
    rule: new Int16Array(16),
    at: new Float64Array(48),
  };
  return {
    plan,
    hasRules: cellTypes.some(({ rules }) => rules !== undefined),
    reach: Math.max(-1, ...cellTypes.flatMap(({ contacts = [] }) => contacts.map(({ range }) => range))),
    rules: cellTypes.map(({ rules = [] }, t) =>
      rules.map(({ when, rate }) => ({ when: optional(t, when), rate: optional(t, rate) })),
    ),
    contacts: cellTypes.map(({ contacts = [] }, t) =>
      contacts.map(({ when, where, rate, partner }) => ({
        when: optional(t, when),
        where: optional(partner, where),
        rate: compilers[t](rate),
      })),
    ),
    changes: cellTypes.map((type, t) =>
      (type.contacts ?? []).map(contact => compileChange(contact, cellTypes[t], cellTypes[contact.partner])),
    ),
    contactExtents: cellTypes.map(({ contacts = [] }) => new Float64Array(contacts.length)),
    transitions: createTransitions(cellTypes, plan, grid, population.stride),
    touch: createTouchFinder(grid),
    marks: new Uint16Array(0),
    spent: new Uint8Array(0),
    log,
    note({ id, x, y, z }, slot, type, rule, partner) {
      const i = log.count++;
      if (i === log.cell.length) lengthen(log);
      log.cell[i] = id[slot];
      log.partner[i] = partner;
      log.type[i] = type;
      log.rule[i] = rule;
      log.at[3 * i] = x[slot];
      log.at[3 * i + 1] = y[slot];
      log.at[3 * i + 2] = z[slot];
    },
  };
}

function lengthen(log: RuleLog): void {
  const longer = <A extends Uint32Array | Uint16Array | Int16Array | Float64Array>(from: A, to: A): A => {
    to.set(from);
    return to;
  };
  const n = 2 * log.cell.length;
  log.cell = longer(log.cell, new Uint32Array(n));
  log.partner = longer(log.partner, new Uint32Array(n));
  log.type = longer(log.type, new Uint16Array(n));
  log.rule = longer(log.rule, new Int16Array(n));
  log.at = longer(log.at, new Float64Array(3 * n));
}
