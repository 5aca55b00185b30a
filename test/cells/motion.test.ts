import { describe, expect, it } from 'vitest';
import { createGradient } from '../../src/engine/fields/gradient.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import type { Model } from '../../src/engine/model/model.ts';
import { restoreSnapshot, saveSnapshot } from '../../src/engine/model/snapshot.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { startThreads } from '../../src/threads/index.ts';

interface Setup {
  readonly dimensions?: 2 | 3;
  readonly motion: string;
  readonly count?: number;
  readonly place?: string;
  readonly fields?: string;
  readonly rest?: string;
  readonly shape?: string;
  readonly domain?: string;
}

/** Cells in the middle of a box of 1000 µm with motion alone; steps of 0.1 s. */
function swimmers({
  dimensions = 2,
  motion,
  count = 2000,
  place,
  fields = '{}',
  rest = '',
  shape,
  domain = '',
}: Setup): Model {
  const [size, grid, thickness] =
    dimensions === 2
      ? ['[1000 um, 1000 um]', '[20, 20]', ', thickness: 1 um']
      : ['[1000 um, 1000 um, 1000 um]', '[20, 20, 20]', ''];
  const middle = dimensions === 2 ? '500 um, 500 um' : '500 um, 500 um, 500 um';
  const round = shape ?? (dimensions === 2 ? 'disc: { radius: 0.5 um }' : 'sphere: { radius: 0.5 um }');
  const region = place ?? `box: { from: [${middle}], to: [${middle}] }`;
  return build(
    loadScenario(`
cellfield: 1
title: swimmers
domain: { size: ${size}, grid: ${grid}${thickness}${domain} }
time: { end: 100 s, step: 0.1 s }
fields: ${fields}
cells: { a: { shape: { ${round} }, motion: ${motion} } }
population: [{ type: a, ${place?.startsWith('points') ? '' : `count: ${place ? count : 1}, `}in: { ${region} } }]
mechanics: none
${rest}`),
  );
}

/** All cells of a model on one spot, with streams of their own. */
function crowd(setup: Setup): Model {
  const half =
    setup.dimensions === 3
      ? 'box: { from: [400 um, 400 um, 400 um], to: [600 um, 600 um, 600 um] }'
      : 'box: { from: [400 um, 400 um], to: [600 um, 600 um] }';
  return swimmers({ place: half, ...setup });
}

function displacements(model: Model, until: number): { mean: number[]; square: number[]; sd: number } {
  const { x, y, z, count } = model.population;
  const start = [x.slice(0, count), y.slice(0, count), z.slice(0, count)];
  simulate(model, { untilStep: until });
  const ends = [model.population.x, model.population.y, model.population.z];
  const moves = start.map((from, k) => Array.from(from, (at, i) => ends[k][i] - at));
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  const mean = moves.map(meanOf);
  const squares = moves[0].map((_, i) => moves.reduce((sum, along) => sum + along[i] ** 2, 0));
  const square = moves.map(along => meanOf(along.map(value => value * value)));
  const average = meanOf(squares);
  const sd = Math.sqrt(meanOf(squares.map(value => (value - average) ** 2)) / count);
  return { mean, square, sd };
}

describe('motion of cells', () => {
  it.each([2, 3] as const)(
    'at random has a mean square displacement of 2 d D t in %i dimensions',
    dimensions => {
      const { mean, square, sd } = displacements(
        crowd({ dimensions, motion: '{ motility: 3 um^2/s }' }),
        100,
      );
      const total = square[0] + square[1] + square[2];
      expect(Math.abs(total - 2 * dimensions * 3 * 10)).toBeLessThan(4 * sd);
      for (const along of mean.slice(0, dimensions))
        expect(Math.abs(along)).toBeLessThan(4 * Math.sqrt(60 / 2000));
      if (dimensions === 2) expect(square[2]).toBe(0);
    },
  );

  it.each([2, 3] as const)(
    'by runs and tumbles follows its exact law, and spreads with v²τ/d in %i dimensions',
    dimensions => {
      const motion = '{ run: { speed: 10 um/s, tumble: 1.25 /s } }';
      const tau = 0.8;
      for (const steps of [5, 400]) {
        const { square, sd } = displacements(crowd({ dimensions, motion, count: 2000 }), steps);
        const t = steps * 0.1;
        // Persistent random walk: ⟨r²⟩ = 2 v² τ² (t/τ − 1 + e^{−t/τ}), which becomes 2 d D t with D = v² τ / d.
        const expected = 2 * 100 * tau * tau * (t / tau - 1 + Math.exp(-t / tau));
        const total = square[0] + square[1] + square[2];
        expect(Math.abs(total - expected)).toBeLessThan(4 * sd);
        if (steps === 400)
          expect(Math.abs(total / (2 * dimensions * t) - (100 * tau) / dimensions)).toBeLessThan(
            (4 * sd) / (2 * dimensions * t) + 0.02 * 40,
          );
      }
    },
  );

  it('drifts along a gradient with χ ∇c', () => {
    const fields =
      '{ food: { diffusivity: 0 um^2/s, initial: 2 /um^3 * (x - 0.5 * y) / (1000 um) + 5 /um^3 } }';
    const motion = '{ chemotaxis: { food: 1000 um^5/s } }';
    const { mean, square } = displacements(crowd({ motion, fields, count: 50 }), 100);
    // 1000 × 0.002 µm/s over 10 s.
    expect(mean[0]).toBeCloseTo(20, 8);
    expect(mean[1]).toBeCloseTo(-10, 8);
    expect(square[0] - mean[0] ** 2).toBeLessThan(1e-8);
  });

  it('senses gradients in time: runs up a gradient last longer', () => {
    const fields = '{ food: { diffusivity: 0 um^2/s, initial: 0.01 /um^3 * x / (1 um) } }';
    const at = (sensing: string) => {
      const motion = `{ run: { speed: 10 um/s, tumble: 1 /s * (1 - ${sensing} * change.food / (0.1 /um^3/s)) } }`;
      return displacements(crowd({ motion, fields, count: 1500 }), 200);
    };
    const up = at('0.3');
    // To first order in the response ε the drift of a run-and-tumble walker, of which runs along θ end at rate (1 − ε cos θ)/τ, is ε v / d.
    const error = Math.sqrt(up.square[0] / 1500) / 20;
    expect(Math.abs(up.mean[0] / 20 - (0.3 * 10) / 2)).toBeLessThan(4 * error + 0.09 * 1.5 + 0.1);
    const none = at('0');
    expect(Math.abs(none.mean[0])).toBeLessThan(4 * Math.sqrt(none.square[0] / 1500));
  });

  it('is carried by the flow, with its factor', () => {
    const fields = '{ food: { diffusivity: 1 um^2/s, initial: 0 nM, boundary: { x: periodic } } }';
    const domain = ', flow: { x: 4 um/s, factor: "time < 5.05 s ? 1 : 0.5" }';
    const { mean } = displacements(crowd({ motion: '{ carried: 0.5 }', fields, domain, count: 5 }), 100);
    expect(mean[0]).toBeCloseTo(0.5 * 4 * (5 + 0.5 * 5), 6);
  });

  it('ends at walls and obstacles; cells attach there at a rate, and let go', () => {
    const place = 'box: { from: [0.5 um, 300 um], to: [0.5 um, 700 um] }';
    const motion = '{ motility: 1 um^2/s, attachment: { rate: 0.2 /s, to: [left], range: 0.01 um } }';
    const still = '{ attachment: { rate: 0.2 /s, to: [left], range: 0.01 um } }';
    const model = swimmers({ motion: still, place, count: 200 });
    simulate(model, { untilStep: 50 });
    const attached =
      model.population.motion?.attached.subarray(0, 200).reduce((sum, one) => sum + one, 0) ?? 0;
    const p = 1 - Math.exp(-0.2 * 5);
    expect(Math.abs(attached - 200 * p)).toBeLessThan(4 * Math.sqrt(200 * p * (1 - p)));
    const exchange = swimmers({
      motion: '{ attachment: { rate: 0.2 /s, to: [left], range: 0.01 um, detachment: 0.6 /s } }',
      place,
      count: 200,
    });
    simulate(exchange, { untilStep: 400 });
    const held =
      exchange.population.motion?.attached.subarray(0, 200).reduce((sum, one) => sum + one, 0) ?? 0;
    expect(Math.abs(held - 50)).toBeLessThan(4 * Math.sqrt(200 * 0.25 * 0.75));
    const moving = swimmers({ motion, place, count: 200 });
    simulate(moving, { untilStep: 300 });
    const { x, count } = moving.population;
    for (let i = 0; i < count; i++) expect(x[i]).toBeGreaterThanOrEqual(0.5);
    for (let i = 0; i < count; i++)
      if (moving.population.motion?.attached[i]) expect(x[i]).toBeLessThan(0.52);
  });

  it('of rods is along their axis', () => {
    const model = crowd({
      motion: '{ run: { speed: 10 um/s, tumble: 0 /s } }',
      shape: 'rod: { radius: 0.4 um, length: 2 um }',
      count: 40,
    });
    const { x, y, rods, count } = model.population;
    const from = [x.slice(0, count), y.slice(0, count)];
    simulate(model, { untilStep: 50 });
    for (let i = 0; i < count; i++) {
      const [dx, dy] = [x[i] - from[0][i], y[i] - from[1][i]];
      expect(Math.hypot(dx, dy)).toBeCloseTo(50, 6);
      expect(Math.abs(dx * (rods?.axisY[i] ?? 0) - dy * (rods?.axisX[i] ?? 0))).toBeLessThan(1e-8);
    }
  });

  it('goes on to the bit when a run is resumed, on any number of threads, while cells grow and divide', async () => {
    const text = `
cellfield: 1
title: resume
domain: { size: [100 um, 100 um], grid: [20, 20], thickness: 1 um, obstacles: [{ disc: { centre: [30 um, 50 um], radius: 9 um } }], flow: { x: 1 um/s, project: true } }
time: { end: 40 s, step: 1 s }
fields: { food: { diffusivity: 10 um^2/s, initial: 1 uM * x / (100 um) } }
cells:
  a:
    shape: { disc: { radius: 0.6 um } }
    growth: 0.05 /s
    division: { adder: { added: 1 um^3 } }
    motion:
      motility: 0.5 um^2/s
      chemotaxis: { food: 0.01 um^5/s }
      run: { speed: 5 um/s, tumble: "0.5 /s * exp(min(2, -change.food / (10 nM/s)))" }
      carried: 1
      attachment: { rate: 0.3 /s, detachment: 0.1 /s, range: 0.3 um }
population: [{ type: a, count: 20 }]
`;
    const scenario = loadScenario(text);
    const straight = build(scenario);
    simulate(straight, { untilStep: 17 });
    const bytes = saveSnapshot(straight, 'x');
    const resumed = build(scenario);
    restoreSnapshot(resumed, bytes, 'x');
    expect(stateHash(resumed)).toBe(stateHash(straight));
    const threads = startThreads(3);
    const helped = build(scenario, { threads });
    for (const model of [straight, resumed, helped]) simulate(model);
    await threads.close();
    expect(stateHash(helped)).toBe(stateHash(straight));
    expect(saveSnapshot(resumed, 'x')).toEqual(saveSnapshot(straight, 'x'));
    expect(straight.population.count).toBeGreaterThan(40);
    expect(straight.balance.worstRelative()).toBeLessThan(1e-12);
  });

  it('says what is wrong in a scenario', () => {
    const fault = (motion: string) => {
      try {
        swimmers({ motion });
      } catch (error) {
        return String(error instanceof Error ? error.message : error);
      }
      return '';
    };
    expect(fault('{ motility: 3 um/s }')).toMatch(/motility: has dimension/);
    expect(fault('{ motility: -3 um^2/s }')).toMatch(/must not be negative/);
    expect(fault('{ chemotaxis: { food: 1 um^5/s } }')).toMatch(/unknown field/);
    expect(fault('{ run: { speed: 3 um/s, tumble: change.food } }')).toMatch(/change.food` cannot be read/);
    expect(fault('{ carried: 1 }')).toMatch(/has no effect: the domain has no `flow`/);
    expect(fault('{ attachment: { rate: 1 /s, to: [front] } }')).toMatch(/is no surface of this domain/);
  });
});

describe('the gradient of a field', () => {
  it('is exact for linear fields, and of second order', () => {
    const errors = [10, 20, 40].map(n => {
      const { grid } = loadScenario(`
cellfield: 1
title: g
domain: { size: [10 um, 10 um], grid: [${n}, ${n}], thickness: 1 um }
time: { end: 1 s, step: 1 s }
`).description;
      const gradient = createGradient(grid);
      const at = (v: number) => [
        ((v % n) + 0.5) * grid.spacing[0],
        (Math.floor(v / n) + 0.5) * grid.spacing[1],
      ];
      const linear = Float64Array.from({ length: n * n }, (_, v) => 3 * at(v)[0] - 2 * at(v)[1]);
      const wavy = Float64Array.from({ length: n * n }, (_, v) => Math.sin(at(v)[0]));
      const into = new Float64Array(3);
      let worst = 0;
      for (let i = 0; i < 50; i++) {
        const [x, y] = [2 + 0.121 * i, 2.3 + 0.11 * i];
        gradient(linear, x, y, 0.5, into);
        expect([into[0], into[1]].map(value => Number(value.toFixed(9)))).toEqual([3, -2]);
        gradient(wavy, x, y, 0.5, into);
        worst = Math.max(worst, Math.abs(into[0] - Math.cos(x)));
      }
      return worst;
    });
    expect(errors[0] / errors[1]).toBeGreaterThan(3);
    expect(errors[1] / errors[2]).toBeGreaterThan(3);
  });
});
