/**
 * A linear system whose vectors are lists of arrays, one per field. `scale` is a typical size of each: entries count relative to it.
 */
export interface BlockSystem {
  readonly sizes: readonly number[];
  readonly scale: readonly number[];
  multiply(v: readonly Float64Array[], out: readonly Float64Array[]): void;
  /** out ≈ the inverse of the matrix times r. */
  precondition(r: readonly Float64Array[], out: readonly Float64Array[]): void;
}

type Vector = readonly Float64Array[];

/** Room for the vectors of a solve. */
export interface BlockRoom {
  readonly shadow: Vector;
  readonly p: Vector;
  readonly v: Vector;
  readonly t: Vector;
  readonly guided: Vector;
}

export function createBlockRoom(sizes: readonly number[]): BlockRoom {
  const vector = () => sizes.map(size => new Float64Array(size));
  return { shadow: vector(), p: vector(), v: vector(), t: vector(), guided: vector() };
}

/** Iterations after which a solve is given up where it stands. */
const MOST_ITERATIONS = 100;

/** A product of two vectors this small relative to their lengths says nothing: the recurrence begins anew. */
const BREAKDOWN = 1e-14;

/**
 * Solves A x = r by BiCGStab (van der Vorst 1992), preconditioned from the right, until no entry of the residual in field f exceeds
 * tolerance[f]; for matrices that need not be symmetric, as cells may answer one field with another. `x` becomes the solution, r
 * the residual. Returns the number of iterations, or −1 where that was not reached.
 */
export function solveBlocks(
  system: BlockSystem,
  r: Vector,
  x: Vector,
  tolerance: readonly number[],
  { shadow, p, v, t, guided }: BlockRoom,
): number {
  const weights = system.scale.map(scale => 1 / (scale * scale));
  const dot = (a: Vector, b: Vector): number => {
    let sum = 0;
    for (let f = 0; f < a.length; f++) {
      const [one, other] = [a[f], b[f]];
      let part = 0;
      for (let i = 0; i < one.length; i++) part += one[i] * other[i];
      sum += weights[f] * part;
    }
    return sum;
  };
  const isSmall = (): boolean => r.every((part, f) => !(largestOf(part) > tolerance[f]));
  for (const part of x) part.fill(0);
  if (isSmall()) return 0;
  let [rho, alpha, omega] = [0, 0, 0];
  let fresh = true;
  for (let iteration = 1; iteration <= MOST_ITERATIONS; iteration++) {
    let next = fresh ? 0 : dot(shadow, r);
    if (!fresh && !(Math.abs(next) > BREAKDOWN * Math.sqrt(dot(shadow, shadow) * dot(r, r)))) fresh = true;
    if (fresh) {
      copy(r, shadow);
      copy(r, p);
      next = dot(r, r);
      fresh = false;
    } else {
      const beta = (next / rho) * (alpha / omega);
      for (let f = 0; f < p.length; f++) {
        const [pf, rf, vf] = [p[f], r[f], v[f]];
        for (let i = 0; i < pf.length; i++) pf[i] = rf[i] + beta * (pf[i] - omega * vf[i]);
      }
    }
    rho = next;
    system.precondition(p, guided);
    system.multiply(guided, v);
    alpha = rho / dot(shadow, v);
    if (!Number.isFinite(alpha)) return -1;
    add(x, alpha, guided);
    add(r, -alpha, v);
    if (isSmall()) return iteration;
    system.precondition(r, guided);
    system.multiply(guided, t);
    omega = dot(t, r) / dot(t, t);
    if (!Number.isFinite(omega)) return -1;
    add(x, omega, guided);
    add(r, -omega, t);
    if (isSmall()) return iteration;
    if (omega === 0) fresh = true;
  }
  return -1;
}

function copy(from: Vector, to: Vector): void {
  for (let f = 0; f < to.length; f++) to[f].set(from[f]);
}

function add(to: Vector, factor: number, what: Vector): void {
  for (let f = 0; f < to.length; f++) {
    const [a, b] = [to[f], what[f]];
    for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
  }
}

/** The largest size of an entry; NaN where one is. */
export function largestOf(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (!(size <= most)) most = size;
  }
  return most;
}
