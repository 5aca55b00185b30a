import { describe, expect, it } from 'vitest';
import { build, loadScenario, type Model, RunFailure, simulate } from '../../src/engine/index.ts';
import { RUN_LIMITS } from '../../src/engine/limits/runLimits.ts';
import { mostCells } from '../../src/engine/model/mostCells.ts';
import { edited } from '../scenario/base.ts';

/** Runs to the failure; its kind, its text and how long it took. */
function fail(model: Model): { kind: string; message: string; seconds: number } {
  const started = performance.now();
  try {
    simulate(model);
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    return { kind: error.kind, message: error.message, seconds: (performance.now() - started) / 1000 };
  }
  throw new Error('the run ended without failure');
}

function modelOf(text: string, ...set: string[]): Model {
  return build(loadScenario(text, { set }));
}

const FEED = '      feed: { equation: "1e6 field.food -> biomass", continuous: true, rate: "k * biomass" }\n';

/** The base with a growth rate of its own in place of feeding. */
function growing(rate: string): string {
  return edited(FEED, '').replace('    division:', () => `    growth: ${rate}\n    division:`);
}

describe('a step that would never end, or fill the memory, fails with what is too much', () => {
  it('a cell that has outgrown its division by far', () => {
    // π 0.36 µm³ is 62.8 times 0.018 µm³: accepted, but it is not fed for a step that multiplies it by e^5 as well.
    const model = modelOf(
      growing('5 /s').replace('added: 1 um^3', () => 'added: 0.018 um^3'),
      'time.step=2 s',
    );
    const { kind, message, seconds } = fail(model);
    expect(kind).toBe('rate');
    expect(message).toMatch(
      /^cell \d+ of type rod has \S+ µm³, \S+ times the volume at which it divides \(at most 256 times\); its division/,
    );
    expect(seconds).toBeLessThan(20);
  });

  it('cells that pile up faster than the mechanics can part them', () => {
    const { kind, message, seconds } = fail(modelOf(growing('1 /s')));
    expect(kind).toBe('capacity');
    expect(message).toMatch(
      /^[\d,]+ cells lie on top of one another: each overlaps more than 256 others on average/,
    );
    expect(message).toContain('mechanics.rate, 0.1 /s');
    expect(seconds).toBeLessThan(20);
  });

  it('mechanics that need more substeps than a step may take', () => {
    const model = modelOf(growing('0.01 /s'), 'mechanics.rate=9999 /s', 'time.step=1 s');
    const { kind, message } = fail(model);
    expect(kind).toBe('rate');
    expect(message).toMatch(
      /^the mechanics need [\d,]+ substeps in one step \(at most 10,000\) at a rate of 10000 \/s and a step of 1 s; lower/,
    );
  });

  it('a cell that fires without end', () => {
    const model = modelOf(
      edited('      make:', '      breed: { equation: "A -> 2 A", k: 5 /s }\n      make:'),
      'population[0].count=1',
    );
    const { kind, message, seconds } = fail(model);
    expect(kind).toBe('rate');
    expect(message).toMatch(
      /^rod\.breed: at \S+ \/s, the fastest reaction, there are more than 100,000,000 firings in a window of 1 s/,
    );
    expect(seconds).toBeLessThan(60);
  });

  it('a population at its limit', () => {
    const model = modelOf(growing('0.1 /s'), 'mechanics=none');
    const full = {
      ...model,
      division: { ...model.division, fault: { reason: 'full', slot: 0, overgrowth: 1 } },
    };
    const { kind, message } = fail(full as Model);
    expect(kind).toBe('capacity');
    expect(message).toMatch(
      /^there is no room beyond 10 cells: rod divides once more, and a run of this scenario holds at most 4,194,304;/,
    );
  });

  it('a population that memory has no room for', () => {
    const model = modelOf(growing('0.1 /s'), 'mechanics=none');
    const division = {
      ...model.division,
      advance(): number {
        throw new RangeError('Array buffer allocation failed');
      },
    };
    const { kind, message } = fail({ ...model, division });
    expect(kind).toBe('capacity');
    expect(message).toMatch(/^there is no room beyond 10 cells: Array buffer allocation failed;/);
  });
});

describe('the number of cells a run may hold', () => {
  it('is the limit, or what memory leaves beside the fields', () => {
    const { description } = modelOf(edited('seed: 7', 'seed: 8'));
    expect(mostCells(description)).toBe(RUN_LIMITS.cells);
    const [type] = description.cellTypes;
    const species = Array.from({ length: 1024 }, () => type.circuit.species[1]);
    const wide = { ...description, cellTypes: [{ ...type, circuit: { ...type.circuit, species } }] };
    const bytes = mostCells(wide) * (300 + 8 * 1024);
    expect(bytes).toBeGreaterThan(2 ** 34 * 0.99);
    expect(bytes).toBeLessThanOrEqual(2 ** 34);
  });
});
