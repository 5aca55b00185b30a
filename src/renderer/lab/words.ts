import type { CircuitOverview } from '../../engine/circuits/overview.ts';
import type { Effect, Influence } from '../../engine/circuits/regulation.ts';

export const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  activates: 'activates',
  represses: 'represses',
  mixed: 'activates and represses',
  unknown: 'acts on',
};

/** As the structure names it: `X`, `field.AHL`. */
export function substanceName(
  { species, fields }: CircuitOverview,
  where: 'cell' | 'field',
  index: number,
): string {
  return where === 'cell' ? species[index].name : `field.${fields[index] ?? index}`;
}

/** `V represses it`, `DA activates it as a catalyst`. */
export function influenceWords(
  overview: CircuitOverview,
  { in: where, index, effect, role }: Influence,
): string {
  const how = role === 'catalyst' ? ' as a catalyst' : role === 'reactant' ? ' although taken by it' : '';
  return `${substanceName(overview, where, index)} ${EFFECT_WORDS[effect]} it${how}`;
}
