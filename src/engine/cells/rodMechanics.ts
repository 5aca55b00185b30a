import type { Grid } from '../fields/grid.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { createBodyStore } from './bodies.ts';
import type { Mechanics } from './cellType.ts';
import type { ContactMechanics, MechanicsFault, MechanicsReport } from './contactMechanics.ts';
import { createContactSet } from './contactSet.ts';
import { createPairLaw } from './pairLaw.ts';
import { createPairFinder } from './pairList.ts';
import { addPressure } from './pressure.ts';

/** Pairs are kept until a point of a body may have moved by half of this fraction of the largest radius. */
const SKIN = 0.3;

/** Columns of the stiffness of a body: xx, yy, zz, xy, xz, yz of the tensor Σ k n nᵀ, and Σ k |p × n|². */
const TENSOR = 7;

/**
 * Overdamped contact mechanics of rods (and of discs or spheres among them) by explicit Euler: a body with the force F and the
 * torque T of its contacts (contactSet.ts) moves at rate · F / drag and turns at rate · T / turningDrag (bodies.ts).
 *
 * **Stable step**, as in mechanics.ts: the pair energy changes by at most k ((row_a · u_a)² + (row_b · u_b)²) under
 * displacements u, so every decay rate is at most 2 rate · max_i (‖Σ k n nᵀ‖ / drag + Σ k |p × n|² / turningDrag).
 *
 * **Walls** push with the same law and are then made rigid: a body that reaches through one is put between them by the motion of
 * least drag. So it is with obstacles (rodObstacles.ts).
 */
export function createRodMechanics(grid: Grid, mechanics: Mechanics): ContactMechanics {
  const store = createBodyStore(grid);
  const finder = createPairFinder(grid);
  const law = createPairLaw(mechanics);
  const builder = createContactSet(grid, law);
  const { bodies } = store;
  const { pairs } = finder;
  const { contacts, freedoms } = builder;
  const flat = freedoms === 3;
  const { rate } = mechanics;
  const report: MechanicsReport = { substeps: 0, maxOverlap: 0 };
  let force = new Float64Array(0);
  let tensor = new Float64Array(0);
  let pressure = new Float64Array(0);
  let stiffness = 0;
  let maxSpeed = 0;
  let fault: MechanicsFault | null = null;

  function skinWidth(): number {
    let largest = 0;
    for (let i = 0; i < bodies.count; i++) largest = Math.max(largest, bodies.radius[i]);
    return SKIN * largest;
  }

  function add(body: number, at: number, f: number, k: number): void {
    const { row } = contacts;
    const to = freedoms * body;
    for (let n = 0; n < freedoms; n++) force[to + n] += f * row[at + n];
    const x = row[at];
    const y = row[at + 1];
    const z = flat ? 0 : row[at + 2];
    const t = TENSOR * body;
    tensor[t] += k * x * x;
    tensor[t + 1] += k * y * y;
    tensor[t + 2] += k * z * z;
    tensor[t + 3] += k * x * y;
    tensor[t + 4] += k * x * z;
    tensor[t + 5] += k * y * z;
    if (flat) tensor[t + 6] += k * row[at + 2] * row[at + 2];
    else tensor[t + 6] += k * (row[at + 3] ** 2 + row[at + 4] ** 2 + row[at + 5] ** 2);
  }

  function evaluate(ids: Uint32Array): void {
    builder.assemble(bodies, pairs, ids, law.range);
    const { count } = bodies;
    force.fill(0, 0, freedoms * count);
    tensor.fill(0, 0, TENSOR * count);
    const { a, b, overlap, touch, strength, kind } = contacts;
    for (let c = 0; c < contacts.count; c++) {
      const f = strength[c] * law.force(overlap[c], touch[c], kind[c]);
      let k = strength[c] * law.stiffness(overlap[c], touch[c], kind[c]);
      // A taut pair also resists across n, with |φ|/d.
      if (f < 0) k += Math.abs(f) / touch[c];
      add(a[c], 2 * freedoms * c, f, k);
      if (b[c] >= 0) add(b[c], 2 * freedoms * c + freedoms, f, k);
    }
    stiffness = 0;
    maxSpeed = 0;
    for (let i = 0; i < count; i++) {
      const drag = bodies.extent[i];
      if (!(drag > 0)) continue;
      const t = TENSOR * i;
      const [xx, yy, zz] = [tensor[t], tensor[t + 1], tensor[t + 2]];
      const [xy, xz, yz] = [Math.abs(tensor[t + 3]), Math.abs(tensor[t + 4]), Math.abs(tensor[t + 5])];
      const norm = Math.min(xx + yy + zz, Math.max(xx + xy + xz, xy + yy + yz, xz + yz + zz));
      const turning = drag ** 3 / 3;
      stiffness = Math.max(stiffness, norm / drag + tensor[t + 6] / turning);
      const at = freedoms * i;
      const [fx, fy, fz] = [force[at], force[at + 1], flat ? 0 : force[at + 2]];
      const [tx, ty, tz] = flat ? [0, 0, force[at + 2]] : [force[at + 3], force[at + 4], force[at + 5]];
      const speed =
        Math.sqrt(fx * fx + fy * fy + fz * fz) / drag +
        (bodies.half[i] * Math.sqrt(tx * tx + ty * ty + tz * tz)) / turning;
      if (speed > maxSpeed) maxSpeed = speed;
    }
  }

  function move(time: number): void {
    for (let i = 0; i < bodies.count; i++) {
      const drag = bodies.extent[i];
      if (!(drag > 0)) continue;
      const shift = (rate * time) / drag;
      const turn = bodies.half[i] > 0 ? (3 * rate * time) / drag ** 3 : 0;
      const at = freedoms * i;
      if (flat) store.move(i, shift * force[at], shift * force[at + 1], 0, 0, 0, turn * force[at + 2]);
      else
        store.move(
          i,
          shift * force[at],
          shift * force[at + 1],
          shift * force[at + 2],
          turn * force[at + 3],
          turn * force[at + 4],
          turn * force[at + 5],
        );
      store.confine(i);
    }
  }

  function makeRoom(capacity: number): void {
    if (force.length >= freedoms * capacity) return;
    force = new Float64Array(freedoms * capacity);
    tensor = new Float64Array(TENSOR * capacity);
    pressure = new Float64Array(capacity);
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
      const skin = skinWidth();
      let moved = Number.POSITIVE_INFINITY;
      let remaining = duration;
      let looked = 0;
      while (remaining > 0) {
        if (2 * moved > skin) {
          store.wrapCentres();
          const complete = finder.find(bodies, law.range + skin, RUN_LIMITS.pairs - looked);
          looked += pairs.looked;
          if (!complete) {
            fault = { reason: 'busy', needed: looked };
            break;
          }
          moved = 0;
        }
        looked += pairs.count;
        report.substeps++;
        evaluate(population.id);
        if (2 * contacts.overlaps > RUN_LIMITS.contacts * bodies.count) {
          fault = { reason: 'crowded', needed: (2 * contacts.overlaps) / bodies.count };
          break;
        }
        report.maxOverlap = contacts.maxOverlap;
        if (maxSpeed === 0) break;
        // Equal substeps to the end, as many as the present stiffness needs.
        const parts = Math.max(1, Math.ceil(remaining * 2 * rate * stiffness));
        if (parts > 1 && report.substeps >= RUN_LIMITS.substeps) {
          fault = { reason: 'stiff', needed: report.substeps + parts - 1 };
          break;
        }
        const time = remaining / parts;
        move(time);
        // An obstacle may take a cell back, or aside, by as much again.
        moved += rate * time * maxSpeed * (grid.solid ? 2 : 1);
        remaining = parts === 1 ? 0 : remaining - time;
      }
      addPressure(pressure, bodies, contacts, law, flat);
      store.store(population);
      return report;
    },
    maxOverlap(population) {
      if (population.count === 0) return 0;
      makeRoom(population.capacity);
      store.load(population);
      finder.find(bodies, law.range, Number.POSITIVE_INFINITY);
      evaluate(population.id);
      return contacts.maxOverlap;
    },
    bytes: () =>
      store.bytes() +
      finder.bytes() +
      builder.bytes() +
      force.byteLength +
      tensor.byteLength +
      pressure.byteLength,
  };
}
