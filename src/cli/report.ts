import { describeLeak, type Summary } from '../engine/index.ts';
import { clockTime, figure, table } from './format.ts';

/** 1 nM in molecules/µm³. */
const NANOMOLAR = 0.602214076;

/** What a person wants to see at the end of a run. */
export function report(summary: Summary, wallSeconds: number): string {
  const { cells, fields, moieties, counts } = summary;
  const rate = summary.steps > 0 ? ` (${figure(wallSeconds)} s of computing)` : '';
  const parts = [
    `${summary.title}\n  ${clockTime(summary.time)} simulated in ${summary.steps} steps${rate}, seed ${summary.seed}\n`,
  ];

  if (Object.keys(cells).length > 0) {
    const rows = [['Cells', 'number', 'mean of each species (sd)']];
    for (const [type, count] of Object.entries(cells)) {
      const species = Object.entries(summary.species)
        .filter(([name]) => name.startsWith(`${type}.`))
        .map(([name, { mean, sd }]) => `${name.slice(type.length + 1)} ${figure(mean)} (${figure(sd)})`);
      rows.push([type, String(count), species.join(', ')]);
    }
    parts.push(leftTable(rows));
  }
  if (Object.keys(fields).length > 0) {
    const rows = [['Field', 'molecules', 'mean, nM', 'min, nM', 'max, nM']];
    for (const [name, { total, mean, min, max }] of Object.entries(fields)) {
      rows.push([name, figure(total), ...[mean, min, max].map(value => figure(value / NANOMOLAR))]);
    }
    parts.push(table(rows));
    const unusual = Object.entries(summary.solvers).filter(([, { solver }]) => solver !== 'adi');
    for (const [field, { solver, reason }] of unusual)
      parts.push(`  ${field}: solved by ${solver} (${reason})\n`);
  }
  const bulk = Object.entries(summary.bulk);
  if (bulk.length > 0) {
    const rows = bulk.map(([name, value]) => [name, figure(value / NANOMOLAR)]);
    parts.push(table([['Reservoir', 'nM'], ...rows]));
  }
  const { schedule, reason } = summary.coupling;
  if (reason !== null) parts.push(`  ${schedule} coupling, chosen: ${reason}\n`);
  if (moieties.length > 0) {
    const rows = [['Balance', 'total', 'in', 'out', 'residual']];
    for (const { name, total, byCause, relative } of moieties) {
      const amounts = Object.values(byCause);
      const into = amounts.filter(amount => amount > 0).reduce((a, b) => a + b, 0);
      const out = amounts.filter(amount => amount < 0).reduce((a, b) => a + b, 0);
      rows.push([
        name,
        figure(total),
        figure(into),
        figure(-out),
        relative === 0 ? '0' : relative.toExponential(1),
      ]);
    }
    parts.push(table(rows));
  }
  if (counts.iteratedWindows > 0) {
    const passes = (counts.iterations / counts.iteratedWindows).toFixed(1);
    parts.push(
      schedule === 'monolithic'
        ? `  ${passes} Newton iterations for each of ${counts.iteratedWindows} steps of cells and fields together\n`
        : `  ${passes} passes over each of ${counts.iteratedWindows} windows for cells and fields to agree\n`,
    );
  }
  if (counts.fieldError > 0) {
    const most = counts.fieldError.toExponential(1);
    parts.push(
      `  fields in ${counts.fieldSubsteps} further parts for tolerance or damping; largest estimated error ${most}\n`,
    );
  }
  const unusual = Object.entries({
    'field windows at first order to stay positive': counts.positiveFields,
    'windows at first order for a cell’s sake': counts.firstOrderWindows,
    'windows halved': counts.halvedWindows,
    'windows with guarded uptake': counts.guardedWindows,
  }).filter(([, count]) => count > 0);
  if (unusual.length > 0) parts.push(`  ${unusual.map(([what, count]) => `${count} ${what}`).join('; ')}\n`);
  const verdict =
    summary.balanceBreaches > 0
      ? `the balance was out of tolerance in ${summary.balanceBreaches} steps${corrections(summary)}`
      : `balance closed: worst relative residual ${summary.worstRelativeResidual.toExponential(1)}`;
  for (const leak of summary.leaks) parts.push(`  ${describeLeak(leak)}\n`);
  parts.push(`  ${verdict}\n  state ${summary.stateHash}\n`);
  return parts.join('\n');
}

/** What was put right, where a scenario asks for it. */
function corrections({ moieties }: Summary): string {
  const corrected = moieties.filter(moiety => moiety.corrected !== 0);
  if (corrected.length === 0) return '';
  return `, and corrected by ${corrected.map(moiety => `${figure(moiety.corrected)} ${moiety.name}`).join(', ')}`;
}

/** A table whose last column is text. */
function leftTable(rows: readonly (readonly string[])[]): string {
  return table(rows.map(row => row.slice(0, -1)))
    .split('\n')
    .slice(0, -1)
    .map((line, i) => `${line}  ${rows[i][rows[i].length - 1]}\n`)
    .join('');
}
