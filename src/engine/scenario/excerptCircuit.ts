import { isMap, isScalar, type YAMLMap } from 'yaml';
import { documentOf, keysOf, mapAt, namesIn, parametersFor } from './circuitText.ts';
import { writeChanged } from './writeChanged.ts';

/** What of a scenario goes with the circuit of one cell type. */
const KEPT = new Set(['cellfield', 'title', 'seed', 'parameters', 'domain', 'time', 'fields', 'cells']);
/** What of a cell type does: its life in space stays behind. */
const KEPT_OF_TYPE = new Set([
  'shape',
  'dryDensity',
  'circuit',
  'species',
  'growth',
  'reactions',
  'events',
  'method',
]);

/**
 * One cell type of a scenario as a scenario of its own: its species and reactions with the parameters and fields that they
 * name, comments kept. The text must be that of a loaded scenario.
 */
export function excerptCircuit(text: string, cellType: string): string {
  const document = documentOf(text);
  const root = document.contents as YAMLMap;
  const type = mapAt(mapAt(root, 'cells'), cellType);
  if (!type) throw new RangeError(`there is no cell type '${cellType}'`);
  keep(root, name => KEPT.has(name));
  keep(mapAt(root, 'cells'), name => name === cellType);
  keep(type, name => KEPT_OF_TYPE.has(name));

  const { fields } = namesIn(type);
  keep(mapAt(root, 'fields'), name => fields.has(name));
  if (keysOf(mapAt(root, 'fields')).length === 0) root.delete('fields');
  // What holds a quasi-steady field, such as a reservoir, may have stayed behind.
  for (const name of fields) mapAt(mapAt(root, 'fields'), name)?.delete('dynamics');

  const others = ['domain', 'time', 'fields'].map(key => root.get(key, true));
  const parameters = mapAt(root, 'parameters');
  const needed = new Set(parametersFor(parameters, namesIn(type, ...others).names));
  keep(parameters, name => needed.has(name));
  if (needed.size === 0) root.delete('parameters');

  document.set('title', `${cellType}: ${String(root.get('title') ?? '')}`.trim());
  return `${writeChanged(text, document).trimEnd()}\n`;
}

function keep(map: YAMLMap | null, wanted: (name: string) => boolean): void {
  if (!isMap(map)) return;
  map.items = map.items.filter(({ key }) => wanted(String(isScalar(key) ? key.value : key)));
}
