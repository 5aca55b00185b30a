import type { Frame } from '../engine/recording/frame.ts';
import { extent } from './cellColours.ts';
import { AutoRange, type Range, type ScaleKind } from './colour/scale.ts';
import { NANOMOLAR } from './format/units.ts';
import { MOST_LAYERS } from './limits.ts';
import type { CellColouring, StageView } from './view.ts';

/** Smallest and largest finite value, and the smallest positive one. */
export function surveyField(values: Float32Array): { min: number; max: number; minPositive: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let minPositive = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // A value that is not finite fails one of these comparisons, or would make the range useless.
    if (value < min && value > Number.NEGATIVE_INFINITY) min = value;
    if (value > max && value < Number.POSITIVE_INFINITY) max = value;
    if (value > 0 && value < minPositive) minPositive = value;
  }
  return { min, max, minPositive };
}

/** Ranges of the layers shown, and of the colouring of cells where it has one. */
export interface ShownRanges {
  readonly fields: readonly Range[];
  readonly cells: Range | null;
}

/** The ranges that hold both. */
export function widest(one: ShownRanges, other: ShownRanges): ShownRanges {
  const both = (a: Range, b: Range): Range => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
  return {
    fields: one.fields.map((range, i) => both(range, other.fields[i])),
    cells: one.cells && other.cells ? both(one.cells, other.cells) : (one.cells ?? other.cells),
  };
}

/** The ranges in use: fixed ones as chosen, automatic ones following the frames without flicker. */
export class Ranges implements ShownRanges {
  fields: readonly Range[] = [];
  cells: Range | null = null;
  readonly #auto = new Map<string, AutoRange>();

  /** Forgets what the automatic ranges followed. */
  clear(): void {
    this.#auto.clear();
  }

  /** Brings the ranges up to date; true where one of them changed. */
  update(frame: Frame, view: StageView): boolean {
    const fields = view.fields.slice(0, MOST_LAYERS).map(({ field, scale, range }): Range => {
      if (range !== 'auto') return range;
      const values = frame.fields[field];
      if (!values) return [0, NANOMOLAR];
      const { min, max, minPositive } = surveyField(values);
      return this.#inUnits(
        `field ${field} ${scale}`,
        scale,
        NANOMOLAR,
        scale === 'log' ? minPositive : min,
        max,
      );
    });
    const cells = this.#cells(frame, view.cells);
    const changed =
      fields.length !== this.fields.length ||
      fields.some((range, i) => !same(range, this.fields[i])) ||
      !same(cells, this.cells);
    this.fields = fields;
    this.cells = cells;
    return changed;
  }

  #cells(frame: Frame, colouring: CellColouring): Range | null {
    switch (colouring.by) {
      case 'type':
      case 'lineage':
        return null;
      case 'phase':
        return [0, 1];
      case 'species': {
        const { type, species, as, range } = colouring;
        if (range !== 'auto') return range;
        const unit = as === 'concentration' && species !== 0 ? NANOMOLAR : 1;
        return this.#follow(`species ${type} ${species} ${as}`, unit, frame, colouring);
      }
      case 'age':
        return this.#follow('age', 60, frame, colouring);
      case 'growth':
        return this.#follow('growth', 1 / 3600, frame, colouring);
    }
  }

  /** From zero up to the largest value among the cells. */
  #follow(key: string, unit: number, frame: Frame, colouring: CellColouring): Range {
    const [low, high] = extent(frame, colouring) ?? [0, 0];
    return this.#inUnits(key, 'linear', unit, Math.min(0, low), high);
  }

  /** Ends are round in the unit that legends show (powers of ten of it stay round). */
  #inUnits(key: string, scale: ScaleKind, unit: number, min: number, max: number): Range {
    const auto = this.#of(key, () => new AutoRange(scale, 1));
    const [low, high] = auto.update(min / unit, max / unit);
    return [low * unit, high * unit];
  }

  #of(key: string, make: () => AutoRange): AutoRange {
    let auto = this.#auto.get(key);
    if (!auto) {
      auto = make();
      this.#auto.set(key, auto);
    }
    return auto;
  }
}

function same(a: Range | null, b: Range | null): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);
}
