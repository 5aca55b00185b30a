import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { BASE, edited } from './base.ts';

const MINIMAL = `cellfield: 1
title: Least
domain: { size: [10 um, 20 um, 30 um], grid: [1, 2, 3] }
time: { end: 1 h, step: 1 s }
`;

describe('a loaded scenario', () => {
  it('has defaults for what a file leaves out', () => {
    const { description, warnings, text } = loadScenario(MINIMAL);
    expect(description).toEqual({
      title: 'Least',
      description: '',
      seed: '1',
      grid: {
        dimensions: 3,
        cells: [1, 2, 3],
        size: [10, 20, 30],
        spacing: [10, 10, 10],
        periodic: [false, false, false],
        voxels: 6,
        voxelVolume: 1000,
      },
      time: { step: 1, steps: 3600, recordEvery: 36 },
      fields: [],
      cellTypes: [],
      population: [],
      mechanics: null,
      coupling: { schedule: 'weak', splitting: 'strang', kernel: 'linear' },
      balance: { tolerance: 1e-10, onBreach: 'stop' },
    });
    expect(warnings).toEqual([]);
    expect(text).toBe(MINIMAL);
  });

  it('has every section in engine units', () => {
    const { fields, cellTypes, population, ...rest } = loadScenario(BASE).description;
    expect(rest).toMatchObject({
      seed: '7',
      time: { step: 1, steps: 600, recordEvery: 10 },
      mechanics: { repulsion: 'soft', rate: 0.1, adhesion: 0, range: 0 },
      coupling: { schedule: 'weak', splitting: 'lie', kernel: 'nearest' },
      balance: { tolerance: 1e-9, onBreach: 'warn' },
    });
    const held = { kind: 'value', value: 3011070.38 };
    const closed = { kind: 'no-flux' };
    expect(fields[1]).toEqual({
      name: 'food',
      diffusivity: 600,
      decay: 0,
      initial: { kind: 'number', value: 3011070.38 },
      boundary: [closed, closed, closed, held, closed, closed],
    });
    const [rod] = cellTypes;
    const biomass = Math.PI * 0.36 * 300;
    expect(rod.circuit.species).toEqual([
      { name: 'biomass', initial: expect.closeTo(biomass, 9), continuous: true },
      { name: 'A', initial: 10, continuous: false },
      { name: 'B', initial: 0, continuous: false },
    ]);
    expect(rod.circuit.reactions.map(r => [r.name, r.continuous])).toEqual([
      ['make', false],
      ['leak', false],
      ['feed', true],
    ]);
    expect(rod.division).toEqual({ kind: 'adder', volume: 1, noise: 0.1, asymmetry: 0 });
    expect(rod.death?.releases).toHaveLength(1);
    expect(population).toEqual([
      { type: 0, count: 10, region: { kind: 'disc', centre: [50, 25, 0.5], radius: 5 }, amounts: [[2, 3]] },
    ]);
  });

  it('takes growth as a continuous reaction on biomass', () => {
    const { description } = loadScenario(edited('    division:', '    growth: 0.6 /min\n    division:'));
    expect(description.cellTypes[0].circuit.reactions[0]).toEqual({
      name: 'growth',
      equation: '-> biomass',
      reactants: [],
      products: [{ in: 'cell', index: 0, coefficient: 1, exact: '1' }],
      rate: {
        kind: 'binary',
        operator: '*',
        left: { kind: 'number', value: expect.closeTo(0.01, 15) },
        right: { kind: 'variable', variable: { of: 'species', index: 0 } },
      },
      continuous: true,
    });
  });

  it('makes species real-valued that a continuous reaction changes', () => {
    const text = edited('"-> A", rate', '"-> 1/2 A", continuous: true, rate').replace('A: 10', 'A: 10.5');
    const { species } = loadScenario(text).description.cellTypes[0].circuit;
    expect(species.map(one => one.continuous)).toEqual([true, true, false]);
    expect(species[1].initial).toBe(10.5);
  });

  it('lets a face override its axis, and an axis all faces', () => {
    const boundary = '{ all: { value: 1 nM }, x: no-flux, left: { value: 2 nM } }';
    const text = edited('{ top: { value: 5 mM } }', boundary);
    const faces = loadScenario(text).description.fields[1].boundary;
    expect(faces.map(face => (face.kind === 'value' ? face.value : face.kind))).toEqual([
      2 * 0.602214076,
      'no-flux',
      0.602214076,
      0.602214076,
      'no-flux',
      'no-flux',
    ]);
  });

  it('wraps the domain where every field is periodic', () => {
    const text = edited('{ top: { value: 5 mM } }', '{ x: periodic }').replace(
      'initial: 0 nM',
      'initial: 0 nM, boundary: { left: periodic, right: periodic }',
    );
    expect(loadScenario(text).description.grid.periodic).toEqual([true, false, false]);
  });

  it('says how it is best looked at, and runs no differently for it', () => {
    const plain = loadScenario(BASE);
    expect(plain.view).toEqual({ fields: null, cells: null, slice: null });
    const written = (view: string) => loadScenario(`${BASE}view: ${view}\n`);
    const { view, description } = written('{ field: [food, AHL], cells: rod.A, as: concentration }');
    expect(view).toEqual({
      fields: [1, 0],
      cells: { by: 'species', type: 0, species: 1, as: 'concentration' },
      slice: null,
    });
    expect(description).toEqual(plain.description);
    expect(written('{ field: food, cells: rod.biomass }').view).toEqual({
      fields: [1],
      cells: { by: 'species', type: 0, species: 0, as: 'amount' },
      slice: null,
    });
    expect(written('{ field: [], cells: growth }').view).toEqual({
      fields: [],
      cells: { by: 'growth' },
      slice: null,
    });
  });

  it.each([
    ['0 um', 0],
    ['9.9 um', 0],
    ['top / 3', 1],
    ['top', 2],
  ])('shows the plane at %s', (slice, index) => {
    const parameters = slice.includes('top') ? 'parameters: { top: 30 um }\n' : '';
    const { view, warnings } = loadScenario(`${MINIMAL}${parameters}view: { slice: ${slice} }\n`);
    expect(view.slice).toBe(index);
    expect(warnings).toEqual([]);
  });

  it('shows no plane outside the domain', () => {
    expect(() => loadScenario(`${MINIMAL}view: { slice: 31 um }\n`)).toThrow(
      /view\.slice: lies outside the domain \(got `31 um`\); allowed: 0 um to 30 um/,
    );
  });

  it('takes a sphere that fits into the slab', () => {
    const { description } = loadScenario(edited('disc: { radius: 0.6 um }', 'sphere: { radius: 0.5 um }'));
    expect(description.cellTypes[0].circuit.species[0].initial).toBeCloseTo(
      (4 / 3) * Math.PI * 0.125 * 300,
      9,
    );
  });

  it.each([
    ['domain', { kind: 'domain' }, 'count: 10, in: domain'],
    [
      'box',
      { kind: 'box', from: [1, 2, 0.5], to: [3, 4, 0.5] },
      'count: 3, in: { box: { from: [1 um, 2 um], to: [3 um, 4 um] } }',
    ],
    ['points', { kind: 'points', points: [[1, 2, 0.5]] }, 'in: { points: [[1 um, 2 um]] }'],
    [
      'lattice',
      { kind: 'lattice', from: [1, 2, 0.5], to: [3, 4, 0.5], counts: [2, 3, 1] },
      'in: { lattice: { from: [1 um, 2 um], to: [3 um, 4 um], counts: [2, 3] } }',
    ],
  ])('places cells in a %s', (kind, region, text) => {
    const [placement] = loadScenario(
      edited('count: 10, in: { disc: { centre: [50 um, 25 um], radius: 5 um } }', text),
    ).description.population;
    expect(placement.region).toEqual(region);
    expect(placement.count).toBe({ domain: 10, box: 3, points: 1, lattice: 6 }[kind]);
  });

  it('pushes cells apart by default only where they change size', () => {
    const still = edited('mechanics: { repulsion: soft, rate: 0.1 /s }\n', '');
    expect(loadScenario(still).description.mechanics).toMatchObject({ repulsion: 'soft', rate: 0.05 });
    const constant = still.replace(/ {6}feed: .*\n/, '').replace(/ {4}division: .*\n/, '');
    expect(loadScenario(constant).description.mechanics).toBeNull();
    expect(loadScenario(`${still}mechanics: none\n`).description.mechanics).toBeNull();
  });

  it('accepts times that are whole multiples only up to rounding', () => {
    const time = 'time: { end: 10 min, step: 1 s, record: 10 s }';
    const { description } = loadScenario(edited(time, 'time: { end: 0.3 s, step: 0.1 s, record: 0.1 s }'));
    expect(description.time).toEqual({ step: 0.1, steps: 3, recordEvery: 1 });
  });

  it('warns of what is probably a mistake', () => {
    const text = edited('k: 0.1 /s', 'k: 0.1 /s, idle: 3')
      .replace('"-> A"', '"A -> A"')
      .replace('adder: { added: 1 um^3, noise: 0.1 }', 'sizer: { volume: 1 um^3 }')
      .replace('radius: 5 um } }', 'radius: 1.8 um } }');
    const warnings = loadScenario(text).warnings.map(
      ({ path, line, message }) => `${line} ${path} ${message}`,
    );
    expect(warnings).toEqual([
      '15 cells.rod.reactions.make changes nothing: both sides are the same',
      '18 cells.rod.division happens at once: a new cell is larger than the volume at division',
      '21 population[0].count more cells than fit into the region without overlap',
      '4 parameters.idle is not used',
    ]);
  });
});

describe('overrides', () => {
  it('set values before anything is checked', () => {
    const set = [
      'time.end=20 s',
      'parameters.k=0.2 /s',
      'population[0].count=4',
      'cells.rod.death.rate=2 /s',
      'balance.onBreach=stop',
    ];
    const { description } = loadScenario(edited('end: 10 min', 'end: nonsense'), { set, seed: '042' });
    expect(description.time.steps).toBe(20);
    expect(description.population[0].count).toBe(4);
    expect(description.seed).toBe('042');
    expect(description.balance.onBreach).toBe('stop');
    expect(description.cellTypes[0].death?.hazard).toEqual({ kind: 'number', value: 2 });
    expect(description.cellTypes[0].circuit.reactions[1].rate).toMatchObject({ left: { value: 0.2 } });
  });

  it('make optional sections that the file left out', () => {
    const set = [
      'coupling.kernel=nearest',
      'fields.O2={ diffusivity: 2000 um^2/s, initial: 0.2 mM }',
      'fields.O2.decay=1 /h',
    ];
    const { description } = loadScenario(MINIMAL, { set });
    expect(description.coupling.kernel).toBe('nearest');
    expect(description.fields[0]).toMatchObject({ name: 'O2', decay: 1 / 3600 });
  });

  it('leave a resolved text that gives the same description', () => {
    const set = [
      'parameters.k=0.3 /s',
      'description="a: b # c"',
      'population.0.in=domain',
      'cells.rod.species.C=4',
    ];
    const first = loadScenario(BASE, { set, seed: 'seven: 7' });
    const again = loadScenario(first.text);
    expect(again.description).toEqual(first.description);
    expect(again.text).toBe(first.text);
    expect(first.description.seed).toBe('seven: 7');
  });
});

describe('shipped scenarios', () => {
  const folder = new URL('../../scenarios/', import.meta.url);
  it.each(readdirSync(folder).filter(name => name.endsWith('.yaml')))('%s loads without warnings', name => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const files = (path: string) => readFileSync(new URL(path, folder), 'utf8');
    const { description, warnings } = loadScenario(text, { file: name, files });
    expect(warnings).toEqual([]);
    const resolved = loadScenario(text, { files, set: ['time.step=0.01 s'] }).text;
    expect(loadScenario(resolved, { set: [`time.step=${description.time.step} s`] }).description).toEqual(
      description,
    );
  });
});
