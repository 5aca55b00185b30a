import { cpus } from 'node:os';
import { printFigures } from './figure.ts';

/**
 * Runs every bench one after the other and prints its figures as they are measured, in about five minutes: `npm run bench`,
 * or `npm run bench -- fields circuits`.
 */
const BENCHES: Readonly<Record<string, string>> = {
  fields: './fields.ts',
  uptakeDisc: './uptakeDisc.ts',
  nutrientHour: './nutrientHour.ts',
  multigrid: './multigrid.ts',
  stiffCoupling: './stiffCoupling.ts',
  circuits: './circuits.ts',
  sbml: './sbml.ts',
  methods: './methods.ts',
  copies: './copies.ts',
  mechanics: './mechanics.ts',
  colony: './colony.ts',
  threads: './threads.ts',
  heterogeneity: './heterogeneity.ts',
  frames: './frames.ts',
  recording: './recording.ts',
  // In a browser of its own, which takes what cores it likes; measured only where there is one.
  stage: './stage/frameRate.ts',
};
const names = Object.keys(BENCHES);

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}
console.log(
  `${cpus()[0].model}, ${cpus().length} cores, node ${process.versions.node}; every figure but the stage's, and those of threads that say so, on one core\n`,
);
for (const name of chosen.length > 0 ? chosen : names) {
  console.log(name);
  const start = performance.now();
  const { bench } = await import(BENCHES[name]);
  await printFigures(bench());
  console.log(`in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}
