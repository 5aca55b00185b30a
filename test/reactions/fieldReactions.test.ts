import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import { build, loadScenario, type Model, RunFailure, stateHash } from '../../src/engine/index.ts';
import { restoreSnapshot, saveSnapshot } from '../../src/engine/model/snapshot.ts';

/** Molecules/µm³ in 1 µM. */
const MICROMOLAR = 602.214076;
const STILL = '0 um^2/s';

interface Parts {
  readonly fields: Readonly<Record<string, readonly [diffusivity: string, initial: string]>>;
  readonly reactions: string;
  readonly step?: string;
  readonly end?: string;
  readonly grid?: string;
  readonly rest?: string;
  readonly domain?: string;
}

function text({
  fields,
  reactions,
  step = '1 s',
  end = '1000 s',
  grid = '[4, 3]',
  rest = '',
  domain = '',
}: Parts) {
  const listed = Object.entries(fields).map(
    ([name, [diffusivity, initial]]) => `  ${name}: { diffusivity: ${diffusivity}, initial: "${initial}" }`,
  );
  return `cellfield: 1
title: Reactions
domain: { size: [20 um, 10 um], grid: ${grid}, thickness: 1 um${domain} }
time: { end: ${end}, step: ${step} }
fields:
${listed.join('\n')}
reactions:
${reactions}
${rest}`;
}

function run(parts: Parts, steps: number, generateCode = true): Model {
  const model = build(loadScenario(text(parts)), { generateCode });
  for (let i = 0; i < steps; i++) advance(model);
  return model;
}

/** Concentration of a field in one voxel, µM. */
function at(model: Model, field: number, voxel = 0): number {
  return model.fields[field][voxel] / MICROMOLAR;
}

function failureOf(parts: Parts, steps: number): string {
  try {
    run(parts, steps);
    return 'none';
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    return `${error.kind}: ${error.message}`;
  }
}

const PAIR = {
  fields: {
    a: ['200 um^2/s', '2 uM * exp(-x / (5 um))'],
    b: ['100 um^2/s', '1 uM * exp(-y / (5 um))'],
    c: ['50 um^2/s', '0.1 uM'],
  },
} as const;

function pair(rate: string): string {
  return `  bind: { equation: a + b -> c, k: ${rate} /uM/s }\n  part: { equation: c -> a + b, k: ${rate} /s }`;
}

describe('reactions of fields with one another', () => {
  it.each([0.03, 0.7, 5, 40, 1e3, 1e6, 1e9])('turns A into B at %s /s as the exact law says', k => {
    const fields = { a: [STILL, '1 uM'], b: [STILL, '0 uM'] } as const;
    const model = run({ fields, reactions: `  go: { equation: a -> b, k: ${k} /s }` }, 2);
    expect(Math.abs(at(model, 0) - Math.exp(-2 * k))).toBeLessThan(1e-7);
    expect(Math.abs(at(model, 0) + at(model, 1) - 1)).toBeLessThan(4e-16);
    expect(Math.min(...model.fields.flatMap(values => [...values]))).toBeGreaterThanOrEqual(0);
  });

  it.each([0.1, 2, 30])('follows logistic growth at %s /s', r => {
    const reactions = `  grow: { equation: "-> u", rate: ${r} /s * u * (1 - u / (2 uM)) }`;
    const model = run({ fields: { u: [STILL, '0.01 uM'] }, reactions, step: '0.5 s' }, 6);
    const exact = 2 / (1 + (2 / 0.01 - 1) * Math.exp(-3 * r));
    expect(Math.abs(at(model, 0) / exact - 1)).toBeLessThan(2e-5);
  });

  it.each(['1e-2', '1', '1e3', '1e6'])(
    'comes to the equilibrium of A + B and C at %s /s, and keeps both moieties',
    rate => {
      const model = run({ ...PAIR, reactions: pair(rate), step: '2 s' }, 100);
      const [a, b, c] = [0, 1, 2].map(f => at(model, f, 7));
      // Uniform by then, with K = 1 µM.
      if (rate !== '1e-2') expect((a * b) / c).toBeCloseTo(1, 7);
      expect(model.balance.moieties).toHaveLength(2);
      for (const { worstStep, relative } of model.balance.report()) {
        expect(Math.max(worstStep, relative)).toBeLessThan(1e-13);
      }
    },
  );

  it('is of second order in the step, together with diffusion', () => {
    const ends = [8, 16, 32, 256].map(steps => {
      const step = `${8 / steps} s`;
      return run({ ...PAIR, reactions: pair('0.3'), step, end: '8 s', grid: '[8, 6]' }, steps).fields[2];
    });
    const reference = ends[3];
    const errors = ends
      .slice(0, 3)
      .map(end => end.reduce((worst, value, v) => Math.max(worst, Math.abs(value - reference[v])), 0));
    expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(1.8);
    expect(Math.log2(errors[1] / errors[2])).toBeGreaterThan(1.8);
  });

  it('follows rates in time and place', () => {
    const reactions = `  beat: { equation: "-> u", rate: "1 uM/s * (1 + sin(2 * time / (1 s))) * x / (20 um)" }
  chase: { equation: "-> w", rate: "1e4 /s * (1 uM * (2 + sin(time / (1 s))) - w)" }`;
    const model = run({ fields: { u: [STILL, '0 uM'], w: [STILL, '2 uM'] }, reactions, step: '0.25 s' }, 12);
    const beat = 3 + (1 - Math.cos(6)) / 2;
    expect(at(model, 0, 0)).toBeCloseTo(beat * 0.125, 6);
    expect(at(model, 0, 3)).toBeCloseTo(beat * 0.875, 6);
    // It lags by 1e-4 s.
    expect(at(model, 1)).toBeCloseTo(2 + Math.sin(3 - 1e-4), 6);
  });

  it('leaves a catalyst alone, to the bit', () => {
    const fields = { drug: [STILL, '3 uM'], enzyme: [STILL, '0.123 uM * (1 + x / (1 um))'] } as const;
    const reactions = '  cut: { equation: drug + field.enzyme -> enzyme, k: 0.5 /uM/s }';
    const model = run({ fields, reactions }, 5);
    const start = build(loadScenario(text({ fields, reactions })));
    expect(model.fields[1]).toEqual(start.fields[1]);
    const enzyme = start.fields[1][2] / MICROMOLAR;
    expect(at(model, 0, 2)).toBeCloseTo(3 * Math.exp(-2.5 * enzyme), 7);
    expect(model.ledger.causes.all.map(({ name }) => name)).toContain('cut reaction');
  });

  it('stays positive where a front of annihilation is as fast as can be', () => {
    const fields = {
      a: ['50 um^2/s', '1 uM * (x < 10 um)'],
      b: ['80 um^2/s', '1 uM * (x > 10 um)'],
    } as const;
    const model = run(
      {
        fields,
        reactions: '  meet: { equation: "a + b ->", k: 1e6 /uM/s }',
        step: '0.05 s',
        grid: '[40, 2]',
      },
      20,
    );
    expect(Math.min(...model.fields.flatMap(values => [...values]))).toBeGreaterThanOrEqual(0);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    const overlap = [...model.fields[0]].map((a, v) => Math.min(a, model.fields[1][v]) / MICROMOLAR);
    expect(Math.max(...overlap)).toBeLessThan(1e-3);
  });

  it('reacts in the medium, not in obstacles', () => {
    const model = run(
      {
        fields: { u: ['10 um^2/s', '0 uM'] },
        reactions: '  feed: { equation: "-> u", rate: 1 uM/s }',
        domain: ', obstacles: [{ where: x < 5 um }]',
      },
      3,
    );
    expect(at(model, 0, 0)).toBe(0);
    expect(at(model, 0, 3)).toBeCloseTo(3, 10);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('stops at a rate that is no number, or that takes what is not there, and says where', () => {
    const fields = { u: [STILL, '1 uM * (x > 15 um) + 4 uM'] } as const;
    expect(
      failureOf(
        { fields, reactions: '  odd: { equation: "-> u", rate: "1 uM/s * ln(6 - time / (1 s))" }' },
        9,
      ),
    ).toMatch(/^rate: reaction odd: its rate is (-Infinity|NaN) in voxel \(0, 0\) at 6(\.5)? s/);
    expect(failureOf({ fields, reactions: '  drain: { equation: "u ->", rate: 1 uM/s }' }, 9)).toMatch(
      /^rate: reaction drain would leave u negative in voxel \(0, 0\) at [34](\.\d+)? s: a rate that takes a field must vanish with it/,
    );
  });

  it('gives the same bits by generated code and by closures, and after a resume', () => {
    const parts = { ...PAIR, reactions: pair('20'), grid: '[20, 11]', end: '12 s' };
    const straight = run(parts, 12);
    expect(stateHash(run(parts, 12, false))).toBe(stateHash(straight));
    const half = run(parts, 6);
    const resumed = run(parts, 0);
    restoreSnapshot(resumed, saveSnapshot(half, ''), '');
    for (let i = 0; i < 6; i++) advance(resumed);
    expect(stateHash(resumed)).toBe(stateHash(straight));
    expect(resumed.balance.report()).toEqual(straight.balance.report());
  });

  it('works with cells, under weak, strong and joint coupling', () => {
    const rest = (coupling: string) => `cells:
  rod:
    shape: { disc: { radius: 0.6 um } }
    species: { drug: 0 }
    reactions:
      enter: { equation: field.a -> drug, continuous: true, rate: 2 um^3/s * field.a }
      leave: { equation: drug -> field.c, continuous: true, rate: 0.2 /s * drug }
population: [{ type: rod, count: 20 }]
coupling: ${coupling}
`;
    const ends = ['{ schedule: weak }', '{ schedule: strong }', '{ schedule: joint }'].map(coupling => {
      const model = run({ ...PAIR, reactions: pair('0.5'), rest: rest(coupling), step: '0.05 s' }, 100);
      expect(model.balance.worstRelative()).toBeLessThan(1e-13);
      expect(Math.max(...model.balance.worstStep)).toBeLessThan(1e-13);
      return [0, 1, 2].map(f => model.fields[f].reduce((sum, value) => sum + value, 0));
    });
    const differences = ends.map(end => Math.max(...end.map((value, f) => Math.abs(value / ends[0][f] - 1))));
    expect(differences[1]).toBeLessThan(2e-5);
    // Joint coupling is split from diffusion at first order.
    expect(differences[2]).toBeLessThan(5e-3);
  });
});
