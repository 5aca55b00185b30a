import type { FieldDescription } from './field.ts';
import { type Advance, type FieldStep, SCHEMES } from './fieldStep.ts';
import { joinReservoirSteps, type ReservoirStep } from './reservoirBorder.ts';
import type { Clock } from './unfactored.ts';
import type { PartScratch } from './workspace.ts';

/**
 * One window as equal parts, each advanced on its own with the same source and uptake; amounts and exposure are sums. Ends
 * early where a part comes out negative.
 */
export function advanceInParts(
  advancePart: Advance,
  scratch: PartScratch,
  clock: Clock,
  parts: number,
  field: FieldDescription,
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
  next: Float64Array,
  exposure: Float64Array | null,
): FieldStep {
  const { between, partExposure } = scratch;
  const inflow = new Float64Array(6);
  let decayed = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let scheme = 0;
  let substeps = 0;
  let error: number | undefined;
  exposure?.fill(0);
  const { time: start, reservoirs: before } = clock;
  let reservoirs: ReservoirStep | undefined;
  for (let part = 0; part < parts && !(minimum < 0); part++) {
    // The last part ends in `next`.
    const isOdd = (parts - part) % 2 === 1;
    const [from, to] = part === 0 ? [c, isOdd ? next : between] : isOdd ? [between, next] : [next, between];
    clock.time = start + (part * h) / parts;
    const step = advancePart(field, from, h / parts, source, uptake, to, exposure && partExposure);
    if (exposure) for (let v = 0; v < exposure.length; v++) exposure[v] += partExposure[v];
    for (let face = 0; face < 6; face++) inflow[face] += step.inflow[face];
    decayed += step.decayed;
    if (step.reservoirs) {
      reservoirs = joinReservoirSteps(reservoirs, step.reservoirs);
      clock.reservoirs = step.reservoirs.end;
    }
    minimum = step.minimum;
    substeps += step.substeps;
    if (step.error !== undefined) error = (error ?? 0) + step.error;
    scheme = Math.max(scheme, SCHEMES.indexOf(step.scheme));
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
    ...(error !== undefined && { error }),
    ...(reservoirs && { reservoirs }),
  };
}
