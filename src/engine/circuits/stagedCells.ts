import type { CellType } from '../cells/cellType.ts';
import { factorise, solveFactorised } from '../ode/lu.ts';
import { type Circuit, netChange } from './circuit.ts';
import { fieldsOfContinuous } from './continuousNetwork.ts';
import { createFlow } from './flow.ts';
import { methodType, selectMethod } from './methods.ts';
import { type CircuitWindow, type Failure, failRate } from './window.ts';

/**
 * The continuous channels of all cells of one type, uptake too, through the implicit stages of a step that they share with the
 * fields (coupling/monolithic.ts). A stage of a cell in concentrations c is, for the extents e of its channels since the step began,
 *
 *     e = e₀ + a v(x + N e, c)
 *
 * solved by Newton's method with systems of the size of the species (Woodbury's formula, flowProblem.ts): (I − a N V) u = N r,
 * δe = r + a V u, V = ∂v/∂x. The same factors give the cell's answer to the fields, K = G ∂e/∂c = G (I − a V N)⁻¹ a ∂v/∂c.
 *
 * Below zero, where a stage may come to lie, rates go on linearly from zero: Newton's method finds what the scheme makes of it.
 */
export interface StagedCells {
  /** Begins a step over the window, whose cells see `window.sampled` at its start; false, saying so, where a rate is not valid. */
  begin(window: CircuitWindow, failure: Failure): boolean;
  /** Opens a stage at `offset` s, implicit over a, that takes `weight` (s) of each rate before it. */
  openStage(a: number, weight: number, offset: number): void;
  /**
   * Solves the stage for all cells in surroundings `seen` [slot * fieldCount + f]. Sets K, net molecules given per
   * concentration (µm³), [(order[slot] * m + g) * m + f] among the m coupled fields. False where it did not converge.
   */
  solve(seen: Float64Array, order: Int32Array, response: Float64Array): boolean;
  /** What each cell gives on balance to the coupled fields at the rates in hand, of begin or of the stage, molecules/s [order[slot] * m + g]. */
  flows(order: Int32Array, given: Float64Array): void;
  /** Net molecules that each cell has given to each field since the step began, [slot * fieldCount + f]. */
  release(into: Float64Array): void;
  closeStage(): void;
  /** Whether the cells may stand as the stage leaves them: no amount below zero, no channel that ran backwards. */
  isSound(): boolean;
  /** Largest difference of the amounts after the stage from those that `keep` kept, relative to an amount plus one molecule. */
  keep(): void;
  distance(): number;
  /** Makes the state after the last stage the present one; adds extents to the window's. */
  accept(): void;
  /** Extent of a reaction by the n-th cell of the window. */
  extentOf(reaction: number, n: number): number;
}

/** The fields that monolithic coupling solves with the cells: those that any type's continuous channels meet, as its method has them. */
export function solvedWithCells(cellTypes: readonly CellType[]): number[] {
  const met = cellTypes.flatMap(type => [
    ...fieldsOfContinuous(methodType(type, selectMethod(type.circuit, type.method)).circuit),
  ]);
  return [...new Set(met)].sort((a, b) => a - b);
}

/** The first reaction that exchanges whole molecules with a field, by name; null where there is none. */
export function firesIntoFields({ reactions }: Circuit, method = 'auto'): string | null {
  if (method === 'deterministic') return null;
  const found = reactions.find(reaction => !reaction.continuous && netChange(reaction, 'field').length > 0);
  return found?.name ?? null;
}

/** Why a circuit cannot be solved as one with the fields, or null. */
export function whyNotMonolithic(circuit: Circuit, method = 'auto'): string | null {
  const whole = firesIntoFields(circuit, method);
  if (whole === null) return null;
  return `\`${whole}\` exchanges whole molecules with a field: monolithic coupling takes exchange by continuous reactions, or \`method: deterministic\``;
}

/** Newton iterations of a stage of one cell. */
const MOST_ITERATIONS = 25;

/** The last correction of amounts, relative to an amount plus one molecule, beyond which another could change nothing that matters. */
const FINE = 1e-6;

/** Extents that are this far below zero, relative to an amount plus one molecule, are rounding. */
const ROUNDING = 1e-12;

/**
 * Null where the type has no continuous channel. `coupled`: the fields among which cells answer. `strict`: rates must not be negative.
 */
export function createStagedCells(
  type: CellType,
  fieldCount: number,
  coupled: readonly number[],
  strict: boolean,
  generate: boolean,
): StagedCells | null {
  const flow = createFlow(type, fieldCount, true, true, generate);
  if (!flow) return null;
  const { count, size, network, amounts } = flow;
  const { channels, changed, changers } = network;
  const given = channels.map(({ reaction }) => netChange(type.circuit.reactions[reaction], 'field'));
  const place = new Map(channels.map(({ reaction }, c) => [reaction, c]));
  const m = coupled.length;
  const position = (f: number) => coupled.indexOf(f);
  const givenCoupled = given.map(list => list.map(([f, n]) => [position(f), n] as const));
  const rates = new Float64Array(count);
  const rest = new Float64Array(count);
  const local = new Float64Array(count);
  const partial = new Float64Array(count * size);
  const outer = new Float64Array(count * fieldCount);
  const change = new Float64Array(size);
  const deficit = new Float64Array(size);
  const matrix = new Float64Array(size * size);
  const pivots = new Int32Array(size);
  let window: CircuitWindow;
  let cells = 0;
  let [a, weight, offset] = [0, 0, 0];
  /** By cell and channel: extents so far, e₀ of the stage, sum of the rates of the stages before. */
  let extents = new Float64Array(0);
  let base = new Float64Array(0);
  let sum = new Float64Array(0);
  /** Rates in hand, 1/s. */
  let present = new Float64Array(0);
  let kept = new Float64Array(0);
  /** What cells see, at least 0. */
  let shown = new Float64Array(0);

  function isBelow(seen: Float64Array, first: number): boolean {
    let below = false;
    for (let f = first; f < first + fieldCount; f++) {
      const c = seen[f];
      shown[f] = c < 0 ? 0 : c;
      if (c < 0) below = true;
    }
    return below;
  }

  /** Amounts at the local extents, those below zero set to 0 and kept in `deficit`; whether there are such. */
  function move(): boolean {
    const least = flow?.moveTo(local) ?? 0;
    if (least >= 0) return false;
    for (let i = 0; i < size; i++) {
      const x = amounts[changed[i]];
      deficit[i] = x < 0 ? x : 0;
      if (x < 0) amounts[changed[i]] = 0;
    }
    return true;
  }

  /** N r into `change`, then u = (I − a N V)⁻¹ N r, then r + a V u into r. */
  function solveLocal(r: Float64Array): void {
    flow?.combine(r, change);
    solveFactorised(matrix, pivots, size, change);
    for (let c = 0; c < count; c++) {
      let product = 0;
      for (let i = 0; i < size; i++) product += partial[c * size + i] * change[i];
      r[c] += a * product;
    }
  }

  function solveCell(n: number, seen: Float64Array): boolean {
    const slot = window.cells[window.from + n];
    const first = n * count;
    const below = isBelow(seen, slot * fieldCount);
    flow?.enter(window, slot);
    for (let c = 0; c < count; c++) local[c] = extents[first + c];
    let last = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      const lacks = move();
      if ((flow?.rates(offset, rates) ?? 0) >= 0) return false;
      flow?.jacobian(offset, partial);
      if (lacks) {
        for (let c = 0; c < count; c++) {
          for (let i = 0; i < size; i++) rates[c] += partial[c * size + i] * deficit[i];
        }
      }
      flow?.fieldJacobian(offset, outer);
      if (below) {
        for (let c = 0; c < count; c++) {
          for (let f = 0; f < fieldCount; f++) {
            const c0 = seen[slot * fieldCount + f];
            if (c0 < 0) rates[c] += outer[c * fieldCount + f] * c0;
          }
        }
      }
      for (let c = 0; c < count; c++) rest[c] = base[first + c] + a * rates[c] - local[c];
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          let product = i === j ? 1 : 0;
          const list = changers[i];
          for (let k = 0; k < list.length; k++) product -= a * list[k][1] * partial[list[k][0] * size + j];
          matrix[i * size + j] = product;
        }
      }
      if (!factorise(matrix, pivots, size)) return false;
      solveLocal(rest);
      let error = 0;
      for (let i = 0; i < size; i++) {
        const scaled = Math.abs(change[i]) / (1 + amounts[changed[i]]);
        if (!(scaled <= error)) error = scaled;
      }
      if (!Number.isFinite(error)) return false;
      for (let c = 0; c < count; c++) local[c] += rest[c];
      if (error <= FINE && (!lacks || error <= ROUNDING || error >= last)) {
        for (let c = 0; c < count; c++) {
          extents[first + c] = local[c];
          // The rate that the stage used.
          present[first + c] = (local[c] - base[first + c]) / a;
        }
        return true;
      }
      last = error;
    }
    return false;
  }

  function answer(start: number, response: Float64Array): void {
    for (let k = start; k < start + m * m; k++) response[k] = 0;
    for (let j = 0; j < m; j++) {
      let any = false;
      for (let c = 0; c < count; c++) {
        rest[c] = a * outer[c * fieldCount + coupled[j]];
        if (rest[c] !== 0) any = true;
      }
      if (!any) continue;
      solveLocal(rest);
      for (let c = 0; c < count; c++) addTo(response, start + j, m, givenCoupled[c], rest[c]);
    }
  }

  /** Points the flow at the n-th cell as the stage leaves it; the least amount. */
  function settle(n: number): number {
    flow?.enter(window, window.cells[window.from + n]);
    for (let c = 0; c < count; c++) local[c] = extents[n * count + c];
    return flow?.moveTo(local) ?? 0;
  }

  return {
    begin(to, failure) {
      window = { ...to };
      cells = to.to - to.from;
      if (extents.length < cells * count) {
        extents = new Float64Array(cells * count);
        base = new Float64Array(cells * count);
        sum = new Float64Array(cells * count);
        present = new Float64Array(cells * count);
        kept = new Float64Array(cells * size);
      }
      if (shown.length < to.sampled.length) shown = new Float64Array(to.sampled.length);
      window.sampled = shown;
      extents.fill(0, 0, cells * count);
      base.fill(0, 0, cells * count);
      local.fill(0);
      for (let n = 0; n < cells; n++) {
        const slot = window.cells[window.from + n];
        isBelow(to.sampled, slot * fieldCount);
        flow.enter(window, slot);
        flow.moveTo(local);
        let wrong = flow.rates(0, rates);
        if (strict) {
          for (let c = 0; wrong < 0 && c < count; c++) if (channels[c].checked && !(rates[c] >= 0)) wrong = c;
        }
        if (wrong >= 0) return failRate(failure, channels[wrong].reaction, slot, rates[wrong]);
        for (let c = 0; c < count; c++) {
          sum[n * count + c] = rates[c];
          present[n * count + c] = rates[c];
        }
      }
      return true;
    },
    openStage(implicit, ofEarlier, at) {
      [a, weight, offset] = [implicit, ofEarlier, at];
      for (let k = 0; k < cells * count; k++) base[k] = weight * sum[k];
    },
    solve(seen, order, response) {
      for (let n = 0; n < cells; n++) {
        if (!solveCell(n, seen)) return false;
        answer(order[window.cells[window.from + n]] * m * m, response);
      }
      return true;
    },
    flows(order, to) {
      for (let n = 0; n < cells; n++) {
        const start = order[window.cells[window.from + n]] * m;
        for (let g = start; g < start + m; g++) to[g] = 0;
        for (let c = 0; c < count; c++) addTo(to, start, 1, givenCoupled[c], present[n * count + c]);
      }
    },
    release(into) {
      for (let n = 0; n < cells; n++) {
        const start = window.cells[window.from + n] * fieldCount;
        for (let c = 0; c < count; c++) addTo(into, start, 1, given[c], extents[n * count + c]);
      }
    },
    closeStage() {
      for (let k = 0; k < cells * count; k++) sum[k] += present[k];
    },
    isSound() {
      for (let n = 0; n < cells; n++) {
        if (!(settle(n) >= 0)) return false;
        if (!strict) continue;
        let most = 1;
        for (let i = 0; i < size; i++) most = Math.max(most, amounts[changed[i]]);
        for (let c = 0; c < count; c++) if (local[c] < -ROUNDING * most) return false;
      }
      return true;
    },
    keep() {
      for (let n = 0; n < cells; n++) {
        settle(n);
        for (let i = 0; i < size; i++) kept[n * size + i] = amounts[changed[i]];
      }
    },
    distance() {
      let most = 0;
      for (let n = 0; n < cells; n++) {
        settle(n);
        for (let i = 0; i < size; i++) {
          const amount = amounts[changed[i]];
          const far = Math.abs(amount - kept[n * size + i]) / (1 + Math.abs(amount));
          if (!(far <= most)) most = far;
        }
      }
      return most;
    },
    accept() {
      const { population } = window;
      for (let n = 0; n < cells; n++) {
        settle(n);
        const slot = window.cells[window.from + n];
        for (const s of changed) population.amounts[slot * population.stride + s] = amounts[s];
        for (let c = 0; c < count; c++) window.extents[channels[c].reaction] += local[c];
      }
    },
    extentOf(reaction, n) {
      const c = place.get(reaction);
      return c === undefined ? 0 : extents[n * count + c];
    },
  };
}

/** into[start + index * stride] += molecules × factor for every pair of a list. */
function addTo(
  into: Float64Array,
  start: number,
  stride: number,
  list: readonly (readonly [index: number, molecules: number])[],
  factor: number,
): void {
  for (let k = 0; k < list.length; k++) into[start + list[k][0] * stride] += list[k][1] * factor;
}
