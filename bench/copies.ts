import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compileCircuit } from '../src/engine/circuits/compile.ts';
import { createEnsemble } from '../src/engine/circuits/ensemble.ts';
import { advance } from '../src/engine/coupling/step.ts';
import { createModel } from '../src/engine/model/model.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { populate, windowFor } from '../test/circuits/fixtures.ts';
import { type Figure, printFigures } from './figure.ts';
import { leastTime } from './leastTime.ts';

/**
 * Many copies of one circuit: time and memory as their number grows. The repressilator (Elowitz & Leibler 2000,
 * doi:10.1038/35002125; half-lives of 2 min for mRNA and 10 min for protein) for one simulated minute.
 */
const SPECIES = 7; // with biomass
const scenario = (cells: number): string => `
cellfield: 1
title: copies
seed: 1
domain: { size: [1 mm, 1 mm], grid: [10, 10], thickness: 1 um }
time: { end: 1 min, step: 1 s }
parameters: { on: 0.5 /s, leak: 5e-4 /s, K: 40, translation: 0.1155 /s, loss: 0.00577 /s, decay: 0.00116 /s }
cells:
  cell:
    shape: { disc: { radius: 0.5 um } }
    species: { m1: 20, m2: 0, m3: 0, p1: 400, p2: 0, p3: 0 }
    reactions:
      transcribe1: { equation: "-> m1", rate: "leak + on * (1 - hill(p3, K, 2))" }
      transcribe2: { equation: "-> m2", rate: "leak + on * (1 - hill(p1, K, 2))" }
      transcribe3: { equation: "-> m3", rate: "leak + on * (1 - hill(p2, K, 2))" }
      lose1: { equation: "m1 ->", rate: loss * m1 }
      lose2: { equation: "m2 ->", rate: loss * m2 }
      lose3: { equation: "m3 ->", rate: loss * m3 }
      translate1: { equation: "m1 -> m1 + p1", rate: translation * m1 }
      translate2: { equation: "m2 -> m2 + p2", rate: translation * m2 }
      translate3: { equation: "m3 -> m3 + p3", rate: translation * m3 }
      decay1: { equation: "p1 ->", rate: decay * p1 }
      decay2: { equation: "p2 ->", rate: decay * p2 }
      decay3: { equation: "p3 ->", rate: decay * p3 }
population:
  - { type: cell, count: ${cells}, in: domain }
`;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are reachable: the heap after a collection, and array buffers. */
function reachable(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * Bytes by which what `make` returns grows what is reachable, per copy: the difference between many copies and few, so that
 * code and tables, which both have, fall out.
 */
function bytesPerCopy(copies: number, make: (copies: number) => unknown): number {
  const growth = (n: number): number => {
    const kept: unknown[] = [];
    const before = reachable();
    kept.push(make(n));
    const growth = reachable() - before;
    kept.length = 0;
    return growth;
  };
  growth(copies / 100);
  const few = growth(copies / 100);
  return (growth(copies) - few) / (copies - copies / 100);
}

function cellType() {
  return loadScenario(scenario(1)).description.cellTypes[0];
}

/** ms to take n copies through one minute, each slice at its best. */
function timeOf(copies: number): number {
  const type = cellType();
  const circuit = compileCircuit(type, 0);
  return leastTime(circuit, () => windowFor(type, populate(type, copies), 60), 1, 3, 100).time;
}

export function* bench(): Generator<Figure> {
  const sizes = [1e3, 1e4, 1e5];
  const times = sizes.map(timeOf);
  for (let i = 0; i < sizes.length; i++) {
    const name = `repressilator for 1 min, ${sizes[i]} cells`;
    yield { name, value: (1e6 * times[i]) / sizes[i], unit: 'ns/cell' };
  }
  const slope = Math.log(times[2] / times[0]) / Math.log(sizes[2] / sizes[0]);
  yield { name: 'cost in cells, log–log slope', value: slope, unit: '', goal: 1 };

  const inModel = bytesPerCopy(1e5, n => {
    const model = createModel(loadScenario(scenario(n)).description);
    for (let step = 0; step < 60; step++) advance(model);
    return model;
  });
  yield {
    name: 'memory beyond 8 bytes per species, cells of a model',
    value: inModel - 8 * SPECIES,
    unit: 'bytes/cell',
    goal: 200,
    note: 'heap and buffers, measured after a collection',
  };
  const options = { runs: 1e5, times: [60], seed: 'copies' };
  const inEnsemble = bytesPerCopy(1e5, runs => {
    const ensemble = createEnsemble(cellType(), { ...options, runs });
    return Array.from({ length: ensemble.blocks }, (_, block) => ensemble.run(block));
  });
  yield { name: 'memory, copies of an ensemble', value: inEnsemble, unit: 'bytes/copy', goal: 200 };
}

if (import.meta.main) await printFigures(bench());
