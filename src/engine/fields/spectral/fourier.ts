/** Discrete Fourier transform of complex sequences of one length, X_k = Σ_j x_j e^(−2πi jk/n), in place. */
export interface Fourier {
  readonly n: number;
  transform(re: Float64Array, im: Float64Array): void;
}

/** The largest prime factor of a length: the transform costs n times the sum of all. */
export function largestFactor(n: number): number {
  return Math.max(1, ...factorsOf(n));
}

/** In fours first, then primes. */
function factorsOf(n: number): number[] {
  const factors: number[] = [];
  let rest = n;
  for (; rest % 4 === 0; rest /= 4) factors.push(4);
  for (let p = 2; rest > 1; p++) for (; rest % p === 0; rest /= p) factors.push(p);
  return factors;
}

interface Stage {
  readonly radix: number;
  /** Length of the transforms that the stage splits, over its radix. */
  readonly blocks: number;
  /** Transforms side by side. */
  readonly stride: number;
  /** e^(−2πi q k/length) for every block q and k in 1 … radix − 1. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** The self-sorting algorithm of Stockham for any factors: a stage reads with large strides and writes what belongs together. */
export function createFourier(n: number): Fourier {
  const stages: Stage[] = [];
  let length = n;
  let stride = 1;
  for (const radix of factorsOf(n)) {
    const blocks = length / radix;
    const cos = new Float64Array(blocks * radix);
    const sin = new Float64Array(blocks * radix);
    for (let q = 0; q < blocks; q++) {
      for (let k = 0; k < radix; k++) {
        cos[q * radix + k] = Math.cos((2 * Math.PI * q * k) / length);
        sin[q * radix + k] = -Math.sin((2 * Math.PI * q * k) / length);
      }
    }
    stages.push({ radix, blocks, stride, cos, sin });
    length = blocks;
    stride *= radix;
  }
  const [spareRe, spareIm] = [new Float64Array(n), new Float64Array(n)];
  return {
    n,
    transform(re, im) {
      let from: [Float64Array, Float64Array] = [re, im];
      let to: [Float64Array, Float64Array] = [spareRe, spareIm];
      for (const stage of stages) {
        if (stage.radix === 4) fours(stage, from[0], from[1], to[0], to[1]);
        else if (stage.radix === 2) twos(stage, from[0], from[1], to[0], to[1]);
        else primes(stage, from[0], from[1], to[0], to[1]);
        [from, to] = [to, from];
      }
      if (from[0] === re) return;
      re.set(spareRe);
      im.set(spareIm);
    },
  };
}

function twos(
  { blocks, stride, cos, sin }: Stage,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const half = stride * blocks;
  for (let q = 0; q < blocks; q++) {
    const [c, s] = [cos[2 * q + 1], sin[2 * q + 1]];
    for (let t = 0, a = stride * q, y = 2 * stride * q; t < stride; t++, a++, y++) {
      const b = a + half;
      const [dr, di] = [xr[a] - xr[b], xi[a] - xi[b]];
      yr[y] = xr[a] + xr[b];
      yi[y] = xi[a] + xi[b];
      yr[y + stride] = c * dr - s * di;
      yi[y + stride] = c * di + s * dr;
    }
  }
}

function fours(
  { blocks, stride, cos, sin }: Stage,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const part = stride * blocks;
  for (let q = 0; q < blocks; q++) {
    const w = 4 * q;
    const [c1, s1, c2, s2, c3, s3] = [cos[w + 1], sin[w + 1], cos[w + 2], sin[w + 2], cos[w + 3], sin[w + 3]];
    for (let t = 0, a = stride * q, y = 4 * stride * q; t < stride; t++, a++, y++) {
      const b = a + part;
      const c = b + part;
      const d = c + part;
      const evenR = xr[a] + xr[c];
      const evenI = xi[a] + xi[c];
      const oddR = xr[b] + xr[d];
      const oddI = xi[b] + xi[d];
      const leftR = xr[a] - xr[c];
      const leftI = xi[a] - xi[c];
      // −i (b − d).
      const turnR = xi[b] - xi[d];
      const turnI = xr[d] - xr[b];
      yr[y] = evenR + oddR;
      yi[y] = evenI + oddI;
      const r1 = leftR + turnR;
      const i1 = leftI + turnI;
      yr[y + stride] = c1 * r1 - s1 * i1;
      yi[y + stride] = c1 * i1 + s1 * r1;
      const r2 = evenR - oddR;
      const i2 = evenI - oddI;
      yr[y + 2 * stride] = c2 * r2 - s2 * i2;
      yi[y + 2 * stride] = c2 * i2 + s2 * r2;
      const r3 = leftR - turnR;
      const i3 = leftI - turnI;
      yr[y + 3 * stride] = c3 * r3 - s3 * i3;
      yi[y + 3 * stride] = c3 * i3 + s3 * r3;
    }
  }
}

function primes(
  { radix, blocks, stride, cos, sin }: Stage,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const part = stride * blocks;
  const turns = Array.from({ length: radix }, (_, k) => {
    const angle = (-2 * Math.PI * k) / radix;
    return [Math.cos(angle), Math.sin(angle)] as const;
  });
  for (let q = 0; q < blocks; q++) {
    for (let k = 0; k < radix; k++) {
      const [c, s] = [cos[q * radix + k], sin[q * radix + k]];
      for (let t = 0; t < stride; t++) {
        let [sumR, sumI] = [0, 0];
        for (let j = 0; j < radix; j++) {
          const [tr, ti] = turns[(j * k) % radix];
          const a = t + stride * q + part * j;
          sumR += tr * xr[a] - ti * xi[a];
          sumI += tr * xi[a] + ti * xr[a];
        }
        const y = t + stride * (radix * q + k);
        yr[y] = c * sumR - s * sumI;
        yi[y] = c * sumI + s * sumR;
      }
    }
  }
}
