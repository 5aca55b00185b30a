import seedrandom from 'seedrandom';

/**
 * The root stream of a run: `seedrandom` (ARC4) spreads the scenario's seed text over the four words of a
 * xoshiro128** state. Founders derive their streams from it in the order of their ids.
 */
export function rootStream(seed: string): Uint32Array {
  const generator = seedrandom(seed);
  const state = new Uint32Array(4);
  for (let word = 0; word < 4; word++) state[word] = generator.int32() >>> 0;
  if (state.every(word => word === 0)) state[0] = 1;
  return state;
}
