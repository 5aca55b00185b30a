import { expect, it } from 'vitest';
import { simulate } from '../../src/engine/index.ts';
import { LONG, start } from './shipped.ts';

it(
  'rod-microcolony comes to ten thousand rods, of which none ever overlaps another by a twentieth of a radius',
  () => {
    const model = start('rod-microcolony');
    let worst = 0;
    simulate(model, {
      observers: [
        {
          when: () => true,
          act: ({ mechanics, population }) => {
            worst = Math.max(worst, (mechanics?.maxOverlap(population) ?? 0) / 0.5);
          },
        },
      ],
    });
    expect(model.population.count).toBeGreaterThan(8000);
    expect(worst).toBeLessThan(0.05);
    // Round: the radius of gyration along any direction is the same to a tenth.
    const { x, y, count } = model.population;
    const mean = (column: Float64Array) => column.subarray(0, count).reduce((sum, v) => sum + v / count, 0);
    const [cx, cy] = [mean(x), mean(y)];
    let [xx, yy, xy] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      xx += (x[i] - cx) ** 2;
      yy += (y[i] - cy) ** 2;
      xy += (x[i] - cx) * (y[i] - cy);
    }
    expect(Math.hypot(xx - yy, 2 * xy) / (xx + yy)).toBeLessThan(0.1);
  },
  2 * LONG,
);
