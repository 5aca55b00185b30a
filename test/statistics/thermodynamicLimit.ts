import type { CellType } from '../../src/engine/cells/cellType.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { fixture } from '../circuits/fixtures.ts';

/** An open, nonlinear circuit in a volume; concentrations stay. */
function system(volume: number): CellType {
  return fixture(
    { A: 2 * volume, B: 0 },
    {
      pair: ['2 A -> B', `${0.5 / volume} * A * (A - 1)`],
      part: ['B -> 2 A', '0.3 * B'],
      feed: ['-> A', `${0.4 * volume}`],
      lose: ['B ->', '0.2 * B'],
    },
  );
}

/**
 * The slope of ln(distance) over ln(volume) with its standard error, by least squares; the distance is the root mean square, over copies,
 * of the largest deviation of a path from the solution of the ODE at some times. Each ln(distance) is known to its own standard error.
 */
export function limitSlope(
  method: string,
  volumes: readonly number[],
  runs: number,
): { slope: number; error: number } {
  const times = [0.5, 1, 2, 3];
  const limit = runEnsemble(system(1), {
    runs: 1,
    times,
    seed: '1',
    method: 'deterministic',
    tolerance: 1e-10,
  });
  const points = volumes.map(volume => {
    const { trajectories } = runEnsemble(system(volume), {
      runs,
      times,
      seed: '3',
      trajectories: runs,
      method,
    });
    const squares = Float64Array.from({ length: runs }, (_, copy) => {
      let most = 0;
      for (let t = 0; t < times.length; t++) {
        const at = (copy * times.length + t) * 3 + 1;
        most = Math.max(most, (trajectories[at] / volume - limit.mean[3 * t + 1]) ** 2);
      }
      return most;
    });
    const mean = squares.reduce((a, b) => a + b) / runs;
    const variance = squares.reduce((a, b) => a + (b - mean) ** 2, 0) / (runs - 1);
    // ln d = ½ ln mean.
    return {
      x: Math.log(volume),
      y: 0.5 * Math.log(mean),
      variance: (0.25 * variance) / runs / mean ** 2,
    };
  });
  const centre = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - centre) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - centre) * y, 0) / spread;
  const variance = points.reduce((sum, p) => sum + (p.x - centre) ** 2 * p.variance, 0) / spread ** 2;
  return { slope, error: Math.sqrt(variance) };
}
