import { describe, expect, it } from 'vitest';
import { divergenceOf } from '../../src/engine/fields/divergence.ts';
import {
  build,
  loadScenario,
  type Model,
  restoreSnapshot,
  ScenarioError,
  saveSnapshot,
  simulate,
  stateHash,
} from '../../src/engine/index.ts';
import { adopt } from '../../src/engine/model/adopt.ts';

interface Parts {
  flow: string;
  food?: string;
  bulk?: string;
  domain?: string;
  time?: string;
}

/** A channel of 40 × 20 µm on a grid of 40 × 20 voxels. */
const channel = ({ flow, food, bulk = '', domain = '', time }: Parts) => `
cellfield: 1
title: A channel
domain:
  size: [40 um, 20 um]
  grid: [40, 20]
  thickness: 1 um
  flow: ${flow}
${domain}
time: ${time ?? '{ end: 20 s, step: 0.5 s }'}
fields:
  food: ${food ?? '{ diffusivity: 5 um^2/s, initial: 1 uM, boundary: { left: { value: 1 uM }, right: outflow } }'}
${bulk}
balance: { tolerance: 1e-12 }
`;

const UM = 602.214076;

const load = (text: string, files: Record<string, string> = {}) =>
  loadScenario(text, {
    files: name => {
      if (!(name in files)) throw new Error('there is no such file');
      return files[name];
    },
  });

const amount = (model: Model, cause: string) => {
  const index = model.ledger.causes.all.findIndex(({ name }) => name === cause);
  expect(index).toBeGreaterThanOrEqual(0);
  return model.ledger.extents.value(index);
};

const fault = (text: string, files?: Record<string, string>): string => {
  try {
    load(text, files);
  } catch (error) {
    return error instanceof ScenarioError ? error.message : String(error);
  }
  return 'none';
};

const profile = (y: number) => 6 * 3 * y * (20 - y) * (1 / 400);
const PARABOLA = '{ x: 6 * 3 um/s * y * (20 um - y) / (20 um)^2 }';
const BUMP =
  '{ diffusivity: 5 um^2/s, initial: "1 uM * exp(-((x - 10 um)^2 + (y - 10 um)^2) / (4 um)^2)", boundary: { left: { value: 0 uM }, right: outflow } }';

const rows = (unit: string, factor: number) => {
  const lines = [`# a parabola`, `y [um], x [um], vy [${unit}], vx [${unit}]`];
  for (let i = 39; i >= 0; i--)
    for (let j = 0; j < 20; j++) lines.push(`${j + 0.5},${i + 0.5},0,${factor * profile(j + 0.5)}`);
  return lines.join('\n');
};
const faces = (vx: (i: number, j: number) => number, vy: (i: number, j: number) => number) => ({
  x: Array.from({ length: 41 * 20 }, (_, f) => vx(f % 41, Math.floor(f / 41))),
  y: Array.from({ length: 40 * 21 }, (_, f) => vy(f % 40, Math.floor(f / 40))),
});

describe('a flow from a file', () => {
  const files = {
    'p.csv': rows('um/s', 1),
    'mm.csv': rows('mm/s', 1e-3).replace(/,/g, ';'),
    'p.json': JSON.stringify({
      unit: 'um/s',
      faces: faces(
        (_, j) => profile(j + 0.5),
        () => 0,
      ),
    }),
    'c.json': JSON.stringify({
      unit: 'um/s',
      centres: {
        x: Array.from({ length: 800 }, (_, v) => profile(Math.floor(v / 40) + 0.5)),
        y: new Array(800).fill(0),
      },
    }),
  };

  it.each(Object.keys(files))('%s carries as the expression of the same velocity', name => {
    const one = simulate(build(load(channel({ flow: `{ file: ${name} }`, food: BUMP }), files)));
    const other = simulate(build(load(channel({ flow: PARABOLA, food: BUMP }))));
    one.fields[0].forEach((c, v) => {
      expect(Math.abs(c - other.fields[0][v])).toBeLessThan(1e-9 * UM);
    });
  });

  it('is written into the resolved scenario, which needs no file', () => {
    const text = channel({ flow: '{ file: p.csv, factor: "1 + sin(time / (3 s))" }', food: BUMP });
    const scenario = load(text, files);
    expect(scenario.text).toContain('vy [um/s]');
    const again = loadScenario(scenario.text);
    expect(again.text).toBe(scenario.text);
    expect(stateHash(simulate(build(again)))).toBe(stateHash(simulate(build(scenario))));
  });

  it('says what is wrong with it', () => {
    const of = (text: string, more = '') =>
      fault(channel({ flow: `{ file: f.csv${more} }` }), { 'f.csv': text });
    expect(fault(channel({ flow: '{ file: none.csv }' }))).toMatch(/domain.flow.file: there is no such file/);
    expect(of(rows('um/s', 1).replace('vx [um/s]', 'vx'))).toMatch(
      /f.csv:2: there is no column `vx` with its unit/,
    );
    expect(of(rows('um', 1))).toMatch(/`um` is not a unit of velocity/);
    expect(of(rows('um/s', 1).split('\n').slice(0, -1).join('\n'))).toMatch(/799 lines for 800 voxels/);
    expect(of(rows('um/s', 1).replace('0.5,39.5', '0.7,39.5'))).toMatch(
      /f.csv:3: y = 0.7 um is not the centre of a voxel/,
    );
    expect(of(rows('um/s', 1).replace('0.5,39.5,0', '0.5,39.5,zero'))).toMatch(
      /f.csv:3: `zero` is not a number/,
    );
    expect(of(`${rows('um/s', 1)}\n0.5,0.5,0,1`)).toMatch(/this voxel was given before/);
    expect(of(rows('um/s', 1), ', x: 1 um/s')).toMatch(/the file says the velocity along every axis/);
    expect(of('{ "unit": "um/s" }')).toMatch(/the speeds are missing/);
    expect(of('{ "unit": "um/s", "faces": { "x": [1, 2] } }')).toMatch(
      /`faces.x` has 2 entries.*a list of 820 numbers/,
    );
    const uneven = JSON.stringify({
      unit: 'um/s',
      faces: faces(
        i => 1 + 0.01 * i,
        () => 0,
      ),
    });
    expect(of(uneven)).toMatch(/the flow makes water: in voxel \(\d+, \d+\) 0.71 % of what/);
    expect(of(uneven, ', project: true')).toBe('none');
  });
});

describe('a projected flow', () => {
  const text = channel({
    flow: '{ x: 3 um/s, project: true }',
    domain: '  obstacles: [{ disc: { centre: [15 um, 9 um], radius: 4 um } }]',
  });

  it('has no divergence and leaves alone what is uniform', () => {
    const model = build(load(text));
    const { grid, fields } = model.description;
    const speeds = (fields[0].velocity ?? []).map(part =>
      part.kind === 'faces' ? part.values : new Float64Array(0),
    );
    expect(Math.max(...divergenceOf(grid, speeds).map(Math.abs))).toBeLessThan(1e-11);
    simulate(model);
    model.fields[0].forEach((c, v) => {
      expect(Math.abs(c - (grid.solid?.[v] ? 0 : UM))).toBeLessThan(1e-8 * UM);
    });
  });

  it('goes round an obstacle as the potential flow does', () => {
    // On the line through the centre across the flow, v = U (1 + R²/r²): far from walls; a pixelled disc meets it to some per cent.
    const wide = text
      .replace('size: [40 um, 20 um]', 'size: [80 um, 80 um]')
      .replace('grid: [40, 20]', 'grid: [160, 160]')
      .replace('[15 um, 9 um]', '[40 um, 40 um]');
    const model = build(load(wide));
    const [vx] = (model.description.fields[0].velocity ?? []).map(part =>
      part.kind === 'faces' ? part.values : new Float64Array(0),
    );
    for (const y of [46, 50, 55]) {
      const at = vx[80 + 161 * Math.floor(y / 0.5)];
      const r = Math.floor(y / 0.5) * 0.5 + 0.25 - 40;
      expect(Math.abs(at / (3 * (1 + (4.1 / r) ** 2)) - 1)).toBeLessThan(0.03);
    }
  });

  it('is refused where it cannot leave', () => {
    const blocked = channel({
      flow: '{ x: "x < 20 um ? 3 um/s : 0 um/s", project: true }',
      domain: '  obstacles: [{ box: { from: [20 um, 0 um], to: [22 um, 20 um] } }]',
    });
    expect(fault(blocked)).toMatch(/cannot be projected: a part of the domain has inflow and no outflow/);
  });
});

describe('a flow that varies in time', () => {
  const bump = (flow: string, x: string, y: string) =>
    channel({
      flow,
      food: `{ diffusivity: 0.2 um^2/s, initial: "1 uM * exp(-((x - ${x})^2 + (y - ${y})^2) / (5 um)^2)", boundary: { x: periodic } }`,
    });
  const centre = ({ fields: [c] }: Model) => {
    let [sum, moment] = [0, 0];
    c.forEach((value, v) => {
      sum += value;
      moment += value * ((v % 40) + 0.5);
    });
    return moment / sum;
  };

  it('carries by the integral of its factor, forth and back', () => {
    // ∫ 2 sin(t/4) over 20 s = 8 (1 − cos 5).
    const model = simulate(
      build(load(bump('{ x: 1 um/s, factor: "2 * sin(time / (4 s))" }', '15 um', '10 um'))),
    );
    expect(Math.abs(centre(model) - 15 - 8 * (1 - Math.cos(5)))).toBeLessThan(0.05);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('is at rest where the factor is 0, and swift after a jump', () => {
    const still = simulate(build(load(bump('{ x: 1 um/s, factor: 0 }', '15 um', '10 um'))));
    expect(Math.abs(centre(still) - 15)).toBeLessThan(0.05);
    const jump = simulate(
      build(load(bump('{ x: 1 um/s, factor: "time < 19.8 s ? 0 : 40" }', '15 um', '10 um'))),
    );
    // 8 µm within 0.2 s.
    expect(Math.abs(centre(jump) - 23)).toBeLessThan(0.3);
    expect(jump.fields[0].every(c => c >= 0)).toBe(true);
  });

  it('brings in what stands at the face that it enters by', () => {
    const food =
      '{ diffusivity: 0 um^2/s, initial: 1 uM, boundary: { left: { value: 2 uM }, right: { value: 3 uM } } }';
    const model = simulate(
      build(load(channel({ flow: '{ x: 4 um/s, factor: "time < 12 s ? 1 : -1" }', food }))),
    );
    // 48 µm forth: full of 2 µM; 32 µm back: 3 µM from the right.
    expect(model.fields[0][2] / UM).toBeCloseTo(2, 3);
    expect(model.fields[0][30] / UM).toBeCloseTo(3, 3);
    // To within the substep in which the factor jumps.
    expect(Math.abs(amount(model, 'food left') / UM / 20 - (48 * 2 - 32 * 2))).toBeLessThan(1);
  });

  it('wants a plain number', () => {
    expect(fault(channel({ flow: '{ x: 1 um/s, factor: 2 um }' }))).toMatch(
      /domain.flow.factor: has dimension/,
    );
    expect(fault(channel({ flow: '{ x: 1 um/s, factor: x }' }))).toMatch(/domain.flow.factor/);
  });
});

describe('a reservoir with a flow through the domain', () => {
  const vessel = (face: string, more: string) =>
    `bulk:\n  tank: { face: ${face}, volume: 2000 um^3, ${more} }`;
  const food = (boundary: string, more = 'diffusivity: 0 um^2/s, initial: 0 uM') => `{ ${more}${boundary} }`;

  it('feeds a loop, and in the end holds what the loop holds', () => {
    const model = build(
      load(
        channel({
          flow: PARABOLA,
          food: food('', 'diffusivity: 50 um^2/s, initial: 0 uM'),
          bulk: vessel('[left, right]', 'initial: { food: 10 uM }'),
          time: '{ end: 300 s, step: 0.5 s }',
        }),
      ),
    );
    simulate(model);
    const end = (10 * 2000) / 2800;
    expect(model.bulk[0][0] / UM / end).toBeCloseTo(1, 8);
    for (const c of model.fields[0]) expect(Math.abs(c / UM / end - 1)).toBeLessThan(1e-8);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('loses what is drawn from it to a flow that does not come back; the rest of the inflow flows out', () => {
    const model = build(
      load(
        channel({
          flow: '{ x: 3 um/s }',
          food: food(', boundary: { right: outflow }'),
          bulk: vessel('left', 'inflow: 100 um^3/s, influent: { food: 5 uM }, initial: { food: 1 uM }'),
        }),
      ),
    );
    // 60 of the 100 µm³/s go through the domain.
    expect(model.description.fields[0].reservoirs?.[0].outflow).toBeCloseTo(40, 9);
    simulate(model);
    const exact = 5 - 4 * Math.exp((-100 / 2000) * 20);
    expect(Math.abs(model.bulk[0][0] / UM / exact - 1)).toBeLessThan(3e-5);
    const mean = 5 - (4 * (1 - Math.exp(-1))) / 1;
    expect(amount(model, 'tank.food outflow') / (40 * 20 * mean * UM)).toBeCloseTo(1, 3);
    expect(amount(model, 'food from tank') / (60 * 20 * mean * UM)).toBeCloseTo(1, 3);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  const collecting = channel({
    flow: '{ x: 3 um/s }',
    food: food(', boundary: { left: { value: 2 uM } }', 'diffusivity: 0 um^2/s, initial: 2 uM'),
    bulk: vessel('right', 'outflow: 0 um^3/s, initial: { food: 0 uM }'),
  });

  it('fills up with what flows out of the domain', () => {
    const model = build(load(collecting));
    const half = simulate(model, { untilStep: 20 });
    const bytes = saveSnapshot(half, 'x');
    simulate(model);
    // 2000 + 60 · 20 µm³, with 2 µM in what came.
    expect(model.bulk[0][0] / UM).toBeCloseTo((2 * 1200) / 3200, 9);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    const resumed = build(load(collecting));
    restoreSnapshot(resumed, bytes, 'x');
    simulate(resumed);
    expect(stateHash(resumed)).toBe(stateHash(model));
  });

  it('keeps its flows in a run where its volume follows from them', () => {
    const model = simulate(build(load(collecting)), { untilStep: 4 });
    const other = (outflow: string) => load(collecting.replace('outflow: 0 um^3/s', outflow)).description;
    expect(() => adopt(model, other('outflow: 5 um^3/s'))).toThrow('the volume of a reservoir cannot change');
    const through = channel({
      flow: PARABOLA,
      food: food(''),
      bulk: vessel('[left, right]', 'inflow: 10 um^3/s, influent: { food: 1 uM }'),
    });
    const loop = simulate(build(load(through)), { untilStep: 4 });
    const faster = simulate(adopt(loop, load(through.replace('inflow: 10', 'inflow: 40')).description));
    expect(faster.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('is refused where water is not accounted for', () => {
    const of = (face: string, more: string, flow = '{ x: 3 um/s }', boundary = '') =>
      fault(channel({ flow, food: food(boundary), bulk: vessel(face, more) }));
    expect(of('left', 'influent: { food: 1 uM }', undefined, ', boundary: { right: outflow }')).toMatch(
      /takes 60 um\^3\/s from it, more than flows in/,
    );
    expect(of('left', 'outflow: 50 um^3/s, influent: { food: 1 uM }')).toMatch(
      /empties the reservoir after 18.18 s/,
    );
    expect(of('[left, right]', 'outflow: 200 um^3/s, influent: { food: 1 uM }')).toMatch(
      /empties the reservoir after 10 s/,
    );
    expect(
      of('left', 'inflow: 90 um^3/s, influent: { food: 1 uM }', '{ x: 3 um/s, factor: "1 + time / (1 s)" }'),
    ).toMatch(/gets back another amount than the flow takes/);
    expect(
      of('[left, right]', 'influent: { food: 1 uM }', '{ x: 3 um/s, factor: "sin(time / (1 s))" }'),
    ).toBe('none');
    expect(of('[left, left]', 'influent: { food: 1 uM }')).toMatch(/names a face twice/);
  });
});
