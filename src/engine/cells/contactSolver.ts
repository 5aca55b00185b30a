import type { Bodies } from './bodies.ts';
import type { ContactSet } from './contactSet.ts';
import type { PairLaw } from './pairLaw.ts';

/**
 * The linearised step of implicitMechanics.ts: the displacements δ that minimise
 *
 *     f(δ) = ½ Σ_i drag_i (v_i + δ_i)² + τ Σ_c m_c U(s_c − row_c · δ),      τ = rate Δt
 *
 * with v the displacements since the beginning of the step. U is convex (repulsion), with a kink in its second derivative where
 * a contact opens: a semismooth Newton method, its linear systems (drag + τ Σ m φ' rowᵀ row) by conjugate gradients with the
 * diagonal for preconditioner, and a line search for the minimum along each direction. All sums run in the order of bodies and
 * contacts, so the result is a function of the state alone.
 */
export interface ContactSolver {
  /** δ of the last `solve`, `freedoms` per body. */
  readonly step: Float64Array;
  /** Starts a step from the bodies' present place. `loose`, at most 1, scales the error of linear systems. */
  begin(bodies: Bodies, tau: number, loose: number): void;
  /** Solves for δ until it changes by less than half of `tolerance` (µm, root mean square of the bodies). */
  solve(bodies: Bodies, contacts: ContactSet, tolerance: number): void;
  /** The largest displacement (µm) that the forces on a body where it lies would still give it alone. */
  residual(contacts: ContactSet): number;
  /** Counts a share of δ as done. */
  accept(share: number, count: number): void;
  /** Counts what a body was moved by otherwise. */
  shift(body: number, by: readonly number[]): void;
  /** Iterations of conjugate gradients since `begin`. */
  readonly iterations: number;
  bytes(): number;
}

/** A single body may still be off by so many times the tolerance of all. */
export const LOCAL = 1.5;
/** Gaps are about to close below this fraction of r_a + r_b. */
const FORESIGHT = 0.03;
const MOST_NEWTON = 20;
const MOST_GRADIENTS = 400;
/** The residual of a linear system falls to this fraction: active contacts change too often for more to pay. */
const FORCING = 0.3;

export function createContactSolver(freedoms: number, law: PairLaw): ContactSolver {
  const axes = freedoms === 3 ? 2 : 3;
  let size = 0;
  let tau = 0;
  let iterations = 0;
  let forcing = FORCING;
  let moved = new Float64Array(0);
  let step = new Float64Array(0);
  let drag = new Float64Array(0);
  let gradient = new Float64Array(0);
  let diagonal = new Float64Array(0);
  let direction = new Float64Array(0);
  let residual = new Float64Array(0);
  let search = new Float64Array(0);
  let product = new Float64Array(0);
  // Per contact: the gap now, its rate of change along the direction, and the weight τ m φ'.
  let gap = new Float64Array(0);
  let change = new Float64Array(0);
  let weight = new Float64Array(0);
  // The contacts that bear, packed.
  let bearing = 0;
  let bearers = new Int32Array(0);
  let bearingRow = new Float64Array(0);
  let bearingWeight = new Float64Array(0);

  function makeRoom(bodies: Bodies): void {
    const length = freedoms * (bodies.capacity + 1);
    if (step.length >= length) return;
    moved = new Float64Array(length);
    step = new Float64Array(length);
    drag = new Float64Array(length);
    gradient = new Float64Array(length);
    diagonal = new Float64Array(length);
    direction = new Float64Array(length);
    residual = new Float64Array(length);
    search = new Float64Array(length);
    product = new Float64Array(length);
  }

  function makeContactRoom(count: number): void {
    if (gap.length >= count) return;
    const length = Math.ceil(1.25 * count);
    gap = new Float64Array(length);
    change = new Float64Array(length);
    weight = new Float64Array(length);
    bearers = new Int32Array(2 * length);
    bearingRow = new Float64Array(2 * freedoms * length);
    bearingWeight = new Float64Array(length);
  }

  /** row_c · v of both bodies. */
  function along({ a, b, row }: ContactSet, c: number, v: Float64Array): number {
    let at = 2 * freedoms * c;
    let from = freedoms * a[c];
    if (freedoms === 3) {
      const first = row[at] * v[from] + row[at + 1] * v[from + 1] + row[at + 2] * v[from + 2];
      if (b[c] < 0) return first;
      from = 3 * b[c];
      return first + row[at + 3] * v[from] + row[at + 4] * v[from + 1] + row[at + 5] * v[from + 2];
    }
    let sum = 0;
    for (let n = 0; n < freedoms; n++) sum += row[at++] * v[from++];
    if (b[c] < 0) return sum;
    from = freedoms * b[c];
    for (let n = 0; n < freedoms; n++) sum += row[at++] * v[from++];
    return sum;
  }

  /** target += value · row_c. */
  function spread({ a, b, row }: ContactSet, c: number, value: number, target: Float64Array): void {
    let at = 2 * freedoms * c;
    let to = freedoms * a[c];
    for (let n = 0; n < freedoms; n++) target[to++] += value * row[at++];
    if (b[c] < 0) return;
    to = freedoms * b[c];
    for (let n = 0; n < freedoms; n++) target[to++] += value * row[at++];
  }

  /**
   * φ' for the linear system: that of the law, and for a small gap a share of what it will be when it has closed. The direction then
   * heeds contacts that are about to close, where else every step would end at the first of them (four times the iterations in a
   * packed colony); gradient and line search are those of the law, so the minimum is the same.
   */
  function foresight(gap: number, touch: number, kind: number): number {
    const stiffness = law.stiffness(gap, touch, kind);
    const width = FORESIGHT * touch;
    if (gap >= 0 || gap < -10 * width) return stiffness;
    const share = 0.5 * (1 + gap / Math.sqrt(gap * gap + width * width));
    return Math.max(stiffness, share * law.stiffness(width, touch, kind));
  }

  function computeGradient(contacts: ContactSet): void {
    const { strength, touch, kind } = contacts;
    for (let n = 0; n < size; n++) {
      gradient[n] = drag[n] * (moved[n] + step[n]);
      diagonal[n] = drag[n];
    }
    const { a, b, row } = contacts;
    for (let c = 0; c < contacts.count; c++) {
      const force = tau * strength[c] * law.force(gap[c], touch[c], kind[c]);
      weight[c] = tau * strength[c] * foresight(gap[c], touch[c], kind[c]);
      if (force !== 0) spread(contacts, c, -force, gradient);
      if (weight[c] === 0) continue;
      let at = 2 * freedoms * c;
      let to = freedoms * a[c];
      for (let n = 0; n < freedoms; n++, at++) diagonal[to++] += weight[c] * row[at] * row[at];
      if (b[c] < 0) continue;
      to = freedoms * b[c];
      for (let n = 0; n < freedoms; n++, at++) diagonal[to++] += weight[c] * row[at] * row[at];
    }
  }

  /** Packs what the linear system needs of the contacts that bear: their rows and the places of their bodies. */
  function pack(contacts: ContactSet): void {
    const { a, b, row } = contacts;
    bearing = 0;
    for (let c = 0; c < contacts.count; c++) {
      if (weight[c] === 0) continue;
      bearers[2 * bearing] = freedoms * a[c];
      // A wall is a body of its own, after the last, that nothing moves.
      bearers[2 * bearing + 1] = b[c] < 0 ? size : freedoms * b[c];
      bearingWeight[bearing] = weight[c];
      const from = 2 * freedoms * c;
      const to = 2 * freedoms * bearing;
      for (let n = 0; n < 2 * freedoms; n++) bearingRow[to + n] = row[from + n];
      if (b[c] < 0) for (let n = freedoms; n < 2 * freedoms; n++) bearingRow[to + n] = 0;
      bearing++;
    }
  }

  /** product = (drag + Σ weight rowᵀ row) search */
  function multiply(): void {
    for (let n = 0; n < size; n++) product[n] = drag[n] * search[n];
    if (freedoms === 3) {
      for (let k = 0, at = 0; k < bearing; k++, at += 6) {
        const i = bearers[2 * k];
        const j = bearers[2 * k + 1];
        const xi = bearingRow[at];
        const yi = bearingRow[at + 1];
        const ti = bearingRow[at + 2];
        const xj = bearingRow[at + 3];
        const yj = bearingRow[at + 4];
        const tj = bearingRow[at + 5];
        const near = xi * search[i] + yi * search[i + 1] + ti * search[i + 2];
        const far = xj * search[j] + yj * search[j + 1] + tj * search[j + 2];
        const f = bearingWeight[k] * (near + far);
        product[i] += f * xi;
        product[i + 1] += f * yi;
        product[i + 2] += f * ti;
        product[j] += f * xj;
        product[j + 1] += f * yj;
        product[j + 2] += f * tj;
      }
      return;
    }
    for (let k = 0; k < bearing; k++) {
      const at = 2 * freedoms * k;
      const i = bearers[2 * k];
      const j = bearers[2 * k + 1];
      let sum = 0;
      for (let n = 0; n < 6; n++) sum += bearingRow[at + n] * search[i + n];
      for (let n = 0; n < 6; n++) sum += bearingRow[at + 6 + n] * search[j + n];
      const f = bearingWeight[k] * sum;
      for (let n = 0; n < 6; n++) product[i + n] += f * bearingRow[at + n];
      for (let n = 0; n < 6; n++) product[j + n] += f * bearingRow[at + 6 + n];
    }
  }

  /** direction = −H⁻¹ gradient, roughly. */
  function findDirection(contacts: ContactSet): void {
    pack(contacts);
    let rho = 0;
    for (let n = 0; n < size; n++) {
      direction[n] = 0;
      residual[n] = -gradient[n];
      search[n] = residual[n] / diagonal[n];
      rho += residual[n] * search[n];
    }
    search.fill(0, size, size + freedoms);
    const enough = forcing * forcing * rho;
    for (let k = 0; k < MOST_GRADIENTS && rho > enough; k++) {
      iterations++;
      multiply();
      let curvature = 0;
      for (let n = 0; n < size; n++) curvature += search[n] * product[n];
      const alpha = rho / curvature;
      let next = 0;
      for (let n = 0; n < size; n++) {
        direction[n] += alpha * search[n];
        residual[n] -= alpha * product[n];
        next += (residual[n] * residual[n]) / diagonal[n];
      }
      const beta = next / rho;
      for (let n = 0; n < size; n++) search[n] = residual[n] / diagonal[n] + beta * search[n];
      rho = next;
    }
  }

  /** The minimum of f along the direction, by the zero of its slope: 1 where nothing opens or closes on the way. */
  function lineSearch(contacts: ContactSet): number {
    const { strength, touch, kind } = contacts;
    let constant = 0;
    let linear = 0;
    for (let n = 0; n < size; n++) {
      constant += drag[n] * (moved[n] + step[n]) * direction[n];
      linear += drag[n] * direction[n] * direction[n];
    }
    for (let c = 0; c < contacts.count; c++) change[c] = along(contacts, c, direction);
    const slope = (alpha: number): number => {
      let sum = constant + alpha * linear;
      for (let c = 0; c < contacts.count; c++) {
        const force = law.force(gap[c] - alpha * change[c], touch[c], kind[c]);
        if (force !== 0) sum -= tau * strength[c] * force * change[c];
      }
      return sum;
    };
    const start = slope(0);
    if (!(start < 0)) return 0;
    let low = 0;
    let high = 1;
    let atHigh = slope(1);
    // The Newton step as it is, where it is good.
    if (Math.abs(atHigh) <= 0.1 * -start) return 1;
    let atLow = start;
    // Further, where the system foresaw contacts that do not close.
    for (let k = 0; k < 30 && atHigh < 0; k++) {
      low = high;
      atLow = atHigh;
      high *= 4;
      atHigh = slope(high);
    }
    let alpha = high;
    if (!(atHigh > atLow)) return alpha;
    for (let k = 0; k < 20; k++) {
      // The secant, kept away from the ends.
      const guess = low + ((high - low) * -atLow) / (atHigh - atLow);
      alpha = Math.min(Math.max(guess, low + 0.1 * (high - low)), high - 0.1 * (high - low));
      const at = slope(alpha);
      if (Math.abs(at) <= 0.1 * -start) break;
      if (at < 0) {
        low = alpha;
        atLow = at;
      } else {
        high = alpha;
        atHigh = at;
      }
    }
    return alpha;
  }

  /** The largest displacement that the forces of its own contacts would still give a body (a step of Jacobi's method), µm. */
  function largestResidual(): number {
    let largest = 0;
    for (let n = 0; n < size; n++) {
      if (n % freedoms < axes) largest = Math.max(largest, Math.abs(gradient[n]) / diagonal[n]);
    }
    return largest;
  }

  return {
    get step() {
      return step;
    },
    get iterations() {
      return iterations;
    },
    begin(bodies, given, loose) {
      forcing = FORCING * loose;
      makeRoom(bodies);
      tau = given;
      iterations = 0;
      size = freedoms * bodies.count;
      for (let i = 0; i < bodies.count; i++) {
        const extent = bodies.extent[i];
        for (let n = 0; n < freedoms; n++) {
          moved[freedoms * i + n] = 0;
          // A cell without biomass feels no force; any drag will do.
          drag[freedoms * i + n] = extent > 0 ? (n < axes ? extent : extent ** 3 / 3) : 1;
        }
      }
    },
    solve(bodies, contacts, tolerance) {
      makeContactRoom(contacts.count);
      step.fill(0, 0, size);
      for (let c = 0; c < contacts.count; c++) gap[c] = contacts.overlap[c];
      let settled = false;
      for (let newton = 0; newton < MOST_NEWTON; newton++) {
        computeGradient(contacts);
        if (settled && largestResidual() <= LOCAL * tolerance) return;
        findDirection(contacts);
        const alpha = lineSearch(contacts);
        if (alpha === 0) return;
        let square = 0;
        for (let n = 0; n < size; n++) {
          const by = alpha * direction[n];
          step[n] += by;
          // An angle counts by what it moves the ends.
          const reach = n % freedoms < axes ? 1 : bodies.half[Math.floor(n / freedoms)];
          square += (by * reach) ** 2;
        }
        for (let c = 0; c < contacts.count; c++) gap[c] -= alpha * change[c];
        settled = square <= 0.25 * tolerance * tolerance * bodies.count;
      }
    },
    residual(contacts) {
      makeContactRoom(contacts.count);
      step.fill(0, 0, size);
      for (let c = 0; c < contacts.count; c++) gap[c] = contacts.overlap[c];
      computeGradient(contacts);
      return largestResidual();
    },
    accept(share, count) {
      for (let n = 0; n < freedoms * count; n++) moved[n] += share * step[n];
    },
    shift(body, by) {
      for (let n = 0; n < freedoms; n++) moved[freedoms * body + n] += by[n];
    },
    bytes: () =>
      9 * step.byteLength +
      3 * gap.byteLength +
      bearers.byteLength +
      bearingRow.byteLength +
      bearingWeight.byteLength,
  };
}
