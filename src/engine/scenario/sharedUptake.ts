import type { CellType } from '../cells/cellType.ts';
import { isUptake, netChange } from '../circuits/circuit.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Context } from './quantity.ts';

/**
 * One pass takes a channel that eats several fields by the concentrations before its step, which a transient field corrects as time goes
 * on. A quasi-steady one is at once where they put it: measured on a slab of two substrates, it comes within 10⁻³ of its steady
 * state in three to four steps, however short or long.
 */
const STEPS_TO_SETTLE = 4;

/** Warns where weak coupling makes quasi-steady fields lag by steps, since channels eat several of them. */
export function warnOfSharedUptake(
  { source }: Context,
  types: readonly (CellType | null)[],
  fields: readonly (FieldDescription | null)[],
  step: number | null,
): void {
  for (const type of types) {
    for (const reaction of type?.circuit.reactions ?? []) {
      const eaten = netChange(reaction, 'field').flatMap(([f, n]) => (n < 0 ? [fields[f]] : []));
      if (!isUptake(reaction) || eaten.length < 2) continue;
      if (!eaten.some(field => field?.dynamics === 'quasi-steady')) continue;
      const names = eaten.map(field => field?.name).join(' and ');
      const late = step === null ? '' : `, ${Number((STEPS_TO_SETTLE * step).toPrecision(3))} s`;
      source.warn(
        'coupling.schedule',
        `${type?.name}.${reaction.name} eats ${names}, quasi-steady: by \`weak\` coupling they settle over about ` +
          `${STEPS_TO_SETTLE} steps${late}, and may be overdrawn meanwhile; \`schedule: strong\` with \`sees: end\` settles them within each`,
      );
      return;
    }
  }
}
