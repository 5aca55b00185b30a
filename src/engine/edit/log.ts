import { parse } from 'yaml';
import { type Edit, EditError, type LoggedEdit, type Point } from './edit.ts';

/**
 * An event log from text: a JSON (or YAML) list of entries `{ step, time, edit }`, as a run with edits writes it. `time` may be
 * left out; the step counts.
 * @throws EditError that names the entry and what is wrong with it
 */
export function parseEventLog(text: string): LoggedEdit[] {
  let list: unknown;
  try {
    list = parse(text, { version: '1.2', schema: 'core', logLevel: 'error' });
  } catch (error) {
    const first = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new EditError(`the event log is neither JSON nor YAML: ${first}`);
  }
  if (!Array.isArray(list)) throw new EditError('the event log is not a list of entries');
  return list.map((entry: unknown, i) => {
    const read = reader(entry, `event ${i}`);
    return { step: read.whole('step'), time: read.optional('time', 0), edit: readEdit(read.at('edit')) };
  });
}

interface Reader {
  fail(key: string, allowed: string): never;
  at(key: string): Reader;
  number(key: string): number;
  optional(key: string, otherwise: number): number;
  whole(key: string): number;
  wholeList(key: string): number[];
  text(key: string): string;
}

function readEdit(read: Reader): Edit {
  const kind = read.text('kind');
  switch (kind) {
    case 'parameter':
      return { kind, name: read.text('name'), value: read.text('value') };
    case 'paint':
      return {
        kind,
        field: read.whole('field'),
        at: readPoint(read.at('at')),
        radius: read.number('radius'),
        amount: read.number('amount'),
      };
    case 'place':
      return {
        kind,
        type: read.whole('type'),
        at: readPoint(read.at('at')),
        radius: read.number('radius'),
        count: read.whole('count'),
      };
    case 'kill':
      return { kind, at: readPoint(read.at('at')), radius: read.number('radius') };
    case 'killCells':
      return { kind, ids: read.wholeList('ids') };
    default:
      return read.fail('kind', 'parameter, paint, place, kill or killCells');
  }
}

function readPoint(read: Reader): Point {
  return { x: read.number('x'), y: read.number('y'), z: read.number('z') };
}

/** Typed access to the keys of an unknown value; `path` names it in messages. */
function reader(value: unknown, path: string): Reader {
  const record: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const fail = (key: string, allowed: string): never => {
    const found = JSON.stringify(record[key]) ?? 'nothing';
    throw new EditError(`${path}: \`${key}\` must be ${allowed}, got ${found.slice(0, 60)}`);
  };
  const isWhole = (one: unknown): one is number => Number.isSafeInteger(one) && (one as number) >= 0;
  return {
    fail,
    at: (key: string): Reader => reader(record[key], `${path}.${key}`),
    number(key: string): number {
      const found = record[key];
      return typeof found === 'number' && Number.isFinite(found) ? found : fail(key, 'a number');
    },
    optional(key: string, otherwise: number): number {
      return record[key] === undefined ? otherwise : this.number(key);
    },
    whole(key: string): number {
      const found = record[key];
      return isWhole(found) ? found : fail(key, 'a whole number from 0');
    },
    wholeList(key: string): number[] {
      const found = record[key];
      return Array.isArray(found) && found.every(isWhole) ? found : fail(key, 'a list of whole numbers');
    },
    text(key: string): string {
      const found = record[key];
      return typeof found === 'string' ? found : fail(key, 'a text');
    },
  };
}
