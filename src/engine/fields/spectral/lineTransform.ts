import { createFourier } from './fourier.ts';

/** What closes a line of voxels at its ends: nothing passes, or a value is held at the face half a voxel away; or they are joined. */
export type LineEnds = 'closed' | 'held' | 'closed-held' | 'held-closed' | 'periodic';

/**
 * The transform in which −(second difference) of a line of n voxels is a diagonal, by its ends: cosines of even (closed) or odd
 * (one end held) index, sines (held), or Hartley's cos + sin (periodic). Two lines go through one complex transform at a time.
 */
export interface LineTransform {
  /** Eigenvalue of each coefficient, 4 sin²(θ/2) ≥ 0, in the order in which `forward` leaves them. */
  readonly eigenvalues: Float64Array;
  /** In place; `inverse` undoes `forward`. */
  forward(a: Float64Array, b: Float64Array): void;
  inverse(a: Float64Array, b: Float64Array): void;
}

export function createLineTransform(n: number, ends: LineEnds): LineTransform {
  if (ends === 'periodic') return hartley(n);
  if (ends === 'closed') return cosines(n);
  if (ends === 'held') return sines(n);
  return quarters(n, ends === 'held-closed');
}

function eigenvalues(n: number, angle: (k: number) => number): Float64Array {
  return Float64Array.from({ length: n }, (_, k) => 4 * Math.sin(angle(k) / 2) ** 2);
}

/** X_k = Σ x_j cos(π k (j + ½)/n), from a Fourier transform of the even places followed by the odd ones backwards (Makhoul 1980). */
function cosines(n: number): LineTransform {
  const fourier = createFourier(n);
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  const cos = Float64Array.from({ length: n }, (_, k) => Math.cos((Math.PI * k) / (2 * n)));
  const sin = Float64Array.from({ length: n }, (_, k) => Math.sin((Math.PI * k) / (2 * n)));
  const last = n - 1;
  return {
    eigenvalues: eigenvalues(n, k => (Math.PI * k) / n),
    forward(a, b) {
      for (let j = 0, up = 0, down = last; j < n; j += 2) {
        re[up] = a[j];
        im[up++] = b[j];
        if (j === last) break;
        re[down] = a[j + 1];
        im[down--] = b[j + 1];
      }
      fourier.transform(re, im);
      for (let k = 0; k < n; k++) {
        const m = k === 0 ? 0 : n - k;
        const [c, s] = [cos[k] / 2, sin[k] / 2];
        a[k] = c * (re[k] + re[m]) + s * (im[k] - im[m]);
        b[k] = c * (im[k] + im[m]) + s * (re[m] - re[k]);
      }
    },
    inverse(a, b) {
      // Real and imaginary part change places: that makes the transform its inverse, but for n.
      for (let k = 0; k < n; k++) {
        const [am, bm] = k === 0 ? [0, 0] : [a[n - k], b[n - k]];
        const [r, i] = [a[k] + bm, b[k] - am];
        im[k] = (cos[k] * r - sin[k] * i) / n;
        re[k] = (cos[k] * i + sin[k] * r) / n;
      }
      fourier.transform(re, im);
      for (let j = 0, up = 0, down = last; j < n; j += 2) {
        a[j] = im[up];
        b[j] = re[up++];
        if (j === last) break;
        a[j + 1] = im[down];
        b[j + 1] = re[down--];
      }
    },
  };
}

/** Sines are the cosines of a line whose every second sign is turned, in reversed order. */
function sines(n: number): LineTransform {
  const plain = cosines(n);
  const turn = (a: Float64Array, b: Float64Array) => {
    for (let j = 1; j < n; j += 2) {
      a[j] = -a[j];
      b[j] = -b[j];
    }
  };
  return {
    eigenvalues: eigenvalues(n, k => (Math.PI * (n - k)) / n),
    forward(a, b) {
      turn(a, b);
      plain.forward(a, b);
    },
    inverse(a, b) {
      plain.inverse(a, b);
      turn(a, b);
    },
  };
}

/** cos(π (k + ½)(j + ½)/n): the odd cosines of the line followed by its mirror image of opposite sign, which is 0 between them. */
function quarters(n: number, isReversed: boolean): LineTransform {
  const double = cosines(2 * n);
  const [la, lb] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  const place = (j: number) => (isReversed ? n - 1 - j : j);
  return {
    eigenvalues: eigenvalues(n, k => (Math.PI * (k + 0.5)) / n),
    forward(a, b) {
      for (let j = 0; j < n; j++) {
        la[j] = a[place(j)];
        lb[j] = b[place(j)];
        la[2 * n - 1 - j] = -la[j];
        lb[2 * n - 1 - j] = -lb[j];
      }
      double.forward(la, lb);
      for (let k = 0; k < n; k++) {
        a[k] = la[2 * k + 1];
        b[k] = lb[2 * k + 1];
      }
    },
    inverse(a, b) {
      la.fill(0);
      lb.fill(0);
      for (let k = 0; k < n; k++) {
        la[2 * k + 1] = a[k];
        lb[2 * k + 1] = b[k];
      }
      double.inverse(la, lb);
      for (let j = 0; j < n; j++) {
        a[place(j)] = la[j];
        b[place(j)] = lb[j];
      }
    },
  };
}

/** Σ x_j (cos + sin)(2π jk/n), its own inverse but for n. */
function hartley(n: number): LineTransform {
  const fourier = createFourier(n);
  const im = new Float64Array(n);
  const re = new Float64Array(n);
  function apply(a: Float64Array, b: Float64Array, factor: number): void {
    re.set(a);
    im.set(b);
    fourier.transform(re, im);
    for (let k = 0; k < n; k++) {
      const m = k === 0 ? 0 : n - k;
      a[k] = factor * (re[k] + re[m] - im[k] + im[m]);
      b[k] = factor * (im[k] + im[m] - re[m] + re[k]);
    }
  }
  return {
    eigenvalues: eigenvalues(n, k => (2 * Math.PI * k) / n),
    forward: (a, b) => apply(a, b, 0.5),
    inverse: (a, b) => apply(a, b, 0.5 / n),
  };
}
