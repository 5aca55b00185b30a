import { concentrationUnit, NANOMOLAR } from '../../picture/format/units.ts';
import type { ScenarioInfo, SeriesColumn } from '../../session/contract.ts';

/** What a chart can show, as the value of its menu. */
export interface PlotChoice {
  readonly value: string;
  readonly label: string;
}

/** One line of a chart, from the columns of the time series. */
export interface PlotLine {
  readonly label: string;
  readonly column: number;
  /** Column of the standard deviation around it, or null. */
  readonly deviation: number | null;
  /** Index among kinds, for its colour. */
  readonly kind: number;
  readonly unit: string;
}

/** Every chart that a scenario can have. */
export function plotChoices(scenario: ScenarioInfo): PlotChoice[] {
  const choices: PlotChoice[] = [];
  if (scenario.cellTypes.length > 0) choices.push({ value: 'population', label: 'Cells by type' });
  for (const { name, reservoirs = [] } of scenario.fields) {
    choices.push({ value: `mean ${name}`, label: `${name}, mean and extremes` });
    choices.push({ value: `total ${name}`, label: `${name}, total` });
    if (reservoirs.length > 0)
      choices.push({ value: `bulk ${name}`, label: `${name} in ${reservoirs.join(' and ')}` });
  }
  for (const type of scenario.cellTypes) {
    for (const { name } of type.species) {
      choices.push({ value: `species ${type.name}.${name}`, label: `${name} per ${type.name}, mean ± sd` });
    }
  }
  scenario.cellTypes.forEach((type, t) => {
    type.species.forEach(({ name }, s) => {
      choices.push({ value: `histogram ${t} ${s}`, label: `${name} over ${type.name}s, histogram` });
    });
  });
  for (const name of scenario.moieties) choices.push({ value: `moiety ${name}`, label: `total ${name}` });
  for (const { name } of scenario.fields)
    choices.push({ value: `probes ${name}`, label: `${name} at the probes` });
  if (!scenario.recording) return choices;
  // A recording has the columns that it has; histograms are of frames.
  return choices.filter(
    ({ value }) => value.startsWith('histogram ') || plotLines(value, scenario.seriesColumns).length > 0,
  );
}

/** The charts shown at first: cells, and the first field. */
export function firstPlots(scenario: ScenarioInfo): string[] {
  const values = plotChoices(scenario).map(choice => choice.value);
  const wanted = [
    'population',
    `mean ${scenario.fields[0]?.name}`,
    scenario.recording ? histogram(scenario) : species(scenario),
  ];
  return wanted.filter(value => value !== null && values.includes(value)).filter(value => value !== null);
}

function histogram({ cellTypes }: ScenarioInfo): string | null {
  const type = cellTypes.findIndex(({ species }) => species.length > 1);
  return type < 0 ? null : `histogram ${type} 1`;
}

function species(scenario: ScenarioInfo): string | null {
  const type = scenario.cellTypes.find(({ species }) => species.length > 1);
  return type ? `species ${type.name}.${type.species[1].name}` : null;
}

/** The lines of a chart; empty where the series has no such columns (yet). */
export function plotLines(choice: string, columns: readonly SeriesColumn[]): PlotLine[] {
  const space = choice.indexOf(' ');
  const what = space < 0 ? choice : choice.slice(0, space);
  const name = space < 0 ? '' : choice.slice(space + 1);
  const pick = (
    fits: (column: SeriesColumn) => boolean,
    label: (column: SeriesColumn) => string,
  ): PlotLine[] =>
    columns
      .flatMap((column, i) => (fits(column) ? [{ column, i }] : []))
      .map(({ column, i }, kind) => ({
        label: label(column),
        column: i,
        deviation: null,
        kind,
        unit: column.unit,
      }));
  switch (what) {
    case 'population':
      return pick(
        column => column.of === 'cells',
        column => column.name,
      );
    case 'mean':
      return pick(
        column => column.of === 'field' && column.name === name && column.statistic !== 'total',
        column => column.statistic,
      ).map(line => ({ ...line, kind: 0 }));
    case 'total':
      return pick(
        column => column.of === 'field' && column.name === name && column.statistic === 'total',
        () => name,
      );
    case 'bulk':
      return pick(
        column => column.of === 'bulk' && column.name.endsWith(`.${name}`),
        column => column.name.slice(0, column.name.indexOf('.')),
      );
    case 'moiety':
      return pick(
        column => column.of === 'moiety' && column.name === name,
        () => name,
      );
    case 'probes':
      return pick(
        column =>
          column.of === 'probe' && /^probe \d+ /.test(column.name) && column.name.endsWith(` ${name}`),
        column => column.name.slice(0, column.name.indexOf(' ', 6)),
      );
    case 'species': {
      const deviation = columns.findIndex(
        column => column.of === 'species' && column.name === name && column.statistic === 'sd',
      );
      return pick(
        column => column.of === 'species' && column.name === name && column.statistic === 'mean',
        () => name.slice(name.indexOf('.') + 1),
      ).map(line => ({ ...line, deviation: deviation < 0 ? null : deviation }));
    }
    default:
      return [];
  }
}

/** The unit to show values of a column in, and what one of it is: concentrations read as nM, µM …, all else as it is. */
export function displayUnit(unit: string, largest: number): { readonly name: string; readonly size: number } {
  if (/^(molecules?)?\s*\/\s*(um\^3|µm³)$/.test(unit)) return concentrationUnit(largest);
  if (unit === 'nM') {
    const shown = concentrationUnit(largest * NANOMOLAR);
    return { name: shown.name, size: shown.size / NANOMOLAR };
  }
  return { name: unit, size: 1 };
}
