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
  summarise,
  timeSeriesHeader,
  timeSeriesRow,
} from '../../src/engine/index.ts';
import { restoreCheckpoint, takeCheckpoint } from '../../src/engine/model/checkpoint.ts';
import { readFrame, writeFrame } from '../../src/engine/recording/frame.ts';

const FACE = 40 * 10;
const VOLUME = 2e5;
const AREA = 4000;

/** Cells on a lattice that take food up at a first-order rate, in a film below a reactor; waste goes the other way. */
function scenario(more: { bulk?: string; coupling?: string; death?: string } = {}): string {
  return `
cellfield: 1
title: A film below a reactor
domain: { size: [40 um, 30 um], grid: [8, 24], thickness: 10 um }
time: { end: 200 s, step: 2 s }
fields:
  food: { diffusivity: 50 um^2/s, decay: 1e-3 /s, initial: 0 uM }
  waste: { diffusivity: 80 um^2/s, initial: 0 uM }
  air: { diffusivity: 200 um^2/s, initial: 0 uM }
bulk:
  reactor:
    ${
      more.bulk ??
      `face: top
    volume: ${VOLUME} um^3
    inflow: 4000 um^3/s
    area: ${AREA} um^2
    influent: { food: "50 uM * (1 + 0.5 * sin(0.05 /s * time))" }
    initial: { food: 10 uM, waste: 0 uM }
    hold: { air: 250 uM }`
    }
cells:
  eater:
    shape: { disc: { radius: 1 um } }
    species: { fed: 0 }
    ${more.death ?? ''}
    reactions:
      eat: { equation: "field.food -> fed + field.waste", continuous: true, rate: 3 um^3/s * field.food }
      leak: { equation: "-> field.waste", k: 0.001 nM/s }
population: [{ type: eater, in: { lattice: { from: [2.5 um, 2.5 um], to: [37.5 um, 27.5 um], counts: [8, 6] } } }]
coupling: { ${more.coupling ?? 'splitting: strang'} }
`;
}

const run = (text: string, until?: number): Model =>
  simulate(build(loadScenario(text)), until === undefined ? {} : { untilStep: until });

function problems(text: string): string {
  try {
    loadScenario(text);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return '';
}

describe('a reactor above a film of cells', () => {
  const straight = run(scenario());

  it.each([
    ['weakly, first order', 'splitting: lie'],
    ['weakly, second order', 'splitting: strang'],
    ['strongly', 'schedule: strong'],
    ['jointly', 'schedule: joint, hops: 10'],
  ])('closes every balance, coupled %s', (_, coupling) => {
    const model = run(scenario({ coupling }));
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    expect(Math.max(...model.balance.worstStep)).toBeLessThan(1e-12);
    const { moieties, bulk } = summarise(model);
    expect(bulk['reactor.food']).toBeGreaterThan(1);
    expect(bulk['reactor.waste']).toBeGreaterThan(0.01);
    const causes = Object.assign({}, ...moieties.map(({ byCause }) => byCause)) as Record<string, number>;
    for (const name of [
      'reactor.food inflow',
      'reactor.food outflow',
      'reactor.food decay',
      'reactor.waste outflow',
    ])
      expect(Math.abs(causes[name])).toBeGreaterThan(0);
    expect(Object.keys(causes)).toContain('air top');
  });

  it('loses to the film, as a whole and as the share that the books keep, what enters it', () => {
    // The share of the books: the piece of film over all of it.
    const { ledger, description, bulk, substances, balance } = straight;
    const reservoir = description.fields[0].reservoirs?.[0];
    if (!reservoir) throw new Error('no reservoir');
    expect(reservoir.scale).toBeCloseTo(FACE / AREA, 14);
    expect(reservoir.volume).toBeCloseTo((VOLUME * FACE) / AREA, 9);
    expect(reservoir.inflow).toBeCloseTo((4000 * FACE) / AREA, 9);
    expect(reservoir.outflow).toBe(reservoir.inflow);
    const named = (name: string) =>
      ledger.extents.value(ledger.causes.all.findIndex(cause => cause.name === name));
    const gained =
      named('reactor.food inflow') -
      named('reactor.food outflow') -
      named('reactor.food decay') -
      named('food from reactor');
    const held = bulk[0][0] * reservoir.volume;
    expect(balance.totals[substances.bulkOffset[0]]).toBe(held);
    expect(held - reservoir.initial * reservoir.volume).toBeCloseTo(gained, 6);
  });

  it('agrees with itself at a tenth of the step in second order', () => {
    const text = scenario().replace(/.*leak:.*\n/, '');
    const at = (step: number) => summarise(run(text.replace('step: 2 s', `step: ${step} s`))).bulk;
    const [coarse, half, fine] = [at(4), at(2), at(0.25)];
    for (const name of ['reactor.food', 'reactor.waste']) {
      const ratio = Math.abs(coarse[name] - fine[name]) / Math.abs(half[name] - fine[name]);
      // 4 but for the error of the finest.
      expect(ratio).toBeGreaterThan(3.4);
      expect(ratio).toBeLessThan(4.8);
    }
  });

  it('goes on bit for bit from a snapshot and from a checkpoint, and hashes what the reactor holds', () => {
    const text = scenario();
    const half = run(text, 40);
    const bytes = saveSnapshot(half, 'x');
    const checkpoint = takeCheckpoint(half);
    const resumed = build(loadScenario(text));
    restoreSnapshot(resumed, bytes, 'x');
    expect(stateHash(simulate(resumed))).toBe(stateHash(straight));
    expect(stateHash(simulate(half))).toBe(stateHash(straight));
    restoreCheckpoint(half, checkpoint);
    expect(stateHash(simulate(half))).toBe(stateHash(straight));
    const before = stateHash(half);
    half.bulk[0][0] *= 1 + 1e-15;
    expect(stateHash(half)).not.toBe(before);
  });

  it('is in frames and in the time series', () => {
    const frame = readFrame(writeFrame(straight).buffer);
    expect([...frame.bulk]).toEqual([Math.fround(straight.bulk[0][0]), Math.fround(straight.bulk[1][0])]);
    const columns = timeSeriesHeader(straight).trim().split(',');
    const values = timeSeriesRow(straight).trim().split(',');
    expect(Number(values[columns.indexOf('reactor.waste_per_um3')])).toBe(straight.bulk[1][0]);
  });
});

describe('the section `bulk`', () => {
  const faulty = (bulk: string, message: string) => expect(problems(scenario({ bulk }))).toContain(message);

  it('names what is wrong', () => {
    const rest = 'volume: 1 nL, influent: { food: 1 uM }';
    const flow = (text: string) => text.split(', ').join('\n    ');
    faulty(`face: front\n    ${flow(rest)}`, 'a 2-D domain has no such face');
    faulty(
      'face: top\n    volume: 1 um^2\n    influent: { food: 1 uM }',
      'has dimension area but must be volume',
    );
    faulty('face: top\n    volume: 1 nL\n    influent: { fod: 1 uM }', 'did you mean `food`?');
    faulty(
      'face: top\n    volume: 1 nL\n    influent: { food: 1 uM }\n    hold: { food: 1 uM }',
      'is held at a concentration',
    );
    faulty(
      'face: top\n    volume: 1 nL\n    area: 10 um^2\n    influent: { food: 1 uM }',
      'is less than the face of the domain',
    );
    faulty('face: top\n    volume: 1 nL\n    initial: { food: "1 uM * time / (1 s)" }', 'must be a constant');
    faulty('face: top\n    volume: 1 nL\n    influent: { food: -1 uM }', 'must not be negative');
    const taken = scenario().replace(
      'initial: 0 uM }\n  waste',
      'initial: 0 uM, boundary: { top: { value: 1 uM } } }\n  waste',
    );
    expect(problems(taken)).toContain('`reactor` lies behind this face');
    expect(problems(scenario().replace('reactor:', 'eater:'))).toContain('a cell type is called `eater` too');
  });

  it('reads mass concentrations through a molar mass', () => {
    const text = scenario({
      bulk: 'face: top\n    volume: 1 mL\n    influent: { food: 30 g/m^3 / (180 g/mol) }',
    });
    const reservoir = loadScenario(text).description.fields[0].reservoirs?.[0];
    expect(reservoir?.influent).toBeCloseTo((30 / 180) * 6.02214076e23 * 1e-18, 6);
    expect(reservoir?.scale).toBe(1);
  });
});
