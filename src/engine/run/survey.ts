import type { Description } from '../description/description.ts';
import type { Model } from '../model/model.ts';

/**
 * What a run is compared by: means over the moments at which it was looked at of each field, voxel by voxel, of the number of cells,
 * and of what a cell holds of each species; the spread of that over cells and moments, and the swing over moments of the mean over
 * cells, in which the noise of an exchange shows that all cells share.
 */
export interface Survey {
  add(model: Model): void;
  fields(): Float64Array[];
  cells(): number;
  /** One row per cell type and species that reactions change. */
  amounts(): {
    readonly name: string;
    readonly mean: number;
    readonly spread: number;
    readonly swing: number;
  }[];
}

export function createSurvey({ fields, cellTypes }: Description): Survey {
  const sums: Float64Array[] = [];
  let moments = 0;
  let cells = 0;
  const rows = cellTypes.flatMap((type, t) =>
    type.circuit.species.map((species, s) => ({
      t,
      s,
      name: `${type.name}.${species.name}`,
      n: 0,
      mean: 0,
      squares: 0,
      moments: 0,
      middle: 0,
      swings: 0,
    })),
  );
  return {
    add({ population, fields: values }) {
      moments++;
      cells += population.count;
      for (let f = 0; f < fields.length; f++) {
        sums[f] ??= new Float64Array(values[f].length);
        for (let v = 0; v < sums[f].length; v++) sums[f][v] += values[f][v];
      }
      // Welford's update: no cancellation.
      for (const row of rows) {
        let [here, sum] = [0, 0];
        for (let slot = 0; slot < population.count; slot++) {
          if (population.type[slot] !== row.t) continue;
          const x = population.amounts[slot * population.stride + row.s];
          row.n++;
          const off = x - row.mean;
          row.mean += off / row.n;
          row.squares += off * (x - row.mean);
          here++;
          sum += x;
        }
        if (here === 0) continue;
        row.moments++;
        const off = sum / here - row.middle;
        row.middle += off / row.moments;
        row.swings += off * (sum / here - row.middle);
      }
    },
    fields: () => sums.map(sum => sum.map(value => value / moments)),
    cells: () => cells / Math.max(1, moments),
    amounts: () =>
      rows
        .filter(({ n }) => n > 0)
        .map(({ name, n, mean, squares, moments: m, swings }) => ({
          name,
          mean,
          spread: Math.sqrt(squares / n),
          swing: Math.sqrt(swings / m),
        })),
  };
}

/** How far a survey is from another, all relative. */
export interface Difference {
  readonly fields: readonly { readonly max: number; readonly l2: number }[];
  readonly cells: number;
  /** Of means; of spreads and swings as their ratio less 1 (0 where there is neither). */
  readonly amounts: readonly {
    readonly name: string;
    readonly mean: number;
    readonly spread: number;
    readonly swing: number;
  }[];
  /** The largest of the L2, cells, means, spreads and swings. */
  readonly worst: number;
}

export function differ(a: Survey, b: Survey): Difference {
  const theirs = b.fields();
  const fields = a.fields().map((values, f) => {
    let [largest, most, squares, all] = [0, 0, 0, 0];
    for (let v = 0; v < values.length; v++) {
      const off = values[v] - theirs[f][v];
      largest = Math.max(largest, Math.abs(off));
      most = Math.max(most, Math.abs(theirs[f][v]));
      squares += off * off;
      all += theirs[f][v] ** 2;
    }
    return { max: relative(largest, most), l2: relative(Math.sqrt(squares), Math.sqrt(all)) };
  });
  const cells = relative(Math.abs(a.cells() - b.cells()), b.cells());
  const other = new Map(b.amounts().map(row => [row.name, row]));
  const amounts = a.amounts().map(({ name, mean, spread, swing }) => {
    const known = other.get(name) ?? { mean: 0, spread: 0, swing: 0 };
    const floor = 1e-9 * Math.max(Math.abs(known.mean), Math.abs(mean));
    // What is rounding of the mean is no spread.
    const ratio = (own: number, theirs: number) =>
      own <= floor && theirs <= floor ? 0 : theirs > floor ? own / theirs - 1 : 1;
    return {
      name,
      mean: relative(Math.abs(mean - known.mean), Math.abs(known.mean)),
      spread: ratio(spread, known.spread),
      swing: ratio(swing, known.swing),
    };
  });
  const worst = Math.max(
    cells,
    ...fields.map(({ l2 }) => l2),
    ...amounts.flatMap(({ mean, spread, swing }) => [mean, Math.abs(spread), Math.abs(swing)]),
  );
  return { fields, cells, amounts, worst };
}

function relative(size: number, of: number): number {
  return size === 0 ? 0 : of > 0 ? size / of : 1;
}
