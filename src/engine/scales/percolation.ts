/**
 * Whether something passes all the way along an axis of a medium that repeats periodically: some way from an open voxel over open
 * faces leads to the same voxel one or more periods further. `diffusivity` per voxel, index i + nx (j + ny k); 0 is closed.
 */
export function percolates(
  cells: readonly [number, number, number],
  diffusivity: Float64Array,
  axis: 0 | 1 | 2,
): boolean {
  const [nx, ny] = cells;
  const stride = [1, nx, nx * ny];
  const UNSEEN = -(2 ** 31);
  /** By how many periods the way to a voxel has gone around along the axis. */
  const turns = new Int32Array(diffusivity.length).fill(UNSEEN);
  const open: number[] = [];
  for (let start = 0; start < diffusivity.length; start++) {
    if (turns[start] !== UNSEEN || !(diffusivity[start] > 0)) continue;
    turns[start] = 0;
    open.push(start);
    while (open.length > 0) {
      const v = open.pop() as number;
      for (let a = 0; a < 3; a++) {
        const place = Math.floor(v / stride[a]) % cells[a];
        for (const side of [-1, 1]) {
          const isOver = side > 0 ? place === cells[a] - 1 : place === 0;
          const w = v + side * stride[a] * (isOver ? 1 - cells[a] : 1);
          if (!(diffusivity[w] > 0)) continue;
          const turn = turns[v] + (isOver && a === axis ? side : 0);
          if (turns[w] === UNSEEN) {
            turns[w] = turn;
            open.push(w);
          } else if (turns[w] !== turn) return true;
        }
      }
    }
  }
  return false;
}
