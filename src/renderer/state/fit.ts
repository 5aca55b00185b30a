import type { ScenarioInfo } from '../../session/contract.ts';
import type { StageView } from '../stage/view.ts';
import type { ToolState } from './ui.ts';

/** A view that fits a scenario: no layer or colouring of what it does not have. */
export function fitView(view: StageView, scenario: ScenarioInfo): StageView {
  const fields = view.fields.filter(layer => layer.field < scenario.fields.length).slice(0, 1);
  if (fields.length === 0 && scenario.fields.length > 0) {
    fields.push({ field: 0, map: 'viridis', scale: 'linear', range: 'auto' });
  }
  return {
    ...view,
    fields: fields.map(layer => ({ ...layer, range: 'auto' })),
    slice: Math.floor(scenario.grid.cells[2] / 2),
    cells: view.cells.by === 'species' ? { by: 'type' } : view.cells,
  };
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
