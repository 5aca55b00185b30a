import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate } from '../../src/engine/index.ts';
import { LONG, start, stepAt } from './shipped.ts';

const [D, FILM, LAYER, SUPPLY, K, MU, DENSITY, PER_FG] = [
  2000,
  0.6,
  40,
  40 * 602.214076,
  602.214076,
  2 / 3600,
  300,
  1.88192e7,
];
const FLOOR = 180 * 2;

const volumeOf = ({ population }: Model) =>
  population.volume.subarray(0, population.count).reduce((sum, one) => sum + one, 0);

/** Mean and standard deviation over columns of 10 µm of the highest cell. */
function front({ population: { count, x, y } }: Model): { mean: number; sd: number } {
  const tops = new Float64Array(18);
  for (let i = 0; i < count; i++) {
    const column = Math.floor(x[i] / 10);
    tops[column] = Math.max(tops[column], y[i]);
  }
  const mean = tops.reduce((sum, top) => sum + top, 0) / 18;
  return { mean, sd: Math.sqrt(tops.reduce((sum, top) => sum + (top - mean) ** 2, 0) / 18) };
}

describe('growing-biofilm', () => {
  let model: Model;
  const volumes: number[] = [];
  const fronts: { mean: number; sd: number }[] = [];

  beforeAll(() => {
    model = start('growing-biofilm');
    for (const hours of [5, 10, 15]) {
      simulate(model, { untilStep: stepAt(model, hours * 3600) });
      volumes.push(volumeOf(model));
      fronts.push(front(model));
    }
  }, LONG);

  it('grows by what crosses the layer, at a constant rate however thick it is', () => {
    const [early, late] = [volumes[1] - volumes[0], volumes[2] - volumes[1]];
    expect(Math.abs(late / early - 1)).toBeLessThan(0.05);
    // D (c₀ − c_s)/L = flux into a deep film of uptake q c/(K + c): √(2 D_f q (c_s − K ln(1 + c_s/K))), 0.8 of it cells.
    const uptake = MU * DENSITY * 0.8 * PER_FG;
    const into = (c: number) => Math.sqrt(2 * D * FILM * uptake * (c - K * Math.log(1 + c / K)));
    let [low, high] = [0, SUPPLY];
    for (let i = 0; i < 60; i++) {
      const c = (low + high) / 2;
      if (into(c) < (D * (SUPPLY - c)) / LAYER) low = c;
      else high = c;
    }
    const flux = (late / (5 * 3600)) * ((DENSITY * PER_FG) / FLOOR);
    // A little less: the layer is measured from what is highest.
    expect(flux / into(low)).toBeGreaterThan(0.88);
    expect(flux / into(low)).toBeLessThan(1);
  });

  it('has the mixed water beyond the layer, and next to nothing in the depth', () => {
    const [oxygen] = model.fields;
    const { cells, spacing } = model.description.grid;
    const highest = Math.max(...model.population.y.subarray(0, model.population.count)) + 1.2;
    for (let row = Math.ceil((highest + LAYER) / spacing[1]) + 1; row < cells[1]; row++)
      expect(oxygen[row * cells[0] + 7]).toBe(SUPPLY);
    for (let column = 0; column < cells[0]; column++) expect(oxygen[column] / SUPPLY).toBeLessThan(0.02);
  });

  it('is fed from the face at the top, and keeps its balance', () => {
    const named = (name: string) =>
      model.ledger.extents.value(model.ledger.causes.all.findIndex(cause => cause.name === name));
    const { grid } = model.description;
    const gained = (model.fields[0].reduce((sum, c) => sum + c, 0) - grid.voxels * SUPPLY) * grid.voxelVolume;
    const breathed = PER_FG * named('bacterium.breathing');
    const given = named('oxygen top') + named('oxygen relaxation');
    expect(Math.abs((given - gained) / breathed - 1)).toBeLessThan(1e-9);
    // What the field lost as the film grew is next to nothing: in the steady state all that comes in is breathed.
    expect(Math.abs(named('oxygen top') / breathed - 1)).toBeLessThan(0.05);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it(
    'becomes rough where oxygen is scarce, and stays flat where it is plenty',
    () => {
      expect(fronts[2].sd).toBeGreaterThan(1.7 * fronts[0].sd);
      const plenty = start('growing-biofilm', 'parameters.supply=250 uM', 'parameters.layer=20 um');
      simulate(plenty, { untilStep: stepAt(plenty, 3 * 3600) });
      const flat = front(plenty);
      expect(flat.mean).toBeGreaterThan(0.8 * fronts[2].mean);
      expect(flat.sd).toBeLessThan(0.5 * fronts[2].sd);
    },
    LONG,
  );
});
