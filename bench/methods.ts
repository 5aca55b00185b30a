import type { CellType } from '../src/engine/cells/cellType.ts';
import { METHODS } from '../src/engine/circuits/methods.ts';
import { fixture, type ReactionText } from '../test/circuits/fixtures.ts';
import { type Figure, printFigures } from './figure.ts';
import { firingRate } from './leastTime.ts';

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

/** Firings per cell in a long window (ensembles) and in a short one (cells in space). */
const WINDOWS = { long: 800, short: 20 };

/** The exact methods against each other as networks grow. The crossovers of `auto` (methods.ts) rest on these figures. */
export function* bench(): Generator<Figure> {
  for (const length of [3, 10, 30, 60, 120, 250, 500]) {
    const type = chain(length);
    for (const [window, firings] of Object.entries(WINDOWS)) {
      for (const method of METHODS) {
        if (!method.exact || !method.supports(type.circuit)) continue;
        // Each of the channels fires twice in a unit of time.
        const duration = firings / (2 * (length + 1));
        const { perSecond } = firingRate(type, duration, {
          cells: 200,
          windows: window === 'short' ? 20 : 1,
          method: method.name,
          seconds: 0.4,
        });
        yield {
          name: `chain of ${length}, ${window} window, ${method.name}`,
          value: perSecond,
          unit: 'firings/s',
        };
      }
    }
  }
}

if (import.meta.main) await printFigures(bench());
