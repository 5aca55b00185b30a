import { describe, expect, it } from 'vitest';
import { indexSubstances } from '../../src/engine/description/substances.ts';
import { indexCauses } from '../../src/engine/exchange/ledger.ts';
import { loadScenario, simulate, summarise } from '../../src/engine/index.ts';
import { build } from '../../src/engine/run/build.ts';
import { BASE } from '../scenario/base.ts';

/** The base with types, fields and reactions named after every other kind of cause. */
const SAME_NAMES = BASE.replaceAll('AHL', 'user')
  .replaceAll('rod', 'user')
  .replace('make:', () => 'death:')
  .replace('leak:', () => 'decay:')
  .replace('feed:', () => 'left:')
  .replace('rate: 1e-6 /s, release', () => 'rate: 0.01 /s, release')
  .replace('    division:', () => '    growth: 1e-9 /s\n    division:');

describe('names of causes', () => {
  it('are different for different kinds, however reactions, types and fields are called', () => {
    const { description } = loadScenario(SAME_NAMES);
    const kinds = new Map<string, Set<string>>();
    for (const { name, kind } of indexCauses(description, indexSubstances(description)).all) {
      kinds.set(name, (kinds.get(name) ?? new Set()).add(kind));
    }
    expect([...kinds].filter(([, one]) => one.size > 1)).toEqual([]);
    expect([...kinds.keys()]).toEqual(
      expect.arrayContaining([
        ...['user.death', 'user death', 'user.decay', 'user decay', 'user.left', 'user left'],
        ...['user.growth', 'user.release 1', 'user edit'],
      ]),
    );
  });

  it('keep a reaction `death` and the sink of the dead apart in the report', () => {
    const { moieties } = summarise(simulate(build(loadScenario(SAME_NAMES)), { untilStep: 60 }));
    const moiety = moieties.find(({ name }) => name.includes('user.A'));
    expect(moiety?.byCause['user.death']).toBeGreaterThan(0);
    const biomass = moieties.find(({ name }) => name.includes('biomass'));
    expect(biomass?.byCause['user death']).toBeLessThan(0);
  });
});
