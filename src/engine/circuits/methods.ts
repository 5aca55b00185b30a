import type { CellType } from '../cells/cellType.ts';
import type { Circuit } from './circuit.ts';
import { compileDirect } from './direct.ts';
import { tabulateDirect } from './directTable.ts';
import type { Kernel } from './window.ts';

/**
 * A way to simulate the stochastic channels of a circuit. Each lives in its own file, whose sections come in the same
 * order: state (in the head comment), required functions, helpers.
 */
export interface Method {
  readonly name: string;
  /** When to choose it. */
  readonly use: string;
  /** The paper that defines it. */
  readonly doi: string;
  supports(circuit: Circuit): boolean;
  /** Null where the circuit has no stochastic channel. `guarded` kernels heed CircuitWindow.available. */
  compile(type: CellType, fieldCount: number, guarded: boolean, generate: boolean): Kernel | null;
}

/**
 * Engines stop optimising a function beyond some size (V8: 60 kB of bytecode); the generated direct method grows with
 * the edges of the dependency graph. Larger networks run on tables.
 */
const MOST_GENERATED_CHANNELS = 120;

export const METHODS: readonly Method[] = [
  {
    name: 'direct',
    use: 'Exact, for every circuit; cost per firing grows with the dependency graph and √(number of reactions).',
    doi: '10.1021/j100540a008',
    supports: () => true,
    compile: (type, fieldCount, guarded, generate) =>
      generate && type.circuit.reactions.length <= MOST_GENERATED_CHANNELS
        ? compileDirect(type, fieldCount, guarded)
        : tabulateDirect(type, fieldCount, guarded),
  },
];

/** The named method, or the first in the catalogue that supports the circuit. Throws where the named one cannot run it. */
export function selectMethod(circuit: Circuit, name?: string): Method {
  const candidates = METHODS.filter(method => name === undefined || method.name === name);
  if (candidates.length === 0) {
    throw new RangeError(
      `unknown circuit method '${name}'; known are ${METHODS.map(method => method.name).join(', ')}`,
    );
  }
  const method = candidates.find(candidate => candidate.supports(circuit));
  if (!method) throw new RangeError(`circuit method '${name}' does not support this circuit`);
  return method;
}
