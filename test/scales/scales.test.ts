import { describe, expect, it } from 'vitest';
import type { Boundary } from '../../src/engine/fields/field.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { summarise } from '../../src/engine/run/summary.ts';
import { analyseScales } from '../../src/engine/scales/analyse.ts';
import { svgMap, textMap } from '../../src/engine/scales/map.ts';
import { domainTimes } from '../../src/engine/scales/processes.ts';
import { judge, type PairInput } from '../../src/engine/scales/verdicts.ts';
import { weakError } from '../../src/engine/scales/weakError.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { describeModel, fieldOf } from '../support/describe.ts';

const CLOSED: Boundary = { kind: 'no-flux' };
const HELD: Boundary = { kind: 'value', value: 1 };
const layer = (transfer: number): Boundary => ({ kind: 'transfer', transfer, value: 0 });

function timesWith(left: Boundary, right: Boundary): { mixing: number; leaving: number } {
  const field = fieldOf({ diffusivity: 50, boundary: [left, right, CLOSED, CLOSED, CLOSED, CLOSED] });
  return domainTimes(field, createGrid(2, [10, 4, 1], [40, 1, 1]));
}

describe('diffusion over a domain', () => {
  const unit = 40 ** 2 / 50;

  it('takes L²/(π² D) between closed and between held ends, 4 times that between one of each', () => {
    expect(timesWith(CLOSED, CLOSED).mixing).toBeCloseTo(unit / Math.PI ** 2, 10);
    expect(timesWith(CLOSED, CLOSED).leaving).toBe(Number.POSITIVE_INFINITY);
    expect(timesWith(HELD, HELD).leaving).toBeCloseTo(unit / Math.PI ** 2, 10);
    expect(timesWith(HELD, CLOSED).leaving).toBeCloseTo((4 * unit) / Math.PI ** 2, 10);
    expect(timesWith({ kind: 'periodic' }, { kind: 'periodic' }).mixing).toBeCloseTo(
      unit / (2 * Math.PI) ** 2,
      10,
    );
  });

  it('behind a layer follows k tan k = Bi, and k tan (k/2) = Bi with one at each end', () => {
    for (const transfer of [0.01, 1, 30, 1e4]) {
      const biot = (transfer * 40) / 50;
      const one = Math.sqrt(unit / timesWith(CLOSED, layer(transfer)).leaving);
      expect(one * Math.tan(one)).toBeCloseTo(biot, 6);
      const both = Math.sqrt(unit / timesWith(layer(transfer), layer(transfer)).leaving);
      expect((both * Math.tan(both / 2)) / biot).toBeCloseTo(1, 8);
    }
  });

  it('appears in the report of a field alone, and nothing else does', () => {
    const model = createModel(
      describeModel({
        grid: createGrid(2, [20, 20, 1], [100, 100, 1]),
        fields: [fieldOf({ diffusivity: 25, decay: 0.1 })],
        population: [],
      }),
    );
    const { processes } = analyseScales(model);
    const times = Object.fromEntries(processes.map(({ name, time }) => [name, time]));
    expect(times['diffusion over the domain']).toBeCloseTo(400 / Math.PI ** 2, 10);
    expect(times['diffusion across a voxel']).toBeCloseTo(1 / Math.PI ** 2, 10);
    expect(times.decay).toBe(10);
    expect(Object.keys(times)).toHaveLength(5);
  });
});

const scenario = (cells: string, rest = '', step = '0.1 s') =>
  loadScenario(`cellfield: 1
title: Scales
domain: { size: [100 um, 100 um], grid: [25, 25], thickness: 1 um }
time: { end: 10 s, step: ${step} }
fields:
  A: { diffusivity: 100 um^2/s, initial: 2 /um^3 }
cells:
${cells}
mechanics: none
${rest}`);

const circuit = (species: string, reactions: string) =>
  build(
    scenario(
      `  c: { shape: { disc: { radius: 0.5 um } }, species: ${species}, reactions: ${reactions} }`,
      'population: [{ type: c, count: 3 }]',
    ),
  );

describe('what else a field goes through', () => {
  const report = (domain: string, more: string) =>
    analyseScales(
      build(
        loadScenario(`
cellfield: 1
title: turnover
domain: { size: [40 um, 40 um], grid: [8, 8], thickness: 1 um ${domain} }
time: { end: 10 s, step: 1 s }
${more}
cells: { c: { shape: { disc: { radius: 1 um } }, reactions: { take: { equation: "field.A ->", rate: 2 um^3/s * field.A } } } }
population: [{ type: c, count: 8 }]
`),
      ),
    );
  const timesOf = ({ processes }: ReturnType<typeof report>) =>
    Object.fromEntries(processes.map(({ of, name, time }) => [`${of}: ${name}`, time]));
  const fields = (rest = '') => `fields:
  A: { diffusivity: 50 um^2/s, initial: 2 uM ${rest} }
  B: { diffusivity: 50 um^2/s, initial: 1 uM }`;

  it('by reactions: 1/|ν ∂r/∂c| where free, and that counts as a loss', () => {
    const found = report(
      ', obstacles: [{ box: { from: [0 um, 0 um], to: [40 um, 20 um] } }]',
      `${fields()}
reactions:
  pair: { equation: 2 A + B -> B, k: 0.25 /uM^2/s }
  back: { equation: B -> A, rate: 0.1 /s * B }`,
    );
    // By A: 2 · 0.25 · 2 · [A] [B] = 2 /s; by B, which pair leaves alone: 0.1 /s.
    expect(timesOf(found)['A: pair reaction']).toBeCloseTo(0.5, 10);
    expect(timesOf(found)['B: back reaction']).toBeCloseTo(10, 10);
    expect(timesOf(found)).not.toHaveProperty('B: pair reaction');
    const uptake = timesOf(found)['A: depletion of the domain by cells'];
    expect(found.fields[0].couplingStrength).toBeCloseTo(1 / uptake / (1 / uptake + 2), 10);
  });

  it('by the flow: length over mean speed, a loss where it can pass both ends', () => {
    const through = report(
      ', flow: { x: "y < 20 um ? 10 um/s : 30 um/s" }',
      fields(', boundary: { left: { value: 1 uM }, right: outflow }'),
    );
    expect(timesOf(through)['A: flow through the domain']).toBeCloseTo(2, 10);
    const rates = timesOf(through);
    const uptake = 1 / rates['A: depletion of the domain by cells'];
    const leaving = 1 / rates['A: loss through the faces'];
    expect(through.fields[0].couplingStrength).toBeCloseTo(uptake / (uptake + leaving + 0.5), 10);
  });

  it('by the inflow of its reservoir: V/Q', () => {
    const bulk = 'bulk: { tank: { face: top, volume: 1 nL, inflow: 0.2 nL/s, initial: { A: 1 uM } } }';
    expect(timesOf(report('', `${fields()}\n${bulk}`))['tank: renewal by inflow']).toBeCloseTo(5, 10);
  });
});

describe('relaxation of circuits', () => {
  const relaxationOf = (species: string, reactions: string) =>
    analyseScales(circuit(species, reactions)).circuits[0].relaxation ?? [];

  it('is that of the eigenvalues of a chain', () => {
    const times = relaxationOf(
      '{ X: 5, Y: 3 }',
      '{ make: { equation: "-> X", rate: 2 /s }, on: { equation: "X -> Y", k: 4 /s }, off: { equation: "Y ->", k: 0.1 /s } }',
    );
    expect(times).toHaveLength(2);
    expect(times[0]).toBeCloseTo(0.25, 10);
    expect(times[1]).toBeCloseTo(10, 10);
  });

  it('leaves out what a conserved sum forbids', () => {
    const times = relaxationOf(
      '{ X: 5, Y: 3 }',
      '{ on: { equation: "X -> Y", k: 2 /s }, off: { equation: "Y -> X", k: 3 /s } }',
    );
    expect(times).toHaveLength(1);
    expect(times[0]).toBeCloseTo(0.2, 10);
  });

  it('counts dilution by growth: 1/(decay + growth rate)', () => {
    const model = build(
      scenario(
        `  c:
    shape: { disc: { radius: 0.5 um } }
    species: { X: 5 }
    growth: 0.3 /s
    division: { sizer: { volume: 2 um^3 } }
    reactions: { make: { equation: "-> X", rate: 2 /s }, off: { equation: "X ->", k: 0.2 /s } }`,
        'population: [{ type: c, count: 3 }]',
      ),
    );
    expect(analyseScales(model).circuits[0].relaxation?.[0]).toBeCloseTo(2, 10);
  });
});

describe('steady states', () => {
  const states = (species: string, reactions: string) =>
    analyseScales(circuit(species, reactions)).circuits[0].steadyStates ?? [];
  const toggle = (n: number) =>
    `{ u: { equation: "-> U", rate: "50 /s / (1 + (V / 20)^${n})" }, v: { equation: "-> V", rate: "50 /s / (1 + (U / 20)^${n})" },
       du: { equation: "U ->", k: 1 /s }, dv: { equation: "V ->", k: 1 /s } }`;

  it('of a toggle switch are two stable ones and the saddle between them', () => {
    const found = states('{ U: 0, V: 0 }', toggle(2));
    expect(found.map(({ stable }) => stable)).toEqual([true, false, true]);
    const [low, middle, high] = found.map(({ amounts }) => [amounts.U, amounts.V]);
    // U + V = 50 and U V = 400 off the diagonal, from U (1 + V²/K²) = V (1 + U²/K²) = 50.
    expect(low[0] + low[1]).toBeCloseTo(50, 5);
    expect(low[0] * low[1]).toBeCloseTo(400, 4);
    expect(high[0]).toBeCloseTo(low[1], 5);
    expect(middle[0] * (1 + (middle[0] / 20) ** 2)).toBeCloseTo(50, 6);
  });

  it('of a toggle without cooperation is one', () => {
    expect(states('{ U: 0, V: 0 }', toggle(1)).map(({ stable }) => stable)).toEqual([true]);
  });

  it('under a conserved sum lie within it: positive feedback on 100 molecules', () => {
    // dY/dt = (0.05 + 4 Y²/(40² + Y²)) X − Y with X = 100 − Y.
    const found = states(
      '{ X: 100, Y: 0 }',
      '{ on: { equation: "X -> Y", rate: "(0.05 + 4 * hill(Y, 40, 4)) * X * 1 /s" }, off: { equation: "Y -> X", k: 1 /s } }',
    );
    expect(found.filter(({ stable }) => stable)).toHaveLength(2);
    for (const { amounts } of found) {
      const { X, Y } = amounts;
      expect(X + Y).toBeCloseTo(100, 8);
      expect((0.05 + 4 * (Y ** 4 / (40 ** 4 + Y ** 4))) * X - Y).toBeCloseTo(0, 6);
    }
  });
});

describe('dimensionless groups', () => {
  it('of a uniform colony: φ = R √(κ/D), Damköhler II its square', () => {
    const model = build(
      scenario(
        '  c: { shape: { disc: { radius: 0.5 um } }, reactions: { eat: { equation: "field.A ->", continuous: true, rate: "3 um^3/s * field.A" } } }',
        'population: [{ type: c, in: { lattice: { from: [30 um, 30 um], to: [70 um, 70 um], counts: [20, 20] } } }]',
      ),
    );
    const { fields, colony } = analyseScales(model);
    // A square of side 40 has ⟨r²⟩ = 40²/6 (1 − 1/20²); the disc with it R² = 2⟨r²⟩.
    const radius = Math.sqrt((40 ** 2 / 3) * (1 - 1 / 400));
    expect(colony?.radius).toBeCloseTo(radius, 8);
    const kappa = (400 * 3) / (Math.PI * radius ** 2);
    expect(fields[0].thiele).toBeCloseTo(radius * Math.sqrt(kappa / 100), 8);
    expect(fields[0].damkohler2).toBeCloseTo((kappa * radius ** 2) / 100, 8);
    expect(fields[0].couplingStrength).toBe(1);
    expect(fields[0].biot).toBeNull();
  });
});

describe('the error predicted of weak coupling', () => {
  // docs/numerics.md, Limits of weak coupling: variance over the exact one, standard error 0.022.
  const rates = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2];
  const measured = {
    lie: [1.01, 1.01, 1.07, 1.12, 1.31, 1.62, 1.9],
    strang: [1.01, 1.02, 1.13, 1.28, 1.47, 1.63, 1.79],
  };
  it.each(['lie', 'strang'] as const)(
    'is what was measured of %s, within three standard errors',
    splitting => {
      rates.forEach((rate, i) => {
        const { variance } = weakError(0.5, 0.5, rate, splitting);
        expect(Math.abs(1 + variance - measured[splitting][i])).toBeLessThan(3 * 0.022);
      });
    },
  );

  it('is none where nothing comes back, and infinite where deviations grow', () => {
    expect(weakError(1, 0, 5, 'lie').variance).toBe(0);
    expect(weakError(1, 3, 5, 'lie').variance).toBe(Number.POSITIVE_INFINITY);
    // Without a way out of the cell the content of a voxel follows 1 − b H.
    expect(weakError(0, 1, 0.5, 'lie').variance).toBeCloseTo(1 / 0.75 - 1, 6);
  });
});

const BOX = (step: string, coupling = '{ schedule: auto }') =>
  loadScenario(`cellfield: 1
title: Box
domain: { size: [10 um, 10 um], grid: [1, 1], thickness: 1 um }
time: { end: 10 s, step: ${step} }
fields:
  A: { diffusivity: 100 um^2/s, initial: 25 /um^3 }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    species: { X: 50 }
    reactions:
      out: { equation: "X -> field.A", k: 1 /s }
      in: { equation: "field.A -> X", rate: 2 um^3/s * field.A }
population: [{ type: c, count: 50 }]
mechanics: none
coupling: ${coupling}
`);

describe('verdicts', () => {
  it('measure both rates of an exchange, of all cells in a voxel together', () => {
    const [pair] = analyseScales(build(BOX('0.5 s'))).pairs;
    // 1 /s out of a cell, 50 × 2 µm³/s of 100 µm³ out of the box.
    expect(pair.rateTimesStep).toBeCloseTo(1, 8);
    expect(pair.varianceError).toBeCloseTo(weakError(1, 1, 0.5, 'strang').variance, 8);
    expect(pair.verdict).toBe('couple strongly');
  });

  const input: PairInput = {
    field: 'A',
    type: 'c',
    exchange: {
      type: 0,
      field: 0,
      cellRate: 0.01,
      permeability: 1,
      throughput: 1,
      concentration: 100,
      stochastic: true,
      wholeTaken: true,
      uptake: false,
      implicit: false,
    },
    depletion: { voxel: 0.01, step: 0.01, domain: 0.01 },
    step: 0.1,
    voxelVolume: 100,
    splitting: 'strang',
    fieldTime: 10,
    circuitTimes: { shortest: 5, longest: 50 },
    stableStates: 1,
  };

  it('call separate what is twenty times apart, in both directions, and not what is nearer', () => {
    expect(judge(input).verdict).toBe('weak coupling suffices');
    expect(judge({ ...input, fieldTime: 0.2 }).verdict).toBe('separated');
    expect(judge({ ...input, fieldTime: 0.3 }).verdict).toBe('weak coupling suffices');
    expect(judge({ ...input, fieldTime: 1100 }).verdict).toBe('separated');
    expect(judge({ ...input, fieldTime: 900 }).verdict).toBe('weak coupling suffices');
  });

  it('do not call a fast circuit quasi-steady where it has two states to settle in', () => {
    const twoStates = judge({ ...input, fieldTime: 1100, stableStates: 2 });
    expect(twoStates.verdict).toBe('weak coupling suffices');
    expect(twoStates.reason).toMatch(/2 stable states/);
    expect(judge({ ...input, fieldTime: 1100, stableStates: null }).verdict).toBe('weak coupling suffices');
  });
});

describe('schedule: auto', () => {
  it('chooses by the step, says why, and runs as if the scenario had said so', () => {
    const weak = simulate(build(BOX('0.02 s')));
    expect(weak.description.coupling.schedule).toBe('weak');
    const strong = simulate(build(BOX('0.5 s')));
    expect(summarise(strong).coupling).toEqual({
      schedule: 'strong',
      reason: expect.stringContaining('exchange rate × step = 1'),
    });
    expect(stateHash(strong)).toBe(stateHash(simulate(build(BOX('0.5 s', '{ schedule: strong }')))));
    expect(stateHash(weak)).toBe(stateHash(simulate(build(BOX('0.02 s', '{ schedule: weak }')))));
  });

  it('leaves the model as it was when it looks', () => {
    const model = simulate(build(BOX('0.5 s', '{ schedule: weak }')), { untilStep: 5 });
    const before = stateHash(model);
    analyseScales(model);
    expect(stateHash(model)).toBe(before);
  });
});

describe('the map', () => {
  it('has a row for every process, in order, with the step across all', () => {
    const report = analyseScales(build(BOX('0.5 s')));
    const lines = textMap(report, 40, String);
    expect(lines).toHaveLength(report.processes.length + 1);
    const places = lines.slice(1).map(line => line.indexOf('●'));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const step = lines.find(line => line.startsWith('coupling step')) as string;
    for (const line of lines.slice(1)) expect(line[step.indexOf('●')]).toMatch(/[|●]/);
    const svg = svgMap(report, 'a < b', String);
    expect(svg.match(/<circle/g)).toHaveLength(report.processes.length);
    expect(svg).toContain('a &lt; b');
  });
});

describe('a fast circuit beside a slow field', () => {
  // The field forgets by its decay alone, in 2000 s; the circuits settle within seconds.
  const verdictOf = (species: string, reactions: string) =>
    analyseScales(
      build(
        loadScenario(`cellfield: 1
title: Fast circuit
domain: { size: [100 um, 100 um], grid: [5, 5], thickness: 1 um }
time: { end: 10 s, step: 0.1 s }
fields:
  A: { diffusivity: 100 um^2/s, decay: 5e-4 /s, initial: 1 nM }
cells:
  c: { shape: { disc: { radius: 0.5 um } }, species: ${species}, reactions: ${reactions} }
population: [{ type: c, count: 3 }]
mechanics: none
`),
      ),
    );
  const give = (by: string) => `give: { equation: "${by} -> ${by} + field.A", k: 0.01 /s }`;

  it('is quasi-steady where it has one state to settle in: birth and death, a toggle without cooperation', () => {
    const birthDeath = `{ make: { equation: "-> X", rate: 20 /s }, lose: { equation: "X ->", k: 1 /s }, ${give('X')} }`;
    const found = verdictOf('{ X: 3 }', birthDeath);
    expect(found.circuits[0].steadyStates).toEqual([{ stable: true, amounts: { X: expect.closeTo(20, 6) } }]);
    expect(found.pairs[0].verdict).toBe('separated');
    const toggle = `{ u: { equation: "-> U", rate: 50 /s / (1 + V / 20) }, v: { equation: "-> V", rate: 50 /s / (1 + U / 20) },
      du: { equation: "U ->", k: 1 /s }, dv: { equation: "V ->", k: 1 /s }, ${give('U')} }`;
    expect(verdictOf('{ U: 0, V: 0 }', toggle).pairs[0].verdict).toBe('separated');
  });

  it('is not, of a toggle switch', () => {
    const toggle = `{ u: { equation: "-> U", rate: 50 /s / (1 + (V / 20)^2) }, v: { equation: "-> V", rate: 50 /s / (1 + (U / 20)^2) },
      du: { equation: "U ->", k: 1 /s }, dv: { equation: "V ->", k: 1 /s }, ${give('U')} }`;
    const [pair] = verdictOf('{ U: 0, V: 0 }', toggle).pairs;
    expect(pair.verdict).toBe('weak coupling suffices');
    expect(pair.reason).toMatch(/one of 2 stable states/);
  });

  it('is not, of Schlögl’s reactions', () => {
    // dx/dt = 0.015 x² − x³/60000 + 200 − 3.5 x
    const schloegl = `{ up: { equation: "2 X -> 3 X", rate: "0.015 /s * X * X" }, down: { equation: "3 X -> 2 X", rate: "X^3 / 6e4 * 1 /s" },
      in: { equation: "-> X", rate: 200 /s }, out: { equation: "X ->", k: 3.5 /s }, ${give('X')} }`;
    const { circuits, pairs } = verdictOf('{ X: 250 }', schloegl);
    const states = circuits[0].steadyStates ?? [];
    expect(states.map(({ stable }) => stable)).toEqual([true, false, true]);
    for (const { X } of states.map(({ amounts }) => amounts))
      expect((0.015 * X ** 2 - X ** 3 / 6e4 + 200 - 3.5 * X) / (3.5 * X)).toBeCloseTo(0, 6);
    expect(pairs[0].verdict).toBe('weak coupling suffices');
    expect(pairs[0].reason).toMatch(/one of 2 stable states/);
  });
});
