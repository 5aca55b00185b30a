import { beforeAll, describe, expect, it } from 'vitest';
import { total } from '../../src/engine/fields/total.ts';
import { type Model, simulate } from '../../src/engine/index.ts';
import { LONG, start, stepAt } from './shipped.ts';

const [HEALTHY, INFECTED] = [0, 1];
const CELLS = 440;
const BURST = 100;
const STEP = 2;

function extentOf({ ledger }: Model, name: string): number {
  return ledger.causes.all.reduce(
    (sum, cause, i) => sum + (cause.name === name ? ledger.extents.sum[i] : 0),
    0,
  );
}

function count({ population }: Model, type: number): number {
  return population.type.subarray(0, population.count).filter(one => one === type).length;
}

describe('phage-in-biofilm', () => {
  const model = start('phage-in-biofilm');
  const { voxelVolume } = model.description.grid;
  const initial = total(model.fields[0]) * voxelVolume;
  /** By cell: when it was infected, by how many phages; how long after that it burst. */
  const infected = new Map<number, { time: number; phages: number }>();
  const latent: { time: number; phages: number }[] = [];
  /** Cells left and lysed at 15 min, before the first burst. */
  let early = { healthy: 0, infected: 0 };

  beforeAll(() => {
    simulate(model, {
      untilStep: stepAt(model, 60 * 60),
      observers: [
        {
          when: () => true,
          act: current => {
            const { living, population, death } = current;
            const now = current.step * STEP;
            for (let i = 0; i < (living?.log.count ?? 0); i++) {
              if (living?.log.type[i] !== HEALTHY) continue;
              const slot = population.id.subarray(0, population.count).indexOf(living.log.cell[i]);
              infected.set(living.log.cell[i], {
                time: now,
                phages: population.amounts[slot * population.stride + 1],
              });
            }
            for (let i = 0; i < death.log.count; i++) {
              const since = infected.get(death.log.id[i]);
              if (since) latent.push({ time: now - since.time, phages: since.phages });
            }
            if (now === 15 * 60)
              early = { healthy: count(current, HEALTHY), infected: count(current, INFECTED) };
          },
        },
      ],
    });
  }, LONG);

  it('infects by single phages, before any bursts', () => {
    expect(early.healthy + early.infected).toBe(CELLS);
    expect(initial).toBeCloseTo(240, 9);
    // Each phage picks a cell: of n that are taken up, 440 (1 − e^(−n/440)) hit one that is still healthy, fewer near the liquid.
    expect(early.infected).toBeGreaterThan(0.75 * CELLS * (1 - Math.exp(-240 / CELLS)));
    expect(early.infected).toBeLessThanOrEqual(240);
    // What is in a cell when it becomes infected is what it took up, to the phage.
    const taken = [...infected.values()].reduce((sum, { phages }) => sum + phages, 0);
    expect(taken).toBe(extentOf(model, 'healthy.adsorb'));
    expect(infected.size).toBe(CELLS);
  });

  it('bursts after the time that its phages take to be made', () => {
    // From n phages to the burst: BURST − n exponential times; seen at the end of a step, half of one later.
    const first = latent.filter(({ time }) => time > 0).slice(0, early.infected);
    const rate = BURST / 1200;
    const expected =
      first.reduce((sum, { phages }) => sum + (BURST - phages) / rate, 0) / first.length + STEP / 2;
    const mean = first.reduce((sum, { time }) => sum + time, 0) / first.length;
    expect(first).toHaveLength(early.infected);
    expect(Math.abs(mean - expected)).toBeLessThan(
      4.5 * Math.sqrt(BURST / rate ** 2 / first.length) + STEP / 2,
    );
  });

  it('counts every phage, in cells and out', () => {
    const { population } = model;
    let inside = 0;
    for (let slot = 0; slot < population.count; slot++)
      inside += population.amounts[slot * population.stride + 1];
    const free = total(model.fields[0]) * voxelVolume;
    const made = extentOf(model, 'infected.assemble');
    expect(Number.isInteger(inside)).toBe(true);
    expect(Math.abs(free + inside - initial - made) / made).toBeLessThan(1e-12);
    const released = extentOf(model, 'infected.lyse release 1');
    expect(Number.isInteger(released)).toBe(true);
    expect(released).toBeGreaterThanOrEqual(BURST * (CELLS - population.count));
    // A step is 0.17 phages long.
    expect(released).toBeLessThan((BURST + 1) * (CELLS - population.count));
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  });

  it('leaves no cell after the second wave', () => {
    expect(count(model, HEALTHY)).toBe(0);
    expect(model.population.count).toBeLessThan(0.1 * CELLS);
  });
});
