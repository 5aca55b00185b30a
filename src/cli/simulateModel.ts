import { type Observable, type SbmlModel, simulateSbml } from '../engine/index.ts';
import { inFile, readModel } from './circuitFile.ts';
import { readTimes } from './ensemble.ts';
import { EXIT, UsageError } from './exit.ts';
import { checkNew, writeNew } from './export.ts';
import { printJson } from './output.ts';

export interface SimulateCommand {
  readonly times: string;
  readonly steps?: string;
  readonly variables?: string;
  readonly amounts?: string;
  readonly concentrations?: string;
  readonly relative?: string;
  readonly absolute?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `cellfield simulate`: the deterministic time course of an SBML model as it stands. Returns the exit status. */
export function simulateModel(file: string, command: SimulateCommand): number {
  const times = timesOf(command);
  const relative = tolerance('--relative', command.relative);
  const absolute = tolerance('--absolute', command.absolute);
  checkNew(command.out, command.force);
  const model = readModel(file);
  const observables = columns(model, command);
  const start = Math.min(0, times[0]);
  const rows = inFile(file, () =>
    simulateSbml(model, {
      times: [start, ...times],
      observables,
      ...(relative === null ? {} : { relative }),
      ...(absolute === null ? {} : { absolute }),
      ...(command.seed === undefined ? {} : { seed: command.seed }),
    }),
  ).slice(1);
  const lines = rows.map((row, i) => [times[i], ...row].map(figure).join(','));
  const csv = `${[['time', ...observables.map(({ name }) => name)].join(','), ...lines].join('\n')}\n`;
  if (command.out !== undefined) writeNew(command.out, csv, command.force ?? false);
  if (command.json) {
    const values = observables.map(({ name, as }, i) => [name, { as, values: rows.map(row => row[i]) }]);
    printJson({ file, times, columns: Object.fromEntries(values) });
  } else if (command.out === undefined) process.stdout.write(csv);
  return EXIT.done;
}

/** As the SBML test suite writes numbers that are none. */
function figure(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
}

function timesOf({ times, steps }: SimulateCommand): number[] {
  if (steps === undefined) return readTimes(times);
  const count = Number(steps);
  if (!(Number.isInteger(count) && count >= 1 && count <= 1_000_000)) {
    throw new UsageError(`--steps ${steps} is not a whole number from 1 to 1000000`);
  }
  const [start, end, rest] = times.split(':').map(part => (/^\s*$/.test(part) ? Number.NaN : Number(part)));
  if (rest !== undefined || !(start >= 0 && end > start && Number.isFinite(end))) {
    throw new UsageError(`--times ${times} is not start:end, as in 0:50, which --steps divides`);
  }
  return Array.from({ length: count + 1 }, (_, i) => start + (i * (end - start)) / count);
}

function tolerance(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\s*$/.test(text) && value > 0 && value < 1) return value;
  throw new UsageError(`${option} ${text} is not a number between 0 and 1`);
}

/** The columns asked for: `--variables` in their order, or all, then what the other two name besides. */
function columns(model: SbmlModel, command: SimulateCommand): Observable[] {
  const species = new Set(model.species.map(({ id }) => id));
  const references = model.reactions.flatMap(({ reactants, products }) => [...reactants, ...products]);
  const known = new Set([
    ...species,
    ...[...model.compartments, ...model.parameters, ...model.reactions, ...references].flatMap(({ id }) =>
      id === '' ? [] : [id],
    ),
  ]);
  const list = (option: string, text: string | undefined, allowed: ReadonlySet<string>): string[] => {
    const names = (text ?? '').split(',').flatMap(name => (name.trim() === '' ? [] : [name.trim()]));
    for (const name of names) {
      if (allowed.has(name)) continue;
      const what = known.has(name) ? `'${name}' is no species` : `the model has no '${name}'`;
      throw new UsageError(`${option}: ${what}; there are ${[...allowed].slice(0, 30).join(', ') || 'none'}`);
    }
    return names;
  };
  const amounts = new Set(list('--amounts', command.amounts, species));
  const concentrations = new Set(list('--concentrations', command.concentrations, species));
  for (const name of amounts) {
    if (concentrations.has(name)) throw new UsageError(`'${name}' is both in --amounts and --concentrations`);
  }
  const asked = list('--variables', command.variables, known);
  const isNamed = amounts.size + concentrations.size > 0;
  const varying = [...model.compartments, ...model.parameters].flatMap(e => (e.constant ? [] : [e.id]));
  const first = asked.length > 0 ? asked : isNamed ? [] : [...species, ...varying];
  return [...new Set([...first, ...amounts, ...concentrations])].map(name => ({
    name,
    as: amounts.has(name) ? 'amount' : concentrations.has(name) ? 'concentration' : 'symbol',
  }));
}
