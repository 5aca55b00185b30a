import { type Document, isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { documentOf, keysOf, mapAt, namesIn, parametersFor, renameIn, writtenAt } from './circuitText.ts';
import { writeChanged } from './writeChanged.ts';

/** How a circuit is written into another scenario. */
export interface Placing {
  /** Its cell type in the scenario it comes from. */
  readonly from: string;
  /** The cell type that gets it; made where the scenario has none of that name. */
  readonly to: string;
  /** In place of the type's species and reactions, or beside them. */
  readonly mode: 'replace' | 'add';
  /** What the circuit has in common with the scenario by name: it overwrites what is there, or gets another name. */
  readonly clash: 'overwrite' | 'rename';
  /** Cells placed at the start where the type is made. */
  readonly count: number;
}

/** Names that a circuit and a scenario have in common. */
export interface Clashes {
  readonly targets: readonly {
    readonly name: string;
    readonly species: readonly string[];
    readonly reactions: readonly string[];
  }[];
  /** Parameters that the scenario has with another value. */
  readonly parameters: readonly string[];
}

export interface Placed {
  readonly text: string;
  /** What was renamed or overwritten, one sentence each. */
  readonly notes: readonly string[];
}

/** The names that the circuit of a cell type has in common with a scenario. Both texts must be those of loaded scenarios. */
export function findClashes(target: string, source: string, from: string): Clashes {
  const there = documentOf(target);
  const circuit = circuitOf(source, from);
  const cells = mapAt(there.contents, 'cells');
  const common = (a: YAMLMap | null, b: YAMLMap | null): string[] => {
    const known = new Set(keysOf(a));
    return keysOf(b).filter(name => known.has(name));
  };
  const parameters = mapAt(there.contents, 'parameters');
  return {
    targets: keysOf(cells).map(name => {
      const type = mapAt(cells, name);
      return {
        name,
        species: common(mapAt(type, 'species'), circuit.species),
        reactions: common(mapAt(type, 'reactions'), circuit.reactions),
      };
    }),
    parameters: circuit.parameters.filter(
      name =>
        keysOf(parameters).includes(name) &&
        writtenAt(parameters, name) !== writtenAt(circuit.allParameters, name),
    ),
  };
}

/**
 * Writes the circuit of a cell type, with the parameters that it needs, into a cell type of another scenario, whose other text
 * and comments stay. Both texts must be those of loaded scenarios; the result may still be none, where it reads a field that
 * the scenario has not.
 */
export function placeCircuit(target: string, source: string, placing: Placing): Placed {
  const { from, to, mode, clash } = placing;
  const document = documentOf(target);
  const root = document.contents as YAMLMap;
  const circuit = circuitOf(source, from);
  const cells = section(document, root, 'cells');
  const existing = mapAt(cells, to);
  const notes: string[] = [];

  const renamed = rename(root, circuit, existing, placing, notes);
  for (const part of [circuit.species, circuit.reactions, circuit.events, circuit.growth])
    renameIn(part, renamed);
  renameKeys(circuit.events, renamed);
  const nameOf = (name: string): string => renamed.get(name) ?? name;

  if (circuit.parameters.length > 0) {
    const parameters = section(document, root, 'parameters', 'cells');
    for (const name of circuit.parameters) {
      const value = circuit.allParameters?.get(name, true) as Node | undefined;
      if (!value) continue;
      renameIn(value, renamed);
      const known = keysOf(parameters).includes(nameOf(name));
      if (known && writtenAt(parameters, nameOf(name)) === writtenAt(circuit.allParameters, name)) continue;
      if (known) notes.push(`The parameter ${name} has a new value, for all that use it.`);
      put(parameters, nameOf(name), value);
    }
  }

  const before = existing ? keysOf(mapAt(existing, 'species')) : [];
  const type = existing ?? newType(document, root, cells, circuit, placing);
  const fill = (key: 'species' | 'reactions' | 'events', part: YAMLMap | null): void => {
    if (mode === 'replace' || !existing) type.delete(key);
    if (!part || part.items.length === 0) return;
    const into = section(document, type, key);
    if (into.items.length === 0) into.flow = part.flow === true;
    for (const name of keysOf(part)) {
      const free = key === 'species' ? nameOf(name) : freeEntry(into, name, key, clash, notes);
      put(into, free, part.get(name, true) as Node);
    }
  };
  // A model from SBML goes as a whole, and one at most.
  const model = circuit.type.get('circuit', true) as Node | undefined;
  if (mode === 'replace' || !existing) type.delete('circuit');
  if (model && type.has('circuit')) {
    throw new RangeError(
      `${to} has a circuit from SBML already: replace its circuit, or send to another cell type`,
    );
  }
  if (model) put(type, 'circuit', model);
  fill('species', circuit.species);
  fill('reactions', circuit.reactions);
  fill('events', circuit.events);
  if (circuit.growth && (!existing || mode === 'replace')) put(type, 'growth', circuit.growth);
  forget(root, to, type, before, notes);
  return { text: writeChanged(target, document), notes };
}

interface CircuitParts {
  readonly type: YAMLMap;
  readonly species: YAMLMap | null;
  readonly reactions: YAMLMap | null;
  readonly events: YAMLMap | null;
  readonly growth: Node | null;
  /** Those that the circuit needs. */
  readonly parameters: readonly string[];
  readonly allParameters: YAMLMap | null;
}

function circuitOf(text: string, from: string): CircuitParts {
  const root = documentOf(text).contents;
  const type = mapAt(mapAt(root, 'cells'), from);
  if (!type) throw new RangeError(`there is no cell type '${from}'`);
  const allParameters = mapAt(root, 'parameters');
  const [species, reactions, events] = ['species', 'reactions', 'events'].map(key => mapAt(type, key));
  const growth = (type.get('growth', true) as Node | undefined) ?? null;
  const { names } = namesIn(species, reactions, events, growth);
  return {
    type,
    species,
    reactions,
    events,
    growth,
    allParameters,
    parameters: parametersFor(allParameters, names),
  };
}

/** New names for what cannot keep its own: a parameter and a species never share one, whatever is asked for. */
function rename(
  root: YAMLMap,
  circuit: CircuitParts,
  existing: YAMLMap | null,
  { mode, clash }: Placing,
  notes: string[],
): Map<string, string> {
  const parameters = mapAt(root, 'parameters');
  const cells = mapAt(root, 'cells');
  const replaced = mode === 'replace' ? existing : null;
  const speciesThere = new Set(
    keysOf(cells).flatMap(name => {
      const type = mapAt(cells, name);
      return type === replaced ? [] : keysOf(mapAt(type, 'species'));
    }),
  );
  const parametersThere = new Set(keysOf(parameters));
  const ownSpecies = new Set(mode === 'add' ? keysOf(mapAt(existing, 'species')) : []);
  const taken = new Set([
    ...speciesThere,
    ...parametersThere,
    ...keysOf(circuit.species),
    ...circuit.parameters,
    ...keysOf(mapAt(root, 'fields')),
  ]);
  const renamed = new Map<string, string>();
  const give = (name: string, what: string): void => {
    let number = 2;
    while (taken.has(`${name}_${number}`)) number++;
    const free = `${name}_${number}`;
    taken.add(free);
    renamed.set(name, free);
    notes.push(`The ${what} ${name} is called ${free}.`);
  };
  for (const name of circuit.parameters) {
    const differs =
      parametersThere.has(name) && writtenAt(parameters, name) !== writtenAt(circuit.allParameters, name);
    if (speciesThere.has(name) || (differs && clash === 'rename')) give(name, 'parameter');
  }
  for (const name of keysOf(circuit.species)) {
    if (parametersThere.has(name) || (ownSpecies.has(name) && clash === 'rename')) give(name, 'species');
  }
  return renamed;
}

function freeEntry(
  into: YAMLMap,
  name: string,
  key: 'reactions' | 'events',
  clash: Placing['clash'],
  notes: string[],
): string {
  const known = new Set(keysOf(into));
  if (!known.has(name) || clash === 'overwrite') return name;
  let number = 2;
  while (known.has(`${name}_${number}`)) number++;
  notes.push(`The ${key.slice(0, -1)} ${name} is called ${name}_${number}.`);
  return `${name}_${number}`;
}

/** A cell type in the shape of the scenario's first one (or of the circuit's own), with some cells of it at the start. */
function newType(
  document: Document,
  root: YAMLMap,
  cells: YAMLMap,
  circuit: CircuitParts,
  { to, count }: Placing,
): YAMLMap {
  const first = mapAt(cells, keysOf(cells)[0] ?? '');
  const type = new YAMLMap(document.schema);
  const shape = (first ?? circuit.type).get('shape', true) as Node | undefined;
  const density = (first ?? circuit.type).get('dryDensity', true) as Node | undefined;
  if (shape) put(type, 'shape', fitting(shape.clone() as Node, root));
  if (density) put(type, 'dryDensity', density.clone() as Node);
  put(cells, to, type);
  if (count > 0) {
    const placement = document.createNode({ type: to, count }) as YAMLMap;
    placement.flow = true;
    const population = root.get('population', true);
    if (isSeq(population)) population.items.push(placement);
    else {
      const list = new YAMLSeq(document.schema);
      list.items.push(placement);
      put(root, 'population', list);
    }
  }
  return type;
}

/** A disc in a 2-D domain, a sphere in a 3-D one; a rod stays one. */
function fitting(shape: Node, root: YAMLMap): Node {
  const size = mapAt(root, 'domain')?.get('size', true);
  const kind = isSeq(size) && size.items.length === 3 ? 'sphere' : 'disc';
  if (isMap(shape) && shape.items.length === 1 && !shape.has('rod')) shape.items[0].key = new Scalar(kind);
  return shape;
}

/** Species that events set stand as keys. */
function renameKeys(events: YAMLMap | null, renamed: ReadonlyMap<string, string>): void {
  for (const name of keysOf(events)) {
    const event = mapAt(events, name);
    const what = event?.get('do', true);
    for (const action of isSeq(what) ? what.items : [what]) {
      if (!isMap(action)) continue;
      for (const pair of action.items) {
        const next = renamed.get(String(isScalar(pair.key) ? pair.key.value : pair.key));
        if (next !== undefined) pair.key = new Scalar(next);
      }
    }
  }
}

/** What else names species of the type: those that it has no longer are left out. */
function forget(root: YAMLMap, to: string, type: YAMLMap, before: readonly string[], notes: string[]): void {
  const known = new Set(keysOf(mapAt(type, 'species')));
  const view = mapAt(root, 'view');
  const [viewed, species] = writtenAt(view, 'cells').split('.');
  if (viewed === to && species !== undefined && species !== 'biomass' && !known.has(species)) {
    view?.delete('cells');
    view?.delete('as');
    if (view?.items.length === 0) root.delete('view');
    notes.push(`The view no longer shows ${to}.${species}.`);
  }
  for (const key of ['replication', 'partition']) {
    const map = mapAt(type, key);
    const gone = keysOf(map).filter(name => !known.has(name));
    if (gone.length === 0) continue;
    for (const name of gone) map?.delete(name);
    if (map?.items.length === 0) type.delete(key);
    notes.push(`The ${key} no longer names ${gone.join(', ')}.`);
  }
  const lost = new Set(before.filter(name => !known.has(name)));
  forgetDeath(to, type, lost, notes);
  for (const key of ['rules', 'contacts']) {
    const map = mapAt(type, key);
    const gone = keysOf(map).filter(name =>
      [...namesIn(map?.get(name, true)).names].some(one => lost.has(one)),
    );
    if (gone.length === 0) continue;
    for (const name of gone) map?.delete(name);
    if (map?.items.length === 0) type.delete(key);
    notes.push(`The ${key} no longer have ${gone.join(', ')}.`);
  }
  const population = root.get('population', true);
  for (const placement of isSeq(population) ? population.items : []) {
    if (!isMap(placement) || writtenAt(placement, 'type') !== to) continue;
    const amounts = mapAt(placement, 'amounts');
    const gone = keysOf(amounts).filter(name => !known.has(name));
    if (gone.length === 0) continue;
    for (const name of gone) amounts?.delete(name);
    if (amounts?.items.length === 0) placement.delete('amounts');
    notes.push(`The cells at the start have no ${gone.join(', ')}.`);
  }
}

/** A death whose rate reads species that are gone is left out, and so is what it releases of them. */
function forgetDeath(to: string, type: YAMLMap, gone: ReadonlySet<string>, notes: string[]): void {
  const death = mapAt(type, 'death');
  if (!death) return;
  const goneIn = (part: unknown) => [...namesIn(part).names].filter(name => gone.has(name));
  const read = goneIn(death.get('rate', true));
  if (read.length > 0) {
    type.delete('death');
    notes.push(`${to} no longer dies: the rate reads ${read.join(', ')}.`);
    return;
  }
  const release = death.get('release', true);
  if (!isSeq(release)) return;
  const lost = goneIn(release);
  if (lost.length === 0) return;
  release.items = release.items.filter(item => goneIn(item).length === 0);
  if (release.items.length === 0) death.delete('release');
  notes.push(`The dead no longer release ${lost.join(', ')}.`);
}

/** The mapping at a key, made where it is missing: before another key where that is given. */
function section(document: Document, map: YAMLMap, key: string, before?: string): YAMLMap {
  const found = mapAt(map, key);
  if (found) return found;
  const made = new YAMLMap(document.schema);
  map.delete(key);
  const at = before === undefined ? -1 : keysOf(map).indexOf(before);
  const pair = new Pair<Node, Node>(new Scalar(key), made);
  if (at < 0) map.items.push(pair);
  else map.items.splice(at, 0, pair);
  return made;
}

/** Sets a value under a key; the comment beside an old value stays with the new one. */
function put(map: YAMLMap, key: string, value: Node): void {
  const old = map.items.find(pair => keysOf({ items: [pair] } as unknown as YAMLMap)[0] === key);
  if (!old) {
    map.items.push(new Pair<Node, Node>(new Scalar(key), value));
    return;
  }
  const before = old.value;
  if (before instanceof Scalar && value instanceof Scalar && value.comment == null && before.comment)
    value.comment = before.comment;
  old.value = value;
  if (isMap(value) && map.flow) value.flow = true;
}
