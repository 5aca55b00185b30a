import { describe, expect, it } from 'vitest';
import { compareMembers } from '../../src/renderer/lab/compare.ts';
import { labColumns, labLines } from '../../src/renderer/lab/lines.ts';
import { sharedBins } from '../../src/renderer/lab/spreads.ts';
import { adopt, createLab, EMPTY_LAB, isSbmlFile, whyNoLaw } from '../../src/renderer/state/lab.ts';
import { LabClient, LabError } from '../../src/session/lab/client.ts';
import type { LabCircuit, LabEvent, MemberResult } from '../../src/session/lab/contract.ts';
import { LabHost } from '../../src/session/lab/host.ts';

/** Two species at two times. */
function member(method: string, mean: readonly number[], sd: readonly number[], done = 100): MemberResult {
  return {
    method,
    runsBy: method,
    done,
    runs: done,
    elapsed: 10,
    firings: 5,
    species: ['A', 'B'],
    mean: Float64Array.from(mean),
    sd: Float64Array.from(sd),
    // As of a normal law.
    fourth: Float64Array.from([3 * sd[2] ** 4, 3 * sd[3] ** 4]),
    paths: Float64Array.from([0, 0, 1, 2, 0, 0, 3, 4]),
    spreads: [
      { first: 2, width: 1, counts: Uint32Array.from([10, 30, 60]) },
      { first: 0, width: 2, counts: Uint32Array.from([50, 50]) },
    ],
    spreadAt: 1,
    work: null,
    failure: null,
  };
}
const ONE = member('direct', [0, 0, 10, 20], [0, 0, 2, 4]);
const OTHER = member('langevin', [0, 0, 11, 20], [0, 0, 2, 5], 400);
const choice = {
  species: ['A', 'B'],
  paths: true,
  band: true,
  colour: (index: number, opacity = 1) => `${index}/${opacity}`,
  indexOf: (species: string) => ['A', 'B'].indexOf(species),
};

describe('lines over time', () => {
  it('are the species of one method, over its first paths', () => {
    const lines = labLines([ONE], choice);
    expect(lines.map(({ label, quiet = false, colour }) => [label, quiet, colour])).toEqual([
      ['A 1', true, '0/0.3'],
      ['A 2', true, '0/0.3'],
      ['B 1', true, '1/0.3'],
      ['B 2', true, '1/0.3'],
      ['A', false, '0/1'],
      ['B', false, '1/1'],
    ]);
    expect([...(lines[1].values as Float64Array)]).toEqual([0, 3]);
    expect([...(lines[5].low as Float64Array), ...(lines[5].high as Float64Array)]).toEqual([0, 16, 0, 24]);
  });

  it('are one species by several methods, in the colours of these', () => {
    const lines = labLines([ONE, OTHER], { ...choice, species: ['A'], paths: false, band: false });
    expect(lines.map(({ label, colour, low }) => [label, colour, low])).toEqual([
      ['direct', '0/1', undefined],
      ['langevin', '1/1', undefined],
    ]);
  });

  it('leave out what has not begun, and are written as a table', () => {
    expect(labLines([{ ...ONE, done: 0 }], choice)).toEqual([]);
    const columns = labColumns([0, 5], [ONE, OTHER], ['B']);
    expect(columns.map(({ name, values }) => [name, ...Array.from(values)])).toEqual([
      ['time', 0, 5],
      ['direct: B-mean', 0, 20],
      ['direct: B-sd', 0, 4],
      ['langevin: B-mean', 0, 20],
      ['langevin: B-sd', 0, 5],
    ]);
  });
});

describe('the comparison', () => {
  it('tells differences in standard errors of both', () => {
    const [first, second] = compareMembers([ONE, OTHER], 'A');
    expect([first.meanScore, first.sdScore]).toEqual([null, null]);
    expect(second.meanScore).toBeCloseTo(1 / Math.hypot(2 / 10, 2 / 20), 12);
    expect(second.sdScore).toBe(0);
    const variances = compareMembers([ONE, OTHER], 'B')[1];
    // The variance of a normal sample has the standard error σ² √(2/n).
    expect(variances.sdScore).toBeCloseTo(9 / Math.hypot(16 * Math.sqrt(0.02), 25 * Math.sqrt(0.005)), 10);
  });

  it('says nothing where there is nothing to tell by', () => {
    const still = member('deterministic', [0, 0, 10, 20], [0, 0, 0, 0], 1);
    expect(
      compareMembers([still, { ...still, mean: Float64Array.of(0, 0, 11, 20) }], 'A')[1].meanScore,
    ).toBeNull();
    expect(compareMembers([ONE], 'no such')[0].mean).toBeNaN();
  });
});

describe('histograms on common bins', () => {
  it('are shares of all runs, whole numbers in the middle', () => {
    const bins = sharedBins([ONE, { ...OTHER, species: ['C', 'D'] }], 'A', null);
    expect(bins?.edges).toEqual([1.5, 2.5, 3.5, 4.5]);
    expect(bins?.shares).toEqual([[0.1, 0.3, 0.6], null]);
    expect(sharedBins([ONE], 'none', null)).toBeNull();
  });

  it('take the widest bins, and the law on them', () => {
    const wide = {
      ...ONE,
      spreads: [ONE.spreads[0], { first: 0, width: 1, counts: Uint32Array.from([1, 1, 2]) }],
    };
    const probability = Float64Array.from([0.125, 0.25, 0.25, 0.25, 0.125]);
    const law = { time: 1, states: 5, bound: 0, marginals: [{ species: 'B', probability, mean: 2, sd: 1 }] };
    const bins = sharedBins([ONE, wide], 'B', law);
    expect(bins?.edges).toEqual([-0.5, 1.5, 3.5, 5.5]);
    expect(bins?.shares).toEqual([
      [0.5, 0.5, 0],
      [0.5, 0.5, 0],
    ]);
    expect(bins?.law).toEqual([0.375, 0.5, 0.125]);
  });

  it('join bins where there are too many, and widen a single value', () => {
    const many = {
      ...ONE,
      spreads: [{ first: -3, width: 1, counts: new Uint32Array(200).fill(1) }, ONE.spreads[1]],
    };
    const bins = sharedBins([many], 'A', null);
    expect(bins?.edges.length).toBeLessThan(50);
    expect(bins?.shares[0]?.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    const exact = {
      ...ONE,
      spreads: [{ first: 1000, width: 2 ** -20, counts: Uint32Array.of(1) }, ONE.spreads[1]],
    };
    expect(sharedBins([exact], 'A', null)?.edges).toEqual([0, 1]);
  });
});

/** A lab on a host in this thread, which runs when asked to. */
function bench() {
  const ports: { receive: (event: LabEvent) => void; lost: (reason: string) => void; host: LabHost }[] = [];
  const queue: (() => void)[] = [];
  const lab = createLab(
    () =>
      new LabClient({
        connect() {
          let receive: (event: LabEvent) => void = () => undefined;
          const host = new LabHost({
            post: event => queue.push(() => receive(structuredClone(event))),
            now: () => performance.now(),
            schedule: callback => queue.push(callback),
          });
          return {
            postMessage: message => queue.push(() => host.receive(structuredClone(message))),
            listen(onEvent, lost) {
              receive = onEvent;
              ports.push({ receive: onEvent, lost, host });
            },
            terminate: () => undefined,
          };
        },
        after: () => () => undefined,
      }),
  );
  const settle = async () => {
    for (let i = 0; i < 2000; i++) {
      queue.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
      if (queue.length === 0 && lab.state.get().run.phase !== 'running' && !lab.state.get().reading) return;
    }
  };
  return { lab, settle, ports };
}
const CIRCUIT = `cellfield: 1
title: Two species
seed: 9
domain: { size: [10 um, 10 um, 10 um], grid: [1, 1, 1] }
time: { end: 20 s, step: 1 s }
cells:
  cell:
    shape: { sphere: { radius: 0.62 um } }
    species: { A: 50, B: 0 }
    reactions: { turn: { equation: "A -> B", k: 0.1 /s } }
`;

describe('the lab', () => {
  it('takes its settings from a circuit, runs it, and keeps them over edits', async () => {
    const { lab, settle } = bench();
    lab.load({ path: null, name: 'two.yaml', text: CIRCUIT });
    await settle();
    const state = lab.state.get();
    expect(state.settings).toMatchObject({ end: 20, seed: '9', methods: ['auto'], runs: 1000 });
    expect(state.look.species).toBe('B');
    expect(state.run.phase).toBe('done');
    expect(state.run.members[0].done).toBe(1000);
    lab.set({ runs: 40, methods: ['direct', 'langevin'] });
    await settle();
    expect(lab.state.get().run.members.map(({ method, done }) => [method, done])).toEqual([
      ['direct', 40],
      ['langevin', 40],
    ]);
    lab.look({ hidden: ['A'] });
    const edited = CIRCUIT.replace('B: 0', 'B: 5').replace('end: 20 s', 'end: 40 s');
    lab.edit(edited);
    await new Promise(resolve => setTimeout(resolve, 400));
    await settle();
    const after = lab.state.get();
    expect(after.settings).toMatchObject({ runs: 40, end: 20, methods: ['direct', 'langevin'] });
    expect(after.look.hidden).toEqual(['A']);
    expect(after.run.members[0].mean[2]).toBe(5);
  });

  it('keeps the results of a text that was faulty, and says what is wrong', async () => {
    const { lab, settle } = bench();
    lab.load({ path: null, name: 'two.yaml', text: CIRCUIT });
    await settle();
    lab.edit(CIRCUIT.replace('0.1 /s', '0.1 um'));
    await new Promise(resolve => setTimeout(resolve, 400));
    await settle();
    const { problems, run, circuit } = lab.state.get();
    expect(problems[0].path).toBe('cells.cell.reactions.turn.k');
    expect([run.phase, circuit?.title]).toEqual(['done', 'Two species']);
    const placing = { to: 'x', mode: 'replace', clash: 'rename', count: 0 } as const;
    const failed = lab.place(CIRCUIT, placing).catch((error: unknown) => error);
    await settle();
    expect(await failed).toBeInstanceOf(LabError);
  });

  it('tells of a worker that is lost while it runs', async () => {
    const { lab, settle, ports } = bench();
    lab.load({ path: null, name: 'two.yaml', text: CIRCUIT });
    await settle();
    lab.set({ runs: 100_000 });
    ports[0].lost('it is gone');
    expect(lab.state.get()).toMatchObject({ fault: 'it is gone', run: { phase: 'cancelled' } });
  });

  it('tells models from scenarios, and circuits that have a law', async () => {
    expect([
      isSbmlFile('a.XML', ''),
      isSbmlFile('a', ' <?xml version'),
      isSbmlFile('a.yaml', 'cellfield: 1'),
    ]).toEqual([true, true, false]);
    const { lab, settle } = bench();
    lab.load({ path: null, name: 'two.yaml', text: CIRCUIT });
    await settle();
    const circuit = lab.state.get().circuit as LabCircuit;
    expect(whyNoLaw(circuit)).toBe('');
    const flowing = circuit.overview?.reactions.map(reaction => ({ ...reaction, continuous: true })) ?? [];
    const { overview } = circuit;
    expect(whyNoLaw({ ...circuit, overview: overview && { ...overview, reactions: flowing } })).toMatch(
      /continuous/,
    );
    expect(whyNoLaw({ ...circuit, overview: null })).toMatch(/no plain network/);
    // A method that the circuit cannot run is not kept.
    const before = { ...EMPTY_LAB, settings: { ...EMPTY_LAB.settings, methods: ['hybrid'] } };
    const methods = circuit.methods.filter(({ name }) => name !== 'hybrid');
    expect(adopt(before, { ...circuit, methods }, false).settings.methods).toEqual(['auto']);
  });
});
