import type { CellType } from '../cells/cellType.ts';
import type { Expression } from '../expression/ast.ts';

/** What decides over life and death of a cell: its hazard, what ends the phases of its cycle, rules and contacts. */
export function lifeExpressions({ death, division, rules = [], contacts = [] }: CellType): Expression[] {
  const phases = division?.phases?.flatMap(({ rate, until }) => [rate, until]) ?? [];
  const ruled = rules.flatMap(({ when, rate }) => [when, rate]);
  const touching = contacts.flatMap(({ when, where, rate }) => [when, where, rate]);
  return [death?.hazard ?? null, ...phases, ...ruled, ...touching].filter(one => one !== null);
}

function motionExpressions({ motion }: CellType): Expression[] {
  if (!motion) return [];
  const { motility, chemotaxis, run, attachment } = motion;
  return [
    ...[motility, run?.speed, run?.tumble, attachment?.rate, attachment?.detachment],
    ...chemotaxis.map(({ coefficient }) => coefficient),
  ].filter(one => one != null);
}

/** Everything that a cell of a type computes in a run: rates, triggers and values of its circuit, its life and its motion. */
export function expressionsOf(type: CellType): Expression[] {
  const { reactions, events = [] } = type.circuit;
  return [
    ...reactions.map(({ rate }) => rate),
    ...events.flatMap(({ trigger, actions }) => [
      trigger,
      ...actions.flatMap(action => ('value' in action ? [action.value] : [])),
    ]),
    ...lifeExpressions(type),
    ...motionExpressions(type),
  ];
}
