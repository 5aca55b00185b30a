import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, type Observer, simulate } from '../../src/engine/index.ts';
import { fallbacks, LONG, speciesOf, start, stepAt } from './shipped.ts';

const NANOMOLAR = 0.602214076;
/** A cell is on above this much LuxI per volume, 1/µm³: half of what it has at full transcription, 140. */
const ON = 60;

interface Look {
  readonly hours: number;
  readonly cells: number;
  /** Fraction of cells that are on. */
  readonly on: number;
  /** LuxI per volume, mean over cells. */
  readonly luxI: number;
  /** Mean AHL of the field, nM. */
  readonly ahl: number;
}

function look(model: Model): Look {
  const { population, step, description } = model;
  const { count, amounts, stride, volume } = population;
  const luxI = speciesOf(model, 'LuxI');
  let on = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const level = amounts[i * stride + luxI] / volume[i];
    if (level > ON) on++;
    sum += level;
  }
  const ahl = model.fields[0].reduce((total, value) => total + value, 0) / model.fields[0].length / NANOMOLAR;
  return {
    hours: (step * description.time.step) / 3600,
    cells: count,
    on: on / count,
    luxI: sum / count,
    ahl,
  };
}

/** Runs to 4 h 15 min with a look every 5 min. */
function watch(model: Model): Look[] {
  const looks: Look[] = [];
  const every = stepAt(model, 300);
  const observer: Observer = {
    when: step => step > 0 && step % every === 0,
    act: current => looks.push(look(current)),
  };
  simulate(model, { untilStep: stepAt(model, 4.25 * 3600), observers: [observer] });
  return looks;
}

describe('quorum-sensing', () => {
  let model: Model;
  let looks: Look[];
  let end: Look;
  let switching: number;
  let switched: number;

  beforeAll(() => {
    model = start('quorum-sensing');
    looks = watch(model);
    end = looks[looks.length - 1];
    switching = looks.findIndex(({ on }) => on > 0.1);
    switched = looks.findIndex(({ on }) => on > 0.7);
  }, LONG);

  it('stays off while the colony is small', () => {
    // A share of on cells of p has a standard error of sqrt(p (1 − p)/n): 0.1 is out of reach of a true 2 % by 4 of them
    // for n ≥ 40; below, single cells count.
    const small = looks.filter(({ cells }) => cells >= 40 && cells <= 250);
    expect(small.length).toBeGreaterThan(20);
    for (const { on, ahl } of small) {
      expect(on).toBeLessThan(0.1);
      expect(ahl).toBeLessThan(2);
    }
  });

  it('switches on together once AHL has come to its threshold', () => {
    const first = looks[switching];
    const last = looks[switched];
    expect(first.cells).toBeGreaterThan(250);
    // The threshold is where the basal state ends: below half activation (5 nM), as the feedback then carries on by itself.
    expect(first.ahl).toBeGreaterThan(1);
    expect(first.ahl).toBeLessThan(5);
    // From 10 % to 70 % of the cells in less than the doubling time of 46 min.
    expect(last.hours - first.hours).toBeLessThan(0.75);
    expect(end.on).toBeGreaterThan(0.95);
    // Once on, on: the fraction only rises, but for the noise of its counting (2 standard errors at ½ of 300 cells).
    for (let i = switching + 1; i < looks.length; i++) {
      expect(looks[i].on).toBeGreaterThan(looks[i - 1].on - 0.06);
    }
  });

  it('multiplies LuxI and AHL, not only cells', () => {
    const before = looks.find(({ cells }) => cells >= 80);
    if (!before) throw new Error('the colony did not grow');
    expect(end.luxI).toBeGreaterThan(6 * before.luxI);
    expect(end.ahl / end.cells).toBeGreaterThan(5 * (before.ahl / before.cells));
  });

  it('never switches where AHL is washed out', () => {
    const washed = watch(start('quorum-sensing', 'fields.AHL.decay=60e-3 /s'));
    const last = washed[washed.length - 1];
    expect(last.cells).toBeGreaterThan(500);
    for (const { on, cells } of washed) if (cells >= 40) expect(on).toBeLessThan(0.1);
    expect(last.luxI).toBeLessThan(0.25 * end.luxI);
  });

  it('loses and gains AHL by named causes alone, and hardly needs a fallback', () => {
    expect(model.balance.worstRelative()).toBeLessThan(1e-14);
    // While the chamber holds a few dozen molecules of AHL, a cell may now and then take the last one of a place.
    expect(fallbacks(model)).toBeLessThan(model.step / 1000);
  });
});
