import { createDeathLog, type DeathLog } from '../cells/death.ts';
import { isBesideSurface, normalOf } from '../cells/surfaces.ts';
import { createTouchFinder, type TouchFinder } from '../cells/touching.ts';
import type { Detachment } from '../description/detachment.ts';
import { removeCells } from '../edit/kill.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { Model } from '../model/model.ts';
import type { Workspace } from '../model/workspace.ts';
import { uniform } from '../random/xoshiro.ts';

interface Scratch {
  readonly finder: TouchFinder;
  readonly rate: (x: number, y: number, z: number) => number;
  /** The cells that left in the last step. */
  readonly log: DeathLog;
}

const scratches = new WeakMap<Workspace, Scratch>();

/** The cells that left a film in the last step; none where there is no entry. */
export function detachedBy(model: Model): DeathLog | null {
  return scratches.get(model.work)?.log ?? null;
}

/** A neighbour covers a cell if it lies within this of the direction away from the substratum (cosine: 45°). */
const COVERS = Math.SQRT1_2;

/**
 * Lets cells leave with all they hold: first those at the surface of the film, each with probability 1 − exp(−rate t) drawn from its own stream; then every
 * cell that no chain of contacts holds to the substratum. A cell is at the surface where no cell in contact with it lies within 45° of the
 * direction away from the nearest face of the substratum (where obstacles alone hold the film: where fewer than four cells touch it in 2-D, eight in 3-D).
 */
export function detach(model: Model, detachment: Detachment): void {
  const { population, description, ledger, balance, step } = model;
  const scratch = scratchOf(model, detachment);
  scratch.log.count = 0;
  if ((step + 1) % detachment.every !== 0 || population.count === 0) return;
  const duration = detachment.every * description.time.step;
  const [sloughing, erosion] = ledger.causes.detachment;
  if (detachment.erosion) {
    scratch.finder.prepare(population, detachment.range);
    const { x, y, z, streams } = population;
    const gone: number[] = [];
    for (let slot = 0; slot < population.count; slot++) {
      const rate = scratch.rate(x[slot], y[slot], z[slot]);
      if (!(rate > 0) || !isExposed(model, detachment, scratch.finder, slot)) continue;
      if (uniform(streams, 4 * slot) < -Math.expm1(-rate * duration)) gone.push(slot);
    }
    removeCells(model, gone, scratch.log, erosion);
  }
  if (detachment.sloughing) {
    removeCells(model, unheld(model, detachment, scratch.finder), scratch.log, sloughing);
  }
  if (scratch.log.count > 0) balance.commit();
}

/** Slots, ascending, of the cells that no chain of contacts holds to the substratum. */
function unheld({ population, description }: Model, detachment: Detachment, finder: TouchFinder): number[] {
  const { count } = population;
  finder.prepare(population, detachment.range);
  const held = new Uint8Array(count);
  const open: number[] = [];
  for (let slot = 0; slot < count; slot++) {
    if (!isBesideSurface(description.grid, population, slot, detachment)) continue;
    held[slot] = 1;
    open.push(slot);
  }
  for (let slot = open.pop(); slot !== undefined; slot = open.pop()) {
    finder.near(population, slot, detachment.range, other => {
      if (held[other]) return;
      held[other] = 1;
      open.push(other);
    });
  }
  const free: number[] = [];
  for (let slot = 0; slot < count; slot++) if (!held[slot]) free.push(slot);
  return free;
}

function isExposed(
  { population, description }: Model,
  detachment: Detachment,
  finder: TouchFinder,
  slot: number,
): boolean {
  const { grid } = description;
  const { x, y, z } = population;
  const normal = normalOf(grid, detachment.faces, x[slot], y[slot], z[slot]);
  let touching = 0;
  let covered = false;
  finder.near(population, slot, detachment.range, other => {
    touching++;
    if (!normal) return;
    const apart = [x[other] - x[slot], y[other] - y[slot], z[other] - z[slot]];
    for (let k = 0; k < 3; k++) {
      if (grid.periodic[k]) apart[k] -= grid.size[k] * Math.round(apart[k] / grid.size[k]);
    }
    const along = apart.reduce((sum, component, k) => sum + component * normal[k], 0);
    if (along > COVERS * Math.hypot(...apart)) covered = true;
  });
  return normal ? !covered : touching < (grid.dimensions === 2 ? 4 : 8);
}

function scratchOf(model: Model, { erosion }: Detachment): Scratch {
  const known = scratches.get(model.work);
  if (known) return known;
  const rate = erosion ? toClosure(erosion) : () => 0;
  const scope = createScope();
  const made: Scratch = {
    finder: createTouchFinder(model.description.grid),
    log: createDeathLog(),
    rate(x, y, z) {
      scope.position[0] = x;
      scope.position[1] = y;
      scope.position[2] = z;
      return rate(scope);
    },
  };
  scratches.set(model.work, made);
  return made;
}
