/**
 * The reaction–diffusion master equation of an exchange on a line, simulated exactly (Gillespie's direct method): molecules in the
 * cells of a box go into its voxel and back with `rate` each, and from voxel to neighbouring voxel with `hop` each. All molecules are
 * whole, those that diffuse too. Independent of the engine, random numbers included.
 */
export interface Line {
  readonly boxes: number;
  /** Molecules per box on average; at the start half in its cells. */
  readonly perBox: number;
  readonly rate: number;
  readonly hop: number;
}

export interface Sampled {
  /** Contents of the cells of each box at times `step` apart, [sample][box]. */
  readonly cells: readonly (readonly number[])[];
  /** The same of the voxels. */
  readonly voxels: readonly (readonly number[])[];
}

export function simulateLine(
  { boxes, perBox, rate, hop }: Line,
  step: number,
  samples: number,
  seed: number,
): Sampled {
  const random = generator(seed);
  const inside = new Array<number>(boxes).fill(perBox / 2);
  const outside = [...inside];
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const found: { cells: number[][]; voxels: number[][] } = { cells: [], voxels: [] };
  let time = 0;
  for (let n = 1; n <= samples; ) {
    const out = rate * sum(inside);
    const back = rate * sum(outside);
    const right = hop * (sum(outside) - outside[boxes - 1]);
    const left = hop * (sum(outside) - outside[0]);
    const total = out + back + right + left;
    time -= Math.log(1 - random()) / total;
    while (n <= samples && time > n * step) {
      found.cells.push([...inside]);
      found.voxels.push([...outside]);
      n++;
    }
    const pick = random() * total;
    if (pick < out) {
      const i = choose(inside, pick / rate);
      inside[i]--;
      outside[i]++;
    } else if (pick < out + back) {
      const i = choose(outside, (pick - out) / rate);
      outside[i]--;
      inside[i]++;
    } else if (pick < out + back + right) {
      const i = choose(outside.slice(0, -1), (pick - out - back) / hop);
      outside[i]--;
      outside[i + 1]++;
    } else {
      const i = 1 + choose(outside.slice(1), (pick - out - back - right) / hop);
      outside[i]--;
      outside[i - 1]++;
    }
  }
  return found;
}

/** The index whose interval holds x, of intervals as long as the values. */
function choose(values: readonly number[], x: number): number {
  let rest = x;
  for (let i = 0; i < values.length; i++) {
    rest -= values[i];
    if (rest < 0) return i;
  }
  return values.findLastIndex(value => value > 0);
}

/** mulberry32: 32 bits of state are enough for the few million numbers of a test. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
