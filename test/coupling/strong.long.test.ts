import { describe, expect, it } from 'vitest';
import { boxes } from '../support/boxes.ts';
import { errorsOf, follow, strong } from '../support/exchange.ts';
import { windowLaw } from '../support/windowLaw.ts';

/** The table of docs/numerics.md, Strong coupling, printed and held to what is predicted. About five minutes on one core. */

const [N, PER_BOX] = [5000, 50];

const CASES = (['newton', 'anderson', 'none'] as const).flatMap(acceleration =>
  (['end', 'midpoint', 'linear'] as const).flatMap(sees =>
    [
      [0.1, 8000],
      [2, acceleration === 'none' ? 150 : 600],
      [20, acceleration === 'none' ? 12 : 80],
    ].map(([total, windows]) => ({ acceleration, sees, total, windows })),
  ),
);

describe('50 cells in one closed box, 5000 molecules', () => {
  it.each(CASES)(
    'sees: $sees, acceleration: $acceleration, rate × window = $total',
    ({ acceleration, sees, total, windows }) => {
      const coupling = strong({ sees, acceleration });
      const step = total / 2;
      const law = windowLaw(coupling, step, 1, N / 2);
      const skip = total < 1 ? 120 : 5;
      const description = boxes(1, PER_BOX, N, 1, coupling, { step, steps: skip + windows });
      const found = follow(description, PER_BOX, N / 2, { skip, windows });
      const error = errorsOf(law.lagged, windows);
      console.log(
        `${acceleration} | ${sees} | ${total} | mean ${found.total.mean.toFixed(1)} ± ${(Math.sqrt(law.xx) * error.mean).toFixed(1)} | ` +
          `variance ${found.total.variance.toFixed(0)} of ${law.xx.toFixed(0)} ± ${(law.xx * error.variance).toFixed(0)} | ` +
          `passes ${found.passes.toFixed(1)}, halvings ${found.halved.toFixed(2)} a step`,
      );
      expect(found.worstRelative).toBeLessThan(1e-13);
      // Windows that were halved have other laws, all with the mean.
      const spread = found.halved > 0.05 ? Math.max(law.xx, N / 4) : law.xx;
      expect(Math.abs(found.total.mean - N / 2)).toBeLessThan(
        0.5 + 4 * Math.sqrt(spread / windows) * (total < 1 ? 4.4 : 1.5),
      );
      if (acceleration !== 'none') {
        expect(found.halved).toBeLessThan(0.05);
        expect(found.passes).toBeLessThan(14);
        expect(Math.abs(found.total.variance / law.xx - 1)).toBeLessThan(4 * error.variance);
      } else if (total === 0.1) expect(found.passes).toBeLessThan(3);
      // Plain iteration comes through long windows by cutting them.
      else expect(found.passes).toBeGreaterThan(10);
    },
  );
});
