import { fail } from './errors.ts';
import type { SbmlModel } from './model.ts';

/**
 * A model with other values of parameters and sizes of compartments, by identifier, in the model's units; initial assignments of
 * them give way. @throws SbmlError for a name it has not, and for what a rule determines
 */
export function withValues(model: SbmlModel, values: ReadonlyMap<string, number>): SbmlModel {
  if (values.size === 0) return model;
  const known = new Set([...model.parameters, ...model.compartments].map(({ id }) => id));
  const ruled = new Set(
    model.rules.flatMap(({ kind, variable }) => (kind === 'assignment' ? [variable] : [])),
  );
  for (const name of values.keys()) {
    if (!known.has(name)) {
      const names = [...known].slice(0, 20).join(', ');
      fail('model', `it has no parameter or compartment '${name}' to set; it has ${names || 'none'}`);
    }
    if (ruled.has(name)) fail('model', `an assignment rule determines '${name}': it cannot be set`);
  }
  return {
    ...model,
    parameters: model.parameters.map(p => ({ ...p, value: values.get(p.id) ?? p.value })),
    compartments: model.compartments.map(c => ({ ...c, size: values.get(c.id) ?? c.size })),
    initialAssignments: model.initialAssignments.filter(({ symbol }) => !values.has(symbol)),
  };
}
