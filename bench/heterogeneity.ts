import { createModel, type Model } from '../src/engine/model/model.ts';
import { simulate } from '../src/engine/run/simulate.ts';
import { loadScenario } from '../src/engine/scenario/load.ts';
import { type Figure, printFigures } from './figure.ts';

/**
 * A patch of tumour cells that breathe and grow by oxygen, after the sample `heterogeneity` of PhysiCell (Ghaffarizadeh et al.
 * 2018, doi:10.1371/journal.pcbi.1005991): 900 cells, one field on 75² voxels of 20 µm, D = 10⁵ µm²/min, decay 0.1 /min, uptake 10 /min of a cell's
 * 2494 µm³, 24 h; cycle rates follow oxygen from 5 to 38. Steps of 1 min, where PhysiCell takes 0.01 for the field and 0.1 for the
 * mechanics.
 */
const SCENARIO = `
cellfield: 1
title: heterogeneity
seed: 1
domain: { size: [1500 um, 1500 um], grid: [75, 75], thickness: 20 um }
time: { end: 24 h, step: 1 min, record: 24 h }
fields:
  oxygen: { diffusivity: 1e5 um^2/min, decay: 0.1 /min, initial: 38 uM, boundary: { all: { value: 38 uM } } }
cells:
  tumour:
    shape: { disc: { radius: 8.4 um } }
    reactions:
      respiration: { equation: "field.oxygen ->", continuous: true, rate: 10 /min * 2494 um^3 * field.oxygen }
      growth: { equation: "-> biomass", continuous: true, rate: "7.2e-4 /min * biomass * max(0, min(1, (field.oxygen - 5 uM) / (33 uM)))" }
    division: { sizer: { volume: 7500 um^3, noise: 12% } }
population:
  - { type: tumour, in: { lattice: { from: [518 um, 518 um], to: [982 um, 982 um], counts: [30, 30] } } }
mechanics: { repulsion: soft, rate: 1 /min, adhesion: 0.1, range: 2 um }
coupling: { splitting: lie, kernel: linear }
`;

function make(...set: string[]): Model {
  const { description } = loadScenario(SCENARIO, { set });
  return createModel(description, { now: () => performance.now() });
}

/** Largest difference of the oxygen after the first hour, in which no cell divides, from that with steps of 3 s; relative to 38 µM. */
function fieldError(): number {
  const [coarse, fine] = [
    make('time.end=1 h', 'time.record=1 h'),
    make('time.end=1 h', 'time.record=1 h', 'time.step=3 s'),
  ];
  for (const model of [coarse, fine]) simulate(model);
  const largest = fine.fields[0].reduce((most, value) => Math.max(most, value), 0);
  return coarse.fields[0].reduce(
    (most, value, v) => Math.max(most, Math.abs(value - fine.fields[0][v]) / largest),
    0,
  );
}

export function* bench(): Generator<Figure> {
  const model = make();
  const start = performance.now();
  simulate(model);
  const seconds = (performance.now() - start) / 1000;
  const phases = Object.entries(model.profile.byPhase()).filter(([, spent]) => spent > 0.05 * seconds);
  yield {
    name: `24 h of a patch of 900 to ${model.population.count} tumour cells`,
    value: seconds,
    unit: 's',
    goal: 4,
    note: phases.map(([phase, spent]) => `${phase} ${Math.round((100 * spent) / seconds)} %`).join(', '),
  };
  yield {
    name: 'its oxygen after 1 h, against steps of 3 s',
    value: fieldError(),
    unit: 'of the largest',
  };
}

if (import.meta.main) await printFigures(bench());
