import { describe, expect, it } from 'vitest';
import {
  build,
  type CellType,
  type EnsembleResult,
  loadScenario,
  type Model,
  runEnsemble,
  simulate,
  stateHash,
} from '../../src/engine/index.ts';

const RUNS = 4000;

function scenario(cell: string, more = '', time = 'end: 1 h, step: 1 s') {
  return loadScenario(`cellfield: 1
title: Events
domain: { size: [1 mm, 1 mm], grid: [1, 1], thickness: 1 um }
time: { ${time} }
cells:
  cell:
    shape: { disc: { radius: 0.56418958354775628 um } }
${cell.trim().replace(/^/gm, '    ')}
mechanics: none
${more}`);
}

function typeOf(cell: string): CellType {
  return scenario(cell).description.cellTypes[0];
}

function run(cell: string, times: number[], runs = RUNS): EnsembleResult {
  return runEnsemble(typeOf(cell), { runs, times, seed: 'events' });
}

function mean(result: EnsembleResult, t: number, name: string): number {
  return result.mean[t * result.species.length + result.species.indexOf(name)];
}

function sd(result: EnsembleResult, t: number, name: string): number {
  return result.sd[t * result.species.length + result.species.indexOf(name)];
}

/** A sample mean of Poisson counts from its expectation, in standard errors. */
function poissonDeviate(value: number, expected: number, runs = RUNS): number {
  return (value - expected) / Math.sqrt(expected / runs);
}

describe('an event', () => {
  it('of a wave in time happens at each crest, however many firings lie between', () => {
    const result = run(
      `species: { A: 0, B: 0 }
reactions: { noise: { equation: "-> B", rate: 20 /s } }
events: { crest: { when: "sin(time / 1 s) > 0.5", do: "-> A" } }`,
      [0.5, 0.54, 6.8, 6.81, 13.08, 13.1],
      50,
    );
    // asin(0.5) = 0.5236, then every 2π
    expect([0, 1, 2, 3, 4, 5].map(t => mean(result, t, 'A'))).toEqual([0, 1, 1, 2, 2, 3]);
    expect(sd(result, 5, 'A')).toBe(0);
  });

  it('of the time happens at its very moment, once, wherever the window ends', () => {
    const cell = `species: { A: 0, B: 7 }
reactions: { decay: { equation: "A ->", k: 0.5 /s } }
events:
  add: { when: time >= 3.3 s, do: "-> 100 A" }
  clear: { when: time > 5 s, do: { A: 0, B: "B + 2" } }`;
    // 3.3 s is the end of a window here, its middle there.
    const result = run(cell, [3, 3.3, 4, 5, 5.1]);
    expect(mean(result, 0, 'A')).toBe(0);
    expect(mean(result, 1, 'A')).toBe(100);
    for (const [t, time] of [
      [2, 4],
      [3, 5],
    ]) {
      const p = Math.exp(-0.5 * (time - 3.3));
      if (t === 3) {
        // `>` and `>=` are the same moment in time.
        expect(mean(result, t, 'A')).toBe(0);
        continue;
      }
      const error = Math.sqrt((100 * p * (1 - p)) / RUNS);
      expect(Math.abs(mean(result, t, 'A') - 100 * p)).toBeLessThan(3.5 * error);
    }
    expect(mean(result, 4, 'B')).toBe(9);
    expect(sd(result, 4, 'B')).toBe(0);
    const coarse = run(cell, [4]);
    const p = Math.exp(-0.5 * 0.7);
    expect(Math.abs(mean(coarse, 0, 'A') - 100 * p)).toBeLessThan(
      3.5 * Math.sqrt((100 * p * (1 - p)) / RUNS),
    );
  });

  it('of molecules is tested after every firing: a counter that starts anew', () => {
    const k = 3;
    const result = run(
      `species: { A: 0, bursts: 0 }
reactions: { make: { equation: "-> A", rate: ${k} /s } }
events: { burst: { when: A >= 5, do: ["5 A -> bursts"] } }`,
      [20],
    );
    expect(mean(result, 0, 'A')).toBeLessThan(5);
    // A + 5 bursts is Poisson.
    const total = mean(result, 0, 'A') + 5 * mean(result, 0, 'bursts');
    expect(Math.abs(poissonDeviate(total, 20 * k))).toBeLessThan(3.5);
  });

  it('comes late where it is delayed, whatever has become of the condition', () => {
    const result = run(
      `species: { A: 0, flag: 0 }
events:
  on: { when: "time >= 2 s and time < 3 s", do: { flag: 1 }, delay: 4 s }
  more: { when: flag > 0, do: "-> 5 A" }`,
      [5.9, 6],
      10,
    );
    expect(mean(result, 0, 'flag')).toBe(0);
    expect(mean(result, 1, 'flag')).toBe(1);
    expect(mean(result, 1, 'A')).toBe(5);
  });

  it('does `all` once for the molecules there are, and what its reactants allow of a number', () => {
    const result = run(
      `species: { gene: 3, A: 7, B: 0, C: 2, D: 0 }
events:
  double: { when: time >= 1 s, do: "gene -> 2 gene", times: all }
  pair: { when: time >= 1 s, do: "2 A -> B", times: all }
  some: { when: time >= 1 s, do: "C -> D", times: 5 }`,
      [1],
      3,
    );
    const amounts = ['gene', 'A', 'B', 'C', 'D'].map(name => mean(result, 0, name));
    expect(amounts).toEqual([6, 1, 3, 0, 2]);
  });

  it('happens together with others in the order of the file, whatever the first ones change', () => {
    const result = run(
      `species: { A: 10, B: 0 }
events:
  first: { when: "A >= 10 and time >= 1 s", do: { A: 1 } }
  second: { when: "A >= 10 and time >= 1 s", do: { B: "A" } }`,
      [2],
      3,
    );
    expect(mean(result, 0, 'B')).toBe(1);
  });

  it('finds conditions that are not linear in time by search', () => {
    const result = run(
      `species: { A: 0 }
events: { wave: { when: "sin(time / (1 s)) > 0.5", do: "-> A" } }`,
      [0.5, 0.53, 6.8, 6.82, 20],
      3,
    );
    // π/6 and 1, 2, 3 turns later.
    expect([0, 1, 2, 3, 4].map(t => mean(result, t, 'A'))).toEqual([0, 1, 1, 2, 4]);
  });

  it('that sets itself off without end, or an impossible amount, ends the run with its name', () => {
    expect(() =>
      run(
        `species: { A: 0 }
events:
  up: { when: A == 0, do: { A: 1 } }
  down: { when: A == 1, do: { A: 0 } }`,
        [1],
        1,
      ),
    ).toThrow(/up: events set one another off without end/);
    expect(() =>
      run(`species: { A: 2 }\nevents: { low: { when: time >= 1 s, do: { A: "A - 5" } } }`, [2], 1),
    ).toThrow(/low: it would set A to -3/);
  });

  it('reads fields and gives to them, and is booked under its name', () => {
    const loaded = scenario(
      `species: { A: 0, seen: 0 }
events:
  give: { when: time >= 2 s, do: ["-> 1000 A", "A -> field.S"], times: all }
  sense: { when: "field.S > 0.9e-3 /um^3", do: "-> seen" }`.replace('"-> 1000 A", ', ''),
      'fields: { S: { diffusivity: 10 um^2/s, initial: 0 nM } }\npopulation: [{ type: cell, count: 1, amounts: { A: 1000 } }]\n',
      'end: 4 s, step: 1 s',
    );
    const model = simulate(build(loaded));
    const [, A, seen] = model.population.amounts;
    expect([A, seen]).toEqual([0, 1]);
    expect(model.fields[0][0] * 1e6).toBeCloseTo(1000, 8);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });
});

describe('inputs in time', () => {
  it('pulse as often as they should: immigration–death against its exact mean, in windows long and short', () => {
    const [k, g, start, length, period] = [20, 0.7, 0.4, 0.05, 1.5];
    const cell = `species: { A: 0 }
reactions:
  make: { equation: "-> A", rate: "${k} /s * pulse(time, ${start} s, ${length} s, ${period} s)" }
  decay: { equation: "A ->", k: ${g} /s }`;
    const exact = (time: number) => {
      let sum = 0;
      for (let on = start; on < time; on += period) {
        const off = Math.min(on + length, time);
        sum += (k / g) * (Math.exp(-g * (time - off)) - Math.exp(-g * (time - on)));
      }
      return sum;
    };
    const end = 50 * period + start + 0.02;
    for (const times of [[end], Array.from({ length: 51 }, (_, i) => (end * (i + 1)) / 51)]) {
      const result = run(cell, times);
      expect(result.method).toBe('modified-next-reaction');
      times.forEach((time, t) => {
        if (t % 10 !== 0) return;
        expect(Math.abs(poissonDeviate(mean(result, t, 'A'), exact(time)))).toBeLessThan(3.5);
        // Poisson's law with a rate in time is Poisson's still.
        const ratio = sd(result, t, 'A') ** 2 / exact(time);
        expect(Math.abs(ratio - 1)).toBeLessThan(4 * Math.sqrt((2 + 1 / exact(time)) / RUNS));
      });
    }
  });

  it('are seen by every method, also by those that hold time over a window or could step over a pulse', () => {
    const type = typeOf(`species: { A: 0 }
reactions:
  make: { equation: "-> A", rate: "200 /s * pulse(time, 30 s, 0.25 s, 40 s)" }
  decay: { equation: "A ->", k: 0.05 /s }`);
    const exact = [30, 70].reduce(
      (sum, on) => sum + (200 / 0.05) * (Math.exp(-0.05 * (100 - on - 0.25)) - Math.exp(-0.05 * (100 - on))),
      0,
    );
    for (const method of [
      'direct',
      'next-reaction',
      'composition-rejection',
      'tau-leaping',
      'deterministic',
    ]) {
      const result = runEnsemble(type, { runs: 2000, times: [100], seed: 'held', method });
      if (method === 'deterministic') expect(mean(result, 0, 'A') / exact).toBeCloseTo(1, 4);
      else expect(Math.abs(poissonDeviate(mean(result, 0, 'A'), exact, 2000))).toBeLessThan(3.5);
    }
    const wave = typeOf(`species: { A: 0 }
reactions: { make: { equation: "-> A", rate: "(1 + sin(time / (1 s))) * 1 /s" } }`);
    expect(() => runEnsemble(wave, { runs: 1, times: [1], seed: '1', method: 'direct' })).toThrow(
      /'direct' holds time between outputs, but the rate of make follows it/,
    );
  });

  it('step once, and follow age too', () => {
    const result = run(
      `species: { A: 0, B: 0, C: 0 }
reactions:
  a: { equation: "-> A", rate: "10 /s * step(time, 99.9 s)" }
  b: { equation: "-> B", rate: "10 /s * pulse(age, 10 s, 1 ms)" }
  c: { equation: "-> C", rate: "time < 100 s ? 0 /s : 10 /s * pulse(time, 100 s, 0.1 s)" }`,
      [99.9, 100.1],
    );
    expect(mean(result, 0, 'A')).toBe(0);
    expect(Math.abs(poissonDeviate(mean(result, 1, 'A'), 2))).toBeLessThan(3.5);
    expect(Math.abs(poissonDeviate(mean(result, 1, 'B'), 0.01))).toBeLessThan(3.5);
    expect(Math.abs(poissonDeviate(mean(result, 1, 'C'), 1))).toBeLessThan(3.5);
  });
});

describe('replication', () => {
  const GENERATIONS = 4;
  const FOUNDERS = 300;
  /** Volume doubles, and a little more, in 32 steps of 2 s: a cell divides every 64 s. */
  const model = (at: number, more = ''): Model =>
    simulate(
      build(
        scenario(
          `growth: ${Math.log(2.002) / 64} /s
species: { gene: 1, P: 0 }
reactions: { make: { equation: "gene -> gene + P", k: 0.2 /s } }
replication: { gene: ${at} }
division: { sizer: { volume: 2 um^3 }${more} }`,
          `population: [{ type: cell, count: ${FOUNDERS} }]\n`,
          `end: ${64 * GENERATIONS} s, step: 2 s`,
        ),
      ),
    );

  it('doubles the rate of what is transcribed from its phase on, and each daughter has one copy', () => {
    for (const at of [0.25, 0.7]) {
      const result = model(at);
      const { count, amounts, stride, birthVolume } = result.population;
      expect(count).toBe(FOUNDERS * 2 ** GENERATIONS);
      let P = 0;
      for (let slot = 0; slot < count; slot++) {
        expect(amounts[slot * stride + 1]).toBe(1);
        P += amounts[slot * stride + 2];
      }
      // V(t) = V₀ 2.002^(t/T) reaches V₀ + at (2 − V₀) at t*: k t* + 2 k (T − t*) per cycle; births drift by 0.1 % per cycle.
      expect(birthVolume[0]).toBeCloseTo(1, 2);
      let expected = 0;
      let birth = 1;
      for (let g = 0; g < GENERATIONS; g++) {
        const when = (64 * Math.log((birth + at * (2 - birth)) / birth)) / Math.log(2.002);
        // Seen at the middle of a step of 2 s it holds from its beginning, seen at its end from there: to the nearest step.
        const seen = 2 * Math.round(when / 2);
        expected += FOUNDERS * 2 ** g * 0.2 * (64 + (64 - seen));
        birth *= 1.001;
      }
      expect(Math.abs(P - expected) / Math.sqrt(expected)).toBeLessThan(3.5);
    }
  });

  it('leaves copies to chance where the partition says so', () => {
    const { count, amounts, stride } = model(0.5, ', partition: binomial').population;
    const copies = new Set<number>();
    for (let slot = 0; slot < count; slot++) copies.add(amounts[slot * stride + 1]);
    expect(copies.has(0)).toBe(true);
    expect(copies.size).toBeGreaterThan(2);
  });

  it('gives the same bits twice', () => {
    expect(stateHash(model(0.5))).toBe(stateHash(model(0.5)));
  });
});
