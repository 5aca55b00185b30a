import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate } from '../../src/engine/index.ts';
import { causesOf, fallbacks, LONG, start } from './shipped.ts';

const DEPTH = 200;
const UPTAKE = 10 / 60;

/** What the continuum says of this sheet, from the cells as placed. */
function slab(model: Model) {
  const { grid, fields } = model.description;
  const { count, volume } = model.population;
  const tissue = grid.voxels * grid.voxelVolume;
  const D = fields[0].diffusivity;
  /** Uptake per volume of tissue, 1/s. */
  const rate = (UPTAKE * volume[0] * count) / tissue;
  const top = fields[0].boundary[3];
  if (top.kind !== 'value') throw new Error('the top must hold a value');
  return { D, rate, tissue, supply: top.value, phi: DEPTH * Math.sqrt(rate / D), cell: UPTAKE * volume[0] };
}

/** Mean concentration of each layer of voxels, from the floor up, and the largest spread within any. */
function layers(model: Model): { profile: number[]; spread: number } {
  const [nx, ny, nz] = model.description.grid.cells;
  const oxygen = model.fields[0];
  let spread = 0;
  const profile = Array.from({ length: ny }, (_, j) => {
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let k = 0; k < nz; k++) {
      for (let i = 0; i < nx; i++) {
        const value = oxygen[i + nx * (j + ny * k)];
        sum += value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    const mean = sum / (nx * nz);
    spread = Math.max(spread, (most - least) / mean);
    return mean;
  });
  return { profile, spread };
}

/** Molecules respired, and let in through the top, so far. */
function moved(model: Model): { respired: number; inflow: number } {
  const causes = causesOf(model, 'field.oxygen');
  return { respired: -causes['tissue.respiration'], inflow: causes['oxygen top'] };
}

describe('oxygen-in-tissue', () => {
  let model: Model;
  let sheet: ReturnType<typeof slab>;
  /** Molecules per second over the last step. */
  let respired: number;
  let inflow: number;
  let profile: number[];
  let spread: number;
  let shading: number;
  let layering: number;

  beforeAll(() => {
    model = start('oxygen-in-tissue');
    sheet = slab(model);
    const { steps, step } = model.description.time;
    simulate(model, { untilStep: steps - 1 });
    const before = moved(model);
    simulate(model);
    const after = moved(model);
    respired = (after.respired - before.respired) / step;
    inflow = (after.inflow - before.inflow) / step;
    ({ profile, spread } = layers(model));

    // What the continuum leaves out. A cell sees less than the mean around it: it takes its share at one voxel of a cubic
    // lattice (spacing a), where a unit of uptake lowers the concentration by the lattice Green's function at its source,
    // 0.252731/(D h) (Watson 1939, doi:10.1093/qmath/os-10.1.266), plus that of its images and the uniform background,
    // −2.837297/(4π D a) (the potential at a site of a simple cubic lattice of unit charges in a uniform background).
    const { cell, D, phi } = sheet;
    const [h] = model.description.grid.spacing;
    const a = DEPTH / 12;
    shading = (cell / D) * (0.252731 / h - 2.837297 / (4 * Math.PI * a));
    // Layers a apart instead of spread uptake: relative error of order (a phi/depth)²/12 in rate and profile.
    layering = (a * phi) ** 2 / DEPTH ** 2 / 12;
  }, LONG);

  it('has Thiele modulus 1.44', () => {
    expect(sheet.phi).toBeCloseTo(1.4385, 4);
    expect(shading).toBeCloseTo(0.0077, 4);
  });

  it('has the slab’s profile', () => {
    const { phi, supply } = sheet;
    const { spacing } = model.description.grid;
    for (const [j, mean] of profile.entries()) {
      const y = (j + 0.5) * spacing[1];
      const exact = (supply * Math.cosh((phi * y) / DEPTH)) / Math.cosh(phi);
      expect(Math.abs(mean - exact) / supply).toBeLessThan(shading + layering);
    }
    // The cells' own depressions are what shading says, to the accuracy of a lattice without ends and of a layer's mean.
    expect(spread).toBeGreaterThan(0.9 * shading);
    expect(spread).toBeLessThan(1.1 * shading);
  });

  it('respires the share tanh φ/φ of what it would in the open', () => {
    const { phi, rate, tissue, supply } = sheet;
    const effectiveness = respired / (rate * tissue * supply);
    const slabShare = Math.tanh(phi) / phi;
    expect(Math.abs(effectiveness / slabShare - 1)).toBeLessThan(shading + layering);
    // With the cells' shading, an uptake smaller by 1 + shading, only layering is left.
    const shaded = phi / Math.sqrt(1 + shading);
    const expected = (shaded * Math.tanh(shaded)) / phi ** 2;
    expect(Math.abs(effectiveness / expected - 1)).toBeLessThan(1.5 * layering);
  });

  it('lets in through the top what it respires', () => {
    expect(Math.abs(inflow / respired - 1)).toBeLessThan(1e-12);
    expect(model.balance.worstRelative()).toBeLessThan(1e-14);
  });

  it('has a steady state that does not depend on the step', () => {
    const finer = simulate(start('oxygen-in-tissue', 'time.step=0.25 s', 'time.end=3 min'));
    const { profile: other } = layers(finer);
    for (const [j, mean] of profile.entries()) {
      expect(Math.abs(other[j] / mean - 1)).toBeLessThan(1e-9);
    }
  });

  it('is less depleted where the sheet is thinner', () => {
    const { phi, supply } = sheet;
    // A quarter of the uptake halves φ, as half the depth would.
    const weak = simulate(start('oxygen-in-tissue', 'parameters.uptake=2.5 /min', 'time.end=3 min'));
    const floor = layers(weak).profile[0] / supply;
    expect(Math.abs(floor - 1 / Math.cosh(phi / 2))).toBeLessThan(shading + layering);
    expect(floor).toBeGreaterThan(profile[0] / supply + 0.3);
  });

  it('needs no fallback', () => {
    expect(fallbacks(model)).toBe(0);
  });
});
