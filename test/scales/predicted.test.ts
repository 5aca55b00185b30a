import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import type { CouplingChoice, Description } from '../../src/engine/description/description.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { build } from '../../src/engine/run/build.ts';
import { type Comparison, compareCoupling } from '../../src/engine/run/compareCoupling.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { analyseScales } from '../../src/engine/scales/analyse.ts';
import { type ExchangeRates, longestStep, predictError } from '../../src/engine/scales/predictedError.ts';
import { splittingError } from '../../src/engine/scales/splitting.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { boxes, contents } from '../support/boxes.ts';

const WEAK = { schedule: 'weak', splitting: 'strang', kernel: 'nearest' } as const;

const rates = (changes: Partial<ExchangeRates> = {}): ExchangeRates => ({
  cell: 1,
  field: 1,
  stochastic: true,
  implicit: false,
  uptake: false,
  molecules: 2500,
  ...changes,
});

const compare = (description: Description, runs = 1): Comparison => {
  let clock = 0;
  const { steps } = description.time;
  return compareCoupling(description, { untilStep: steps, tolerance: 0.01, runs, now: () => ++clock });
};

describe('the error predicted of strong coupling', () => {
  // docs/numerics.md, Strong coupling: variance by Newton over the exact 1250, and its standard error.
  it.each([
    [0.1, 1124, 1145, 0.05],
    [2, 840, 1237, 0.06],
    [20, 577, 1299, 0.17],
  ])('is what was measured of 50 cells in a box at rate × step = %d', (total, end, midpoint, noise) => {
    for (const [by, measured] of [
      ['strong end', end],
      ['strong midpoint', midpoint],
    ] as const) {
      const { variance } = predictError(by, rates(), total / 2);
      expect(Math.abs(1 + (variance ?? Number.NaN) - measured / 1250)).toBeLessThan(3 * noise);
    }
  });

  it('has what few molecules cost the variance, within a factor of 2.5', () => {
    const strong: CouplingChoice = {
      schedule: 'strong',
      kernel: 'nearest',
      sees: 'midpoint',
      tolerance: 1e-6,
      acceleration: 'newton',
      relaxation: 1,
      iterations: 50,
    };
    const [copies, windows, total] = [200, 300, 0.2];
    for (const perBox of [6, 20]) {
      const model = createModel(boxes(copies, 1, perBox, 1, strong, { step: total / 2, steps: windows }));
      let [sum, squares, n] = [0, 0, 0];
      for (let i = 0; i < windows; i++) {
        advance(model);
        for (const x of i * total > 5 ? contents(model, 1) : []) {
          sum += x;
          squares += x * x;
          n++;
        }
      }
      const lost = 1 - (squares / n - (sum / n) ** 2) / (perBox / 4);
      const { firing, variance } = predictError(
        'strong midpoint',
        rates({ molecules: perBox / 2 }),
        total / 2,
      );
      expect(Math.abs(variance ?? 1)).toBeLessThan(1e-3);
      // Autocorrelation leaves about n total/2 independent values: standard error of the variance 1.6 %.
      expect(lost).toBeGreaterThan(firing / 2.5 - 0.03);
      expect(lost).toBeLessThan(2.5 * firing);
    }
  });
});

describe('predicted and measured by compare-coupling', () => {
  it('agree on the noise of an exchange of whole molecules, to a sixth of it', () => {
    const found = compare(boxes(100, 1, 60, 1, WEAK, { step: 0.5, steps: 48 }), 1);
    for (const name of [
      'weak lie',
      'weak strang',
      'strong end',
      'strong linear',
      'strong midpoint',
      'joint',
    ]) {
      for (const { difference, predicted } of found.candidates.find(c => c.name === name)?.runs ?? []) {
        const measured = difference.amounts.find(row => row.name === 'cell.A')?.spread ?? Number.NaN;
        // 100 boxes × 24 moments, about 1000 of them independent: 2.2 % each of the run and the reference.
        expect(Math.abs(measured - (predicted?.swing ?? Number.NaN))).toBeLessThan(
          0.08 + Math.abs(predicted?.swing ?? 0) / 6,
        );
      }
    }
    const swing = (name: string) =>
      found.candidates.find(c => c.name === name)?.runs[0].predicted?.swing ?? Number.NaN;
    expect(swing('weak strang')).toBeGreaterThan(0.2);
    expect(swing('strong end')).toBeLessThan(-0.08);
  });

  it('agree on how a continuous exchange relaxes, within a factor of 1.3', () => {
    const [step, steps, inside] = [0.25, 16, 0.2];
    const found = compare(boxes(3, 1, 100, 0.5, WEAK, { step, steps, continuous: true, inside }));
    for (const name of [
      'weak lie',
      'weak strang',
      'strong end',
      'strong linear',
      'strong midpoint',
    ] as const) {
      const { difference } = found.candidates.find(c => c.name === name)?.runs[0] ?? {};
      // Halves inside and outside: the steady content of a cell is 50, and off by half of the error of the ratio.
      const given = rates({ cell: 0.5, field: 0.5, stochastic: false, uptake: true });
      const { deviation, mean } = predictError(name, given, step);
      const exact = Math.exp(-step);
      const settled = 50 * (1 + Math.abs(mean));
      let off = 0;
      for (let n = steps / 2 + 1; n <= steps; n++) {
        const made = settled + (20 - settled) * (exact + deviation) ** n;
        off += (made - (50 - 30 * exact ** n)) / (steps / 2);
      }
      const measured = difference?.amounts.find(row => row.name === 'cell.A')?.mean ?? 0;
      const ratio = (measured * 50) / Math.abs(off);
      expect(ratio).toBeGreaterThan(1 / 1.3);
      expect(ratio).toBeLessThan(1.3);
    }
  });

  const REACTING = (step: string) =>
    loadScenario(`cellfield: 1
title: A source beside a fast enzyme
domain: { size: [10 um, 10 um], grid: [2, 2], thickness: 1 um }
time: { end: 12 s, step: ${step} }
fields:
  drug: { diffusivity: 1000 um^2/s, initial: 1 uM, boundary: { left: { flux: 10 uM*um/s } } }
reactions:
  hydrolysis: { equation: "drug ->", rate: 1 /s * field.drug }
`);

  it('agree on a field that reacts faster than the step, within a factor of 1.25', () => {
    const scenario = REACTING('2 s');
    const found = compare(scenario.description);
    const [{ runs }] = found.candidates;
    // Relative to the quarter step, which is off itself.
    const quarter = splittingError(1, 0.5);
    [2, 1].forEach((step, i) => {
      const expected = Math.abs((1 + splittingError(1, step)) / (1 + quarter) - 1);
      const ratio = runs[i].difference.fields[0].l2 / expected;
      expect(ratio).toBeGreaterThan(1 / 1.25);
      expect(ratio).toBeLessThan(1.25);
    });
    const [verdict] = analyseScales(build(scenario)).splitting;
    expect(verdict.between).toEqual(['hydrolysis', 'transport of drug']);
    expect(verdict.verdict).toBe('shorten the step');
    expect(verdict.error).toBeCloseTo(splittingError(1, 2), 10);
    const longest = verdict.longestStep ?? 0;
    expect(splittingError(1, longest)).toBeCloseTo(-0.05, 10);
    expect(analyseScales(build(REACTING('1 s'))).splitting[0].verdict).toBe('the step suffices');
  });
});

describe('parts of a step beside each other', () => {
  const colony = (growth: string, step: string, rate: string) =>
    analyseScales(
      build(
        loadScenario(`cellfield: 1
title: Growing
domain: { size: [100 um, 100 um], grid: [5, 5], thickness: 1 um }
time: { end: 1 h, step: ${step} }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    species: { X: 10 }
    growth: ${growth}
    division: { adder: { added: 1 um^3 } }
    reactions: { make: { equation: "-> X", rate: 5 /s }, lose: { equation: "X ->", k: 0.5 /s } }
population: [{ type: c, count: 100 }]
mechanics: { repulsion: soft, rate: ${rate} }
`),
      ),
    ).splitting;

  it('tell a circuit that settles long before cells grow, and how late they divide', () => {
    const [circuit, contacts] = colony('1e-3 /s', '2 s', '1 /s');
    expect(circuit.verdict).toBe('separated');
    expect(circuit.error).toBeCloseTo(1e-3, 12);
    expect(circuit.longestStep).toBeCloseTo(100, 8);
    expect(contacts.verdict).toBe('separated');
    // docs/numerics.md, Contact mechanics: 0.18 g N/k.
    expect(contacts.error).toBeCloseTo(0.018, 10);
  });

  it('tell growth as fast as the circuit, steps too long for it, contacts too slow', () => {
    expect(colony('0.1 /s', '0.1 s', '100 /s')[0].verdict).toBe('the step suffices');
    const [circuit, contacts] = colony('1e-2 /s', '30 s', '0.1 /s');
    expect([circuit.verdict, contacts.verdict]).toEqual(['shorten the step', 'not separated']);
    expect(contacts.reason).toContain('a mechanics.rate of 3.6 /s');
  });
});

describe('the longest step', () => {
  it('is where the error is what is allowed', () => {
    const h = longestStep('weak strang', rates(), 10, 0.05);
    expect(predictError('weak strang', rates(), h).worst).toBeCloseTo(0.05, 8);
    expect(longestStep('joint', rates(), 10, 0.05)).toBe(10);
  });
});

describe('schedule: auto', () => {
  const box = (molecules: number, step: string, method = '') =>
    loadScenario(`cellfield: 1
title: Boxes
domain: { size: [40 um, 10 um], grid: [4, 1], thickness: 1 um }
time: { end: 12 s, step: ${step} }
fields:
  A: { diffusivity: 1 um^2/s, initial: ${molecules / 200} /um^3 }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    species: { X: ${molecules / 2} }
    ${method}
    reactions:
      out: { equation: "X -> field.A", k: 1 /s }
      in: { equation: "field.A -> X", rate: 100 um^3/s * field.A }
population: [{ type: c, in: { points: [[5 um, 5 um], [15 um, 5 um], [25 um, 5 um], [35 um, 5 um]] } }]
mechanics: none
coupling: { schedule: auto, kernel: linear }
`);
  const chosen = (...given: Parameters<typeof box>) => build(box(...given)).description.coupling;

  it('iterates where that keeps the noise, and is joint where few molecules or a long step make it lose it', () => {
    expect(chosen(2000, '0.5 s')).toMatchObject({ schedule: 'strong', sees: 'midpoint', kernel: 'linear' });
    const few = chosen(8, '0.5 s');
    expect(few).toMatchObject({ schedule: 'joint', kernel: 'nearest' });
    expect(few.chosen).toMatch(/cells touch [34]\.?\d* molecules, and agree to within one/);
    const long = chosen(2000, '4 s');
    expect(long.schedule).toBe('joint');
    expect(long.chosen).toMatch(
      /iterated still by [\d.]+ % \(in the deviations\); as one network per voxel it is exact/,
    );
  });

  it('is monolithic where what flows is too fast for iteration, not where whole molecules pass', () => {
    const flowing = (step: string, continuous: boolean) =>
      build(
        loadScenario(`cellfield: 1
title: Stiff
domain: { size: [10 um, 10 um], grid: [1, 1], thickness: 1 um }
time: { end: 12 s, step: ${step} }
fields:
  A: { diffusivity: 50 um^2/s, initial: 10 /um^3 }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    species: { X: 1000 }
    reactions:
      out: { equation: "X -> field.A", continuous: ${continuous}, k: 1 /s }
      in: { equation: "field.A -> X", continuous: ${continuous}, rate: 25 um^3/s * field.A }
population: [{ type: c, count: 4 }]
mechanics: none
coupling: { schedule: auto }
`),
      );
    const model = flowing('0.75 s', true);
    expect(model.description.coupling).toMatchObject({ schedule: 'monolithic', kernel: 'linear' });
    expect(model.description.coupling.chosen).toMatch(/as one implicit system by [\d.e-]+ %/);
    expect(simulate(model).balance.worstRelative()).toBeLessThan(1e-12);
    expect(flowing('0.75 s', false).description.coupling.schedule).not.toBe('monolithic');
  });

  it('says which method stands in the way, and what step would do', () => {
    const fixed = chosen(2000, '0.5 s', 'method: tau-leaping');
    expect(fixed.schedule).toBe('weak');
    expect(fixed.chosen).toMatch(
      /no other schedule can be had \(c's method `tau-leaping` cannot be iterated/,
    );
    expect(fixed.chosen).toMatch(/one pass would do with steps of 0\.0\d+ s/);
  });
});
