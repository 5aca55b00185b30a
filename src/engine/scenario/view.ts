import type { CellType } from '../cells/cellType.ts';
import type { ScenarioView, ViewColouring } from '../description/view.ts';
import type { Grid } from '../fields/grid.ts';
import type { Loose } from './conform.ts';
import { type Context, readQuantity } from './quantity.ts';
import type { ScenarioFile, ViewFile } from './schema.ts';
import { itemPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { LENGTH } from './units.ts';

const CELL_PROPERTIES = ['type', 'lineage', 'age', 'growth', 'phase'] as const;

/** The section `view`, its names resolved; reports those that the scenario does not have. */
export function buildView(
  context: Context,
  raw: Loose<ScenarioFile>['view'],
  fieldNames: readonly string[],
  cellTypes: readonly (CellType | null)[],
  grid: Grid | null,
): ScenarioView {
  return {
    fields: readFields(context, raw?.field, fieldNames),
    cells: readColouring(context, raw, cellTypes),
    slice: readSlice(context, raw?.slice, grid),
  };
}

function readFields(
  { source }: Context,
  raw: Loose<ViewFile>['field'],
  known: readonly string[],
): number[] | null {
  if (raw === undefined) return null;
  const path = 'view.field';
  const written = typeof raw === 'string' ? [raw] : raw;
  const indices: number[] = [];
  written.forEach((name, i) => {
    if (name === undefined) return;
    const at = typeof raw === 'string' ? path : itemPath(path, i);
    const index = known.indexOf(name);
    if (index < 0) {
      const suggestion = didYouMean(name, known);
      const allowed = known.length === 0 ? 'the scenario has no fields' : listing(known);
      source.problem(at, `unknown field${suggestion}`, suggestion ? null : allowed);
    } else if (indices.includes(index)) source.problem(at, 'is named twice', 'each field once');
    else indices.push(index);
  });
  return indices;
}

function readColouring(
  { source }: Context,
  raw: Loose<ScenarioFile>['view'],
  cellTypes: readonly (CellType | null)[],
): ViewColouring | null {
  const path = 'view.cells';
  const property = CELL_PROPERTIES.find(name => name === raw?.cells);
  if (raw?.as !== undefined && (property !== undefined || raw.cells === undefined)) {
    source.keyProblem('view.as', 'says how a species is measured', '`cells: TYPE.SPECIES` with it');
  }
  if (raw?.cells === undefined) return null;
  if (property !== undefined) return { by: property };
  // A type with a fault has said so; whether it has the species cannot be known.
  if (cellTypes.includes(null)) return null;
  const types = cellTypes.filter(type => type !== null);
  const [typeName, speciesName] = raw.cells.split('.', 2);
  const type = types.findIndex(({ name }) => name === typeName);
  const species = type < 0 ? -1 : types[type].circuit.species.findIndex(({ name }) => name === speciesName);
  if (species >= 0 && raw.cells === `${typeName}.${speciesName}`) {
    return { by: 'species', type, species, as: raw.as ?? 'amount' };
  }
  const all = types.flatMap(({ name, circuit }) => circuit.species.map(one => `${name}.${one.name}`));
  const suggestion = didYouMean(raw.cells, [...CELL_PROPERTIES, ...all]);
  const allowed = listing([...CELL_PROPERTIES, ...all], 20);
  source.problem(path, `is no way to colour cells${suggestion}`, suggestion ? null : allowed);
  return null;
}

function readSlice(context: Context, raw: string | number | undefined, grid: Grid | null): number | null {
  if (raw === undefined || grid === null) return null;
  const path = 'view.slice';
  if (grid.dimensions === 2) {
    context.source.keyProblem(path, 'is of 3-D domains only; this one is 2-D');
    return null;
  }
  const [, , depth] = grid.size;
  const height = readQuantity(context, path, raw, LENGTH);
  if (height === null) return null;
  if (!(height >= 0 && height <= depth)) {
    context.source.problem(path, 'lies outside the domain', `0 um to ${depth} um`);
    return null;
  }
  return Math.min(grid.cells[2] - 1, Math.floor(height / grid.spacing[2]));
}
