import { describe, expect, it } from 'vitest';
import type { Description } from '../../src/engine/description/description.ts';
import { compareCoupling } from '../../src/engine/run/compareCoupling.ts';
import { createSurvey, differ } from '../../src/engine/run/survey.ts';
import { boxes } from '../support/boxes.ts';

const WEAK = { schedule: 'weak', splitting: 'strang', kernel: 'nearest' } as const;

function compare(description: Description, changes: { runs?: number; tolerance?: number } = {}) {
  let clock = 0;
  return compareCoupling(description, {
    untilStep: description.time.steps,
    tolerance: 0.01,
    runs: 1,
    now: () => ++clock,
    ...changes,
  });
}

describe('comparing couplings', () => {
  it('finds the order of each schedule on a diffusing line', () => {
    const line = boxes(6, 2, 120, 0.5, WEAK, {
      step: 0.2,
      steps: 10,
      continuous: true,
      diffusivity: 0.4,
      inside: 0.2,
    });
    const { candidates, stochastic, noise, reference } = compare(line);
    expect(stochastic).toBe(false);
    expect(noise).toBeNull();
    expect(reference).toBe('strong midpoint, step / 4');
    const orders = new Map(candidates.map(({ name, order }) => [name, order]));
    for (const [name, order] of [
      ['weak lie', 1],
      ['weak strang', 2],
      ['strong end', 1],
      ['strong linear', 2],
      ['strong midpoint', 2],
      ['monolithic', 2],
    ] as const) {
      expect(Math.abs((orders.get(name) ?? 0) - order)).toBeLessThan(0.25);
    }
    for (const { name, runs } of candidates) {
      expect(runs.map(({ step }) => step)).toEqual([0.2, 0.1, 0.05]);
      expect(runs[2].difference.worst).toBeLessThan(name.match(/lie|end/) ? 0.05 : 1e-3);
      if (/strong|monolithic/.test(name)) expect(runs[0].passes).toBeGreaterThan(1);
      else expect(runs[0].passes).toBe(1);
    }
  });

  it('sees in the swing of the total what weak coupling and the end of a window do to fluctuations', () => {
    const box = boxes(1, 10, 1000, 1, WEAK, { step: 1, steps: 300 });
    const { candidates, noise } = compare(box, { runs: 2 });
    const swing = (name: string) =>
      candidates
        .find(candidate => candidate.name === name)
        ?.runs[0].difference.amounts.find(a => a.name === 'cell.A')?.swing ?? Number.NaN;
    // √2 and √0.68 in the long run (docs/numerics.md), over the reference's; 300 moments each, so ± 6 % of the ratio.
    expect(noise?.worst).toBeGreaterThan(0);
    expect(swing('weak lie')).toBeGreaterThan(0.2);
    expect(swing('strong end')).toBeLessThan(0);
    expect(Math.abs(swing('joint'))).toBeLessThan(0.2);
  }, 30_000);

  it('says why a schedule cannot be compared, and chooses among the others', () => {
    const box = boxes(1, 2, 40, 1, WEAK, { step: 0.1, steps: 4 });
    const [type] = box.cellTypes;
    const { candidates, cheapest } = compare({ ...box, cellTypes: [{ ...type, method: 'tau-leaping' }] });
    const failed = candidates.filter(candidate => candidate.failed !== null);
    expect(failed.map(({ name }) => name)).toEqual([
      'strong end',
      'strong linear',
      'strong midpoint',
      'joint',
      'monolithic',
    ]);
    for (const candidate of failed.slice(0, 4)) expect(candidate.failed).toMatch(/tau-leaping/);
    expect(failed[4].failed).toMatch(/`out` exchanges whole molecules with a field/);
    expect(cheapest?.name ?? 'weak').toMatch(/weak/);
  });
});

describe('the difference of two surveys', () => {
  it('is relative, and of spreads the ratio less 1', () => {
    const description = boxes(2, 1, 40, 1, WEAK, { step: 1, steps: 1 });
    const look = (amounts: number[][], field: number[]) => {
      const survey = createSurvey(description);
      for (const [a, b] of amounts) {
        survey.add({
          population: {
            count: 2,
            stride: 2,
            type: Uint16Array.of(0, 0),
            amounts: Float64Array.of(0, a, 0, b),
          },
          fields: [Float64Array.from(field)],
        } as never);
      }
      return survey;
    };
    const difference = differ(
      look(
        [
          [2, 4],
          [6, 8],
        ],
        [3, 5],
      ),
      look(
        [
          [3, 5],
          [5, 7],
        ],
        [3, 4],
      ),
    );
    expect(difference.fields[0]).toEqual({ max: 0.25, l2: 0.2 });
    const row = difference.amounts.find(({ name }) => name === 'cell.A');
    expect(row?.mean).toBe(0);
    // Of 2, 4, 6, 8 and of 3, 5, 5, 7; of 3, 7 and of 4, 6.
    expect(row?.spread).toBeCloseTo(Math.sqrt(5 / 2) - 1, 12);
    expect(row?.swing).toBeCloseTo(1, 12);
    expect(difference.worst).toBeCloseTo(1, 12);
  });
});
