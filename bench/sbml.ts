import { readFileSync } from 'node:fs';
import { createSbmlEnsemble } from '../src/engine/sbml/ensemble.ts';
import { readSbml } from '../src/engine/sbml/read.ts';
import { simulateSbml } from '../src/engine/sbml/simulate.ts';
import { toSbml } from '../src/engine/sbml/toSbml.ts';
import { vilar } from '../test/circuits/models.ts';
import { apply, ci, cn, document, event, rateRule, TIME } from '../test/sbml/document.ts';
import { type Figure, printFigures } from './figure.ts';

const REPETITIONS = 5;
const REPRESSILATOR = readFileSync(new URL('../scenarios/repressilator.xml', import.meta.url), 'utf8');
const VILAR = toSbml(vilar());

/** Least milliseconds of a few repetitions: other programs disturb those least. */
function least(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPETITIONS; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Firings per second of `runs` copies up to `end`. */
function firingRate(text: string, runs: number, end: number): number {
  const ensemble = createSbmlEnsemble(readSbml(text), { runs, times: [end], seed: '1' });
  let fired = 0;
  const time = least(() => {
    fired = 0;
    for (let block = 0; block < ensemble.blocks; block++) {
      fired += ensemble.run(block).extents.reduce((sum, extent) => sum + extent, 0);
    }
  });
  return (fired / time) * 1000;
}

/** The repressilator with a list besides its own. */
function withList(list: string): string {
  return REPRESSILATOR.replace('</listOfReactions>', `</listOfReactions>${list}`);
}

/** Reading of SBML, its time course, and copies of models as circuits, with events, and along what flows; on one core. */
export function* bench(): Generator<Figure> {
  const parameters = Array.from(
    { length: 20_000 },
    (_, i) => `<parameter id="p${i}" value="1" constant="true"/>`,
  );
  const large = document(`<listOfParameters>${parameters.join('')}</listOfParameters>`);
  yield { name: 'reading', value: large.length / 1e3 / least(() => readSbml(large)), unit: 'MB/s' };
  yield { name: 'reading the repressilator', value: least(() => readSbml(REPRESSILATOR)), unit: 'ms' };

  const model = readSbml(REPRESSILATOR);
  const observables = model.species.map(({ id }) => ({ name: id, as: 'amount' as const }));
  const hours = Array.from({ length: 101 }, (_, i) => 360 * i);
  yield {
    name: 'time course of the repressilator',
    value: least(() => simulateSbml(model, { times: hours, observables })),
    unit: 'ms',
    note: '10 h at 10⁻⁹',
  };
  yield {
    name: 'copies as a circuit, repressilator',
    value: firingRate(REPRESSILATOR, 100, 3600),
    unit: 'firings/s',
  };
  yield { name: 'copies as a circuit, Vilar', value: firingRate(VILAR, 20, 2), unit: 'firings/s' };
  const pulse = withList(
    `<listOfEvents>${event(apply('geq', TIME, cn(1800)), { CI: cn(0) })}</listOfEvents>`,
  );
  yield { name: 'copies with an event', value: firingRate(pulse, 20, 3600), unit: 'firings/s' };
  const flowing = REPRESSILATOR.replace(
    '<parameter id="leak" value="5e-4" constant="true"/>',
    '<parameter id="leak" value="5e-4" constant="false"/>',
  ).replace(
    '<listOfReactions>',
    `<listOfRules>${rateRule('leak', apply('times', cn(-1e-4), ci('leak')))}</listOfRules><listOfReactions>`,
  );
  yield { name: 'copies along a rate rule', value: firingRate(flowing, 2, 1800), unit: 'firings/s' };
}

if (import.meta.main) await printFigures(bench());
