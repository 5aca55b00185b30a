import type { CellType } from '../cells/cellType.ts';
import { isNumber } from '../expression/build.ts';
import { toClosure } from '../expression/closure.ts';
import { derivative } from '../expression/derivative.ts';
import { createScope } from '../expression/scope.ts';
import { factorise, solveFactorised } from '../ode/lu.ts';
import { poisson } from '../random/poisson.ts';
import { uniform } from '../random/xoshiro.ts';
import { LEAP_ROLE, type LeapSelection } from './leapSelection.ts';
import type { ReactionSystem } from './reactionSystem.ts';
import { moveScope } from './scopeOfCell.ts';
import type { CircuitWindow } from './window.ts';

/**
 * Implicit leaps for stiff networks, within tau-leaping (adaptive switch of Cao, Gillespie & Petzold 2007, doi:10.1063/1.2745299). What is
 * stiff are pairs of channels that undo one another, A ⇌ B, near their equilibrium: |a − a′| ≤ δ min(a, a′). They do
 * not limit an implicit leap; where it may be RATIO times as long as an explicit one it is taken. The pairs P advance by the trapezoidal rule
 * between two halves of the slow channels S,
 *
 *     y = x + Σ_S ν Poisson(a(x) τ/2)      z = y + Σ_P ν [Poisson(a(y) τ) − a(y) τ/2 + a(z) τ/2]      x⁺ = z + Σ_S ν Poisson(a(z) τ/2)
 *
 * with z by Newton's method and extents made whole at random, their means kept. The backward Euler form would damp the noise
 * of what is fast to nothing; this one has the stationary variance of a linear pair exactly right, and the slow channels see the
 * mean of a(x) and a(z), whose errors cancel. The price is that a deviation is multiplied by −1 nearly, (1 − λτ/2)/(1 + λτ/2),
 * instead of fading. So leaps come in series, each a third of the one before, down to λτ/2 ≈ 1 (what downshifting is to the
 * backward Euler form), and the window ends with explicit ones.
 *
 * State: `isStiff`, `longest` allowed for the next leap of a series, `pause` until the next look; `fired` by channel in a leap.
 */
const RATIO = 100;
/** Leaves the implicit form below this ratio: hysteresis. */
const LEAVE = 20;
/** Explicit leaps between looks at whether the network is stiff. */
const PAUSE = 16;
/** A series ends at this multiple of the explicit leap: a fifth of the turnover time each. */
const SHORTEST = 5;
const SHRINK = 1 / 3;
/** The slow channels are taken to first order, explicit leaps to second: so they are allowed this share of ε. */
const SLOW_SHARE = 1 / 3;
const EQUILIBRIUM = 0.05;
/** Molecules of each species of a pair: the trapezoidal rule takes its noise for small, and fewer are cheap to simulate otherwise. */
const ABUNDANT = 100;
const MOST_ITERATIONS = 20;

export interface ImplicitLeaps {
  /** A new cell. */
  begin(window: CircuitWindow, slot: number): void;
  /**
   * Takes an implicit leap, if one is due: its length, ≤ `rest` and `wait` (s), else 0. `explicit`: the longest explicit leap.
   * Propensities are those of the state before, and not valid afterwards.
   */
  attempt(streams: Uint32Array, stream: number, rest: number, explicit: number, wait: number): number;
}

/** Null where there is nothing that undoes another. */
export function createImplicitLeaps(
  type: CellType,
  fieldCount: number,
  system: ReactionSystem,
  selection: LeapSelection,
): ImplicitLeaps | null {
  const { network, count, propensities, amounts } = system;
  const { channels } = network;
  const partner = channels.map(({ change, given }, c) => {
    if (change.length === 0 || given.length > 0) return -1;
    return channels.findIndex(
      (other, d) =>
        d !== c &&
        other.given.length === 0 &&
        other.change.length === change.length &&
        other.change.every(([s, n], i) => s === change[i][0] && n === -change[i][1]),
    );
  });
  if (partner.every(p => p < 0)) return null;
  const forced = type.methodOptions?.leap === 'implicit';
  const { critical } = selection;
  const active = [
    ...new Set(channels.flatMap(({ change }, c) => (partner[c] < 0 ? [] : change.map(([s]) => s)))),
  ];
  const size = active.length;
  const scope = createScope();
  const slopes = channels.map(({ propensity }, c) =>
    partner[c] < 0
      ? []
      : active.flatMap((s, i) => {
          const slope = derivative(
            propensity,
            { of: 'species', index: s },
            s === 0 ? 1 / type.dryDensity : 0,
          );
          return isNumber(slope, 0) ? [] : [{ place: i, evaluate: toClosure(slope) }];
        }),
  );
  // Real amounts while solving, which the look-up tables of Hill functions in system.propensity do not know.
  const rates = channels.map(({ propensity }) => toClosure(propensity));
  const changes = channels.map(({ change }) =>
    change.map(([s, n]): [number, number] => [active.indexOf(s), n]),
  );
  const role = new Uint8Array(count);
  const start = new Float64Array(count);
  const fired = new Float64Array(count);
  const offset = new Float64Array(count);
  const extents = new Float64Array(count);
  const from = new Float64Array(size);
  const residual = new Float64Array(size);
  const matrix = new Float64Array(size * size);
  const pivots = new Int32Array(size);
  let isStiff = false;
  let longest = Number.POSITIVE_INFINITY;
  let pause = 0;

  /** Decides which channels leap implicitly, and which do not limit it. */
  function assignRoles(): void {
    for (let c = 0; c < count; c++) {
      const d = partner[c];
      if (d < 0 || critical[c] === 1 || critical[d] === 1) {
        role[c] = LEAP_ROLE.slow;
        continue;
      }
      let fewest = Number.POSITIVE_INFINITY;
      for (const [i] of changes[c]) fewest = Math.min(fewest, amounts[active[i]]);
      if (fewest < ABUNDANT) {
        role[c] = LEAP_ROLE.slow;
        continue;
      }
      // What the noise of so many molecules does to the two rates is no departure from equilibrium.
      const allowed = Math.max(EQUILIBRIUM, 4 / Math.sqrt(fewest));
      const apart = Math.abs(propensities[c] - propensities[d]);
      const near = apart <= allowed * Math.min(propensities[c], propensities[d]);
      role[c] = near ? LEAP_ROLE.balanced : LEAP_ROLE.paired;
    }
  }

  const isImplicit = (c: number): boolean => role[c] !== LEAP_ROLE.slow;

  function fire(c: number, n: number): void {
    if (n === 0) return;
    system.change(c, n);
    fired[c] += n;
  }

  function undo(): false {
    for (let c = 0; c < count; c++) if (fired[c] !== 0) system.change(c, -fired[c]);
    return false;
  }

  function slowHalf(streams: Uint32Array, stream: number, half: number): boolean {
    for (let c = 0; c < count; c++) {
      if (critical[c] === 0 && !isImplicit(c)) fire(c, poisson(streams, stream, propensities[c] * half));
    }
    return selection.isValid() && system.evaluate() < 0;
  }

  /** Tries a leap; false, with everything put back, where it cannot be solved or would leave an amount negative. */
  function leap(streams: Uint32Array, stream: number, tau: number): boolean {
    const half = 0.5 * tau;
    fired.fill(0);
    if (!slowHalf(streams, stream, half)) return undo();
    for (let c = 0; c < count; c++) {
      if (!isImplicit(c)) continue;
      offset[c] = poisson(streams, stream, propensities[c] * tau) - propensities[c] * half;
    }
    for (let i = 0; i < size; i++) from[i] = amounts[active[i]];
    const solved = solve(half);
    for (let i = 0; i < size; i++) amounts[active[i]] = from[i];
    if (!solved) return undo();
    for (let c = 0; c < count; c++) {
      if (!isImplicit(c)) continue;
      const down = Math.floor(extents[c]);
      const n = uniform(streams, stream) < extents[c] - down ? down + 1 : down;
      if (!(n >= 0)) return undo();
      fire(c, n);
    }
    if (!selection.isValid() || system.evaluate() >= 0) return undo();
    return slowHalf(streams, stream, half) || undo();
  }

  /** Newton's method for the trapezoidal rule, on the amounts of `active`; leaves extents of the implicit channels. */
  function solve(half: number): boolean {
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      for (let i = 0; i < size; i++) residual[i] = from[i] - amounts[active[i]];
      matrix.fill(0);
      for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
      for (let c = 0; c < count; c++) {
        if (!isImplicit(c)) continue;
        extents[c] = offset[c] + half * rates[c](scope);
        for (const [i, n] of changes[c]) {
          residual[i] += n * extents[c];
          for (const { place, evaluate } of slopes[c]) matrix[i * size + place] -= half * n * evaluate(scope);
        }
      }
      if (!factorise(matrix, pivots, size)) return false;
      solveFactorised(matrix, pivots, size, residual);
      let worst = 0;
      for (let i = 0; i < size; i++) {
        amounts[active[i]] += residual[i];
        const relative = Math.abs(residual[i]) / (1 + Math.abs(amounts[active[i]]));
        if (!(relative <= worst)) worst = relative;
      }
      if (!(worst < 1e6)) return false;
      if (worst > 1e-6) continue;
      for (let c = 0; c < count; c++) {
        if (isImplicit(c)) extents[c] = offset[c] + half * rates[c](scope);
      }
      return true;
    }
    return false;
  }

  return {
    begin(window, slot) {
      moveScope(scope, window, window.population.amounts, slot, type.dryDensity, fieldCount);
      scope.amounts = amounts;
      scope.speciesOffset = 0;
      isStiff = forced;
      longest = Number.POSITIVE_INFINITY;
      pause = 0;
    },
    attempt(streams, stream, rest, explicit, wait) {
      if (!isStiff && (!(rest > RATIO * explicit) || pause-- > 0)) return 0;
      const shortest = SHORTEST * explicit;
      if (!forced && !(rest > shortest)) return 0;
      assignRoles();
      const allowed = SLOW_SHARE * selection.selectSlow(role);
      if (!forced && !(allowed > (isStiff ? LEAVE : RATIO) * explicit)) {
        isStiff = false;
        pause = PAUSE;
        return 0;
      }
      if (!isStiff) longest = Number.POSITIVE_INFINITY;
      isStiff = true;
      // The last leaps of a window are short ones.
      let length = Math.min(allowed, longest, wait, rest > 3 * shortest ? (1 - SHRINK) * rest : rest);
      start.set(propensities);
      while (!leap(streams, stream, length)) {
        propensities.set(start);
        length *= 0.5;
        if (!(length > explicit)) {
          isStiff = forced;
          pause = PAUSE;
          return 0;
        }
      }
      longest = length > shortest ? SHRINK * length : Number.POSITIVE_INFINITY;
      return length;
    },
  };
}
