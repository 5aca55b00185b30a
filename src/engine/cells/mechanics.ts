import { ALONE, type Crew } from '../crew/crew.ts';
import type { Grid } from '../fields/grid.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import type { Mechanics } from './cellType.ts';
import type { ContactMechanics, MechanicsFault, MechanicsReport } from './contactMechanics.ts';
import { createContactSweep } from './contacts.ts';
import { between, wrap } from './geometry.ts';
import { createImplicitMechanics } from './implicitMechanics.ts';
import { createCellList } from './neighbours.ts';
import { obstaclesOf } from './obstacles.ts';
import { furthestAdhesion } from './pairLaw.ts';
import type { Population } from './population.ts';
import { createRodMechanics } from './rodMechanics.ts';

/**
 * Boxes are wider than the interactions reach by this fraction, so that the list holds until some cell has moved by
 * half of it. Sorting costs a tenth of a sweep, and every candidate out of reach costs time in each.
 */
const SKIN = 0.03;

/** Sorted cells that a thread moves at a time. */
const MOVE_BLOCK = 2048;

/**
 * Overdamped contact mechanics: dx_i/dt = (rate / r_i) Σ_j F_ij with the forces of contacts.ts, by explicit Euler
 * (first order).
 *
 * **Stable step.** Linearised about the present contacts, the pair energy changes by ½ m φ' (n·(u_i − u_j))² ≤
 * m φ' ((n·u_i)² + (n·u_j)²) under displacements u. Summed over pairs and divided by the drag r_i, every decay rate is
 * at most λ = 2 rate · max_i ‖Σ_j m φ' n nᵀ‖/r_i. (The term left out, −φ/d across n, is negative for repulsion: it lowers
 * the rates.) Substeps of at most 1/λ let no mode overshoot. For a pair of equal cells the bound is sharp, λ = rate; for
 * the hexagonal packing λ = 3 rate.
 *
 * **Walls** are rigid: a centre is held at least a radius from the faces of non-periodic axes, after each move. In 2-D
 * the third coordinate is constant. So are obstacles (obstacles.ts).
 *
 * Nothing is remembered from one call to the next.
 */
function createDiscMechanics(grid: Grid, mechanics: Mechanics, crew: Crew): ContactMechanics {
  const cells = createCellList(grid, crew);
  const { list } = cells;
  const sweep = createContactSweep(grid.size, grid.periodic, grid.dimensions, mechanics, list, crew);
  const { contacts } = sweep;
  const { rate } = mechanics;
  const range = furthestAdhesion(mechanics);
  const report: MechanicsReport = { substeps: 0, maxOverlap: 0 };
  const obstacles = obstaclesOf(grid);

  /** Where the cells of the population in hand are. */
  const places: Record<'x' | 'y' | 'z' | 'radius', Float64Array> = {
    x: new Float64Array(0),
    y: new Float64Array(0),
    z: new Float64Array(0),
    radius: new Float64Array(0),
  };
  crew.share(places, ['x', 'y', 'z', 'radius']);

  function take({ x, y, z, radius }: Population): void {
    places.x = x;
    places.y = y;
    places.z = z;
    places.radius = radius;
  }

  const confineBlocks = crew.task((block, [count]) => {
    const { radius } = places;
    const first = block * MOVE_BLOCK;
    const end = Math.min(first + MOVE_BLOCK, count);
    for (let axis = 0; axis < grid.dimensions; axis++) {
      const column = axis === 0 ? places.x : axis === 1 ? places.y : places.z;
      const size = grid.size[axis];
      if (grid.periodic[axis]) for (let i = first; i < end; i++) column[i] = wrap(column[i], size);
      else for (let i = first; i < end; i++) column[i] = between(column[i], radius[i], size);
    }
    return null;
  });

  /** Wraps centres on periodic axes and puts them between the walls on the others. */
  function confine(population: Population): void {
    take(population);
    confineBlocks(Math.ceil(population.count / MOVE_BLOCK), population.count);
    obstacles?.clear(population);
    if (obstacles) wrapAll(population);
  }

  /** Obstacles may push a cell across a periodic boundary. */
  function wrapAll({ count, x, y, z }: Population): void {
    for (let axis = 0; axis < grid.dimensions; axis++) {
      if (!grid.periodic[axis]) continue;
      const column = axis === 0 ? x : axis === 1 ? y : z;
      for (let i = 0; i < count; i++) column[i] = wrap(column[i], grid.size[axis]);
    }
  }

  /** Sorts the cells, and returns the skin (µm): by how much two cells may approach before it must be done again. */
  function sort(population: Population): number {
    const { count, radius } = population;
    let largest = 0;
    for (let i = 0; i < count; i++) if (radius[i] > largest) largest = radius[i];
    const reach = 2 * largest + range;
    cells.build(population, (1 + SKIN) * reach);
    return SKIN * reach;
  }

  /** Moves the sorted cells of a block. */
  function moveBlock(block: number, [time]: Float64Array): null {
    const { radius } = list;
    const from = block * MOVE_BLOCK;
    const to = Math.min(from + MOVE_BLOCK, list.count);
    for (let axis = 0; axis < grid.dimensions; axis++) {
      const column = axis === 0 ? list.x : axis === 1 ? list.y : list.z;
      const force = axis === 0 ? contacts.forceX : axis === 1 ? contacts.forceY : contacts.forceZ;
      const size = grid.size[axis];
      const factor = rate * time;
      // A cell without biomass has no radius and feels no force; it stays where it is.
      // Across a periodic boundary cells go on unwrapped until the next sort, as their boxes do.
      if (grid.periodic[axis]) {
        for (let i = from; i < to; i++) if (radius[i] > 0) column[i] += (factor * force[i]) / radius[i];
      } else {
        for (let i = from; i < to; i++) {
          if (radius[i] > 0)
            column[i] = between(column[i] + (factor * force[i]) / radius[i], radius[i], size);
        }
      }
    }
    return null;
  }

  const moveBlocks = crew.task(moveBlock);

  function move(time: number): void {
    moveBlocks(Math.ceil(list.count / MOVE_BLOCK), time);
    obstacles?.clear(list);
  }

  const writeBlocks = crew.task(block => {
    const { slot } = list;
    const first = block * MOVE_BLOCK;
    const end = Math.min(first + MOVE_BLOCK, list.count);
    for (let axis = 0; axis < grid.dimensions; axis++) {
      const from = axis === 0 ? list.x : axis === 1 ? list.y : list.z;
      const to = axis === 0 ? places.x : axis === 1 ? places.y : places.z;
      const size = grid.size[axis];
      if (grid.periodic[axis]) for (let i = first; i < end; i++) to[slot[i]] = wrap(from[i], size);
      else for (let i = first; i < end; i++) to[slot[i]] = from[i];
    }
    return null;
  });

  function writeBack(population: Population): void {
    take(population);
    writeBlocks(Math.ceil(list.count / MOVE_BLOCK));
  }

  let fault: MechanicsFault | null = null;
  return {
    get fault() {
      return fault;
    },
    advance(population, duration) {
      fault = null;
      report.substeps = 0;
      report.maxOverlap = 0;
      if (population.count === 0) return report;
      confine(population);
      let skin = sort(population);
      let moved = 0;
      let remaining = duration;
      let pairs = 0;
      while (remaining > 0) {
        // Two cells that both moved by half the skin may have come into reach from boxes that are not adjacent.
        if (2 * moved > skin) {
          writeBack(population);
          skin = sort(population);
          moved = 0;
        }
        report.substeps++;
        const most = RUN_LIMITS.contacts * list.count;
        if (!sweep.evaluate(population, RUN_LIMITS.pairs - pairs, most)) {
          fault =
            contacts.overlaps > most
              ? { reason: 'crowded', needed: contacts.overlaps / list.count }
              : { reason: 'busy', needed: pairs + contacts.pairs };
          break;
        }
        pairs += contacts.pairs;
        report.maxOverlap = contacts.maxOverlap;
        if (contacts.maxSpeed === 0) break;
        // Equal substeps to the end, as many as the present stiffness needs.
        const parts = Math.max(1, Math.ceil(remaining * 2 * rate * contacts.stiffness));
        // The stiffness may fall as the cells part: only what was done counts.
        if (parts > 1 && report.substeps >= RUN_LIMITS.substeps) {
          fault = { reason: 'stiff', needed: report.substeps + parts - 1 };
          break;
        }
        const time = remaining / parts;
        move(time);
        // An obstacle may take a cell back, or aside, by as much again.
        moved += rate * time * contacts.maxSpeed * (obstacles ? 2 : 1);
        remaining = parts === 1 ? 0 : remaining - time;
      }
      writeBack(population);
      return report;
    },
    maxOverlap(population) {
      if (population.count === 0) return 0;
      sort(population);
      sweep.evaluate(population);
      return contacts.maxOverlap;
    },
    bytes: () => cells.bytes() + sweep.bytes(),
  };
}

/**
 * The mechanics of a scenario: for discs or spheres alone by explicit steps as above; where there may be rods (`rods`), or with the
 * implicit solver, those of rodMechanics.ts or implicitMechanics.ts (by one thread).
 */
export function createMechanics(
  grid: Grid,
  mechanics: Mechanics,
  rods = false,
  crew: Crew = ALONE,
): ContactMechanics {
  if (mechanics.solver === 'implicit') return createImplicitMechanics(grid, mechanics);
  return rods ? createRodMechanics(grid, mechanics) : createDiscMechanics(grid, mechanics, crew);
}
