import type { Model } from '../model/model.ts';

/** Size and density of the population, of all types together. */
export interface Colony {
  readonly cells: number;
  /** µm; of the uniform disc or ball with the same radius of gyration. */
  readonly radius: number;
  /** µm³ of it within the domain. */
  readonly volume: number;
  /** Mean distance of neighbours, µm: edge of the square or cube that is one cell's. */
  readonly spacing: number;
}

/** Null where there are no cells. Positions are taken as they are, also on periodic axes. */
export function measureColony({ population, description: { grid } }: Model): Colony | null {
  const { count } = population;
  if (count === 0) return null;
  const axes = grid.dimensions;
  const position = [population.x, population.y, population.z].slice(0, axes);
  let square = 0;
  for (const x of position) {
    let mean = 0;
    for (let slot = 0; slot < count; slot++) mean += x[slot] / count;
    for (let slot = 0; slot < count; slot++) square += (x[slot] - mean) ** 2 / count;
  }
  let radius = 0;
  for (let slot = 0; slot < count; slot++) radius += population.radius[slot] / count;
  // ⟨r²⟩ of a disc is R²/2, of a ball 3R²/5. A single cell is its own colony.
  radius = Math.max(radius, Math.sqrt(((axes + 2) / axes) * square));
  const thickness = axes === 2 ? grid.size[2] : 1;
  const whole = axes === 2 ? Math.PI * radius ** 2 * thickness : (4 / 3) * Math.PI * radius ** 3;
  const volume = Math.min(whole, grid.voxels * grid.voxelVolume);
  return { cells: count, radius, volume, spacing: (volume / thickness / count) ** (1 / axes) };
}
