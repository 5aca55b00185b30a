import { stateHash } from '../../src/engine/model/hash.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import type { Edit } from '../../src/session/contract.ts';
import { type Bench, COLONY } from './support.ts';

const at = { x: 20, y: 15, z: 0.5 };
export const PAINT = { kind: 'paint', field: 0, at, radius: 6, amount: 20_000 } as const satisfies Edit;
export const PLACE: Edit = { kind: 'place', type: 1, at, radius: 14, count: 5 };
export const KILL = { kind: 'kill', at, radius: 6 } as const;
export const PARAMETER: Edit = { kind: 'parameter', name: 'leak', value: '0.8' };
export const RUN = { type: 'run', stepsPerSecond: null } as const;

/** The state of the plain engine after so many steps. */
export function straight(steps: number, text = COLONY): string {
  return stateHash(simulate(build(loadScenario(text)), { untilStep: steps }));
}

export function editsTo(bench: Bench): Bench {
  bench.load();
  bench.step(10).send({ type: 'edit', edit: PAINT });
  bench.step(5).send({ type: 'edit', edit: PLACE }, { type: 'edit', edit: PARAMETER });
  bench.step(5).send({ type: 'edit', edit: KILL });
  return bench.step(10);
}

/** The text after the edit of the parameter. */
export function edited(): string {
  return loadScenario(COLONY, { set: ['parameters.leak=0.8'] }).text;
}
