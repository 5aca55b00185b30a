/** d(a, n)/dt of cells' contents a and voxels' contents n: exchange at `rate` both ways, hops between neighbours. */
export function slope(state: readonly number[], boxes: number, rate: number, hop: number): number[] {
  const out = new Array<number>(2 * boxes).fill(0);
  for (let i = 0; i < boxes; i++) {
    const flow = rate * (state[boxes + i] - state[i]);
    out[i] += flow;
    out[boxes + i] -= flow;
    if (i === boxes - 1) continue;
    const across = hop * (state[boxes + i] - state[boxes + i + 1]);
    out[boxes + i] -= across;
    out[boxes + i + 1] += across;
  }
  return out;
}

/** Cells' and voxels' contents at `end`, by the classical Runge–Kutta method in 4000 steps. */
export function integrateLinear(
  start: readonly number[],
  boxes: number,
  rate: number,
  hop: number,
  end: number,
): number[] {
  const steps = 4000;
  const h = end / steps;
  let y = [...start];
  for (let n = 0; n < steps; n++) {
    const at = (k: number[], w: number) =>
      slope(
        y.map((v, i) => v + w * (k[i] ?? 0)),
        boxes,
        rate,
        hop,
      );
    const k1 = at([], 0);
    const k2 = at(k1, h / 2);
    const k3 = at(k2, h / 2);
    const k4 = at(k3, h);
    y = y.map((v, i) => v + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
  }
  return y;
}
