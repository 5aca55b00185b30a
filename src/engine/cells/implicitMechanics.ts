import type { Grid } from '../fields/grid.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { createBodyStore } from './bodies.ts';
import type { Mechanics } from './cellType.ts';
import type { ContactMechanics, MechanicsFault, MechanicsReport } from './contactMechanics.ts';
import { createContactSet } from './contactSet.ts';
import { createContactSolver, LOCAL } from './contactSolver.ts';
import { createPairLaw } from './pairLaw.ts';
import { createPairFinder } from './pairList.ts';
import { addPressure } from './pressure.ts';

/** Gap, as a fraction of the largest radius, up to which a pair is in the equations: it may close during an iteration. */
const AHEAD = 0.5;
/**
 * The bodies have arrived when they move, in root mean square, by less than this fraction of the largest radius, and of the
 * first move of the step (which says how much there is to do). The largest move is no measure: in a colony some cell always turns
 * to and fro between contacts that hardly bear.
 */
const ARRIVED = 5e-3;
const OF_FIRST = 0.01;
/** Fewer bodies than this are solved for to so much smaller an error: it costs little, and a line that buckles magnifies it. */
const MANY = 60;
/** After so many iterations the error allowed to many bodies will do. */
const PATIENCE = 12;
/**
 * After so many, bodies that still go to and fro (crossed rods that hold one another, sticky heaps) are brought to rest where they are:
 * moves shrink by a tenth from one iteration to the next. What overlap is left the next step has to solve.
 */
const LONG_PATIENCE = 40;
const TIRING = 0.9;
/** But motion below this fraction of a radius does not count. */
const NOTHING = 1e-7;
/** No point moves further than this fraction of the largest radius in one iteration: contacts turn as bodies move. */
const FURTHEST = 1.5;
/**
 * A body that is to go back where it came from goes to and fro between two sets of contacts: it makes half the share of its move that
 * it made before, down to this one, and more again when it goes on.
 */
const LEAST_SHARE = 0.1;
/**
 * The same overdamped contact mechanics by backward Euler: the places x at the end of a step of length Δt minimise
 *
 *     ½ Σ_i drag_i |x_i − x_i(start)|² + rate Δt Σ_contacts m U(s(x))
 *
 * so that the drag of every displacement is borne by the contact forces at the end. There is no limit to rate · Δt: the larger it
 * is the harder are the cells. Minimised by Gauss–Newton: contacts are linearised where the bodies lie, the convex problem that
 * is left is solved (contactSolver.ts), the bodies move, and so on until they do not. Related to the constraint method of
 * CellModeller (Rudge, Steiner, Phillips & Haseloff 2012, doi:10.1021/sb300031n), with forces that only push and a compliance
 * 1 / (rate Δt m) in place of a regularisation.
 *
 * Walls are flat bodies that do not move, and rigid in the end as in rodMechanics.ts; bodies are taken out of obstacles after every
 * iteration.
 */
export function createImplicitMechanics(grid: Grid, mechanics: Mechanics): ContactMechanics {
  const store = createBodyStore(grid);
  const finder = createPairFinder(grid);
  const law = createPairLaw(mechanics);
  const builder = createContactSet(grid, law);
  const { bodies } = store;
  const { pairs } = finder;
  const { contacts, freedoms } = builder;
  const solver = createContactSolver(freedoms, law);
  const flat = freedoms === 3;
  const report: MechanicsReport = { substeps: 0, maxOverlap: 0 };
  let pressure = new Float64Array(0);
  // The last step of each freedom, and the share of it that the body made.
  let before = new Float64Array(0);
  let part = new Float64Array(0);
  let fault: MechanicsFault | null = null;
  // Of the last step, µm.
  let farthest = 0;

  function largestRadius(): number {
    let largest = 0;
    for (let i = 0; i < bodies.count; i++) largest = Math.max(largest, bodies.radius[i]);
    return largest;
  }

  /** Moves the bodies by shares of the solver's step, at most `furthest` (µm); returns how far the whole step goes, root mean square. */
  function move(furthest: number, tired: number): number {
    const { step } = solver;
    let far = 0;
    let sum = 0;
    for (let i = 0; i < bodies.count; i++) {
      const at = freedoms * i;
      let shift = 0;
      let turn = 0;
      let along = 0;
      for (let n = 0; n < freedoms; n++) {
        const by = step[at + n];
        if (n < grid.dimensions) {
          shift += by * by;
          along += by * before[at + n];
        } else {
          turn += by * by;
          along += bodies.half[i] ** 2 * by * before[at + n];
        }
      }
      part[i] = along < 0 ? Math.max(LEAST_SHARE, 0.5 * part[i]) : Math.min(1, 1.5 * part[i]);
      for (let n = 0; n < freedoms; n++) before[at + n] = step[at + n] *= part[i];
      const way = Math.sqrt(shift) + bodies.half[i] * Math.sqrt(turn);
      far = Math.max(far, way);
      sum += way * way;
    }
    const share = Math.min(tired, furthest / far);
    for (let i = 0; i < bodies.count; i++) {
      const at = freedoms * i;
      if (flat) store.move(i, share * step[at], share * step[at + 1], 0, 0, 0, share * step[at + 2]);
      else
        store.move(
          i,
          share * step[at],
          share * step[at + 1],
          share * step[at + 2],
          share * step[at + 3],
          share * step[at + 4],
          share * step[at + 5],
        );
    }
    solver.accept(share, bodies.count);
    if (grid.solid) keepClear();
    farthest = far;
    return Math.sqrt(sum / bodies.count);
  }

  /** Takes bodies out of obstacles, which no contact stands for; that counts as motion too. */
  function keepClear(): void {
    const { x, y, z, ux, uy, uz } = bodies;
    for (let i = 0; i < bodies.count; i++) {
      const [x0, y0, z0, a, b, c] = [x[i], y[i], z[i], ux[i], uy[i], uz[i]];
      store.confine(i);
      const [dx, dy, dz] = [x[i] - x0, y[i] - y0, z[i] - z0];
      const turnZ = a * uy[i] - b * ux[i];
      if (flat) solver.shift(i, [dx, dy, turnZ]);
      else solver.shift(i, [dx, dy, dz, b * uz[i] - c * uy[i], c * ux[i] - a * uz[i], turnZ]);
    }
  }

  function makeRoom(capacity: number): void {
    if (pressure.length >= capacity) return;
    pressure = new Float64Array(capacity);
    before = new Float64Array(freedoms * capacity);
    part = new Float64Array(capacity);
  }

  return {
    get fault() {
      return fault;
    },
    get pressure() {
      return pressure;
    },
    advance(population, duration) {
      fault = null;
      report.substeps = 0;
      report.maxOverlap = 0;
      if (population.count === 0) return report;
      makeRoom(population.capacity);
      store.load(population);
      before.fill(0);
      part.fill(1);
      const largest = largestRadius();
      const ahead = law.range + AHEAD * largest;
      // Pairs are good for a while: until two bodies may have come together that were further apart.
      const skin = AHEAD * largest;
      let moved = Number.POSITIVE_INFINITY;
      let looked = 0;
      let way = Number.POSITIVE_INFINITY;
      const loose = Math.min(1, bodies.count / MANY);
      let enough = ARRIVED * largest * loose;
      solver.begin(bodies, mechanics.rate * duration, loose);
      for (;;) {
        if (2 * moved > skin) {
          store.wrapCentres();
          const complete = finder.find(bodies, ahead + skin, RUN_LIMITS.pairs - looked);
          looked += pairs.looked;
          if (!complete) {
            fault = { reason: 'busy', needed: looked };
            break;
          }
          moved = 0;
        }
        looked += pairs.count;
        builder.assemble(bodies, pairs, population.id, ahead);
        report.maxOverlap = contacts.maxOverlap;
        if (2 * contacts.overlaps > RUN_LIMITS.contacts * bodies.count) {
          fault = { reason: 'crowded', needed: (2 * contacts.overlaps) / bodies.count };
          break;
        }
        if (contacts.count === 0) break;
        if (report.substeps === PATIENCE) enough = ARRIVED * largest;
        if (way <= enough) {
          const done = report.substeps >= LONG_PATIENCE || solver.residual(contacts) <= LOCAL * enough;
          if (done) break;
        }
        report.substeps++;
        solver.solve(bodies, contacts, enough);
        const tired = TIRING ** Math.max(0, report.substeps - LONG_PATIENCE);
        way = tired * move(FURTHEST * largest, tired);
        if (report.substeps === 1) {
          enough = Math.max(NOTHING * largest, Math.min(enough, OF_FIRST * loose * way));
        }
        moved += farthest;
      }
      addPressure(pressure, bodies, contacts, law, flat);
      for (let i = 0; i < bodies.count; i++) store.confine(i);
      store.store(population);
      return report;
    },
    maxOverlap(population) {
      if (population.count === 0) return 0;
      store.load(population);
      finder.find(bodies, law.range, Number.POSITIVE_INFINITY);
      builder.assemble(bodies, pairs, population.id, law.range);
      return contacts.maxOverlap;
    },
    bytes: () =>
      store.bytes() +
      finder.bytes() +
      builder.bytes() +
      solver.bytes() +
      pressure.byteLength +
      before.byteLength +
      part.byteLength,
  };
}
