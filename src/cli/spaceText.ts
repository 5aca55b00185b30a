import type { RepresentativeVolume, SpaceReport } from '../engine/index.ts';
import { clockTime, figure, table } from './format.ts';

/** Voxels per radius below which the figures are coarse. */
const FINE = 4;

/** Rows of the table of windows: powers of two of the smallest, and the largest. */
const DOUBLINGS = 12;

/** The report of `cellfield scales --space`. */
export function spaceText({ time, packing }: SpaceReport, title: string): string {
  const head = `${title}: scales of space at ${clockTime(time)}\n`;
  if (packing === null) return `${head}\n  there are fewer than two cells, or all on a line: no packing\n`;
  const { box, voxels, resolution, fraction, correlation, porosity, uptake, effective } = packing;
  const axes = ['x', 'y', 'z'].slice(0, voxels.length);
  const extent = axes.map((_, a) => `${figure(box.from[a])}–${figure(box.to[a])}`).join(' × ');
  const coarse = resolution < FINE ? ': coarse' : '';
  const parts = [
    `  box ${extent} µm on ${voxels.join(' × ')} voxels, ${figure(resolution)} per radius of a cell${coarse}\n` +
      `  cells fill ${figure(100 * fraction)} %\n${uptake
        .flatMap(({ field, volume }) =>
          // The smallest windows are the voxels: their mean is that of the box.
          volume && volume.windows.length > 0
            ? [`  ${field} is taken at ${figure(volume.windows[0].mean)} molecules/µm³/s on average\n`]
            : [],
        )
        .join('')}`,
  ];

  const length = (value: number | null | undefined) => (value == null ? '–' : `${figure(value)} µm`);
  parts.push(
    table([
      ['Along', ...axes],
      ['correlation length', ...axes.map((_, a) => length(correlation?.[a].length))],
      ['correlation falls to 1/e', ...axes.map((_, a) => length(correlation?.[a].fall))],
      ['diffusivity', ...effective.map(value => `× ${figure(value)}`)],
      ...packing.diffusivities.map(({ field, values }) => [
        `  ${field}`,
        ...values.map(value => `${figure(value)} µm²/s`),
      ]),
    ]),
  );
  parts.push(
    `  cells pass ${figure(packing.inCells)} of what lies between them; Maxwell, for dilute cells: × ${figure(packing.maxwell)}\n` +
      (effective.includes(0)
        ? '  0: the cells leave no way through; --in-cells lets some through them\n'
        : ''),
  );

  const line = pasteable(packing);
  if (line !== null) parts.push(line);

  const columns = [
    { name: 'porosity', volume: porosity },
    ...uptake.map(({ field, volume }) => ({ name: `uptake of ${field}`, volume })),
  ].filter((column): column is { name: string; volume: RepresentativeVolume } => column.volume !== null);
  if (columns.length > 0 && columns[0].volume.windows.length > 0) {
    const { windows } = columns[0].volume;
    const rows = new Set<number>();
    for (let n = 0; n < DOUBLINGS; n++) rows.add(2 ** n - 1);
    rows.add(windows.length - 1);
    parts.push(
      table([
        ['Spread between windows of', ...columns.map(({ name }) => name)],
        ...[...rows]
          .filter(row => row < windows.length)
          .sort((a, b) => a - b)
          .map(row => [
            `${figure(windows[row].edge)} µm`,
            ...columns.map(({ volume }) => `${figure(100 * volume.windows[row].spread)} %`),
          ]),
      ]),
    );
    const percent = figure(100 * packing.tolerance);
    parts.push(
      columns
        .map(({ name, volume: { first, plateau } }) => {
          const from = first !== null && first !== plateau ? `, first met at ${figure(first)} µm` : '';
          const edge = windows[windows.length - 1].edge;
          return plateau === null
            ? `  ${name}: no representative volume up to ${figure(edge)} µm (spread ${percent} %${from})\n`
            : `  ${name}: representative from ${figure(plateau)} µm on (spread ${percent} %${from})\n`;
        })
        .join(''),
    );
  }
  return `${head}\n${parts.join('\n')}`;
}

/** Axes that differ by less than this share of their mean are taken for one. */
const ALIKE = 0.05;

/** The packing as a property of fields that see it as one medium, to be pasted into a scenario; null where nothing passes. */
function pasteable({
  effective,
  fraction,
  diffusivities,
}: NonNullable<SpaceReport['packing']>): string | null {
  const mean = effective.reduce((a, b) => a + b, 0) / effective.length;
  if (!(mean > 0) || diffusivities.length === 0) return null;
  const head = '  as one medium, in a scenario with voxels larger than cells:\n';
  if (effective.every(value => Math.abs(value - mean) <= ALIKE * mean)) {
    // Half of what cells fill here: where the colony is thinner than that, it is no such medium.
    const film = `film: { factor: ${mean.toPrecision(3)}, from: ${Number((50 * fraction).toPrecision(2))}% }`;
    return `${head}    fields: { ${diffusivities[0].field}: { …, ${film} } }\n`;
  }
  return (
    head +
    diffusivities
      .map(({ field, values }) => {
        const axes = values.map((value, a) => `${'xyz'[a]}: ${Number(value.toPrecision(4))} um^2/s`);
        return `    fields: { ${field}: { diffusivity: { ${axes.join(', ')} }, … } }\n`;
      })
      .join('')
  );
}
