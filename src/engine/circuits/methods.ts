import { needsCalendar } from '../cells/calendar.ts';
import type { CellType } from '../cells/cellType.ts';
import type { MethodOptions } from '../cells/methodOptions.ts';
import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import type { Circuit } from './circuit.ts';
import { compileCompositionRejection } from './compositionRejection.ts';
import { costlyRatesPerFiring } from './costlyRates.ts';
import { deterministicLimit } from './deterministic.ts';
import { compileDirect } from './direct.ts';
import { tabulateDirect } from './directTable.ts';
import { compileFirstReaction } from './firstReaction.ts';
import { compileHybrid } from './hybrid.ts';
import { compileLangevin } from './langevin.ts';
import { compileModifiedNextReaction } from './modifiedNextReaction.ts';
import { compileNextReaction } from './nextReaction.ts';
import { compileRejection } from './rejection.ts';
import { compileTauLeaping } from './tauLeaping.ts';
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
  /** Whether what it simulates has the law of the circuit itself. */
  readonly exact: boolean;
  supports(circuit: Circuit): boolean;
  /** The circuit as the method simulates it, where that is another one (the deterministic limit). */
  prepare?(circuit: Circuit): Circuit;
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
    exact: true,
    supports: circuit => !needsCalendar(circuit),
    compile: (type, fieldCount, guarded, generate) =>
      generate && type.circuit.reactions.length <= MOST_GENERATED_CHANNELS
        ? compileDirect(type, fieldCount, guarded)
        : tabulateDirect(type, fieldCount, guarded),
  },
  {
    name: 'first-reaction',
    use: 'Exact and plain, one random number per reaction and firing: to check the others against.',
    doi: '10.1016/0021-9991(76)90041-3',
    exact: true,
    supports: circuit => !needsCalendar(circuit),
    compile: compileFirstReaction,
  },
  {
    name: 'next-reaction',
    use: 'Exact; one random number per firing, logarithmic cost. For hundreds of reactions and many firings per window.',
    doi: '10.1021/jp993732q',
    exact: true,
    supports: circuit => !needsCalendar(circuit),
    compile: compileNextReaction,
  },
  {
    name: 'modified-next-reaction',
    use: 'Exact also where rates depend on time within a window, with delays and with events; each channel has its own Poisson process.',
    doi: '10.1063/1.2799998',
    exact: true,
    supports: () => true,
    compile: compileModifiedNextReaction,
  },
  {
    name: 'composition-rejection',
    use: 'Exact; cost per firing independent of the number of reactions. For networks where each firing changes few rates.',
    doi: '10.1063/1.2919546',
    exact: true,
    supports: circuit => !needsCalendar(circuit),
    compile: compileCompositionRejection,
  },
  {
    name: 'rejection',
    use: 'Exact; rates are bounded, and evaluated only now and then. For large networks whose rates are costly or widely shared.',
    doi: '10.1063/1.4896985',
    exact: true,
    supports: circuit => !needsCalendar(circuit),
    compile: compileRejection,
  },
  {
    name: 'tau-leaping',
    use: 'Approximate, weakly second order: many molecules. Rare channels stay exact; fast reversible pairs are leapt over.',
    doi: '10.1063/1.2159468',
    exact: false,
    supports: circuit => !needsCalendar(circuit),
    compile: compileTauLeaping,
  },
  {
    name: 'langevin',
    use: 'Approximate: many molecules of all species whose noise matters; what is rare fires one by one.',
    doi: '10.1063/1.481811',
    exact: false,
    supports: circuit => !needsCalendar(circuit),
    compile: compileLangevin,
  },
  {
    name: 'hybrid',
    use: 'Approximate: rare molecules beside abundant ones whose own noise does not matter. Not for switching that this noise drives.',
    doi: '10.1051/proc:2005001',
    exact: false,
    supports: circuit => !needsCalendar(circuit),
    compile: compileHybrid,
  },
  {
    name: 'deterministic',
    use: 'The limit of large volumes: ordinary differential equations with error control, explicit or stiff as needed.',
    doi: '10.1007/978-3-642-05221-7',
    exact: false,
    supports: circuit => !needsCalendar(circuit),
    prepare: deterministicLimit,
    compile: () => null,
  },
];

export const METHOD_NAMES: readonly string[] = ['auto', ...METHODS.map(method => method.name)];

export interface Selection {
  /** Ensembles: windows are long, and rates follow time within them; otherwise time is held, as the fields are. Default false. */
  readonly exactTime?: boolean;
}

/** The named method; for `auto` the fastest exact one for this circuit. Throws RangeError where it cannot run the circuit. */
export function selectMethod(circuit: Circuit, name = 'auto', selection: Selection = {}): Method {
  const chosen = name === 'auto' ? automatic(circuit, selection) : name;
  const method = METHODS.find(candidate => candidate.name === chosen);
  if (!method) {
    throw new RangeError(`unknown circuit method '${name}'; known are ${METHOD_NAMES.join(', ')}`);
  }
  if (!method.supports(circuit)) {
    throw new RangeError(
      `circuit method '${name}' cannot run delays or events; 'modified-next-reaction' can (and 'auto' chooses it)`,
    );
  }
  return method;
}

/** Costly rates that a firing changes from which on the rejection method is the faster one. */
const MANY_COSTLY_RATES = 2;

/**
 * Exact methods only: an approximation is chosen by name. Measured by bench/methods.ts (docs/numerics.md has the figures):
 * where the direct method is generated it is twice as fast as any other; beyond, the next reaction method overtakes it by
 * 1.2 to 1.7 in windows of thousands of firings (ensembles), but sets up slowly: in windows of 50 firings (cells in space) the
 * direct method stays 1.4 to 5 times as fast. Where a firing changes two or more rates with powers or exponentials, and windows are
 * long, the rejection method is 1.8 to 10 times as fast with hundreds of molecules, and loses a quarter with a handful.
 */
function automatic(circuit: Circuit, { exactTime = false }: Selection): string {
  const channels = circuit.reactions.filter(reaction => !reaction.continuous);
  if (needsCalendar(circuit)) return 'modified-next-reaction';
  if (!exactTime) return 'direct';
  if (channels.some(reaction => readsTime(reaction.rate))) return 'modified-next-reaction';
  if (costlyRatesPerFiring(circuit) >= MANY_COSTLY_RATES) return 'rejection';
  return channels.length > MOST_GENERATED_CHANNELS ? 'next-reaction' : 'direct';
}

function readsTime(rate: Expression): boolean {
  return [...reads(rate).values()].some(variable => variable.of === 'time' || variable.of === 'age');
}

/**
 * The options of a type that hold for a method: those of its own method, or of one that is not named. Another method has its defaults: an
 * ε for leaps says nothing about Langevin steps.
 */
export function optionsFor(
  { method: own = 'auto', methodOptions = {} }: CellType,
  method = own,
): MethodOptions {
  return own === 'auto' || own === method ? methodOptions : {};
}

/** The type with its circuit in the form that a method simulates; `written` then keeps the other. */
export function methodType(type: CellType, method: Method): CellType {
  const circuit = method.prepare?.(type.circuit) ?? type.circuit;
  return circuit === type.circuit ? type : { ...type, circuit, written: type.written ?? type.circuit };
}
