import type { Attachment, Motion } from '../cells/motion.ts';
import type { Expression } from '../expression/ast.ts';
import { field } from '../expression/build.ts';
import { FACES, type Face } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Typed } from './algebra.ts';
import type { CircuitScope } from './circuitScope.ts';
import type { Loose } from './conform.ts';
import type { Scope } from './expressions.ts';
import { type Context, NOT_NEGATIVE, readOfDimension, readQuantity } from './quantity.ts';
import type { MotionFile } from './schema/cells.ts';
import { childPath, itemPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { CONCENTRATION_RATE, DIFFUSIVITY, type Dimension, LENGTH, NONE, PER_TIME, SPEED } from './units.ts';

/** Velocity per gradient of a concentration. */
const CHEMOTAXIS: Dimension = [0, 5, -1];

/** Gap at which a cell still touches a surface, where a scenario does not say, µm. */
const RANGE = 0.1;

/** `motion` of a cell type; null after a fault. */
export function buildMotion(
  context: Context,
  { names, rates }: CircuitScope,
  path: string,
  raw: Loose<MotionFile>,
  grid: Grid | null,
  hasFlow: boolean,
): Motion | null {
  const { source } = context;
  const before = source.problems.length;
  const fieldNames = [...names.fields.keys()];
  const changes = new Map<string, Typed>(
    fieldNames.map((name, f) => [
      `change.${name}`,
      { expression: field(fieldNames.length + f), dimension: CONCENTRATION_RATE },
    ]),
  );
  const tumbling: Scope = {
    ...rates,
    place: 'a rate of tumbles',
    lookup: name => changes.get(name) ?? rates.lookup(name),
    names: () => [...rates.names(), ...changes.keys()],
  };
  const read = (
    at: string,
    given: string | number | undefined,
    dimension: Dimension,
    scope = rates,
  ): Expression | null => {
    const typed = readOfDimension(source, scope, at, given, [dimension]);
    const expression = typed?.expression ?? null;
    if (expression?.kind === 'number' && expression.value < 0 && dimension !== CHEMOTAXIS) {
      source.problem(at, 'must not be negative');
    }
    return expression;
  };
  const chemotaxis = Object.entries(raw.chemotaxis ?? {}).flatMap(([name, given]) => {
    const at = childPath(`${path}.chemotaxis`, name);
    const index = names.fields.get(name);
    if (index === undefined) {
      const suggestion = didYouMean(name, fieldNames);
      source.keyProblem(
        at,
        `unknown field${suggestion}`,
        suggestion ? null : listing(fieldNames) || 'the scenario has no fields',
      );
    }
    const coefficient = read(at, given, CHEMOTAXIS);
    return index === undefined || coefficient === null ? [] : [{ field: index, coefficient }];
  });
  const motility = read(`${path}.motility`, raw.motility, DIFFUSIVITY);
  const speed = read(`${path}.run.speed`, raw.run?.speed, SPEED);
  const tumble = read(`${path}.run.tumble`, raw.run?.tumble, PER_TIME, tumbling);
  const carried = readQuantity(context, `${path}.carried`, raw.carried ?? 0, NONE, { min: 0, max: 1 });
  if (carried !== null && carried > 0 && !hasFlow) {
    source.problem(
      `${path}.carried`,
      'has no effect: the domain has no `flow`, or the scenario no field that tells it',
    );
  }
  const attachment = raw.attachment
    ? readAttachment(context, `${path}.attachment`, raw.attachment, grid, read)
    : null;
  if (source.problems.length > before || carried === null) return null;
  return {
    motility,
    chemotaxis,
    run: speed && tumble ? { speed, tumble } : null,
    carried,
    attachment,
  };
}

function readAttachment(
  context: Context,
  path: string,
  raw: Loose<NonNullable<MotionFile['attachment']>>,
  grid: Grid | null,
  read: (at: string, given: string | number | undefined, dimension: Dimension) => Expression | null,
): Attachment | null {
  const { source } = context;
  const rate = read(`${path}.rate`, raw.rate, PER_TIME);
  const detachment =
    raw.detachment === undefined ? null : read(`${path}.detachment`, raw.detachment, PER_TIME);
  const range = readQuantity(context, `${path}.range`, raw.range ?? `${RANGE} um`, LENGTH, NOT_NEGATIVE);
  const solid = (face: Face) => grid !== null && !grid.periodic[Math.floor(FACES.indexOf(face) / 2)];
  const walls = FACES.filter((face, i) => i < 2 * (grid?.dimensions ?? 3) && solid(face));
  const faces: Face[] = [];
  let obstacles = raw.to === undefined;
  if (raw.to === undefined) faces.push(...walls);
  raw.to?.forEach((name, i) => {
    const face = FACES.find(one => one === name);
    if (name === 'obstacles') obstacles = true;
    else if (face && walls.includes(face)) faces.push(face);
    else if (name !== undefined && grid !== null) {
      source.problem(
        itemPath(`${path}.to`, i),
        'is no surface of this domain',
        [...walls, 'obstacles'].join(', '),
      );
    }
  });
  return rate === null || range === null ? null : { faces, obstacles, range, rate, detachment };
}
