import { randomDirection } from '../cells/direction.ts';
import { confine, reachOf, wrap } from '../cells/geometry.ts';
import type { Motion, MotionState } from '../cells/motion.ts';
import { obstaclesOf } from '../cells/obstacles.ts';
import type { Population } from '../cells/population.ts';
import { isBesideSurface } from '../cells/surfaces.ts';
import { moveScope } from '../circuits/scopeOfCell.ts';
import { sample } from '../exchange/kernel.ts';
import { locateAll } from '../exchange/kernels.ts';
import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { createGradient } from '../fields/gradient.ts';
import { speedsAtCentres } from '../fields/velocity.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import type { Workspace } from '../model/workspace.ts';
import { exponential } from '../random/exponential.ts';
import { normal } from '../random/normal.ts';
import { uniform } from '../random/xoshiro.ts';

/** Tumbles of one cell in one step; beyond, the step is far too long for the rate. */
const MOST_TUMBLES = 100_000;

type OfCell = (slot: number, time: number) => number;

interface Mover {
  readonly motion: Motion;
  readonly motility: OfCell | null;
  readonly chemotaxis: readonly { readonly field: number; readonly coefficient: OfCell }[];
  readonly speed: OfCell | null;
  readonly tumble: OfCell | null;
  readonly attach: OfCell | null;
  readonly detach: OfCell | null;
}

interface Compiled {
  readonly movers: readonly (Mover | null)[];
  /** Concentrations as cells see them and their changes since the last step, [slot * 2 fields + f] and [… + fields + f]. */
  seen: Float64Array;
  readonly readsFields: boolean;
  /** Of the flow, µm/s at the voxels' centres, and the factor on it; null without a flow or where it carries no cell. */
  readonly flow: { readonly speeds: readonly Float64Array[]; readonly pace: Expression | null } | null;
}

const made = new WeakMap<Workspace, Compiled>();

/**
 * Moves the cells of types that move by themselves over a step, each by its own stream, in slot order: attached ones stay; the others are
 * displaced by √(2 D t) times a normal deviate along each axis, by χ ∇c t, by the flow, and by their runs, whose tumbles come at the exact
 * times of a process of the rate that holds at the end of the step. Rates and gradients are those where the cell is before it moves. Then they
 * are brought between the walls and out of obstacles.
 *
 * @throws RunFailure for a rate or coefficient that is negative or not finite
 */
export function moveCells(model: Model, time: number, duration: number): void {
  const { population, description } = model;
  const { motion } = population;
  if (!motion || population.count === 0) return;
  const compiled = compiledOf(model);
  const { grid } = description;
  if (compiled.readsFields) see(model, compiled, motion, duration);
  const gradient = createGradient(grid);
  const slope = new Float64Array(3);
  const shift = new Float64Array(3);
  const { streams } = population;
  const d = grid.dimensions;
  const pace = compiled.flow?.pace ? paceAt(compiled.flow.pace, time) : 1;
  let slot = 0;
  const value = (of: OfCell, what: string) => checked(model, slot, of(slot, time), what);
  for (; slot < population.count; slot++) {
    const mover = compiled.movers[population.type[slot]];
    if (mover === null) continue;
    const stream = 4 * slot;
    if (staysAttached(model, mover, motion, slot, duration, value)) continue;
    shift.fill(0);
    if (mover.motility) {
      const spread = Math.sqrt(2 * value(mover.motility, 'motility') * duration);
      if (spread > 0) for (let k = 0; k < d; k++) shift[k] += spread * normal(streams, stream);
    }
    for (const { field, coefficient } of mover.chemotaxis) {
      gradient(model.fields[field], population.x[slot], population.y[slot], population.z[slot], slope);
      const along = coefficient(slot, time) * duration;
      if (!Number.isFinite(along)) checked(model, slot, along, 'chemotactic coefficient');
      for (let k = 0; k < d; k++) shift[k] += along * slope[k];
    }
    if (compiled.flow && mover.motion.carried > 0) {
      const voxel = voxelOf(model, slot);
      for (let k = 0; k < d; k++)
        shift[k] += mover.motion.carried * pace * compiled.flow.speeds[k][voxel] * duration;
    }
    if (mover.speed && mover.tumble) {
      const length = value(mover.speed, 'speed') * duration;
      run(model, motion, slot, length, value(mover.tumble, 'rate of tumbles') * duration, shift);
    }
    displace(model, slot, shift);
  }
  const obstacles = obstaclesOf(grid);
  if (!obstacles) return;
  obstacles.clear(population);
  // They may push a cell across a periodic boundary.
  for (let axis = 0; axis < d; axis++) {
    if (!grid.periodic[axis]) continue;
    const column = axis === 0 ? population.x : axis === 1 ? population.y : population.z;
    for (let i = 0; i < population.count; i++) column[i] = wrap(column[i], grid.size[axis]);
  }
}

/** Attaches or lets go the cell in a slot; whether it stays where it is over the step. */
function staysAttached(
  model: Model,
  { motion: { attachment }, attach, detach }: Mover,
  motion: MotionState,
  slot: number,
  duration: number,
  value: (of: OfCell, what: string) => number,
): boolean {
  if (attachment === null || attach === null) return false;
  const { streams } = model.population;
  const happens = (rate: number) => rate > 0 && uniform(streams, 4 * slot) < -Math.expm1(-rate * duration);
  if (motion.attached[slot] === 1) {
    if (detach && happens(value(detach, 'rate of detachment'))) motion.attached[slot] = 0;
  } else if (
    isBesideSurface(model.description.grid, model.population, slot, attachment) &&
    happens(value(attach, 'rate of attachment'))
  ) {
    motion.attached[slot] = 1;
  }
  return motion.attached[slot] === 1;
}

/** Adds the runs of a step to a displacement: `length` µm in all, cut by tumbles of which `mean` are expected. */
function run(
  { population, description, step }: Model,
  motion: MotionState,
  slot: number,
  length: number,
  mean: number,
  shift: Float64Array,
): void {
  const { streams } = population;
  const { dimensions } = description.grid;
  const heading = Float64Array.of(motion.headingX[slot], motion.headingY[slot], motion.headingZ[slot]);
  const isRod = population.rods && description.cellTypes[population.type[slot]].shape.kind === 'rod';
  const rods = isRod ? population.rods : undefined;
  if (heading.every(component => component === 0)) {
    randomDirection(streams, 4 * slot, dimensions, heading);
    // A rod swims to one of its ends.
    if (rods) alignWith(rods, slot, heading);
  } else if (rods) alignWith(rods, slot, heading);
  let left = 1;
  for (let tumbles = 0; ; tumbles++) {
    const until = mean > 0 ? Math.min(left, exponential(streams, 4 * slot) / mean) : left;
    for (let k = 0; k < 3; k++) shift[k] += until * length * heading[k];
    left -= until;
    if (left <= 0) break;
    if (tumbles === MOST_TUMBLES) {
      const what = `cell ${population.id[slot]} tumbles ${mean.toPrecision(3)} times a step`;
      throw new RunFailure('rate', what, step * description.time.step, step);
    }
    randomDirection(streams, 4 * slot, dimensions, heading);
    if (rods) {
      rods.axisX[slot] = heading[0];
      rods.axisY[slot] = heading[1];
      rods.axisZ[slot] = heading[2];
    }
  }
  motion.headingX[slot] = heading[0];
  motion.headingY[slot] = heading[1];
  motion.headingZ[slot] = heading[2];
}

/** The direction of a rod's axis that is nearer to the heading. */
function alignWith(rods: NonNullable<Population['rods']>, slot: number, heading: Float64Array): void {
  const axis = [rods.axisX[slot], rods.axisY[slot], rods.axisZ[slot]];
  const sign = axis.reduce((sum, component, k) => sum + component * heading[k], 0) < 0 ? -1 : 1;
  for (let k = 0; k < 3; k++) heading[k] = sign * axis[k];
}

function displace({ population, description }: Model, slot: number, shift: Float64Array): void {
  const { grid } = description;
  for (let axis = 0; axis < grid.dimensions; axis++) {
    const k = axis as 0 | 1 | 2;
    const column = k === 0 ? population.x : k === 1 ? population.y : population.z;
    column[slot] = confine(grid, k, column[slot] + shift[k], reachOf(population, slot, k));
  }
}

/** Concentrations at the cells, and how they have changed since the last step. */
function see(model: Model, compiled: Compiled, motion: MotionState, duration: number): void {
  const { population, kernels, description, work } = model;
  const { fieldCount } = work;
  // Division and death have moved cells since the kernels were found.
  locateAll(kernels, population, description.grid);
  if (compiled.seen.length < population.capacity * 2 * fieldCount) {
    compiled.seen = new Float64Array(population.capacity * 2 * fieldCount);
  }
  const { seen } = compiled;
  for (let f = 0; f < fieldCount; f++) {
    sample(kernels.sample[f], population.count, model.fields[f], seen, 2 * fieldCount, f);
  }
  for (let slot = 0; slot < population.count; slot++) {
    const isNew = motion.headingX[slot] === 0 && motion.headingY[slot] === 0 && motion.headingZ[slot] === 0;
    for (let f = 0; f < fieldCount; f++) {
      const memory = motion.seen[f];
      const at = slot * 2 * fieldCount + f;
      const now = seen[at];
      seen[at + fieldCount] = isNew || !memory ? 0 : (now - memory[slot]) / duration;
      if (memory) memory[slot] = now;
    }
  }
}

function compiledOf(model: Model): Compiled {
  const known = made.get(model.work);
  if (known) return known;
  const { description, population, work } = model;
  const compiled: Compiled = {
    movers: description.cellTypes.map(({ motion, dryDensity }) => {
      if (!motion) return null;
      const compile = (expression: Expression): OfCell => {
        const value = toClosure(expression);
        const scope = createScope();
        return (slot, time) => {
          const surroundings = { population, time, sampled: compiled.seen, columns: 2 * work.fieldCount };
          moveScope(scope, surroundings, population.amounts, slot, dryDensity, work.fieldCount);
          return value(scope);
        };
      };
      const { motility, chemotaxis, run: runs, attachment } = motion;
      return {
        motion,
        motility: motility && compile(motility),
        chemotaxis: chemotaxis.map(({ field, coefficient }) => ({
          field,
          coefficient: compile(coefficient),
        })),
        speed: runs && compile(runs.speed),
        tumble: runs && compile(runs.tumble),
        attach: attachment && compile(attachment.rate),
        detach: attachment?.detachment ? compile(attachment.detachment) : null,
      };
    }),
    seen: new Float64Array(0),
    readsFields: description.cellTypes.some(({ motion }) => motion && expressionsOf(motion).some(readsField)),
    flow: flowOf(model),
  };
  made.set(model.work, compiled);
  return compiled;
}

function expressionsOf({ motility, chemotaxis, run: runs, attachment }: Motion): Expression[] {
  const all = [motility, runs?.speed, runs?.tumble, attachment?.rate, attachment?.detachment];
  return [...all, ...chemotaxis.map(({ coefficient }) => coefficient)].filter(one => one != null);
}

function readsField(expression: Expression): boolean {
  return [...reads(expression).values()].some(variable => variable.of === 'field');
}

function flowOf({ description }: Model): Compiled['flow'] {
  const { grid, fields, cellTypes } = description;
  const velocity = fields[0]?.velocity;
  if (!velocity || !cellTypes.some(({ motion }) => motion && motion.carried > 0)) return null;
  const speeds = velocity.map((component, axis) => speedsAtCentres(grid, component, axis));
  return { speeds, pace: fields[0].pace ?? null };
}

function paceAt(pace: Expression, time: number): number {
  const scope = createScope();
  scope.time = time;
  return toClosure(pace)(scope);
}

function voxelOf({ population, description }: Model, slot: number): number {
  const { cells, spacing } = description.grid;
  const at = [population.x[slot], population.y[slot], population.z[slot]];
  const [i, j, k] = at.map((x, axis) =>
    Math.min(Math.max(Math.floor(x / spacing[axis]), 0), cells[axis] - 1),
  );
  return i + cells[0] * (j + cells[1] * k);
}

function checked(model: Model, slot: number, value: number, what: string): number {
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  const { population, description, step } = model;
  const type = description.cellTypes[population.type[slot]].name;
  const of = `the ${what} of cell ${population.id[slot]} of type ${type} is ${value}`;
  throw new RunFailure('rate', of, step * description.time.step, step);
}
