import { bytesPerCell } from '../src/engine/cells/population.ts';
import { advance } from '../src/engine/coupling/step.ts';
import { createModel, type Model } from '../src/engine/model/model.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { type Figure, printFigures } from './figure.ts';
import { sendersScenario } from './sendersScenario.ts';

/**
 * The whole step: 10⁴ packed, growing discs with a circuit of about 20 events per cell and step, stochastic exchange with
 * one 128² field, contacts, division, and the balance audited. Goal of the first release: 50 steps per second.
 */
const textWith = (splitting: 'lie' | 'strang'): string =>
  sendersScenario({
    cells: 10_000,
    width: 256,
    grid: 128,
    region: '{ disc: { centre: [128 um, 128 um], radius: 105 um } }',
    splitting,
  });

/** Steps before timing: compilation, and contacts settle. */
const WARM_UP = 30;
const TIMED = 60;

function measure(splitting: 'lie' | 'strang'): {
  model: Model;
  stepsPerSecond: number;
  eventsPerCellStep: number;
} {
  const { description } = loadScenario(textWith(splitting));
  const model = createModel(description, { now: () => performance.now() });
  for (let i = 0; i < WARM_UP; i++) advance(model);
  const events = () => {
    let sum = 0;
    for (let r = 0; r < model.ledger.causes.release[0]; r++) {
      if (!model.description.cellTypes[0].circuit.reactions[r].continuous)
        sum += model.ledger.extents.value(r);
    }
    return sum;
  };
  const before = events();
  let best = 0;
  for (let part = 0; part < 3; part++) {
    const start = performance.now();
    for (let i = 0; i < TIMED / 3; i++) advance(model);
    best = Math.max(best, (1000 * TIMED) / 3 / (performance.now() - start));
  }
  const eventsPerCellStep = (events() - before) / TIMED / model.population.count;
  return { model, stepsPerSecond: best, eventsPerCellStep };
}

/** Bytes of every array that grows with the population, per cell of capacity, less 8 per species. */
function bytesOf(model: Model): number {
  const { population, work, kernel, mechanics } = model;
  const { capacity, stride } = population;
  let bytes = bytesPerCell(population) * capacity;
  for (const value of Object.values(work)) {
    const columns = Array.isArray(value) ? value : [value];
    for (const column of columns) {
      if (ArrayBuffer.isView(column) && column.byteLength >= capacity) bytes += column.byteLength;
    }
  }
  for (const grid of [work.source, ...work.next]) bytes -= grid.byteLength;
  bytes += work.backup.amounts.byteLength + work.backup.streams.byteLength;
  bytes += kernel.voxel.byteLength + kernel.weight.byteLength + (mechanics?.bytes() ?? 0);
  return bytes / capacity - 8 * stride;
}

export function* bench(): Generator<Figure> {
  for (const splitting of ['lie', 'strang'] as const) {
    const { model, stepsPerSecond, eventsPerCellStep } = measure(splitting);
    const phases = model.profile.byPhase();
    const total = Object.values(phases).reduce((a, b) => a + b, 0);
    const shares = Object.entries(phases)
      .filter(([, seconds]) => seconds > 0.005 * total)
      .map(([phase, seconds]) => `${phase} ${Math.round((100 * seconds) / total)} %`);
    yield {
      name: `10⁴ cells, 128² field, ${eventsPerCellStep.toFixed(1)} events per cell and step, ${splitting}`,
      value: stepsPerSecond,
      unit: 'steps/s',
      goal: 50,
      note: shares.join(', '),
    };
    yield {
      name: `memory beyond 8 bytes per species, ${splitting}`,
      value: bytesOf(model),
      unit: 'bytes/cell',
      goal: 300,
    };
  }
}

if (import.meta.main) await printFigures(bench());
