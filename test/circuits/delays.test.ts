import { describe, expect, it } from 'vitest';
import {
  build,
  type CellType,
  type EnsembleOptions,
  type EnsembleResult,
  loadScenario,
  type Model,
  restoreSnapshot,
  runEnsemble,
  saveSnapshot,
  simulate,
  stateHash,
  toSbml,
} from '../../src/engine/index.ts';
import { restoreCheckpoint, takeCheckpoint } from '../../src/engine/model/checkpoint.ts';
import { gamma } from '../../src/engine/random/gamma.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { chiSquareDeviate } from '../random/goodnessOfFit.ts';

const RUNS = 4000;

/** The cell type of a scenario that has nothing but it. */
function typeOf(cell: string): CellType {
  return loadScenario(`cellfield: 1
title: Delays
domain: { size: [10 um, 10 um], grid: [2, 2], thickness: 1 um }
time: { end: 1 h, step: 1 s }
cells:
  cell:
    shape: { disc: { radius: 0.6 um } }
${cell.trim().replace(/^/gm, '    ')}
`).description.cellTypes[0];
}

function run(cell: string, times: number[], more: Partial<EnsembleOptions> = {}): EnsembleResult {
  return runEnsemble(typeOf(cell), { runs: RUNS, times, seed: 'delays', ...more });
}

/** Deviates of mean and variance of a species from a law's, at one time. */
function deviates(result: EnsembleResult, t: number, species: string, mean: number, variance: number) {
  const at = t * result.species.length + result.species.indexOf(species);
  const { runs } = result;
  return {
    mean: (Math.sqrt(runs) * (result.mean[at] - mean)) / Math.sqrt(variance),
    // For laws near the normal one.
    variance: Math.sqrt(runs / 2) * (result.sd[at] ** 2 / variance - 1),
  };
}

function expectLaw(result: EnsembleResult, t: number, species: string, mean: number, variance = mean) {
  const z = deviates(result, t, species, mean, variance);
  expect(Math.abs(z.mean)).toBeLessThan(3.5);
  expect(Math.abs(z.variance)).toBeLessThan(4);
}

describe('a delay', () => {
  it('shifts immigration by τ: Poisson with the shifted mean, and kτ under way', () => {
    const [k, g, tau] = [2, 0.1, 7];
    const result = run(
      `species: { P: 0 }
reactions:
  make: { equation: "-> P", rate: ${k} /s, delay: ${tau} s }
  decay: { equation: "P ->", k: ${g} /s }`,
      [5, 10, 30],
    );
    expect(result.method).toBe('modified-next-reaction');
    const P = (t: number) => (k / g) * (1 - Math.exp(-g * (t - tau)));
    expect(result.mean[result.species.indexOf('P')]).toBe(0);
    expectLaw(result, 0, 'make.pending', k * 5);
    for (const [t, time] of [10, 30].entries()) {
      expectLaw(result, t + 1, 'P', P(time));
      expectLaw(result, t + 1, 'make.pending', k * tau);
    }
  });

  it('is drawn from its law: what arrives by t is Poisson with k ∫ F', () => {
    const k = 5;
    const laws: [string, (t: number) => number][] = [
      ['{ uniform: [2 s, 6 s] }', t => Math.min(1, Math.max(0, (t - 2) / 4))],
      // Gamma of shape 4 (cv ½) and mean 4: Erlang with rate 1.
      ['{ mean: 4 s, cv: 0.5 }', t => 1 - Math.exp(-t) * (1 + t + t ** 2 / 2 + t ** 3 / 6)],
      ['{ mean: 4 s }', t => (t < 4 ? 0 : 1)],
    ];
    for (const [delay, F] of laws) {
      const result = run(
        `species: { P: 0 }\nreactions: { make: { equation: "-> P", rate: ${k} /s, delay: ${delay} } }`,
        [5, 9],
      );
      for (const [t, time] of [5, 9].entries()) {
        let integral = 0;
        for (let i = 0; i < 10_000; i++) integral += (F((time * (i + 0.5)) / 10_000) * time) / 10_000;
        expectLaw(result, t, 'P', k * integral);
      }
    }
  });

  it('takes at the beginning or at the end, and abandons what it finds gone', () => {
    // Molecules decay after τ from a signal of rate c: consuming, x leaves at the beginning with the rate c; not consuming, each
    // molecule draws further signals meanwhile, of which the first to end takes it.
    const [n, c, tau] = [50, 0.3, 4];
    const circuit = (consuming: boolean) => `species: { A: ${n} }
reactions: { end: { equation: "A ->", k: ${c} /s, delay: ${tau} s, consuming: ${consuming} } }`;
    const consuming = run(circuit(true), [2, 10]);
    for (const [t, time] of [2, 10].entries()) {
      const p = Math.exp(-c * time);
      expectLaw(consuming, t, 'A', n * p, n * p * (1 - p));
    }
    // One molecule: it lives until τ after its first signal.
    const kept = run(circuit(false).replace(`A: ${n}`, 'A: 1'), [3, 10]);
    const index = kept.species.indexOf('A');
    expect(kept.mean[index]).toBe(1);
    const p = Math.exp(-c * (10 - tau));
    const at = kept.species.length + index;
    expect(Math.abs(kept.mean[at] - p)).toBeLessThan(3.5 * Math.sqrt((p * (1 - p)) / RUNS));
    const type = typeOf(circuit(false));
    const names = type.circuit.reactions.map(({ name }) => name);
    expect(names).toEqual(['end', 'end.completion', 'end.abandoned']);
    expect(kept.extents[2]).toBeGreaterThan(0);
    // What began either ended, was abandoned, or is under way.
    const pending = kept.mean[kept.species.length + kept.species.indexOf('end.pending')] * RUNS;
    expect(kept.extents[0] - kept.extents[1] - kept.extents[2]).toBeCloseTo(pending, 6);
  });

  it('keeps what stands on both sides', () => {
    const result = run(
      `species: { mRNA: 3, P: 0 }
reactions: { translation: { equation: "mRNA -> mRNA + P", k: 1 /s, delay: 2 s } }`,
      [4],
    );
    const { species, mean, sd } = result;
    expect(mean[species.indexOf('mRNA')]).toBe(3);
    expect(sd[species.indexOf('mRNA')]).toBe(0);
    expectLaw(result, 0, 'P', 6);
  });

  it('draws gamma deviates with the law of their shape', () => {
    for (const shape of [0.3, 1, 4, 30]) {
      const stream = rootStream(`gamma ${shape}`);
      const n = 50_000;
      let [sum, squares] = [0, 0];
      const below = new Float64Array(2);
      for (let i = 0; i < n; i++) {
        const x = gamma(stream, 0, shape);
        sum += x;
        squares += (x - shape) ** 2;
        below[x < 1 ? 0 : 1]++;
      }
      expect(Math.abs(sum / n - shape)).toBeLessThan(4 * Math.sqrt(shape / n));
      const kurtosis = 2 + 6 / shape;
      expect(Math.abs(squares / n / shape - 1)).toBeLessThan(4 * Math.sqrt(kurtosis / n));
      if (shape === 1) {
        const p = 1 - Math.exp(-1);
        expect(Math.abs(chiSquareDeviate(below, [p, 1 - p]))).toBeLessThan(3.5);
      }
    }
  });

  it('is refused by methods that cannot, and by SBML', () => {
    const cell = `species: { P: 0 }
reactions: { make: { equation: "-> P", rate: 1 /s, delay: 1 s } }`;
    expect(() => typeOf(`${cell}\nmethod: tau-leaping`)).toThrow(/cannot run delays or events/);
    expect(() => runEnsemble(typeOf(cell), { runs: 1, times: [1], seed: '1', method: 'direct' })).toThrow(
      /modified-next-reaction/,
    );
    expect(() => toSbml(typeOf(cell))).toThrow(/delayed/);
  });
});

const SPACE = `cellfield: 1
title: Delays in space
domain: { size: [60 um, 60 um], grid: [12, 12], thickness: 1 um }
time: { end: 10 min, step: 2 s }
fields:
  S: { diffusivity: 50 um^2/s, decay: 0.01 /s, initial: 100 nM }
cells:
  cell:
    shape: { disc: { radius: 0.6 um } }
    species: { gene: 1, A: 20, B: 0, C: 0 }
    growth: 0.004 /s
    reactions:
      express: { equation: "gene -> gene + A", k: 0.3 /s, delay: { mean: 40 s, cv: 0.4 } }
      convert: { equation: "A -> B", k: 0.02 /s, delay: 30 s }
      clear: { equation: "A ->", k: 0.01 /s, delay: { uniform: [10 s, 60 s] }, consuming: false }
      give: { equation: "B -> field.S", k: 0.02 /s, delay: 12 s }
      take: { equation: "field.S -> C", rate: "0.05 /s * field.S / (100 nM)", delay: 25 s }
    events:
      burst: { when: "C > 12", do: ["C -> B", { A: "A / 2" }], times: all }
      late: { when: time >= 3 min, do: "-> 30 B", delay: { mean: 20 s, cv: 1 } }
    replication: { gene: 0.4 }
    division: { adder: { added: 1.1 um^3, noise: 10% } }
    death: { rate: 0.0005 /s, release: ["B -> field.S"] }
population: [{ type: cell, count: 20 }]
`;

describe('what is under way', () => {
  const steps = 300;
  const at = (step: number, from = build(loadScenario(SPACE))): Model => simulate(from, { untilStep: step });
  const straight = at(steps);

  it('lives in growing, dividing, dying cells with a closed balance', () => {
    const { population } = straight;
    expect(population.nextId).toBeGreaterThan(60);
    expect(straight.balance.worstRelative()).toBeLessThan(1e-12);
    const { calendar, stride, amounts, count } = population;
    if (!calendar) throw new Error('no calendar');
    const { species, reactions } = straight.description.cellTypes[0].circuit;
    for (let slot = 0; slot < count; slot++) {
      // Every pending molecule has its entry, and nothing else.
      const entries = new Map<number, number>();
      for (let i = 0; i < calendar.counts[slot]; i++) {
        const what = calendar.what[slot][i];
        entries.set(what, (entries.get(what) ?? 0) + 1);
        if (what < reactions.length) {
          expect(calendar.due[slot][i]).toBeGreaterThanOrEqual(steps * 2 - 1e-6);
        }
      }
      reactions.forEach(({ delay }) => {
        if (!delay) return;
        const pending = reactions[delay.completion].reactants[0].index;
        expect(species[pending].hidden).toBe(true);
        expect(amounts[slot * stride + pending]).toBe(entries.get(delay.completion) ?? 0);
      });
      expect(amounts[slot * stride + 1]).toBeGreaterThanOrEqual(1);
      expect(amounts[slot * stride + 1]).toBeLessThanOrEqual(2);
    }
    const causes = straight.balance.report().flatMap(({ byCause }) => Object.keys(byCause));
    expect(causes).toContain('cell.late');
    expect(causes).toContain('cell.gene.replication');
    expect(causes.some(cause => cause.endsWith('.abandoned'))).toBe(true);
  });

  it('continues from a snapshot to the same bits, and gives them with interpreted rates', () => {
    for (const step of [17, 140]) {
      const halfway = saveSnapshot(at(step), 'space');
      const again = build(loadScenario(SPACE));
      restoreSnapshot(again, halfway, 'space');
      expect(saveSnapshot(again, 'space')).toEqual(halfway);
      expect(stateHash(at(steps, again))).toBe(stateHash(straight));
    }
    const interpreted = build(loadScenario(SPACE), { generateCode: false });
    expect(stateHash(at(steps, interpreted))).toBe(stateHash(straight));
  });

  it('goes back to a checkpoint, to the same bits', () => {
    const model = at(120);
    const checkpoint = takeCheckpoint(model);
    simulate(model, { untilStep: 200 });
    restoreCheckpoint(model, checkpoint);
    expect(stateHash(simulate(model, { untilStep: steps }))).toBe(stateHash(straight));
  });

  it('is undone with windows that are taken again, and heeds what guarded ones leave', () => {
    const model = build(
      loadScenario(`cellfield: 1
title: A voxel runs out
domain: { size: [4 um, 4 um], grid: [2, 2], thickness: 1 um }
time: { end: 100 s, step: 5 s }
fields: { S: { diffusivity: 1 um^2/s, initial: 12 /um^3 } }
cells:
  cell:
    shape: { disc: { radius: 0.5 um } }
    species: { A: 0 }
    reactions:
      take: { equation: "field.S -> A", rate: "3 /s * (field.S > 0 /um^3)", delay: { uniform: [1 s, 30 s] } }
      return: { equation: "A -> field.S", k: 0.1 /s, delay: 5 s }
population: [{ type: cell, count: 2 }]
`),
    );
    const total = () => {
      const { amounts, stride, count } = model.population;
      let sum = model.fields[0].reduce((all, c) => all + c * 4, 0);
      for (let i = 0; i < count * stride; i++) if (i % stride > 0) sum += amounts[i];
      return sum;
    };
    const before = total();
    simulate(model);
    expect(model.profile.counts.halvedWindows).toBeGreaterThan(0);
    expect(model.profile.counts.guardedWindows).toBeGreaterThan(0);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
    expect(total() / before).toBeCloseTo(1, 12);
    const { calendar, count, stride, amounts } = model.population;
    const names = model.description.cellTypes[0].circuit.species.map(({ name }) => name);
    for (let slot = 0; slot < count; slot++) {
      const pending = ['take.pending', 'return.pending'].map(n => amounts[slot * stride + names.indexOf(n)]);
      expect(calendar?.counts[slot]).toBe(pending[0] + pending[1]);
    }
  });
});
