import {
  createLayout,
  createLevel,
  finishLevel,
  type Level,
} from '../../src/engine/fields/multigrid/level.ts';

/** mass − ∇·(D ∇) on n voxels with harmonic means; fixed values at the walls along x and y that are not periodic. */
export function diffusionMatrix(
  n: readonly [number, number, number],
  periodic: readonly [boolean, boolean, boolean],
  diffusivity: Float64Array,
  mass: number,
  spacing: readonly [number, number, number] = [1, 1, 1],
): Level {
  const dimensions = n[2] === 1 ? 2 : 3;
  const level = createLevel(createLayout(dimensions, n, periodic), true);
  const { layout, diagonal, links } = level;
  const [nx, ny, nz] = n;
  const at = ([i, j, k]: readonly number[]) => diffusivity[i + nx * (j + ny * k)];
  const place = ([i, j, k]: readonly number[]) =>
    layout.start + i + j * layout.stride[1] + k * layout.stride[2];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const here = [i, j, k];
        // What passes nothing is kept apart from the singular.
        diagonal[place(here)] += mass + (at(here) === 0 ? 1 : 0);
        for (let axis = 0; axis < dimensions; axis++) {
          if (axis < 2 && !periodic[axis]) {
            const wall = (2 * at(here)) / spacing[axis] ** 2;
            if (here[axis] === 0) diagonal[place(here)] += wall;
            if (here[axis] === n[axis] - 1) diagonal[place(here)] += wall;
          }
          const next = here.slice();
          next[axis]++;
          if (next[axis] === n[axis]) {
            if (!periodic[axis]) continue;
            next[axis] = 0;
          }
          const [a, b] = [at(here), at(next)];
          const link = a > 0 && b > 0 ? (2 * a * b) / (a + b) / spacing[axis] ** 2 : 0;
          links[axis][place(here)] = link;
          diagonal[place(here)] += link;
          diagonal[place(next)] += link;
        }
      }
    }
  }
  finishLevel(level);
  return level;
}
