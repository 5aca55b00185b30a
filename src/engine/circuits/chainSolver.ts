/**
 * Linear equations of a Markov chain by elimination of one state after the other: eliminating state k leaves the chain watched
 * only outside k, with rates r_ij + r_ik r_kj/s_k and s_k = Σ_{j<k} r_kj + excess. Nothing is subtracted, so that every
 * component has a small relative error, however rare (Grassmann, Taksar & Heyman 1985). States are
 * taken in the order of Cuthill & McKee (1969), and the chain is kept as a band, which elimination does not widen.
 */
export interface Transitions {
  readonly count: number;
  /** Calls `visit` for every transition between different states with its rate > 0. */
  each(visit: (from: number, to: number, rate: number) => void): void;
}

export interface ChainSolver {
  /**
   * Times spent in each state when `start` enters the chain and leaves by the excess: x_i (out_i + excess_i) = start_i + Σ x_j r_ji.
   * Where nothing has an excess, the stationary law (up to a factor) whatever `start`.
   */
  occupation(start: Float64Array): Float64Array<ArrayBuffer>;
  /** Means of a gain per second until the excess takes the chain: y_i (out_i + excess_i) = gain_i + Σ r_ij y_j. */
  gathered(gain: Float64Array): Float64Array<ArrayBuffer>;
  /** Operations of one solution. */
  readonly cost: number;
}

/** Doubles of a band (800 MB), and operations of an elimination (about a minute). */
const MOST_BAND = 1e8;
const MOST_OPERATIONS = 4e10;

export class BandError extends Error {
  override readonly name = 'BandError';
}

/**
 * Every state must lead to one with an excess; or none has any, and every state leads to every other. Throws BandError where the
 * band is too wide.
 */
export function eliminate(transitions: Transitions, excess: Float64Array): ChainSolver {
  const { count: n } = transitions;
  const order = cuthillMcKee(transitions);
  const place = new Int32Array(n);
  order.forEach((state, i) => {
    place[state] = i;
  });
  let width = 0;
  transitions.each((from, to) => {
    width = Math.max(width, Math.abs(place[from] - place[to]));
  });
  const row = 2 * width + 1;
  if (n * row > MOST_BAND || 2 * n * width * width > MOST_OPERATIONS)
    throw new BandError(`${n.toLocaleString('en')} states within ${width} of one another`);
  // rates[i * row + (j - i + width)] of i → j, by place.
  const rates = new Float64Array(n * row);
  transitions.each((from, to, rate) => {
    rates[place[from] * row + place[to] - place[from] + width] += rate;
  });
  const left = Float64Array.from(order, state => excess[state]);
  const sums = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    const first = Math.max(0, k - width);
    const rowK = k * row - k + width;
    let s = left[k];
    for (let j = first; j < k; j++) s += rates[rowK + j];
    sums[k] = s;
    if (!(s > 0)) continue;
    for (let i = first; i < k; i++) {
      const into = rates[i * row + k - i + width];
      if (into === 0) continue;
      const share = into / s;
      const rowI = i * row - i + width;
      left[i] += share * left[k];
      for (let j = first; j < k; j++) rates[rowI + j] += share * rates[rowK + j];
    }
  }
  const arrange = (byPlace: Float64Array): Float64Array<ArrayBuffer> => {
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) values[order[i]] = byPlace[i];
    return values;
  };

  return {
    cost: 4 * n * width,
    occupation(start) {
      const f = Float64Array.from(order, state => start[state]);
      const closed = sums[0] === 0;
      for (let k = n - 1; k > 0; k--) {
        if (f[k] === 0) continue;
        const share = f[k] / sums[k];
        for (let j = Math.max(0, k - width); j < k; j++) f[j] += share * rates[k * row + j - k + width];
      }
      const x = new Float64Array(n);
      x[0] = closed ? 1 : f[0] / sums[0];
      for (let k = 1; k < n; k++) {
        let flow = closed ? 0 : f[k];
        for (let i = Math.max(0, k - width); i < k; i++) flow += x[i] * rates[i * row + k - i + width];
        x[k] = flow / sums[k];
        // The first state may be one of the rarest.
        if (closed && x[k] > 1e200) for (let i = 0; i <= k; i++) x[i] *= 1e-200;
      }
      return arrange(x);
    },
    gathered(gain) {
      const g = Float64Array.from(order, state => gain[state]);
      for (let k = n - 1; k > 0; k--) {
        if (g[k] === 0) continue;
        const share = g[k] / sums[k];
        for (let i = Math.max(0, k - width); i < k; i++) g[i] += share * rates[i * row + k - i + width];
      }
      const y = new Float64Array(n);
      for (let k = 0; k < n; k++) {
        let total = g[k];
        for (let j = Math.max(0, k - width); j < k; j++) total += rates[k * row + j - k + width] * y[j];
        y[k] = total / sums[k];
      }
      return arrange(y);
    },
  };
}

/** States by distance from one at the rim: neighbours come close to one another. */
function cuthillMcKee(transitions: Transitions): Int32Array {
  const { count: n } = transitions;
  const degree = new Int32Array(n + 1);
  transitions.each((from, to) => {
    degree[from]++;
    degree[to]++;
  });
  const start = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) start[i + 1] = start[i] + degree[i];
  const neighbours = new Int32Array(start[n]);
  const filled = start.slice();
  transitions.each((from, to) => {
    neighbours[filled[from]++] = to;
    neighbours[filled[to]++] = from;
  });
  const seen = new Int32Array(n);
  const order = new Int32Array(n);
  const walk = (root: number, from: number, mark: number): number => {
    let end = from;
    order[end++] = root;
    seen[root] = mark;
    for (let at = from; at < end; at++) {
      const first = end;
      for (let e = start[order[at]]; e < start[order[at] + 1]; e++) {
        const to = neighbours[e];
        if (seen[to] === mark) continue;
        seen[to] = mark;
        order[end++] = to;
      }
      order.subarray(first, end).sort((a, b) => degree[a] - degree[b] || a - b);
    }
    return end;
  };
  let done = 0;
  for (let root = 0; root < n; root++) {
    if (seen[root] === 3) continue;
    // The last of a walk lies at the rim; twice, and it mostly lies at one end.
    const rim = order[walk(root, done, 1) - 1];
    const far = order[walk(rim, done, 2) - 1];
    done = walk(far, done, 3);
  }
  return order;
}

/** States that lead to one another. */
export interface Component {
  readonly states: readonly number[];
  /** Whether they lead to no others. */
  readonly closed: boolean;
}

/** The strongly connected components of a chain (Tarjan 1972). */
export function components(transitions: Transitions): Component[] {
  const { count: n } = transitions;
  const start = new Int32Array(n + 1);
  transitions.each(from => {
    start[from + 1]++;
  });
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  const next = new Int32Array(start[n]);
  const filled = start.slice();
  transitions.each((from, to) => {
    next[filled[from]++] = to;
  });
  const number = new Int32Array(n);
  const low = new Int32Array(n);
  const component = new Int32Array(n).fill(-1);
  const edge = start.slice(0, n);
  const stack: number[] = [];
  const path: number[] = [];
  let visited = 0;
  let found = 0;
  for (let root = 0; root < n; root++) {
    if (number[root] !== 0) continue;
    path.push(root);
    while (path.length > 0) {
      const i = path[path.length - 1];
      if (number[i] === 0) {
        number[i] = low[i] = ++visited;
        stack.push(i);
      }
      if (edge[i] < start[i + 1]) {
        const to = next[edge[i]++];
        if (number[to] === 0) path.push(to);
        else if (component[to] < 0) low[i] = Math.min(low[i], number[to]);
        continue;
      }
      path.pop();
      if (path.length > 0) low[path[path.length - 1]] = Math.min(low[path[path.length - 1]], low[i]);
      if (low[i] !== number[i]) continue;
      for (let member = -1; member !== i; ) {
        member = stack.pop() as number;
        component[member] = found;
      }
      found++;
    }
  }
  const closed = new Uint8Array(found).fill(1);
  transitions.each((from, to) => {
    if (component[from] !== component[to]) closed[component[from]] = 0;
  });
  const members = Array.from({ length: found }, (): number[] => []);
  for (let i = 0; i < n; i++) members[component[i]].push(i);
  return members.map((states, c) => ({ states, closed: closed[c] === 1 }));
}
