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

/**
 * Genes that a shared pool of three others represses each, with a costly rate: a power of a sum, which no table holds. Every
 * protein has about 200 molecules and changes three rates besides its own.
 */
function regulated(genes: number): CellType {
  const names = Array.from({ length: genes }, (_, i) => `P${i}`);
  const pool = (i: number): string => [1, 2, 3].map(k => names[(i + k) % genes]).join(' + ');
  return fixture(
    Object.fromEntries(names.map(name => [name, 200])),
    Object.fromEntries(
      names.flatMap((name, i): [string, ReactionText][] => [
        [`make${i}`, [`-> ${name}`, `400 * (1 - hill(${pool(i)}, 600, 2.3))`]],
        [`lose${i}`, [`${name} ->`, `1 * ${name}`]],
      ]),
    ),
  );
}

/** Firings per cell in a long window (ensembles) and in a short one (cells in space). */
const WINDOWS = { long: 800, short: 20 };

/** The exact methods against each other as networks grow. The crossovers of `auto` (methods.ts) rest on these figures. */
export function* bench(): Generator<Figure> {
  for (const length of [3, 10, 30, 60, 120, 250, 500]) {
    // Each of the channels fires twice in a unit of time.
    yield* compare(`chain of ${length}`, chain(length), 2 * (length + 1));
  }
  for (const genes of [5, 30, 150]) yield* compare(`${genes} regulated genes`, regulated(genes), 400 * genes);
}

/** `total`: firings per unit of time. */
function* compare(name: string, type: CellType, total: number): Generator<Figure> {
  for (const [window, firings] of Object.entries(WINDOWS)) {
    for (const method of METHODS) {
      if (!method.exact || !method.supports(type.circuit)) continue;
      const duration = firings / total;
      const { perSecond } = firingRate(type, duration, {
        cells: 200,
        windows: window === 'short' ? 20 : 1,
        method: method.name,
        seconds: 0.4,
      });
      yield {
        name: `${name}, ${window} window, ${method.name}`,
        value: perSecond,
        unit: 'firings/s',
      };
    }
  }
}

if (import.meta.main) await printFigures(bench());
