import { formatCount, formatValue } from '../../picture/format/number.ts';
import type { Edit, ScenarioInfo } from '../../session/contract.ts';

/** An edit of a run as one line: `k_tx = 0.07 /s`, `+10 000 AHL within 10 µm`. */
export function describeEdit(edit: Edit, scenario: ScenarioInfo): string {
  switch (edit.kind) {
    case 'parameter':
      return `${edit.name} = ${edit.value}`;
    case 'paint': {
      const name = scenario.fields[edit.field]?.name ?? 'field';
      const sign = edit.amount < 0 ? '−' : '+';
      return `${sign}${formatValue(Math.abs(edit.amount))} ${name} within ${formatValue(edit.radius)} µm`;
    }
    case 'place':
      return `${formatCount(edit.count)} ${scenario.cellTypes[edit.type]?.name ?? 'cell'} placed`;
    case 'kill':
      return `cells within ${formatValue(edit.radius)} µm removed`;
    case 'killCells':
      return `${formatCount(edit.ids.length)} ${edit.ids.length === 1 ? 'cell' : 'cells'} removed`;
  }
}
