import { CELL_MAP, FIELD_MAP } from './colour/maps.ts';
import type { Subject } from './subject.ts';
import type { CellColouring, FieldLayer, StageView } from './view.ts';

/** A layer as it is first shown. */
export function plainLayer(field: number): FieldLayer {
  return { field, map: FIELD_MAP, scale: 'linear', range: 'auto' };
}

/**
 * The view with which a scenario opens: what it asks for, and what suits it where it does not say. What belongs to the
 * person rather than to the scenario (theme, legend, scale bar, time) stays.
 */
export function firstView(view: StageView, scenario: Subject): StageView {
  const { fields, slice } = scenario.view;
  const shown = fields ?? (scenario.fields.length > 0 ? [0] : []);
  return {
    ...view,
    fields: shown.map(plainLayer),
    slice: slice ?? Math.floor(scenario.grid.cells[2] / 2),
    cells: firstColouring(scenario),
    contours: false,
    trails: false,
  };
}

function firstColouring({ view, cellTypes }: Subject): CellColouring {
  const { cells } = view;
  if (cells?.by === 'species') return { ...cells, map: CELL_MAP, range: 'auto' };
  if (cells) return cells;
  // One colour for all cells says nothing; clones can be told apart in any colony.
  return { by: cellTypes.length === 1 && cellTypes[0].divides ? 'lineage' : 'type' };
}
