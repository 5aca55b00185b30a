import type { Grid } from '../fields/grid.ts';
import type { Bodies } from './bodies.ts';
import { directionOfPair } from './direction.ts';
import type { PairLaw } from './pairLaw.ts';
import type { PairList } from './pairList.ts';
import { closestOnSegments, DX, DY, DZ, nearestOnSegment, S, SQUARE, sideBySide, T } from './segments.ts';

/**
 * The contacts of all near pairs at the present place of the bodies. A contact is a pair of points of two axes (of an axis
 * and a wall) with the unit vector n from the first to the second and the overlap s = r_a + r_b − d of the surfaces there,
 * negative for a gap. Moving the bodies changes it by −row · (their displacements), where
 *
 *     row = (−n, −p_a × n | n, p_b × n)
 *
 * with the arms p from each centre to its point; in 2-D (x, y, angle), in 3-D (x, y, z, rotation vector). The force on the
 * bodies is m φ(s) · row, m = weight × reduced radius: equal and opposite, along one line, so that it has no torque as a whole.
 *
 * **Rods side by side** touch along a line. The closest pair of points alone would jump from end to end as they tilt, so such a
 * pair has contacts at both ends of the part where they lie side by side, of weight ½ each, and one at the closest points that
 * makes up for what the ends lack: weight 1 − ½ Σ_ends (s_end + ℓ)₊ / (s + ℓ), with ℓ the range of adhesion. Force and torque are
 * then continuous in place and angle; crossed and end-on rods have one contact, parallel ones two.
 *
 * **Walls** are flat bodies that do not move: m = r for each cap that is near one.
 */
export interface ContactSet {
  count: number;
  /** Body a, and body b or −1 for a wall. */
  a: Int32Array;
  b: Int32Array;
  /** Overlap, µm; r_a + r_b (2 r at a wall); weight × reduced radius. */
  overlap: Float64Array;
  touch: Float64Array;
  strength: Float64Array;
  /** Which law of the pair law: by the types of the bodies, or of a wall. */
  kind: Int32Array;
  /** 2 × freedoms per contact. */
  row: Float64Array;
  /** Deepest overlap of two bodies, µm; 0 where none do. */
  maxOverlap: number;
  /** Pairs of bodies that overlap. */
  overlaps: number;
}

export interface ContactSetBuilder {
  readonly contacts: ContactSet;
  /** Freedoms of a body: 3 in 2-D, 6 in 3-D. */
  readonly freedoms: number;
  /** Contacts with a gap of at most `reach` (µm). `ids` by slot settles the direction of axes that meet. */
  assemble(bodies: Bodies, pairs: PairList, ids: Uint32Array, reach: number): void;
  bytes(): number;
}

/** Axes nearer than this fraction of r_a + r_b have no direction between them: it is taken from elsewhere. */
const COINCIDENT = 1e-9;

export function createContactSet(grid: Grid, law: PairLaw): ContactSetBuilder {
  const flat = grid.dimensions === 2;
  const freedoms = flat ? 3 : 6;
  const walled = [0, 1, 2].filter(axis => axis < grid.dimensions && !grid.periodic[axis]);
  const contacts: ContactSet = {
    count: 0,
    a: new Int32Array(0),
    b: new Int32Array(0),
    overlap: new Float64Array(0),
    touch: new Float64Array(0),
    strength: new Float64Array(0),
    kind: new Int32Array(0),
    row: new Float64Array(0),
    maxOverlap: 0,
    overlaps: 0,
  };
  const closest = new Float64Array(6);
  const span = new Float64Array(2);
  const normal = new Float64Array(3);

  function makeRoom(room: number): void {
    const wider = (from: Float64Array, length: number): Float64Array => {
      const to = new Float64Array(length);
      to.set(from);
      return to;
    };
    const index = (from: Int32Array): Int32Array => {
      const to = new Int32Array(room);
      to.set(from);
      return to;
    };
    contacts.a = index(contacts.a);
    contacts.b = index(contacts.b);
    contacts.kind = index(contacts.kind);
    contacts.overlap = wider(contacts.overlap, room);
    contacts.touch = wider(contacts.touch, room);
    contacts.strength = wider(contacts.strength, room);
    contacts.row = wider(contacts.row, 2 * freedoms * room);
  }

  /** Enters a contact; n from a to b, arms from the centres. */
  function push(
    a: number,
    b: number,
    nx: number,
    ny: number,
    nz: number,
    pax: number,
    pay: number,
    paz: number,
    pbx: number,
    pby: number,
    pbz: number,
    overlap: number,
    touch: number,
    strength: number,
    kind: number,
  ): void {
    if (contacts.count === contacts.a.length) makeRoom(Math.max(128, 2 * contacts.count));
    const c = contacts.count++;
    contacts.a[c] = a;
    contacts.b[c] = b;
    contacts.overlap[c] = overlap;
    contacts.touch[c] = touch;
    contacts.strength[c] = strength;
    contacts.kind[c] = kind;
    const { row } = contacts;
    let at = 2 * freedoms * c;
    if (flat) {
      row[at] = -nx;
      row[at + 1] = -ny;
      row[at + 2] = -(pax * ny - pay * nx);
      row[at + 3] = nx;
      row[at + 4] = ny;
      row[at + 5] = pbx * ny - pby * nx;
      return;
    }
    row[at++] = -nx;
    row[at++] = -ny;
    row[at++] = -nz;
    row[at++] = -(pay * nz - paz * ny);
    row[at++] = -(paz * nx - pax * nz);
    row[at++] = -(pax * ny - pay * nx);
    row[at++] = nx;
    row[at++] = ny;
    row[at++] = nz;
    row[at++] = pby * nz - pbz * ny;
    row[at++] = pbz * nx - pbx * nz;
    row[at] = pbx * ny - pby * nx;
  }

  /** A direction for axes that meet: across both, away from a's centre; that of their ids where that does not say. */
  function directionOf(
    wx: number,
    wy: number,
    wz: number,
    hx: number,
    hy: number,
    hz: number,
    gx: number,
    gy: number,
    gz: number,
    idA: number,
    idB: number,
  ): void {
    let x = 0;
    let y = 0;
    let z = 0;
    if (flat) {
      // Across the longer axis, towards where the other's centre lies.
      const first = hx * hx + hy * hy >= gx * gx + gy * gy;
      x = first ? -hy : -gy;
      y = first ? hx : gx;
    } else {
      x = hy * gz - hz * gy;
      y = hz * gx - hx * gz;
      z = hx * gy - hy * gx;
    }
    const norm = Math.sqrt(x * x + y * y + z * z);
    const along = wx * x + wy * y + wz * z;
    if (norm > 0 && along !== 0) {
      const scale = along > 0 ? 1 / norm : -1 / norm;
      normal[0] = x * scale;
      normal[1] = y * scale;
      normal[2] = z * scale;
      return;
    }
    directionOfPair(idA, idB, grid.dimensions, normal);
    if (idA > idB) for (let k = 0; k < 3; k++) normal[k] = -normal[k];
  }

  function meet(bodies: Bodies, pairs: PairList, p: number, ids: Uint32Array, reach: number): void {
    const { x, y, z, ux, uy, uz, half, radius, slot, type } = bodies;
    const a = pairs.a[p];
    const b = pairs.b[p];
    const image = 3 * pairs.image[p];
    const wx = x[b] - x[a] + pairs.shift[image];
    const wy = y[b] - y[a] + pairs.shift[image + 1];
    const wz = z[b] - z[a] + pairs.shift[image + 2];
    const hx = half[a] * ux[a];
    const hy = half[a] * uy[a];
    const hz = half[a] * uz[a];
    const gx = half[b] * ux[b];
    const gy = half[b] * uy[b];
    const gz = half[b] * uz[b];
    closestOnSegments(wx, wy, wz, hx, hy, hz, gx, gy, gz, closest);
    const touch = radius[a] + radius[b];
    const distance = Math.sqrt(closest[SQUARE]);
    const overlap = touch - distance;
    if (overlap <= -reach || !(touch > 0)) return;
    if (overlap > 0) {
      contacts.overlaps++;
      if (overlap > contacts.maxOverlap) contacts.maxOverlap = overlap;
    }
    const reduced = (radius[a] * radius[b]) / touch;
    const kind = law.kindOf(type[a], type[b]);
    const range = law.rangeOf(kind);
    const s = closest[S];
    const t = closest[T];
    const coincident = distance < COINCIDENT * touch;
    if (coincident) directionOf(wx, wy, wz, hx, hy, hz, gx, gy, gz, ids[slot[a]], ids[slot[b]]);
    else {
      normal[0] = closest[DX] / distance;
      normal[1] = closest[DY] / distance;
      normal[2] = closest[DZ] / distance;
    }
    let weight = 1;
    const nx = normal[0];
    const ny = normal[1];
    const nz = normal[2];
    if (!coincident && half[b] > 0 && sideBySide(wx, wy, wz, hx, hy, hz, gx, gy, gz, span)) {
      const depth = overlap + range;
      const g = gx * hx + gy * hy + gz * hz;
      for (let end = 0; end < 2; end++) {
        let sa = span[end];
        let tb: number;
        if (sa === -1 || sa === 1)
          tb = nearestOnSegment(wx - sa * hx, wy - sa * hy, wz - sa * hz, gx, gy, gz);
        else {
          // That end of b which lies at this end of the span.
          tb = g > 0 === (end === 1) ? 1 : -1;
          sa = nearestOnSegment(-(wx + tb * gx), -(wy + tb * gy), -(wz + tb * gz), hx, hy, hz);
        }
        const dx = wx + tb * gx - sa * hx;
        const dy = wy + tb * gy - sa * hy;
        const dz = wz + tb * gz - sa * hz;
        const d = Math.sqrt(dx * dx + dy * dy + dz * dz);
        const deep = touch - d;
        if (deep <= -reach || d < COINCIDENT * touch) continue;
        if (depth > 0) weight -= 0.5 * Math.min(1, Math.max(0, (deep + range) / depth));
        push(
          a,
          b,
          dx / d,
          dy / d,
          dz / d,
          sa * hx,
          sa * hy,
          sa * hz,
          tb * gx,
          tb * gy,
          tb * gz,
          deep,
          touch,
          0.5 * reduced,
          kind,
        );
      }
    }
    if (weight > 0)
      push(
        a,
        b,
        nx,
        ny,
        nz,
        s * hx,
        s * hy,
        s * hz,
        t * gx,
        t * gy,
        t * gz,
        overlap,
        touch,
        weight * reduced,
        kind,
      );
  }

  function meetWalls(bodies: Bodies, i: number, reach: number): void {
    const { half, radius, extent } = bodies;
    const r = radius[i];
    for (const axis of walled) {
      const size = grid.size[axis];
      const centre = axis === 0 ? bodies.x[i] : axis === 1 ? bodies.y[i] : bodies.z[i];
      const far = extent[i] + reach;
      if (centre > far && centre < size - far) continue;
      const along = half[i] * (axis === 0 ? bodies.ux[i] : axis === 1 ? bodies.uy[i] : bodies.uz[i]);
      for (let side = 0; side < 2; side++) {
        const n = side === 0 ? -1 : 1;
        for (let end = half[i] > 0 ? -1 : 1; end <= 1; end += 2) {
          const cap = centre + end * along;
          const overlap = r - (side === 0 ? cap : size - cap);
          if (overlap <= -reach) continue;
          push(
            i,
            -1,
            axis === 0 ? n : 0,
            axis === 1 ? n : 0,
            axis === 2 ? n : 0,
            end * half[i] * bodies.ux[i],
            end * half[i] * bodies.uy[i],
            end * half[i] * bodies.uz[i],
            0,
            0,
            0,
            overlap,
            2 * r,
            r,
            law.wall,
          );
        }
      }
    }
  }

  return {
    contacts,
    freedoms,
    assemble(bodies, pairs, ids, reach) {
      contacts.count = 0;
      contacts.maxOverlap = 0;
      contacts.overlaps = 0;
      for (let p = 0; p < pairs.count; p++) meet(bodies, pairs, p, ids, reach);
      for (let i = 0; walled.length > 0 && i < bodies.count; i++) meetWalls(bodies, i, reach);
    },
    bytes() {
      const { a, b, overlap, touch, strength, kind, row } = contacts;
      return [a, b, overlap, touch, strength, kind, row].reduce((sum, column) => sum + column.byteLength, 0);
    },
  };
}
