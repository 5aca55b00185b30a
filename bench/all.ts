import { cpus } from 'node:os';
import { printFigures } from './figure.ts';

/** Runs every bench one after the other and prints its figures: `npm run bench`, or `npm run bench -- fields circuits`. */
const BENCHES = ['fields', 'uptakeDisc', 'circuits', 'mechanics', 'colony', 'frames'];

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are ${BENCHES.join(', ')}`);
  process.exit(2);
}
console.log(
  `${cpus()[0].model}, ${cpus().length} cores, node ${process.versions.node}; every figure on one core\n`,
);
for (const name of chosen.length > 0 ? chosen : BENCHES) {
  console.log(`${name}`);
  const { bench } = await import(`./${name}.ts`);
  printFigures(await bench());
  console.log();
}
