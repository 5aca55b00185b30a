/**
 * xoshiro128** (Blackman & Vigna 2021, doi:10.1145/3460772) on a state held in a typed array: four 32-bit words at
 * `offset`. Each cell owns four words of its population's `streams`, so a stream is saved, restored and shared
 * like any other column. Hot loops inline these lines (see circuits/direct.ts).
 */
export function nextUint32(state: Uint32Array, offset: number): number {
  return nextInt32(state, offset) >>> 0;
}

/** The same word as a signed number, for what takes bits from it (such numbers are never put on the heap). */
export function nextInt32(state: Uint32Array, offset: number): number {
  const s1 = state[offset + 1];
  const five = Math.imul(s1, 5);
  const result = Math.imul((five << 7) | (five >>> 25), 9);
  const t = s1 << 9;
  const s2 = state[offset + 2] ^ state[offset];
  const s3 = state[offset + 3] ^ s1;
  state[offset + 1] = s1 ^ s2;
  state[offset] = state[offset] ^ s3;
  state[offset + 2] = s2 ^ t;
  state[offset + 3] = (s3 << 11) | (s3 >>> 21);
  return result;
}

/**
 * Where draws leave a deviate. What a call returns V8 puts on the heap unless it inlines the call, which depends on all else
 * that is near; so draws are calls that return nothing, within functions so small that they are always inlined.
 */
export const drawn: Float64Array = new Float64Array(1);

/** Uniform on [0, 1) with all 53 bits of a double: two draws. */
export function uniform(state: Uint32Array, offset: number): number {
  drawUniform(state, offset);
  return drawn[0];
}

function drawUniform(state: Uint32Array, offset: number): void {
  const high = nextInt32(state, offset) >>> 5;
  const low = nextInt32(state, offset) >>> 6;
  drawn[0] = (high * 67108864 + low) / 9007199254740992;
}

/**
 * Gives a daughter its own stream: four draws of the mother's stream, each passed through the finaliser of
 * MurmurHash3 together with the daughter's id, so that related states are far apart. Depends on the lineage alone,
 * never on the order in which other cells are handled.
 */
export function deriveStream(
  mother: Uint32Array,
  motherOffset: number,
  daughter: Uint32Array,
  daughterOffset: number,
  daughterId: number,
): void {
  for (let word = 0; word < 4; word++) {
    const drawn = nextUint32(mother, motherOffset);
    daughter[daughterOffset + word] = mix(drawn ^ Math.imul(daughterId + word, 0x9e3779b9));
  }
  avoidZeroState(daughter, daughterOffset);
}

/** Finaliser of MurmurHash3 (Appleby): a bijection of 32-bit words in which every input bit reaches every output bit. */
export function mix(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The all-zero state is the one from which xoshiro never leaves. */
function avoidZeroState(state: Uint32Array, offset: number): void {
  if ((state[offset] | state[offset + 1] | state[offset + 2] | state[offset + 3]) === 0) state[offset] = 1;
}
