import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import type { LoggedEdit, ScenarioInfo } from '../../session/contract.ts';
import { describeEdit } from '../app/describeEdit.ts';
import { describeProvenance, type Provenance } from '../figures/provenance.ts';

/** What a page begins with. */
export function pageHead(provenance: Provenance): string {
  const { title, scenario, seed, software } = provenance;
  return `# ${plain(title)}\n\nScenario ${plain(scenario)}, seed ${plain(seed)}, ${software}.\n`;
}

/**
 * What was changed in a run by hand, as Markdown: parameters with the value in the scenario, that in force now and when it was
 * set; then all edits in their order.
 */
export function editsAsMarkdown(
  scenario: ScenarioInfo,
  log: readonly LoggedEdit[],
  provenance: Provenance,
): string {
  const clock = (time: number) => formatClock(time, decimalsOfStep(scenario.step));
  if (log.length === 0) return `Nothing was changed by hand: ${describeProvenance(provenance)}.\n`;
  const latest = new Map<string, { readonly value: string; readonly time: number }>();
  for (const { edit, time } of log)
    if (edit.kind === 'parameter') latest.set(edit.name, { value: edit.value, time });
  const rows = [...latest].map(([name, { value, time }]) => {
    const before = scenario.parameters.find(parameter => parameter.name === name)?.text ?? '';
    return `| ${cell(name)} | ${cell(before)} | ${cell(value)} | ${bookmark(clock(time), time)} |`;
  });
  const table = ['| Parameter | In the scenario | Now | Since |', '| --- | --- | --- | --- |', ...rows, ''];
  const list = log.map(
    ({ edit, time }) =>
      `- ${bookmark(clock(time), time)}: \`${describeEdit(edit, scenario).replaceAll('`', "'")}\``,
  );
  return [...(rows.length > 0 ? table : []), 'Edits:', '', ...list, ''].join('\n');
}

/** A link to a moment of the run. */
export function bookmark(label: string, time: number): string {
  return `[${label}](#t=${time})`;
}

function cell(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** Text that Markdown is to leave alone. */
function plain(text: string): string {
  return text.replace(/([\\`*_[\]<>#|])/g, '\\$1');
}
