import type { KernelShape, Touch } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Loose } from './conform.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath, type Source } from './source.ts';
import { listing } from './suggest.ts';

type Raw = Pick<
  NonNullable<NonNullable<Loose<ScenarioFile>['coupling']>['exchange']>,
  'sample' | 'deposit' | 'coarsen'
>;

/** How cells touch a field by its name, where `coupling.exchange` says more than `coupling.kernel`. */
export function readTouch(
  source: Source,
  file: Loose<ScenarioFile>,
  grid: Grid | null,
): (field: string) => { readonly touch?: Touch } {
  const raw = file.coupling?.exchange;
  if (raw === undefined) return () => ({});
  const path = 'coupling.exchange';
  const { schedule = 'weak', kernel = 'linear' } = file.coupling ?? {};
  if (schedule === 'joint') {
    const message = 'has no meaning under `schedule: joint`, where a cell and its voxel are one';
    source.keyProblem(path, message, 'for `weak`, `strong` and `monolithic`');
  }
  const names = Object.keys(file.fields ?? {});
  checkCoarsening(source, path, raw.coarsen, grid);
  for (const [name, given] of Object.entries(raw.fields ?? {})) {
    const at = childPath(`${path}.fields`, name);
    if (!names.includes(name)) source.keyProblem(at, 'is not a field', listing(names));
    checkCoarsening(source, at, given?.coarsen, grid);
  }
  return name => {
    const own: Raw = raw.fields?.[name] ?? {};
    const shape = (key: 'sample' | 'deposit'): KernelShape => own[key] ?? raw[key] ?? kernel;
    const touch = {
      sample: shape('sample'),
      deposit: shape('deposit'),
      coarsen: own.coarsen ?? raw.coarsen ?? 1,
    };
    const asAll = touch.sample === kernel && touch.deposit === kernel && touch.coarsen === 1;
    return asAll ? {} : { touch };
  };
}

/** Blocks must fill the grid. */
function checkCoarsening(source: Source, path: string, coarsen: number | undefined, grid: Grid | null): void {
  if (coarsen === undefined || grid === null) return;
  const along = grid.cells.filter(n => n > 1);
  if (along.every(n => n % coarsen === 0)) return;
  const shortest = Math.min(...along);
  const fit = Array.from({ length: shortest }, (_, i) => i + 1).filter(n => along.every(m => m % n === 0));
  const message = `does not divide the voxels along every axis, ${grid.cells.slice(0, grid.dimensions).join(' × ')}`;
  source.problem(`${path}.coarsen`, message, listing(fit.map(String)));
}
