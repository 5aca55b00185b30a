import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate, stateHash } from '../../src/engine/index.ts';
import { fallbacks, LONG, SHIPPED, start } from './shipped.ts';

const STEPS = 200;
const TOLERANCE = 1e-12;

function worstStep(model: Model): number {
  return model.balance.worstStep.reduce((worst, residual) => Math.max(worst, residual), 0);
}

/** First amount or concentration that is negative or not finite, in words; null if there is none. */
function firstFault(model: Model): string | null {
  const { population, fields } = model;
  const { count, stride, amounts, x, y, z, radius, volume } = population;
  for (let i = 0; i < count * stride; i++) {
    if (!(amounts[i] >= 0 && amounts[i] < Number.POSITIVE_INFINITY)) return `amount ${i} is ${amounts[i]}`;
  }
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(x[i] + y[i] + z[i])) return `cell ${i} is nowhere`;
    if (!(radius[i] > 0 && volume[i] > 0)) return `cell ${i} has no size`;
  }
  for (const [f, values] of fields.entries()) {
    const v = values.findIndex(value => !(value >= 0 && value < Number.POSITIVE_INFINITY));
    if (v >= 0) return `field ${f} is ${values[v]} in voxel ${v}`;
  }
  return null;
}

/** Some scenarios end before STEPS; they are given more time, not more steps per second. */
function longEnough(name: string): Model {
  const model = start(name);
  const { steps, step } = model.description.time;
  if (steps >= STEPS) return model;
  return start(name, `time.end=${STEPS * step} s`);
}

describe.each(SHIPPED)('%s', name => {
  let model: Model;
  let faults = 0;
  let breaches = 0;

  beforeAll(() => {
    model = longEnough(name);
    simulate(model, {
      untilStep: STEPS,
      observers: [
        {
          when: () => true,
          act: current => {
            if (firstFault(current) !== null) faults++;
            if (current.balance.worstRelative() > TOLERANCE || worstStep(current) > TOLERANCE) breaches++;
          },
        },
      ],
    });
  }, LONG);

  it(`runs ${STEPS} steps with a finite, non-negative state`, () => {
    expect(model.step).toBe(STEPS);
    expect(firstFault(model)).toBeNull();
    expect(faults).toBe(0);
  });

  it('closes the balance of every moiety at every step and over all steps', () => {
    expect(breaches).toBe(0);
    for (const { name: moiety, worstStep: step, relative } of model.balance.report()) {
      expect({ moiety, closes: step <= TOLERANCE && relative <= TOLERANCE }).toEqual({
        moiety,
        closes: true,
      });
    }
  });

  it('ends in the same state twice', () => {
    const again = simulate(longEnough(name), { untilStep: STEPS });
    expect(stateHash(again)).toBe(stateHash(model));
  });

  it('leans on no fallback', () => {
    // Whole molecules may exhaust a place in rare windows; more would mean a badly chosen step.
    expect(fallbacks(model)).toBeLessThanOrEqual(STEPS / 100);
  });

  it('is described in docs/scenarios.md', () => {
    const page = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');
    expect(page).toContain(`\n## ${name}\n`);
    expect(page).toContain(model.description.title);
  });
});
