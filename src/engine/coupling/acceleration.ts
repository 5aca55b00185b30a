import type { StrongCoupling } from '../description/description.ts';
import type { Model } from '../model/model.ts';
import { type Acceleration, type Iteration, scaled, scalesOf } from './iteration.ts';
import { createMixing, difference, dot } from './mixing.ts';
import { createNewton } from './newton.ts';

export function createAcceleration(model: Model, choice: StrongCoupling): Acceleration {
  switch (choice.acceleration) {
    case 'none':
      return createRelaxation(choice.relaxation);
    case 'aitken':
      return createAitken(choice.relaxation);
    case 'anderson':
      return createAnderson(choice.relaxation);
    case 'newton':
      return createNewton(model, choice);
  }
}

/** u ← u + ω r. With ω = 1 the plain iteration. */
function createRelaxation(relaxation: number): Acceleration {
  return {
    begin() {},
    propose: iteration => relax(iteration, relaxation),
  };
}

function relax({ seen, residual, size }: Iteration, relaxation: number): void {
  for (let i = 0; i < size; i++) seen[i] = Math.max(0, seen[i] + relaxation * residual[i]);
}

/** Aitken's dynamic relaxation, one factor for all (Irons & Tuck 1969, doi:10.1002/nme.1620010306): ω ← −ω (r′·Δr)/(Δr·Δr). */
function createAitken(relaxation: number): Acceleration {
  let factor = relaxation;
  let last: Float64Array | null = null;
  let scales: Float64Array = new Float64Array(0);
  return {
    begin() {
      factor = relaxation;
      last = null;
    },
    propose(iteration) {
      if (last === null) scales = scalesOf(iteration);
      const current = scaled(iteration.residual, iteration.size, scales);
      if (last !== null) {
        const change = difference(current, last);
        const bottom = dot(change, change);
        if (bottom > 0) factor *= -dot(last, change) / bottom;
      }
      last = current;
      relax(iteration, factor);
    },
  };
}

/** Anderson mixing of the residual itself (mixing.ts). */
function createAnderson(relaxation: number): Acceleration {
  const mixing = createMixing();
  let scales: Float64Array = new Float64Array(0);
  let first = true;
  return {
    begin() {
      mixing.begin();
      first = true;
    },
    propose(iteration) {
      const { seen, residual, size } = iteration;
      if (first) scales = scalesOf(iteration);
      first = false;
      const step = scaled(residual, size, scales).map(r => relaxation * r);
      const next = mixing.next(scaled(seen, size, scales), step);
      for (let i = 0; i < size; i++) seen[i] = Math.max(0, next[i] * scales[i % scales.length]);
    },
  };
}
