import type { Expression } from '../expression/ast.ts';
import {
  add,
  binary,
  divide,
  field,
  number,
  species as speciesVariable,
  subtract,
  variable,
} from '../expression/build.ts';
import type { Typed } from './algebra.ts';
import type { Loose } from './conform.ts';
import type { Substances } from './equation.ts';
import type { Scope } from './expressions.ts';
import { checkName } from './names.ts';
import type { Parameters } from './parameters.ts';
import { POSITION } from './position.ts';
import type { Context } from './quantity.ts';
import type { TypeModel } from './sbmlCircuit.ts';
import type { CellTypeFile } from './schema/cells.ts';
import { childPath } from './source.ts';
import { CONCENTRATION, MASS, NONE, TIME, VOLUME } from './units.ts';

/** A condition that never holds. */
const NEVER: Typed = { expression: binary('==', number(0), number(1)), dimension: NONE };

/** Of the cycle, by volume: 0 at birth, 1 at division; 0 in a cell that does not divide. */
const PHASE: Expression = divide(
  subtract(variable({ of: 'volume' }), variable({ of: 'birthVolume' })),
  subtract(variable({ of: 'divisionVolume' }), variable({ of: 'birthVolume' })),
);

/** What is known of a cell type while its reactions are read. */
export interface CircuitScope {
  readonly names: Substances;
  /** For rates: everything a cell can read. */
  readonly rates: Scope;
  /** Whether cells may become quiescent. */
  readonly rests: boolean;
}

/** Phases of the type's cycle in their order, that of a timer being one; none where it divides by volume. */
export function phaseNames({ division }: Loose<CellTypeFile>): string[] {
  return division?.timer ? ['cycle'] : Object.keys(division?.phases ?? {});
}

/** The names a cell type's rates and equations may use. */
export function circuitScope(
  { source, constants }: Context,
  parameters: Parameters,
  typePath: string,
  raw: Loose<CellTypeFile>,
  fieldNames: readonly string[],
  model: TypeModel | null,
  rests = false,
): CircuitScope {
  const species = new Map([['biomass', 0]]);
  const known = new Map<string, Typed | 'failed'>([
    ...POSITION,
    ['biomass', { expression: speciesVariable(0), dimension: MASS }],
    ['volume', { expression: variable({ of: 'volume' }), dimension: VOLUME }],
    ['time', { expression: variable({ of: 'time' }), dimension: TIME }],
    ['age', { expression: variable({ of: 'age' }), dimension: TIME }],
    ['phase', { expression: PHASE, dimension: NONE }],
    ['pressure', { expression: variable({ of: 'pressure' }), dimension: NONE }],
  ]);
  const phases = phaseNames(raw);
  if (phases.length > 0) {
    const current = divide(
      add(variable({ of: 'stage' }), variable({ of: 'elapsed' })),
      number(phases.length),
    );
    known.set('phase', { expression: current, dimension: NONE });
  }
  if (rests) {
    const quiescent = binary('==', variable({ of: 'quiescent' }), number(1));
    known.set('quiescent', { expression: quiescent, dimension: NONE });
  }
  phases.forEach((name, i) => {
    const inIt = binary('==', variable({ of: 'stage' }), number(i));
    known.set(`cycle.${name}`, { expression: inIt, dimension: NONE });
  });
  for (const name of model?.species ?? []) {
    const path = `${typePath}.circuit.sbml`;
    const sound = !parameters.has(name);
    if (!sound)
      source.keyProblem(path, `its species \`${name}\` has the name of a parameter of the scenario`);
    const index = species.size;
    species.set(name, index);
    known.set(name, sound ? { expression: speciesVariable(index), dimension: NONE } : 'failed');
  }
  for (const name of Object.keys(raw.species ?? {})) {
    if (species.has(name) && name !== 'biomass') continue;
    const path = childPath(`${typePath}.species`, name);
    let sound = checkName(source, path, name, 'species');
    if (sound && parameters.has(name)) {
      sound = false;
      source.keyProblem(path, `\`${name}\` is a parameter already; a species needs another name`);
    }
    if (!species.has(name)) species.set(name, species.size);
    const index = species.get(name) ?? 0;
    known.set(name, sound ? { expression: speciesVariable(index), dimension: NONE } : 'failed');
  }
  const fields = new Map<string, Typed>(
    fieldNames.map((name, index) => [name, { expression: field(index), dimension: CONCENTRATION }]),
  );
  const rates: Scope = {
    place: 'a rate',
    // A cell of a type that nothing puts to rest is never quiescent.
    lookup: name => known.get(name) ?? constants.lookup(name) ?? (name === 'quiescent' ? NEVER : undefined),
    names: () => [
      ...species.keys(),
      ...constants.names(),
      'volume',
      'time',
      'age',
      'phase',
      'pressure',
      ...phases.map(name => `cycle.${name}`),
    ],
    fields,
  };
  const fieldIndex = new Map(fieldNames.map((name, index) => [name, index]));
  return { names: { species, fields: fieldIndex }, rates, rests };
}
