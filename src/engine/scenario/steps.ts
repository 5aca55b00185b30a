import type { TimeAxis } from '../description/description.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Loose } from './conform.ts';
import { countText } from './limits.ts';
import { type Context, POSITIVE, readQuantity } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { listing } from './suggest.ts';
import { TIME } from './units.ts';

/** Parts of a step that fields or circuits may have at most. */
const MOST_PARTS = 10_000;

/** How `coupling.steps` divides and multiplies `time.step`. */
export interface OwnSteps extends Pick<TimeAxis, 'circuitParts' | 'lifeCycleEvery' | 'mechanicsEvery'> {
  /** Equal parts of a step in which a field is solved. */
  partsOf(field: string): Pick<FieldDescription, 'parts'>;
}

/**
 * The steps of what is faster than the exchange between cells and fields, whole fractions of `step` (s), and of what is slower,
 * whole multiples. `step` null where it has a fault; nothing is then known of ratios.
 */
export function readSteps(context: Context, file: Loose<ScenarioFile>, step: number | null): OwnSteps {
  const { source } = context;
  const raw = file.coupling?.steps;
  const schedule = file.coupling?.schedule ?? 'weak';
  const path = 'coupling.steps';
  const names = Object.keys(file.fields ?? {});

  const ratio = (at: string, given: string | number | undefined, fraction: boolean): number => {
    const own = readQuantity(context, at, given, TIME, POSITIVE);
    if (own === null || step === null) return 1;
    const exact = fraction ? step / own : own / step;
    const whole = Math.round(exact);
    if (whole >= 1 && Math.abs(exact - whole) <= Math.max(1e-9, 1e-15 * exact)) {
      if (!fraction || whole <= MOST_PARTS) return whole;
      source.problem(at, `cuts a step into ${countText(whole)} parts`, `at most ${countText(MOST_PARTS)}`);
      return 1;
    }
    const near = [Math.floor(exact), Math.ceil(exact)].filter(n => n >= 1);
    const text = near.map(n => secondsText(fraction ? step / n : step * n)).join(' or ');
    const relation = fraction
      ? 'is not a whole fraction of `time.step`, at which cells and fields exchange'
      : 'is not a whole multiple of `time.step`';
    source.problem(at, relation, `${text}, the nearest`);
    return 1;
  };

  if (!['weak', 'strong', 'auto'].includes(schedule)) {
    for (const key of ['fields', 'circuits'] as const) {
      if (raw?.[key] === undefined) continue;
      const message = `has no meaning under \`schedule: ${schedule}\`, which takes cells and fields together`;
      source.keyProblem(childPath(path, key), message, 'for `weak` and `strong`');
    }
  }
  const { fields } = raw ?? {};
  const parts = new Map<string, number>();
  if (typeof fields === 'object') {
    for (const [name, given] of Object.entries(fields)) {
      const at = childPath(`${path}.fields`, name);
      if (names.includes(name)) parts.set(name, ratio(at, given, true));
      else source.keyProblem(at, 'is not a field', listing(names));
    }
  }
  const everywhere = typeof fields === 'object' ? 1 : ratio(`${path}.fields`, fields, true);
  return {
    partsOf: name => unlessOne('parts', parts.get(name) ?? everywhere),
    ...unlessOne('circuitParts', ratio(`${path}.circuits`, raw?.circuits, true)),
    ...unlessOne('lifeCycleEvery', ratio(`${path}.lifeCycle`, raw?.lifeCycle, false)),
    ...unlessOne('mechanicsEvery', ratio(`${path}.mechanics`, raw?.mechanics, false)),
  };
}

function unlessOne<K extends string>(key: K, value: number): { readonly [P in K]?: number } {
  return value === 1 ? {} : ({ [key]: value } as { [P in K]: number });
}

function secondsText(seconds: number): string {
  return `${Number(seconds.toPrecision(12))} s`;
}
