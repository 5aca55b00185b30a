import type { CellType } from '../src/engine/cells/cellType.ts';
import { compileCircuit } from '../src/engine/circuits/compile.ts';
import { fixture, populate, windowFor } from '../test/circuits/fixtures.ts';
import { dimerisation, immigrationDeath, schlogl, toggle, vilar } from '../test/circuits/models.ts';
import { type Figure, printFigures } from './figure.ts';
import { firingRate, leastTime } from './leastTime.ts';

const CELLS = 10_000;

/** Model, window (in the model's unit of time), windows, goal in firings per second. */
const MODELS: readonly (readonly [
  name: string,
  type: CellType,
  duration: number,
  windows: number,
  goal?: number,
])[] = [
  ['immigration–death', immigrationDeath(), 50, 1, 75e6],
  ['dimerisation', dimerisation(), 1000, 1, 55e6],
  ['Schlögl', schlogl(), 1, 1, 48e6],
  ['toggle, n = 2', toggle(2), 5, 1, 50e6],
  ['toggle, n = 2.5', toggle(2.5), 5, 1],
  ['Vilar oscillator (16 reactions)', vilar(), 1, 1, 42e6],
  ['Vilar, 20 firings per window', vilar(), 0.0065, 150],
];

/** Nanoseconds and firings per cell and window. */
function cellCost(type: CellType, duration: number, fieldCount: number): { cost: number; firings: number } {
  const circuit = compileCircuit(type, fieldCount);
  const windows = 50;
  const prepare = () => windowFor(type, populate(type, CELLS), duration, { fieldCount, sampled: 1 });
  const { time, fired } = leastTime(circuit, prepare, windows, 1);
  return { cost: (time * 1e6) / CELLS / windows, firings: fired / CELLS / windows };
}

/** Leaps per second: windows of just one leap (a fifth of the turnover time of 10 s), with what entering a cell costs. */
function leapRate(): number {
  const type = fixture({ X: 1e6 }, { birth: ['-> X', '1e5'], death: ['X ->', '0.1 * X'] });
  const circuit = compileCircuit(type, 0, { method: 'tau-leaping' });
  const leaps = 100;
  const prepare = () => windowFor(type, populate(type, 2000), 1.99 * leaps);
  const { time } = leastTime(circuit, prepare, 1, 3, 50);
  // The last leap ends with the window, so there are at least as many leaps as turnover fifths.
  return ((2000 * leaps) / time) * 1000;
}

/** Exact simulation of well-known networks over 10,000 cells on one core, leaps, and the cost of entering a cell. */
export function* bench(): Generator<Figure> {
  for (const [name, type, duration, windows, goal] of MODELS) {
    for (const generate of [true, false]) {
      const { perSecond, perWindow } = firingRate(type, duration, { cells: CELLS, windows, generate });
      yield {
        name: generate ? name : `${name}, tables`,
        value: perSecond,
        unit: 'firings/s',
        ...(goal && generate ? { goal } : {}),
        note: `${perWindow.toFixed(1)} per cell and window`,
      };
    }
  }
  yield { name: 'tau-leaping, mean 10⁶', value: leapRate(), unit: 'leaps/s', goal: 4e6 };
  const idle = immigrationDeath(1e-6, 1e-6);
  yield { name: 'nearly idle cell', value: cellCost(idle, 1, 0).cost, unit: 'ns', goal: 20 };
  const linear = fixture({ A: 100 }, { export: ['A -> f0', '1e-3 * A', 'continuous'] });
  yield { name: 'continuous export', value: cellCost(linear, 1, 1).cost, unit: 'ns', note: 'one step' };
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
  const { cost, firings } = cellCost(signalling, 2, 1);
  const note = `${firings.toFixed(1)} firings per window`;
  yield { name: 'quorum-sensing cell', value: cost, unit: 'ns', note };
}

if (import.meta.main) await printFigures(bench());
