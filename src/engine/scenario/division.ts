import type { CyclePhase, Division } from '../cells/cellType.ts';
import type { Circuit } from '../circuits/circuit.ts';
import type { CircuitScope } from './circuitScope.ts';
import { readHazard } from './circuits.ts';
import type { Loose } from './conform.ts';
import { readDelay } from './delays.ts';
import { LIMITS, within } from './limits.ts';
import { checkName } from './names.ts';
import { readPartition } from './partition.ts';
import { type Context, POSITIVE, readQuantity } from './quantity.ts';
import type { CellTypeFile } from './schema/cells.ts';
import { childPath } from './source.ts';
import { readTruth } from './truth.ts';
import { NONE, PER_TIME, TIME, UNITS, VOLUME } from './units.ts';

/**
 * Standard deviation of the angle between the axes of a daughter rod and its mother, rad, where a scenario does not say: about a
 * degree. Without any a line of cells would stay a line.
 */
const ANGULAR_NOISE = 0.02;

/**
 * A newborn cell of the given shape must be of the size that its division makes: generations converge on half the volume
 * of a sizer and on the volume that an adder adds.
 */
export function checkNewbornSize(
  { source }: Context,
  path: string,
  division: Division,
  newborn: number,
): void {
  const { kind, volume } = division;
  const what = kind === 'sizer' ? 'volume' : 'added';
  const least = newborn / LIMITS.newbornSize;
  if (volume < least) {
    source.problem(
      `${path}.${kind}.${what}`,
      `is too small for a cell of ${figure(newborn)} um^3, as its shape gives it`,
      `at least ${figure(least)} um^3 (1/${LIMITS.newbornSize} of that), or a smaller shape`,
    );
  } else if (kind === 'sizer' && volume <= newborn) {
    source.warn(path, 'happens at once: a new cell is larger than the volume at division');
  }
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function buildDivision(
  context: Context,
  scope: CircuitScope,
  circuit: Circuit,
  path: string,
  raw: NonNullable<Loose<CellTypeFile>['division']>,
  replicated: readonly string[],
  isRod: boolean,
): Division | null {
  const { adder, sizer, timer, partition: laws, angularNoise: tilt } = raw;
  const isCycle = timer !== undefined || raw.phases !== undefined;
  const kind = isCycle ? 'cycle' : adder ? 'adder' : 'sizer';
  const choice = adder ?? sizer ?? timer ?? raw;
  const at = choice === raw ? path : `${path}.${timer ? 'timer' : kind}`;
  if (!adder && !sizer && !isCycle) return null;
  if (choice !== raw && raw.asymmetry !== undefined) {
    context.source.keyProblem(
      `${path}.asymmetry`,
      'goes with `phases`',
      `\`${at.slice(path.length + 1)}.asymmetry\``,
    );
  }
  const volume = isCycle
    ? Number.POSITIVE_INFINITY
    : adder
      ? readQuantity(context, `${at}.added`, adder.added, VOLUME, POSITIVE)
      : readQuantity(context, `${at}.volume`, sizer?.volume, VOLUME, POSITIVE);
  const noise = isCycle
    ? 0
    : readQuantity(context, `${at}.noise`, (adder ?? sizer)?.noise ?? 0, NONE, { min: 0, max: 1 });
  const phases = isCycle ? buildPhases(context, scope, path, raw) : [];
  const asymmetry = readQuantity(context, `${at}.asymmetry`, choice.asymmetry ?? 0, NONE, {
    min: 0,
    max: 0.25,
  });
  if (phases === null) return null;
  const partition = readPartition(context, circuit, `${path}.partition`, laws, replicated);
  const angularNoise = readQuantity(context, `${path}.angularNoise`, tilt ?? ANGULAR_NOISE, NONE, {
    min: 0,
    max: 1,
  });
  if (tilt !== undefined && !isRod) {
    context.source.problem(`${path}.angularNoise`, 'only rods have an axis', 'shape: rod');
  }
  if (volume === null || noise === null || asymmetry === null || angularNoise === null) return null;
  return {
    kind,
    volume,
    noise,
    asymmetry,
    ...(isCycle && { phases }),
    ...(isRod && { angularNoise }),
    ...(partition && { partition }),
  };
}

/** The phases of a cycle, or of a timer the one from birth to division; null after a fault. */
function buildPhases(
  context: Context,
  scope: CircuitScope,
  path: string,
  { timer, phases: raw = {} }: NonNullable<Loose<CellTypeFile>['division']>,
): CyclePhase[] | null {
  const { source } = context;
  if (timer) {
    const mean = readQuantity(context, `${path}.timer.period`, timer.period, TIME, POSITIVE);
    const cv = readQuantity(context, `${path}.timer.noise`, timer.noise ?? 0, NONE, { min: 0, max: 1 });
    if (mean === null || cv === null) return null;
    const duration =
      cv === 0 ? ({ kind: 'fixed', time: mean } as const) : ({ kind: 'gamma', mean, cv } as const);
    return [{ name: 'cycle', duration, rate: null, until: null }];
  }
  const names = Object.keys(raw);
  if (names.length === 0) source.keyProblem(`${path}.phases`, 'has no phase', 'one phase at least');
  if (!within(source, `${path}.phases`, names.length, LIMITS.phases, 'phases')) return null;
  const phases = names.map((name): CyclePhase | null => {
    const at = childPath(`${path}.phases`, name);
    const phase = raw[name];
    // `M` is a unit, and the name of a phase: it stands behind `cycle.` alone.
    const named = UNITS.has(name) || checkName(source, at, name, 'phase');
    if (!named || phase === undefined) return null;
    if (phase.duration === undefined && phase.rate === undefined && phase.until === undefined) {
      source.keyProblem(at, 'never ends', '`duration`, `rate` or `until`');
      return null;
    }
    const duration =
      phase.duration === undefined ? null : readDelay(context, `${at}.duration`, phase.duration);
    const rates = { ...scope.rates, place: 'a rate' };
    const rate =
      phase.rate === undefined ? null : readHazard(context, rates, `${at}.rate`, phase.rate, [PER_TIME]);
    const until =
      phase.until === undefined
        ? null
        : readTruth(context, { ...scope.rates, place: 'a condition' }, `${at}.until`, phase.until);
    const failed =
      (phase.duration !== undefined && duration === null) ||
      (phase.rate !== undefined && rate === null) ||
      (phase.until !== undefined && until === null);
    return failed ? null : { name, duration, rate, until };
  });
  const sound = phases.filter(phase => phase !== null);
  return sound.length === names.length && names.length > 0 ? sound : null;
}
