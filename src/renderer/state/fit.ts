import type { ScenarioInfo } from '../../session/contract.ts';
import { CELL_MAP, FIELD_MAP } from '../colour/maps.ts';
import type { CellColouring, FieldLayer, StageView } from '../stage/view.ts';
import type { ToolState } from './ui.ts';

/** A layer as it is first shown. */
export function plainLayer(field: number): FieldLayer {
  return { field, map: FIELD_MAP, scale: 'linear', range: 'auto' };
}

/**
 * The view with which a scenario opens: what it asks for, and what suits it where it does not say. What belongs to the
 * person rather than to the scenario (theme, legend, scale bar, time) stays.
 */
export function firstView(view: StageView, scenario: ScenarioInfo): StageView {
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

function firstColouring({ view, cellTypes }: ScenarioInfo): CellColouring {
  const { cells } = view;
  if (cells?.by === 'species') return { ...cells, map: CELL_MAP, range: 'auto' };
  if (cells) return cells;
  // One colour for all cells says nothing; clones can be told apart in any colony.
  return { by: cellTypes.length === 1 && cellTypes[0].divides ? 'lineage' : 'type' };
}

/** Whether a view of the one scenario is one of the other: what can be shown and what is asked for are the same. */
export function viewsFit(one: ScenarioInfo, other: ScenarioInfo): boolean {
  return subject(one) === subject(other);
}

function subject({ view, grid, fields, cellTypes }: ScenarioInfo): string {
  return JSON.stringify([
    view,
    grid.cells[2],
    fields.map(({ name }) => name),
    cellTypes.map(({ name, species }) => [name, species.map(one => one.name)]),
  ]);
}

/** A tool that fits a scenario: known field and type, a radius in proportion to the domain. */
export function fitTool(tool: ToolState, scenario: ScenarioInfo): ToolState {
  const side = Math.min(scenario.grid.size[0], scenario.grid.size[1]);
  return {
    ...tool,
    kind: 'select',
    field: tool.field < scenario.fields.length ? tool.field : 0,
    type: tool.type < scenario.cellTypes.length ? tool.type : 0,
    radius: Number((side / 20).toPrecision(1)),
  };
}
