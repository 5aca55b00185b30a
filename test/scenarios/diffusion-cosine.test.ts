import { describe, expect, it } from 'vitest';
import { type Model, simulate, timeOf } from '../../src/engine/index.ts';
import { causesOf, start } from './shipped.ts';

const NANOMOLAR = 0.602214076;
/** Numbers of the file, in µm, s and molecules/µm³. */
const SIDE = 100;
const D = 100;
const DECAY = 0.01;
const MEAN = 10 * NANOMOLAR;
const AMPLITUDE = 5 * NANOMOLAR;

/** Largest deviation from the exact solution, relative to the mode's own size now. */
function error(model: Model): number {
  const { grid } = model.description;
  const [nx, ny] = grid.cells;
  const t = timeOf(model);
  const rate = (5 * D * Math.PI ** 2) / SIDE ** 2 + DECAY;
  const mode = AMPLITUDE * Math.exp(-rate * t);
  let worst = 0;
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const shape = Math.cos((Math.PI * (i + 0.5)) / nx) * Math.cos((2 * Math.PI * (j + 0.5)) / ny);
      const exact = MEAN * Math.exp(-DECAY * t) + mode * shape;
      worst = Math.max(worst, Math.abs(model.fields[0][i + nx * j] - exact));
    }
  }
  return worst / mode;
}

function errorOf(...set: string[]): number {
  return error(simulate(start('diffusion-cosine', ...set)));
}

describe('diffusion-cosine', () => {
  it('follows the exact solution', () => {
    // The grid's own mode fades more slowly: k² → (2/h sin(kh/2))² ≈ k² (1 − (kh)²/12), so at t the error in space is
    // D t Σ k⁴ h²/12 = D t (1 + 16) (π/side)⁴ h²/12 relative to the mode; that of the step at 0.05 s is below 0.1 % of it.
    const h = SIDE / 64;
    const expected = (D * 4 * 17 * (Math.PI / SIDE) ** 4 * h ** 2) / 12;
    const measured = errorOf();
    expect(measured).toBeGreaterThan(0.8 * expected);
    expect(measured).toBeLessThan(1.2 * expected);
  });

  it('is second order in space', () => {
    const errors = [16, 32, 64].map(n => errorOf(`domain.grid=[${n}, ${n}]`));
    for (let i = 1; i < errors.length; i++) {
      const order = Math.log2(errors[i - 1] / errors[i]);
      expect(order).toBeGreaterThan(1.85);
      expect(order).toBeLessThan(2.15);
    }
  });

  it('is second order in time', () => {
    // Differences between successive steps on one grid are free of the error in space.
    const ends = [0.4, 0.2, 0.1].map(step => {
      const model = simulate(start('diffusion-cosine', `time.step=${step} s`, 'time.record=4 s'));
      return model.fields[0];
    });
    const differences = [1, 2].map(i =>
      ends[i].reduce((worst, value, v) => Math.max(worst, Math.abs(value - ends[i - 1][v])), 0),
    );
    const order = Math.log2(differences[0] / differences[1]);
    expect(order).toBeGreaterThan(1.85);
    expect(order).toBeLessThan(2.15);
  });

  it('loses molecules by decay alone', () => {
    const model = simulate(start('diffusion-cosine'));
    const causes = causesOf(model, 'field.signal');
    expect(Object.keys(causes)).toEqual(['signal decay']);
    // The mean decays by the scheme's own factor, exact to third order in decay × step.
    const molecules = MEAN * SIDE * SIDE;
    const share = -causes['signal decay'] / (molecules * (1 - Math.exp(-DECAY * 4)));
    expect(Math.abs(share - 1)).toBeLessThan(1e-6);
  });
});
