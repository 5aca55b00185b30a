import type { CouplingChoice } from '../description/description.ts';
import type { Model } from '../model/model.ts';
import { analyseScales } from '../scales/analyse.ts';
import { ITERABLE, STRONG } from '../scenario/choices.ts';

/** What `schedule: auto` comes to, by the time scales at the model's state, and why. */
export function chooseSchedule(model: Model): CouplingChoice {
  const { coupling, cellTypes } = model.description;
  // What looks for it is a weak scenario until then.
  const weak: CouplingChoice = {
    schedule: 'weak',
    kernel: coupling.kernel,
    splitting: coupling.schedule === 'weak' ? coupling.splitting : 'strang',
  };
  const { schedule, reason } = analyseScales(model).advice;
  if (schedule === 'weak') return { ...weak, chosen: reason };
  const fixed = cellTypes.find(({ method = 'auto' }) => !ITERABLE.includes(method));
  if (fixed)
    return { ...weak, chosen: `${reason}; ${fixed.name}'s method \`${fixed.method}\` allows no other` };
  return { ...STRONG, kernel: coupling.kernel, chosen: reason };
}
