import type { ScenarioInfo } from '../../session/contract.ts';
import type { ToolState } from './ui.ts';

export { firstView, plainLayer } from '../../picture/firstView.ts';

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
