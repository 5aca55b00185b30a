import type { CellType } from '../cells/cellType.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { ABSOLUTE_SHARE, BS3, nextStep, SHORTEST_STEP } from '../ode/bogackiShampine.ts';
import { type ContinuousNetwork, continuousNetwork } from './continuousNetwork.ts';
import { moveScope } from './scopeOfCell.ts';
import { createStiffWindow, MOST_EXPLICIT_STEPS, type StiffWindow } from './stiffWindow.ts';
import { type CircuitWindow, type Failure, failRate, type Kernel } from './window.ts';

/** The integration of continuous.ts without code generation: the same operations in the same order, bit for bit. */
export function tabulateContinuous(
  type: CellType,
  fieldCount: number,
  includeUptake: boolean,
  tolerance: number,
  timed = false,
): Kernel | null {
  const network = continuousNetwork(type.circuit, includeUptake);
  if (!network) return null;
  const advanceStiff = createStiffWindow(type, fieldCount, includeUptake, tolerance, timed);
  return continuousKernel(type, network, fieldCount, tolerance, timed, advanceStiff);
}

/** `stiff`: nothing was written, the cell is to be handed over. */
type Advanced = 'done' | 'failed' | 'stiff';

function continuousKernel(
  type: CellType,
  network: ContinuousNetwork,
  fieldCount: number,
  tolerance: number,
  timed: boolean,
  advanceStiff: StiffWindow,
): Kernel {
  const { channels, changed, changers, detached } = network;
  const closures = channels.map(channel => toClosure(channel.rate));
  const count = channels.length;

  const scope = createScope();
  const stageAmounts = new Float64Array(type.circuit.species.length);
  const extents = new Float64Array(count);
  const stageExtents = new Float64Array(count);
  const errors = new Float64Array(count);
  /** k₁ … k₄ of channel c at [4 c …]. */
  const rates = new Float64Array(4 * count);

  /** Rates of stage s at the present stage amounts; false where one is not valid. */
  function evaluateRates(s: number): boolean {
    let valid = true;
    for (let c = 0; c < count; c++) {
      const rate = closures[c](scope);
      rates[4 * c + s] = rate;
      if (channels[c].checked && !(rate >= 0 && rate < Infinity)) valid = false;
    }
    return valid;
  }

  let origin = 0;
  let birth = 0;
  let clock = 0;

  /** Amounts at `stageExtents`, then the rates there, `offset` s after the clock; false where one is negative. */
  function evaluateStage(s: number, amounts: Float64Array, base: number, offset: number): boolean {
    if (timed) {
      scope.time = origin + (clock + offset);
      scope.age = scope.time - birth;
    }
    let valid = true;
    for (let i = 0; i < changed.length; i++) {
      const amount = amounts[base + changed[i]] + combine(changers[i], stageExtents);
      stageAmounts[changed[i]] = amount;
      if (!(amount >= 0)) valid = false;
    }
    if (!valid) return false;
    scope.volume = stageAmounts[0] / type.dryDensity;
    return evaluateRates(s);
  }

  /** Tries one step of h (s); its error relative to the tolerance, infinite where it left the valid states. */
  function attempt(h: number, amounts: Float64Array, base: number): number {
    for (let c = 0; c < count; c++) stageExtents[c] = extents[c] + h * (BS3.a2 * rates[4 * c]);
    if (!evaluateStage(1, amounts, base, BS3.a2 * h)) return Infinity;
    for (let c = 0; c < count; c++) stageExtents[c] = extents[c] + h * (BS3.a3 * rates[4 * c + 1]);
    if (!evaluateStage(2, amounts, base, BS3.a3 * h)) return Infinity;
    for (let c = 0; c < count; c++) {
      const i = 4 * c;
      stageExtents[c] = extents[c] + h * (BS3.b1 * rates[i] + BS3.b2 * rates[i + 1] + BS3.b3 * rates[i + 2]);
    }
    if (!evaluateStage(3, amounts, base, h)) return Infinity;
    for (let c = 0; c < count; c++) {
      const i = 4 * c;
      errors[c] = BS3.e1 * rates[i] + BS3.e2 * rates[i + 1] + BS3.e3 * rates[i + 2] + BS3.e4 * rates[i + 3];
    }
    let largest = 0;
    for (let i = 0; i < changed.length; i++) {
      const size = tolerance * (ABSOLUTE_SHARE + stageAmounts[changed[i]]);
      largest = Math.max(largest, Math.abs(h * combine(changers[i], errors)) / size);
    }
    for (const c of detached) {
      largest = Math.max(largest, Math.abs(h * errors[c]) / (tolerance * (ABSOLUTE_SHARE + stageExtents[c])));
    }
    return largest;
  }

  function failed(failure: Failure, slot: number): 'failed' {
    explainRejection(
      failure,
      network,
      slot,
      rates,
      changed.map(s => stageAmounts[s]),
    );
    return 'failed';
  }

  function advanceCell(window: CircuitWindow, slot: number, duration: number, failure: Failure): Advanced {
    const { amounts, stride } = window.population;
    const base = slot * stride;
    moveScope(scope, window, amounts, slot, type.dryDensity, fieldCount);
    for (let s = 0; s < stageAmounts.length; s++) stageAmounts[s] = amounts[base + s];
    scope.amounts = stageAmounts;
    scope.speciesOffset = 0;
    extents.fill(0);
    rates.fill(0);
    origin = window.time;
    birth = window.population.birthTime[slot];
    if (!evaluateRates(0)) return failed(failure, slot);
    clock = 0;
    let h = duration;
    for (let step = 0; ; step++) {
      if (step === MOST_EXPLICIT_STEPS) return 'stiff';
      const error = attempt(h, amounts, base);
      if (error <= 1) {
        extents.set(stageExtents);
        clock += h;
        if (clock >= duration) break;
        for (let c = 0; c < count; c++) rates[4 * c] = rates[4 * c + 3];
        h = Math.min(nextStep(h, error), duration - clock);
      } else {
        h = nextStep(h, error);
        if (!(h > duration * SHORTEST_STEP)) return failed(failure, slot);
      }
    }
    for (const s of changed) amounts[base + s] = stageAmounts[s];
    return 'done';
  }

  return (window, duration, failure) => {
    if (!(duration > 0)) return true;
    const { cells, from, to, released, expectedUptake, uptakeStride } = window;
    for (let n = from; n < to; n++) {
      const slot = cells[n];
      const advanced = advanceCell(window, slot, duration, failure);
      if (advanced === 'failed') return false;
      if (advanced === 'stiff') {
        if (!advanceStiff(window, n, duration, failure)) return false;
        continue;
      }
      for (let c = 0; c < count; c++) {
        const { reaction, given, uptake } = channels[c];
        window.extents[reaction] += extents[c];
        for (const [field, n] of given) released[slot * fieldCount + field] += n * extents[c];
        if (uptake >= 0 && expectedUptake) expectedUptake[slot * uptakeStride + uptake] += extents[c];
      }
    }
    return true;
  };
}

function combine(changers: readonly (readonly [number, number])[], values: Float64Array): number {
  let sum = changers[0][1] * values[changers[0][0]];
  for (let i = 1; i < changers.length; i++) sum += changers[i][1] * values[changers[i][0]];
  return sum;
}

/**
 * Says what stopped a step that could not be made short enough: a rate that is negative or not finite (`rates` holds
 * k₁ … k₄ of each channel), else the first amount that came out negative and a channel that consumes it.
 */
export function explainRejection(
  failure: Failure,
  network: ContinuousNetwork,
  slot: number,
  rates: ArrayLike<number>,
  amounts: readonly number[],
): false {
  const { channels, changed, changers } = network;
  for (let i = 0; i < rates.length; i++) {
    if (!(rates[i] >= 0 && rates[i] < Infinity)) {
      return failRate(failure, channels[i >> 2].reaction, slot, rates[i]);
    }
  }
  const short = Math.max(
    0,
    amounts.findIndex(amount => !(amount >= 0)),
  );
  const consumer = changers[short]?.find(([, n]) => n < 0) ?? [0, 0];
  failRate(failure, channels[consumer[0]].reaction, slot, amounts[short]);
  failure.cause = 'exhausted';
  failure.species = changed[short];
  return false;
}
