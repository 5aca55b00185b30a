import type { CellType } from '../src/engine/cells/cellType.ts';
import { type CircuitWindow, type CompiledCircuit, compileCircuit } from '../src/engine/circuits/compile.ts';
import { fixture, populate, type ReactionText, windowFor } from '../test/circuits/fixtures.ts';
import { dimerisation, immigrationDeath, schlogl, toggle, vilar } from '../test/circuits/models.ts';
import { type Figure, printFigures } from './figure.ts';

const CELLS = 10_000;
const REPETITIONS = 7;

/** Cells advanced between two readings of the clock. */
const SLICE = 250;

/**
 * Milliseconds to advance all cells through `windows` windows. Timed in slices of cells, each at its best over the
 * repetitions (every repetition does exactly the same work): other programs on the machine then disturb little.
 */
function leastTime(
  circuit: CompiledCircuit,
  prepare: () => CircuitWindow,
  windows: number,
): [number, number] {
  const slices = new Float64Array(CELLS / SLICE).fill(Number.POSITIVE_INFINITY);
  let fired = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const window = prepare();
    for (let slice = 0; slice < slices.length; slice++) {
      window.from = slice * SLICE;
      window.to = window.from + SLICE;
      const start = performance.now();
      for (let i = 0; i < windows; i++) {
        const fault = circuit.advance(window);
        if (fault) throw new Error(`${fault.reaction}: ${fault.message}`);
      }
      slices[slice] = Math.min(slices[slice], performance.now() - start);
    }
    fired = window.extents.reduce((sum, extent) => sum + extent, 0);
  }
  return [slices.reduce((sum, time) => sum + time, 0), fired];
}

/** Fired reactions per second, all cells, in `windows` windows of `duration` (in the model's unit of time). */
function firingRate(
  type: CellType,
  duration: number,
  windows: number,
  generate: boolean,
  method = 'direct',
): [number, number] {
  const circuit = compileCircuit(type, 0, { generate, method });
  const [time, fired] = leastTime(circuit, () => windowFor(type, populate(type, CELLS), duration), windows);
  return [(fired / time) * 1000, fired / CELLS / windows];
}

/** Nanoseconds and firings per cell and window. */
function cellCost(type: CellType, duration: number, fieldCount: number): [number, number] {
  const circuit = compileCircuit(type, fieldCount);
  const windows = 50;
  const [time, fired] = leastTime(
    circuit,
    () => windowFor(type, populate(type, CELLS), duration, { fieldCount, sampled: 1 }),
    windows,
  );
  return [(time * 1e6) / CELLS / windows, fired / CELLS / windows];
}

/** A chain of `length` conversions with an inflow and an outflow: every channel depends on two others. */
function chain(length: number): CellType {
  const names = Array.from({ length }, (_, i) => `S${i}`);
  return fixture(Object.fromEntries(names.map(name => [name, 2])), {
    feed: ['-> S0', '2'],
    ...Object.fromEntries(
      names.slice(1).map((name, i): [string, ReactionText] => [`r${i}`, [`S${i} -> ${name}`, `1 * S${i}`]]),
    ),
    lose: [`S${length - 1} ->`, `1 * S${length - 1}`],
  });
}

/** The exact methods against each other as networks grow, and leaps per second. */
function methodFigures(): Figure[] {
  const figures: Figure[] = [];
  for (const length of [10, 60, 120, 500]) {
    for (const method of ['direct', 'next-reaction', 'modified-next-reaction', 'composition-rejection']) {
      const [value] = firingRate(chain(length), 400 / length, 1, true, method);
      figures.push({ name: `chain of ${length}, ${method}`, value, unit: 'firings/s' });
    }
  }
  figures.push({ name: 'tau-leaping, mean 10⁶', value: leapRate(), unit: 'leaps/s', goal: 4e6 });
  return figures;
}

/** Leaps per second: windows of just one leap (a fifth of the turnover time of 10 s), with what entering a cell costs. */
function leapRate(): number {
  const type = fixture({ X: 1e6 }, { birth: ['-> X', '1e5'], death: ['X ->', '0.1 * X'] });
  const circuit = compileCircuit(type, 0, { method: 'tau-leaping' });
  const leaps = 100;
  const [time] = leastTime(circuit, () => windowFor(type, populate(type, CELLS), 1.99 * leaps), 1);
  // The last leap ends with the window, so there are at least as many leaps as turnover fifths.
  return ((CELLS * leaps) / time) * 1000;
}

/** Exact simulation of well-known networks over 10,000 cells on one core, and the cost of entering a cell. */
export async function bench(): Promise<Figure[]> {
  const models = [
    ['Vilar oscillator (16 reactions)', vilar(), 1, 1, 4e7],
    ['Vilar, 20 firings per window', vilar(), 0.0065, 150, undefined],
    ['immigration–death', immigrationDeath(), 50, 1, undefined],
    ['dimerisation', dimerisation(), 1000, 1, undefined],
    ['Schlögl', schlogl(), 1, 1, undefined],
    ['toggle, n = 2', toggle(2), 5, 1, undefined],
    ['toggle, n = 2.5', toggle(2.5), 5, 1, undefined],
  ] as const;
  const figures: Figure[] = [];
  for (const [name, type, duration, windows, goal] of models) {
    for (const generate of [true, false]) {
      const [value, perWindow] = firingRate(type, duration, windows, generate);
      figures.push({
        name: generate ? name : `${name}, tables`,
        value,
        unit: 'firings/s',
        ...(goal && generate ? { goal } : {}),
        note: `${perWindow.toFixed(1)} per cell and window`,
      });
    }
  }
  figures.push(...methodFigures());
  const idle = immigrationDeath(1e-6, 1e-6);
  figures.push({ name: 'nearly idle cell', value: cellCost(idle, 1, 0)[0], unit: 'ns', goal: 20 });
  const linear = fixture({ A: 100 }, { export: ['A -> f0', '1e-3 * A', 'continuous'] });
  figures.push({ name: 'continuous export', value: cellCost(linear, 1, 1)[0], unit: 'ns', note: 'one step' });
  const signalling = fixture(
    { mRNA: 5, LuxI: 50, A: 60 },
    {
      transcription: ['-> mRNA', '0.05 * (0.02 + hill(A, 50, 2))'],
      translation: ['mRNA -> mRNA + LuxI', '0.1 * mRNA'],
      synthesis: ['LuxI -> LuxI + A', '0.02 * LuxI'],
      export: ['A -> f0', '0.02 * A'],
      import: ['f0 -> A', '0.5 * volume * f0'],
    },
  );
  const [cost, firings] = cellCost(signalling, 2, 1);
  figures.push({
    name: 'quorum-sensing cell',
    value: cost,
    unit: 'ns',
    note: `${firings.toFixed(1)} firings per window`,
  });
  return figures;
}

if (import.meta.main) printFigures(await bench());
