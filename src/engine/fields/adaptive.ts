import { type Advance, SCHEMES } from './fieldStep.ts';
import { advanceInParts } from './parts.ts';
import { joinReservoirSteps, type ReservoirStep } from './reservoirBorder.ts';
import type { Clock } from './unfactored.ts';
import type { Workspace } from './workspace.ts';

/** A step is at least this share of the window, and is then taken whatever its error. */
const SMALLEST = 2 ** -12;

/** A new step aims below the tolerance, and is at most so many times longer or shorter. */
const SAFETY = 0.9;
const LONGER = 4;
const SHORTER = 0.1;

/**
 * Windows of fields with a `tolerance` in steps of their own: each is taken as one and as two halves, whose difference over three
 * estimates the error of the halves (both schemes are of second order, so that of a step is of third); they are kept if that is no
 * more than tolerance × the largest concentration × the step's share of the window. The estimate knows all that a solver does,
 * factorisation and splitting of the flow included. Every window begins with the longest step: nothing is carried over.
 */
export function adaptively(whole: Advance, workspace: Workspace, level: number, clock: Clock): Advance {
  return (field, c, h, source, uptake, next, exposure) => {
    const tolerance = field.dynamics === 'quasi-steady' ? undefined : field.tolerance;
    if (tolerance === undefined) return whole(field, c, h, source, uptake, next, exposure);
    const halves = workspace.forParts(level);
    const { between: coarse, partExposure } = workspace.forParts(level + 1);
    const { between: spare } = workspace.forParts(level + 2);
    const { time: start, reservoirs: before } = clock;
    const inflow = new Float64Array(6);
    let [from, fine] = [c, spare];
    let [decayed, substeps, scheme, error] = [0, 0, 0, 0];
    let [done, step, minimum] = [0, h, Number.POSITIVE_INFINITY];
    let reservoirs: ReservoirStep | undefined;
    exposure?.fill(0);
    while (done < h && !(minimum < 0)) {
      const left = h - done;
      // Equal steps to the end, should none of them be refused.
      const count = Math.max(1, Math.ceil(left / step - 1e-9));
      const size = left / count;
      clock.time = start + done;
      const most = largest(from);
      whole(field, from, size, source, uptake, coarse, null);
      const taken = exposure && partExposure;
      const half = advanceInParts(whole, halves, clock, 2, field, from, size, source, uptake, fine, taken);
      const scale = Math.max(most, largest(fine));
      const estimate = scale > 0 ? largestDifference(coarse, fine) / (3 * scale) : 0;
      const allowed = (tolerance * size) / h;
      const factor = estimate > 0 ? SAFETY * Math.sqrt(allowed / estimate) : LONGER;
      step = size * Math.min(LONGER, Math.max(SHORTER, factor));
      if (estimate > allowed && size > SMALLEST * h && !(half.minimum < 0)) continue;
      if (exposure) for (let v = 0; v < exposure.length; v++) exposure[v] += partExposure[v];
      for (let face = 0; face < 6; face++) inflow[face] += half.inflow[face];
      decayed += half.decayed;
      substeps += half.substeps;
      scheme = Math.max(scheme, SCHEMES.indexOf(half.scheme));
      error += estimate;
      minimum = half.minimum;
      if (half.reservoirs) {
        reservoirs = joinReservoirSteps(reservoirs, half.reservoirs);
        clock.reservoirs = half.reservoirs.end;
      }
      done = count === 1 ? h : done + size;
      if (count === 1 || minimum < 0) next.set(fine);
      else [from, fine] = [fine, from === c ? next : from];
    }
    clock.time = start;
    clock.reservoirs = before;
    return {
      scheme: SCHEMES[scheme],
      substeps,
      minimum,
      decayed,
      relaxed: 0,
      inflow,
      error,
      ...(reservoirs && { reservoirs }),
    };
  };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let v = 0; v < values.length; v++) {
    const size = Math.abs(values[v]);
    if (size > most) most = size;
  }
  return most;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  let most = 0;
  for (let v = 0; v < a.length; v++) {
    const size = Math.abs(a[v] - b[v]);
    if (size > most) most = size;
  }
  return most;
}
