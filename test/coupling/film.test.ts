import { describe, expect, it } from 'vitest';
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

/** A film of one cell per voxel, `rows` high, on the floor of a slab of voxels of 1 µm. */
function slab(more: {
  domain?: string;
  food: string;
  cells?: string;
  rows?: number;
  height?: number;
  step?: string;
  bulk?: string;
  coupling?: string;
}): string {
  const { rows = 10, height = 40 } = more;
  return `
cellfield: 1
title: A flat film
domain: { size: [6 um, ${height} um], grid: [6, ${height}], thickness: 1 um${more.domain ?? ''} }
time: { end: 100 s, step: ${more.step ?? '1 s'} }
fields:
  food: ${more.food}
${more.bulk ?? ''}
cells:
  brick:
    shape: { disc: { radius: 0.5 um } }
    ${more.cells ?? ''}
population: [{ type: brick, in: { lattice: { from: [0 um, 0 um], to: [6 um, ${rows} um], counts: [6, ${rows}] } } }]
coupling: { kernel: nearest${more.coupling ?? ''} }
balance: { tolerance: 1e-12 }
`;
}

const EATING =
  'reactions: { eat: { equation: "field.food ->", continuous: true, rate: 4 um^3/s * field.food } }';

const run = (text: string, steps: number): Model => simulate(build(loadScenario(text)), { untilStep: steps });

const amount = (model: Model, cause: string) =>
  model.ledger.extents.value(model.ledger.causes.all.findIndex(({ name }) => name === cause));

describe('diffusivity among cells', () => {
  const steady = (film: string) =>
    `{ diffusivity: 200 um^2/s, initial: 0 mM, dynamics: quasi-steady, boundary: { bottom: { value: 0 mM }, top: { value: 1 mM } }${film} }`;
  const MILLIMOLAR = 602214.076;

  it('has the exact profile of a laminate of film and liquid', () => {
    for (const factor of [0.6, 0.05]) {
      const model = run(slab({ food: steady(`, film: ${factor}`) }), 1);
      // 10 µm at D f, 30 µm at D.
      const flux = 1 / (10 / factor + 30);
      for (let j = 0; j < 40; j++) {
        const y = j + 0.5;
        const exact = y < 10 ? (flux * y) / factor : 1 - flux * (40 - y);
        expect(Math.abs(model.fields[0][6 * j + 3] / MILLIMOLAR - exact)).toBeLessThan(1e-8);
      }
    }
  });

  it('lets through nothing where the factor is 0', () => {
    const model = run(slab({ food: steady(', film: 0') }), 1);
    expect(amount(model, 'food bottom')).toBeCloseTo(0, 3);
    expect(model.fields[0][6 * 39] / MILLIMOLAR).toBeCloseTo(1, 8);
  });

  // A disc of radius 0.5 µm fills π/4 of its voxel.
  const phi = Math.PI / 4;
  it.each([
    ['linear', 1 - phi * 0.7],
    ['maxwell', (1 + 0.3 - phi * 0.7) / (1 + 0.3 + phi * 0.7)],
    ['threshold', 0.3],
  ])('by the %s law is that of a film with the effective diffusivity', (law, effective) => {
    const text = slab({
      food: `{ diffusivity: 200 um^2/s, initial: 1 mM * y / (40 um), boundary: { top: { value: 1 mM } }, film: { factor: 0.3, law: ${law} } }`,
      cells: EATING,
    });
    const plain = text
      .replace(/, film: \{.*?\}/, '')
      .replace(
        'diffusivity: 200 um^2/s',
        `diffusivity: "y < 10 um ? ${200 * effective} um^2/s : 200 um^2/s"`,
      );
    const [one, other] = [run(text, 5), run(plain, 5)];
    one.fields[0].forEach((c, v) => {
      expect(Math.abs(c - other.fields[0][v])).toBeLessThan(1e-9 * MILLIMOLAR);
    });
    expect(one.balance.worstRelative()).toBeLessThan(1e-12);
  });

  it('has a factor by cell type, met by the volume of each', () => {
    const text = slab({
      food: steady(', film: { factor: { brick: 0.5 }, from: 5% }'),
      rows: 10,
    }).replace(
      'population: [',
      'population: [{ type: sand, in: { lattice: { from: [0 um, 0 um], to: [6 um, 10 um], counts: [6, 10] } } }, ',
    );
    const mixed = text.replace('cells:', 'cells:\n  sand: { shape: { disc: { radius: 0.25 um } } }');
    const model = run(mixed, 1);
    // Volumes as 4 : 1, factors 0.5 and 1.
    const flux = 1 / (10 / 0.6 + 30);
    expect(model.fields[0][6 * 20] / MILLIMOLAR).toBeCloseTo(1 - flux * 19.5, 8);
  });
});

describe('a boundary layer that follows the cells', () => {
  const value =
    '{ diffusivity: 200 um^2/s, initial: 1 mM, dynamics: quasi-steady, boundary: { top: { value: 1 mM } } }';
  const flux = (thickness: number, food = value) => {
    const model = run(
      slab({ food, cells: EATING, domain: `, boundaryLayer: { face: top, thickness: ${thickness} um }` }),
      2,
    );
    const eaten = amount(model, 'brick.eat');
    const first = simulate(model, { untilStep: 3 });
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
    // Per second, area of 6 µm² and 1 mM.
    return (amount(first, 'brick.eat') - eaten) / 6 / 602214.076;
  };

  it('lets through what a slab under a film of liquid takes', () => {
    // D c″ = κ c below, κ = 4 µm³/s per µm³: c_s = c/(1 + L q tanh(q h)), q² = κ/D.
    const q = Math.sqrt(4 / 200);
    for (const L of [8, 15, 22]) {
      const surface = 1 / (1 + L * q * Math.tanh(10 * q));
      expect(Math.abs(flux(L) / (200 * q * Math.tanh(10 * q) * surface) - 1)).toBeLessThan(2e-3);
    }
  });

  it('is as thick as stated to a thousandth of a voxel, wherever it ends between two', () => {
    const film = 1 / flux(12) - 12 / 200;
    for (const L of [12.01, 12.3, 12.5, 12.8, 12.99, 17.4])
      expect(Math.abs(1 / flux(L) - L / 200 - film)).toBeLessThan(1.01e-3 / 200);
  });

  it('leaves the bulk beyond it, booked at the face', () => {
    const model = run(
      slab({
        food: '{ diffusivity: 200 um^2/s, initial: 0 mM, boundary: { top: { value: "1 mM * (1 + 0.1 * sin(time / (3 s)))" } } }',
        cells: EATING,
        domain: ', boundaryLayer: { face: top, thickness: 9.5 um }',
      }),
      20,
    );
    const bulk = MILLIMOLAR * (1 + 0.1 * Math.sin(20 / 3));
    for (let v = 0; v < model.fields[0].length; v++) {
      // The layer ends at 19.5 µm: the centre there is still in it.
      if (v < 6 * 20) expect(model.fields[0][v]).toBeLessThan(bulk * 1.1);
      else expect(model.fields[0][v]).toBeCloseTo(bulk, 5);
    }
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    expect(amount(model, 'food top')).toBeGreaterThan(0);
  });

  it('is as if the face stood there', () => {
    const food =
      '{ diffusivity: 200 um^2/s, decay: 0.01 /s, initial: 0 mM, solver: multigrid, boundary: { top: { value: 1 mM } } }';
    const far = run(
      slab({ food, cells: EATING, domain: ', boundaryLayer: { face: top, thickness: 10 um }' }),
      30,
    );
    const near = run(slab({ food, cells: EATING, height: 20 }), 30);
    for (let v = 0; v < near.fields[0].length; v++)
      expect(Math.abs(far.fields[0][v] - near.fields[0][v])).toBeLessThan(1e-7 * MILLIMOLAR);
    expect(amount(far, 'brick.eat') / amount(near, 'brick.eat')).toBeCloseTo(1, 9);
  });

  const MILLIMOLAR = 602214.076;
  const reactor = `bulk:
  reactor: { face: top, volume: 500 um^3, inflow: 900 um^3/s, influent: { food: 1 mM }, initial: { food: 0 mM } }`;

  it('leads to a reservoir, of which what lies beyond is a part', () => {
    const food = '{ diffusivity: 200 um^2/s, decay: 0.02 /s, initial: 0.2 mM }';
    const model = run(
      slab({
        food,
        cells: EATING,
        bulk: reactor,
        domain: ', boundaryLayer: { face: top, thickness: 10 um }',
      }),
      60,
    );
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    const held = model.bulk[0][0];
    for (let v = 6 * 20; v < model.fields[0].length; v++) expect(model.fields[0][v]).toBe(held);
    // In the steady state as much is brought in as flows out, decays in vessel and liquid (500 + 120 µm³) and enters the film.
    const entered = run(
      slab({
        food: food.replace('0.2 mM', '0 mM, boundary: { top: { value: 1 mM } }'),
        cells: EATING,
        height: 20,
      }),
      60,
    );
    const before = amount(entered, 'food top');
    const uptake = (amount(simulate(entered, { untilStep: 61 }), 'food top') - before) / MILLIMOLAR;
    const exact = 900 / (900 + 0.02 * 620 + uptake);
    expect(Math.abs(held / MILLIMOLAR / exact - 1)).toBeLessThan(1e-6);
  });

  it.each([
    ', splitting: lie',
    ', splitting: strang',
    ', schedule: strong',
    ', schedule: joint, hops: 100',
    ', schedule: monolithic',
  ])(
    'moves with a colony that grows, keeps the balance and resumes to the bit (%s)',
    coupling => {
      const text = slab({
        food: '{ diffusivity: 200 um^2/s, initial: 1 mM, film: { factor: 0.4, law: maxwell } }',
        bulk: reactor,
        domain: ', boundaryLayer: { face: top, thickness: 8 um }',
        rows: 3,
        step: '5 s',
        coupling,
        cells: `division: { sizer: { volume: 1.5 um^3 } }
    reactions: { eat: { equation: "1e4 field.food -> biomass", continuous: true, rate: "0.02 /s * biomass * field.food / (0.1 mM + field.food)" } }`,
      });
      const model = build(loadScenario(text));
      simulate(model, { untilStep: 10 });
      const bytes = saveSnapshot(model, 'x');
      const beyond = (one: Model) => one.fields[0].filter(c => c === one.bulk[0][0]).length;
      const early = beyond(model);
      simulate(model, { untilStep: 20 });
      expect(model.population.count).toBeGreaterThan(30);
      expect(beyond(model)).toBeLessThan(early);
      expect(beyond(model)).toBeGreaterThan(0);
      expect(model.balance.worstRelative()).toBeLessThan(1e-12);
      const resumed = build(loadScenario(text));
      restoreSnapshot(resumed, bytes, 'x');
      simulate(resumed, { untilStep: 20 });
      expect(stateHash(resumed)).toBe(stateHash(model));
    },
    30_000,
  );

  it('works in space, round obstacles and across a periodic boundary', () => {
    const text = `
cellfield: 1
title: Three dimensions
domain:
  size: [16 um, 12 um, 14 um]
  grid: [16, 12, 14]
  obstacles: [{ box: { from: [4 um, 4 um, 6 um], to: [7 um, 7 um, 14 um] } }]
  boundaryLayer: { face: front, thickness: 4 um }
time: { end: 20 s, step: 1 s }
fields:
  food: { diffusivity: 50 um^2/s, initial: 0 uM, film: { factor: 0.3, law: maxwell }, boundary: { x: periodic, y: periodic, front: { value: 10 uM } } }
cells:
  ball:
    shape: { sphere: { radius: 0.6 um } }
    ${EATING.replace('4 um', '1 um')}
population: [{ type: ball, count: 60, in: { box: { from: [0 um, 0 um, 0 um], to: [16 um, 12 um, 3 um] } } }]
balance: { tolerance: 1e-12 }
`;
    const model = run(text, 20);
    const { grid } = model.description;
    const [c] = model.fields;
    const bulk = 10 * 602.214076;
    let beyond = 0;
    for (let v = 0; v < c.length; v++) {
      if (grid.solid?.[v]) expect(c[v]).toBe(0);
      else if (Math.floor(v / 192) > 9) {
        beyond++;
        expect(c[v]).toBe(bulk);
      } else expect(c[v]).toBeLessThanOrEqual(bulk);
    }
    expect(beyond).toBe(4 * (192 - 9));
    // In the steady state what comes in is eaten.
    const [entered, eaten] = [amount(model, 'food front'), amount(model, 'ball.eat')];
    simulate(model, { untilStep: 21 });
    expect(amount(model, 'food front') - entered).toBeGreaterThan(0);
    expect((amount(model, 'food front') - entered) / (amount(model, 'ball.eat') - eaten)).toBeCloseTo(1, 2);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('is refused where it means nothing', () => {
    const fault = (text: string) => {
      try {
        loadScenario(text);
      } catch (error) {
        return error instanceof ScenarioError ? error.message : String(error);
      }
      return 'none';
    };
    const layer = (more: string) => ({ domain: `, boundaryLayer: { face: top, thickness: 10 um }${more}` });
    const open = '{ diffusivity: 1 um^2/s, initial: 0 mM, boundary: { top: { value: 1 mM } } }';
    expect(fault(slab({ food: open, ...layer('') }))).toBe('none');
    expect(fault(slab({ food: '{ diffusivity: 1 um^2/s, initial: 0 mM }', ...layer('') }))).toMatch(
      /no field has something behind its face `top`/,
    );
    expect(fault(slab({ food: open, ...layer(', flow: { x: 1 um/s }') }))).toMatch(
      /together with `domain.flow`/,
    );
    expect(fault(slab({ food: open, domain: ', boundaryLayer: { face: top, thickness: 1 um }' }))).toMatch(
      /less than two voxels/,
    );
    expect(fault(slab({ food: open.replace('1 mM }', '1 mM, transfer: 1 um/s }'), ...layer('') }))).toMatch(
      /a transfer layer before this face already/,
    );
    expect(fault(slab({ food: open.replace('}', ', film: { factor: 2 } }') }))).toMatch(/film/);
    expect(fault(slab({ food: '{ diffusivity: 1 um^2/s, initial: 0 mM, film: { factor: 2 } }' }))).toMatch(
      /film.factor: must be at most 1/,
    );
    expect(
      fault(slab({ food: '{ diffusivity: 1 um^2/s, initial: 0 mM, film: { factor: { brik: 0.2 } } }' })),
    ).toMatch(/there is no cell type `brik`/);
  });
});
