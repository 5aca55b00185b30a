import type { Grid } from '../fields/grid.ts';
import { clearSlot } from './calendar.ts';
import type { CellType } from './cellType.ts';
import { beginCycle } from './cycle.ts';
import { compileRelease, type Deposit, runReleases } from './death.ts';
import { randomDirection } from './direction.ts';
import { drawDivisionVolume } from './division.ts';
import { confine, reachOf, refreshCell } from './geometry.ts';
import type { Population } from './population.ts';
import type { LifePlan } from './rules.ts';

/** What cells that became others took along and left since the last `reset`, per transition of a plan. */
export interface TransitionOperator {
  readonly counts: Uint32Array;
  /** extents[transition][release]; moved[transition][place in carried]; lost[transition][place in lost], molecules (fg). */
  readonly extents: readonly Float64Array[];
  readonly moved: readonly Float64Array[];
  readonly lost: readonly Float64Array[];
  reset(): void;
  /** The cell in `slot` becomes another; it keeps id, place, age and volume at birth, and begins the new type's cycle at `time`. */
  become(population: Population, slot: number, transition: number, time: number, deposit: Deposit): void;
}

/**
 * Cells that become others. Releases run first; then every species that the new type knows by its name is carried over, all else is lost, and what
 * the new type has beyond that begins at 0: nothing is made. What was under way (delays, events) is lost with it.
 */
export function createTransitions(
  types: readonly CellType[],
  { transitions }: LifePlan,
  grid: Grid,
  stride: number,
): TransitionOperator {
  const releases = transitions.map(way =>
    way.releases.map(release => compileRelease(release, types[way.from])),
  );
  const columns = (lengths: readonly { readonly length: number }[]) =>
    lengths.map(({ length }) => new Float64Array(length));
  const counts = new Uint32Array(transitions.length);
  const extents = columns(transitions.map(way => way.releases));
  const moved = columns(transitions.map(way => way.carried));
  const lost = columns(transitions.map(way => way.lost));
  const kept = new Float64Array(stride);
  const direction = new Float64Array(3);

  return {
    counts,
    extents,
    moved,
    lost,
    reset() {
      counts.fill(0);
      for (const sums of [...extents, ...moved, ...lost]) sums.fill(0);
    },
    become(population, slot, transition, time, deposit) {
      const way = transitions[transition];
      const type = types[way.to];
      const { amounts, streams, rods } = population;
      const base = slot * stride;
      runReleases(releases[transition], amounts, base, slot, deposit, extents[transition]);
      kept.fill(0);
      way.carried.forEach(([from, to], i) => {
        kept[to] = amounts[base + from];
        moved[transition][i] += kept[to];
      });
      way.lost.forEach((from, i) => {
        lost[transition][i] += amounts[base + from];
      });
      amounts.set(kept, base);
      counts[transition]++;
      population.type[slot] = way.to;
      if (population.calendar) clearSlot(population.calendar, slot);
      if (rods && type.shape.kind === 'rod' && types[way.from].shape.kind !== 'rod') {
        randomDirection(streams, 4 * slot, grid.dimensions, direction);
        [rods.axisX[slot], rods.axisY[slot], rods.axisZ[slot]] = direction;
      }
      refreshCell(population, slot, type, grid);
      for (let a = 0; a < grid.dimensions; a++) {
        const k = a as 0 | 1 | 2;
        const column = k === 0 ? population.x : k === 1 ? population.y : population.z;
        column[slot] = confine(grid, k, column[slot], reachOf(population, slot, k));
      }
      population.divisionVolume[slot] = drawDivisionVolume(
        type.division,
        population.birthVolume[slot],
        streams,
        4 * slot,
      );
      beginCycle(population, slot, type, time);
    },
  };
}
