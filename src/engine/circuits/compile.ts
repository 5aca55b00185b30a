import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import { canGenerateCode } from '../expression/codeGeneration.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { DEFAULT_TOLERANCE } from '../ode/bogackiShampine.ts';
import { type Circuit, isUptake } from './circuit.ts';
import { compileContinuous } from './continuous.ts';
import { tabulateContinuous } from './continuousTable.ts';
import { compileDeterministic } from './deterministic.ts';
import { alongLines } from './lines.ts';
import { compileMeanExchange, type MeanExchange } from './meanExchange.ts';
import { methodType, optionsFor, selectMethod } from './methods.ts';
import { compileUptakes, type Uptake } from './uptake.ts';
import { type CircuitWindow, createFailure, type Failure, type Fault, type Kernel } from './window.ts';

export type { CircuitWindow, Fault, MeanExchange, Uptake };

export interface CompileOptions {
  /** False runs rates from tables and closures instead of generated JavaScript (slower, same bits). Default true. */
  readonly generate?: boolean;
  /** Of the catalogue in methods.ts; by default the type's own, else `auto`. */
  readonly method?: string;
  /** Whether `auto` heeds that rates follow time within a window (methods.ts). Default false. */
  readonly exactTime?: boolean;
  /** Whether cells see fields on lines in time (lines.ts): `sampled` then is as drawLine leaves it, and the window's `time` its start. Default false. */
  readonly lines?: boolean;
  /** Error of a continuous step, relative to an amount plus one molecule. Default 1e-6. */
  readonly tolerance?: number;
  /** Of the method `deterministic`: error allowed whatever the amount, molecules. Default `tolerance` × 1 molecule. */
  readonly absoluteTolerance?: number;
}

/** The circuit of one cell type, ready to advance. */
export interface CompiledCircuit {
  readonly method: string;
  /** Whether it runs as generated code. */
  readonly generated: boolean;
  /** Whether any rate reads a field's concentration. */
  readonly readsFields: boolean;
  /** By reaction: whether it is an uptake channel (circuit.ts). */
  readonly isUptake: readonly boolean[];
  readonly uptakes: readonly Uptake[];
  readonly meanExchange: MeanExchange;
  /**
   * Advances cells[from … to) of a window. Continuous channels (uptakes only where `includeUptake`) and stochastic ones
   * are split symmetrically: half a window continuous, the whole window stochastic, half a window continuous (Strang
   * 1968, doi:10.1137/0705041). Allocates nothing per cell. Does not touch the columns volume and radius.
   */
  advance(window: CircuitWindow): Fault | null;
  /** The stochastic channels alone: events see what has become of continuous ones meanwhile. */
  fire(window: CircuitWindow): Fault | null;
}

export function compileCircuit(
  cellType: CellType,
  fieldCount: number,
  options: CompileOptions = {},
): CompiledCircuit {
  const generate = (options.generate ?? true) && canGenerateCode();
  const tolerance = options.tolerance ?? DEFAULT_TOLERANCE;
  const method = selectMethod(cellType.circuit, options.method ?? cellType.method, {
    exactTime: options.exactTime ?? false,
  });
  const methodOptions = optionsFor(cellType, options.method);
  const type = methodType({ ...cellType, methodOptions }, method);
  const { circuit } = type;
  const lines = options.lines ?? false;
  const seeing = lines ? alongLines(type, fieldCount) : type;
  const integrate = (includeUptake: boolean): Kernel | null => {
    if (method.name !== 'deterministic') {
      const compileFor = generate ? compileContinuous : tabulateContinuous;
      return compileFor(seeing, fieldCount, includeUptake, tolerance, lines);
    }
    const { solver, tolerance: named } = type.methodOptions ?? {};
    return compileDeterministic(seeing, fieldCount, includeUptake, {
      tolerance: options.tolerance ?? named ?? DEFAULT_TOLERANCE,
      ...(solver === undefined ? {} : { solver }),
      timed: lines || (options.exactTime ?? false),
      generate,
      ...(options.absoluteTolerance === undefined ? {} : { absoluteTolerance: options.absoluteTolerance }),
    });
  };
  const uptakes = compileUptakes(type, fieldCount, generate);

  // Variants that few runs need are made when first used.
  const free = once(() => method.compile(seeing, fieldCount, false, generate));
  const guarded = once(() => method.compile(seeing, fieldCount, true, generate));
  const own = once(() => integrate(false));
  const withUptake = once(() => integrate(true));
  const failure = createFailure();
  const testsAgain = (circuit.events ?? []).length > 0;

  function run(kernel: Kernel | null, window: CircuitWindow, duration: number): boolean {
    return kernel === null || kernel(window, duration, failure);
  }

  function runSecondHalf(kernel: Kernel, window: CircuitWindow, duration: number): boolean {
    const { time } = window;
    if (lines) window.time = time + duration;
    const done = kernel(window, duration, failure);
    window.time = time;
    return done;
  }

  /** Events whose triggers came true by continuous change in the second half of the window: volumes above all. */
  function testTriggers(kernel: Kernel, window: CircuitWindow): boolean {
    const { start } = window;
    window.start = (start ?? window.time) + window.duration;
    const done = kernel(window, 0, failure);
    window.start = start;
    return done;
  }

  return {
    method: method.name,
    generated: generate,
    readsFields: circuit.reactions.some(reaction =>
      [...reads(reaction.rate).values()].some(variable => variable.of === 'field'),
    ),
    isUptake: circuit.reactions.map(isUptake),
    uptakes,
    meanExchange: compileMeanExchange(type, fieldCount, generate),
    advance(window) {
      if (!(window.duration > 0)) return null;
      const stochastic = window.available ? guarded() : free();
      const continuous = window.includeUptake ? withUptake() : own();
      if (window.includeUptake) clearExpected(window, uptakes.length);
      const split = stochastic !== null && continuous !== null;
      const duration = split ? window.duration / 2 : window.duration;
      const done =
        run(continuous, window, duration) &&
        run(stochastic, window, window.duration) &&
        (!split || runSecondHalf(continuous, window, duration)) &&
        (!testsAgain || !split || testTriggers(stochastic, window));
      return done ? null : describe(type, failure, window.duration);
    },
    fire(window) {
      if (!(window.duration > 0)) return null;
      return run(free(), window, window.duration) ? null : describe(type, failure, window.duration);
    },
  };
}

function once(make: () => Kernel | null): () => Kernel | null {
  let made: Kernel | null | undefined;
  return () => {
    if (made === undefined) made = make();
    return made;
  };
}

function clearExpected(
  { cells, from, to, expectedUptake, uptakeStride }: CircuitWindow,
  count: number,
): void {
  if (!expectedUptake) return;
  for (let n = from; n < to; n++) {
    for (let u = 0; u < count; u++) expectedUptake[cells[n] * uptakeStride + u] = 0;
  }
}

export function describe({ circuit }: CellType, failure: Failure, duration: number): Fault {
  const { reaction, slot, value } = failure;
  return {
    reaction: circuit.reactions[reaction].name,
    slot,
    value,
    message: reason(circuit, failure, duration),
  };
}

function reason({ species }: Circuit, failure: Failure, duration: number): string {
  switch (failure.cause) {
    case 'rate':
      return `the rate is ${failure.value}; it must be finite and at least 0`;
    case 'exhausted':
      return `it would leave ${species[failure.species].name} at ${failure.value}, however short the step`;
    case 'assignment':
      return `it would set ${species[failure.species].name} to ${failure.value}; an amount is finite and at least 0`;
    case 'events':
      return `events set one another off without end (${failure.value} at one moment)`;
    case 'stuck':
      return `at ${failure.value.toExponential(1)} /s its rate changes too suddenly to be integrated, however short the step`;
    case 'steps': {
      const most = RUN_LIMITS.steps.toLocaleString('en');
      const rate = failure.value.toExponential(1);
      return `at ${rate} /s, the fastest reaction, the equations need more than ${most} steps in a window of ${duration} s (the limit)`;
    }
    case 'firings': {
      const most = RUN_LIMITS.firings.toLocaleString('en');
      const rate = failure.value.toExponential(1);
      return `at ${rate} /s, the fastest reaction, there are more than ${most} firings in a window of ${duration} s (the limit)`;
    }
  }
}
