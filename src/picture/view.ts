/** How a run is shown. Plain data: panels change it, the stage draws it, nothing here touches the run. */
export interface StageView {
  /** Fields drawn, at most three (blended); empty for none. */
  readonly fields: readonly FieldLayer[];
  /** Lines of equal concentration of the first layer. */
  readonly contours: boolean;
  /** Plane shown of a 3-D domain: index along z; ignored in 2-D. */
  readonly slice: number;
  readonly cells: CellColouring;
  readonly trails: boolean;
  readonly scaleBar: boolean;
  readonly legend: boolean;
  readonly timeStamp: boolean;
  readonly theme: 'dark' | 'light';
}

export type ColourMap = 'viridis' | 'magma' | 'cividis' | 'diverging';

export interface FieldLayer {
  readonly field: number;
  readonly map: ColourMap;
  readonly scale: 'linear' | 'log';
  /** Concentrations in molecules/µm³ at the ends of the map, or `auto` (snapped to 1, 2, 5 × 10ⁿ). */
  readonly range: readonly [low: number, high: number] | 'auto';
}

export type CellColouring =
  | { readonly by: 'type' | 'lineage' | 'age' | 'growth' | 'phase' }
  | {
      readonly by: 'species';
      /** Cell type and species index; cells of other types are grey. */
      readonly type: number;
      readonly species: number;
      /** Copy number, or amount per volume. */
      readonly as: 'amount' | 'concentration';
      readonly map: ColourMap;
      readonly range: readonly [number, number] | 'auto';
    };
