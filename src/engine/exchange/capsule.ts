/** A rod: all within `radius` of the segment from −half · axis to half · axis (µm). */
export interface Capsule {
  radius: number;
  half: number;
  readonly axis: Float64Array;
}

/**
 * Where the line along x at (y, z) from the capsule's centre is inside it, as [from, to]; from ≥ to where it misses it. The capsule is the
 * union of two balls and the cylinder between them, and convex.
 */
export function chordOf({ radius, half, axis }: Capsule, y: number, z: number, into: Float64Array): void {
  const [nx, ny, nz] = axis;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const end of [-half, half]) {
    const square = radius * radius - (y - end * ny) ** 2 - (z - end * nz) ** 2;
    if (square <= 0) continue;
    from = Math.min(from, end * nx - Math.sqrt(square));
    to = Math.max(to, end * nx + Math.sqrt(square));
  }
  // Place along the axis of x: x nx + along; square of the distance from it: across x² − 2 nx along x + rest.
  const along = y * ny + z * nz;
  const across = 1 - nx * nx;
  const rest = y * y + z * z - along * along;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  if (across > 1e-12) {
    const square = (nx * along) ** 2 - across * (rest - radius * radius);
    const root = Math.sqrt(Math.max(0, square));
    [low, high] = square > 0 ? [(nx * along - root) / across, (nx * along + root) / across] : [0, -1];
  } else if (rest >= radius * radius) high = low;
  if (Math.abs(nx) > 1e-12) {
    const ends = [(-half - along) / nx, (half - along) / nx];
    low = Math.max(low, Math.min(ends[0], ends[1]));
    high = Math.min(high, Math.max(ends[0], ends[1]));
  } else if (Math.abs(along) > half) high = low;
  if (high > low) {
    from = Math.min(from, low);
    to = Math.max(to, high);
  }
  into[0] = from;
  into[1] = to;
}
