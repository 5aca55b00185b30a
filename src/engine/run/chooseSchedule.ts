import type { CouplingChoice } from '../description/description.ts';
import type { Model } from '../model/model.ts';
import { HOPS } from '../scales/advice.ts';
import { analyseScales } from '../scales/analyse.ts';
import { MONOLITHIC, STRONG } from '../scenario/choices.ts';

/** What `schedule: auto` comes to, by the time scales at the model's state, and why. */
export function chooseSchedule(model: Model): CouplingChoice {
  const { coupling } = model.description;
  const { kernel } = coupling;
  const { advice, schedules } = analyseScales(model);
  const chosen = advice.reason;
  switch (advice.schedule) {
    case 'strong': {
      const end = schedules.some(({ by, advised }) => advised && by === 'strong end');
      return { ...STRONG, kernel, sees: end ? 'end' : 'midpoint', chosen };
    }
    case 'monolithic':
      return { ...MONOLITHIC, kernel, chosen };
    case 'joint':
      return { schedule: 'joint', kernel: 'nearest', hops: HOPS, chosen };
    case 'weak': {
      // What looks for it is a weak scenario until then.
      const splitting = coupling.schedule === 'weak' ? coupling.splitting : 'strang';
      return { schedule: 'weak', kernel, splitting, chosen };
    }
  }
}
