import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { documentOf } from '../../src/engine/scenario/circuitText.ts';
import { excerptCircuit } from '../../src/engine/scenario/excerptCircuit.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { findClashes, type Placing, placeCircuit } from '../../src/engine/scenario/placeCircuit.ts';
import { writeChanged } from '../../src/engine/scenario/writeChanged.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const filesIn = (path: string) =>
  readdirSync(new URL(path, folder))
    .filter(name => name.endsWith('.yaml'))
    .map(name => path + name);
const TOGGLE = read('circuits/toggle-switch.yaml');
const GRADIENT = read('toggle-switch-in-a-gradient.yaml');
const REPLACE: Placing = { from: 'cell', to: 'toggle', mode: 'replace', clash: 'rename', count: 0 };

/** Lines of a text that the other has not. */
function newLines(text: string, before: string): string[] {
  const known = new Set(before.split('\n'));
  return text.split('\n').filter(line => !known.has(line));
}

describe('an excerpt', () => {
  const types = filesIn('').flatMap(file =>
    loadScenario(read(file), { files: read }).description.cellTypes.map(({ name }) => ({ file, name })),
  );

  it.each(types)('of $name in $file is a scenario with the same circuit', ({ file, name }) => {
    // With its models written into it, as the app has it.
    const { text } = loadScenario(read(file), { files: read });
    const excerpt = excerptCircuit(text, name);
    const { description, warnings } = loadScenario(excerpt);
    const original = loadScenario(text).description.cellTypes.find(type => type.name === name);
    expect(description.cellTypes.map(type => type.name)).toEqual([name]);
    const [{ circuit }] = description.cellTypes;
    expect(circuit.species).toEqual(original?.circuit.species);
    expect(circuit.reactions.map(({ equation }) => equation)).toEqual(
      original?.circuit.reactions.map(({ equation }) => equation),
    );
    // A field that was quasi-steady is not, without what held it; its step matters to nobody here.
    const quasiSteady = text.match(/dynamics: quasi-steady/g)?.length ?? 0;
    const about = warnings.filter(
      ({ message }) => quasiSteady === 0 || !message.startsWith('is high for the step'),
    );
    expect(about).toEqual([]);
    // Nothing else was written anew but the title.
    expect(newLines(excerpt, text).length).toBeLessThanOrEqual(1 + quasiSteady);
  });

  it('takes only the fields and parameters that the circuit leads to', () => {
    const text = GRADIENT.replace('parameters:', 'parameters:\n  unused: 3 s').replace(
      'fields:',
      'fields:\n  other: { diffusivity: 1 um^2/s, initial: 0 nM }',
    );
    const { fields, parameters, population } = parse(excerptCircuit(text, 'toggle'));
    expect(Object.keys(fields)).toEqual(['IPTG']);
    expect(Object.keys(parameters)).not.toContain('unused');
    expect(Object.keys(parameters)).toContain('K_I');
    expect(population).toBeUndefined();
  });
});

describe('placing a circuit', () => {
  it('replaces a circuit, renames what clashes and leaves every other line as it was', () => {
    expect(findClashes(GRADIENT, TOGGLE, 'cell')).toEqual({
      targets: [{ name: 'toggle', species: ['U', 'V'], reactions: [] }],
      parameters: ['delta'],
    });
    const { text, notes } = placeCircuit(GRADIENT, TOGGLE, REPLACE);
    expect(notes).toEqual(['The parameter delta is called delta_2.']);
    expect(newLines(text, GRADIENT).map(line => line.trim())).toEqual([
      'alpha: 100 # molecules made per lifetime without repressor',
      'K: 20 # molecules that repress to one half',
      'n: 2 # cooperativity',
      'delta_2: 1 /min',
      'species: { U: 20, V: 20 }',
      'make_U: { equation: "-> U", rate: "delta_2 * alpha * (1 - hill(V, K, n))" }',
      'make_V: { equation: "-> V", rate: "delta_2 * alpha * (1 - hill(U, K, n))" }',
      'lose_U: { equation: "U ->", k: delta_2 }',
      'lose_V: { equation: "V ->", k: delta_2 }',
    ]);
    // The dynamics are those of the circuit alone.
    const options = { runs: 20, times: [60, 300], seed: '3' };
    const typeOf = (scenario: string) => loadScenario(scenario).description.cellTypes[0];
    const [placed, alone] = [runEnsemble(typeOf(text), options), runEnsemble(typeOf(TOGGLE), options)];
    for (const name of ['U', 'V']) {
      const at = (result: typeof placed, t: number) =>
        result.mean[t * result.species.length + result.species.indexOf(name)];
      expect([at(placed, 0), at(placed, 1)]).toEqual([at(alone, 0), at(alone, 1)]);
    }
  });

  it('adds to a circuit, under other names or over what is there', () => {
    const renamed = placeCircuit(GRADIENT, TOGGLE, { ...REPLACE, mode: 'add' });
    expect(parse(renamed.text).cells.toggle.species).toEqual({ U: 780, V: 1, U_2: 20, V_2: 20 });
    expect(parse(renamed.text).cells.toggle.reactions.make_U.rate).toContain('hill(V_2, K, n)');
    expect(renamed.text).toContain('# the state with U high, without inducer');
    const over = placeCircuit(GRADIENT, TOGGLE, { ...REPLACE, mode: 'add', clash: 'overwrite' });
    expect(parse(over.text).cells.toggle.species).toEqual({ U: 20, V: 20 });
    expect(parse(over.text).parameters.delta).toBe('1 /min');
    expect(over.notes).toEqual(['The parameter delta has a new value, for all that use it.']);
    for (const { text } of [renamed, over]) {
      expect(loadScenario(text).description.cellTypes[0].circuit.reactions).toHaveLength(8);
    }
    // The same circuit once more, under new names of reactions.
    const twice = placeCircuit(renamed.text, TOGGLE, { ...REPLACE, mode: 'add' });
    expect(loadScenario(twice.text).description.cellTypes[0].circuit.reactions).toHaveLength(12);
    expect(twice.notes).toContain('The reaction make_U is called make_U_2.');
  });

  it('makes a cell type in the shape of the first one, with cells of it', () => {
    const { text } = placeCircuit(GRADIENT, TOGGLE, { ...REPLACE, to: 'fresh', count: 5 });
    const { cellTypes, population } = loadScenario(text).description;
    expect(cellTypes.map(({ name }) => name)).toEqual(['toggle', 'fresh']);
    expect(cellTypes[1].shape).toEqual(cellTypes[0].shape);
    expect(population.at(-1)).toMatchObject({ type: 1, count: 5 });
  });

  it('never gives a parameter and a species the same name', () => {
    const source = read('circuits/bursty-gene-expression.yaml').replaceAll('k_tx', 'U');
    const target = GRADIENT.replaceAll('omega', 'protein');
    const { text, notes } = placeCircuit(target, source, { ...REPLACE, to: 'new', clash: 'overwrite' });
    loadScenario(text);
    expect(notes).toEqual(['The parameter U is called U_2.', 'The species protein is called protein_2.']);
    expect(parse(text).cells.new.reactions.translation.equation).toBe('mRNA -> mRNA + protein_2');
  });

  it('takes events and delays along', () => {
    const source = TOGGLE.replace(
      '    reactions:',
      '    events:\n      kick: { when: time >= 5 min, do: ["-> 100 U", { V: V / 2 }] }\n    reactions:',
    ).replace('k: delta }', 'k: delta, delay: 10 s }');
    const { text } = placeCircuit(GRADIENT, source, { ...REPLACE, mode: 'add' });
    const [{ circuit }] = loadScenario(text).description.cellTypes;
    expect(circuit.events?.map(({ name }) => name)).toEqual(['kick']);
    expect(parse(text).cells.toggle.events.kick.do).toEqual(['-> 100 U_2', { V_2: 'V_2 / 2' }]);
    expect(circuit.reactions.filter(({ delay }) => delay)).toHaveLength(1);
    expect(loadScenario(excerptCircuit(text, 'toggle')).description.cellTypes[0].circuit).toEqual(circuit);
  });

  it('leaves out what else names species that are gone', () => {
    const target = GRADIENT.replace('- { type: toggle,', '- { type: toggle, amounts: { U: 3, V: 2 },');
    const { text, notes } = placeCircuit(target, read('circuits/schlogl.yaml'), REPLACE);
    const { population, view } = parse(text);
    expect(population[0].amounts).toBeUndefined();
    expect(view).toEqual({ field: 'IPTG' });
    expect(notes).toContain('The view no longer shows toggle.V.');
    expect(notes).toContain('The cells at the start have no U, V.');
  });

  it('leaves out a death that reads them, or what it releases of them', () => {
    const schlogl = read('circuits/schlogl.yaml');
    const persisters = read('antibiotic-persistence.yaml');
    const placing = { ...REPLACE, to: 'bacterium' };
    const gone = placeCircuit(persisters, schlogl, placing);
    expect(parse(gone.text).cells.bacterium.death).toBeUndefined();
    expect(gone.notes).toContain('bacterium no longer dies: the rate reads awake, asleep.');
    const plain = persisters.replace('(kill * awake + slow * asleep)', '(kill + slow)');
    const kept = placeCircuit(plain, schlogl, placing);
    expect(parse(kept.text).cells.bacterium.death).toEqual({
      rate: '(kill + slow) * hill(field.drug, K, 2)',
    });
    expect(kept.notes).toContain('The dead no longer release enzyme.');
  });

  const targets = filesIn('');
  const sources = filesIn('circuits/');
  it.each(targets.flatMap(target => sources.map(source => ({ target, source }))))(
    'puts $source into $target',
    ({ target, source }) => {
      const there = loadScenario(read(target), { files: read }).text;
      const circuit = read(source);
      const count = loadScenario(circuit).description.cellTypes[0].circuit.reactions.length;
      const first = loadScenario(there).description.cellTypes[0]?.name;
      for (const to of first ? [first, 'made'] : ['made']) {
        const { text } = placeCircuit(there, circuit, { ...REPLACE, to, count: 1 });
        const type = loadScenario(text).description.cellTypes.find(({ name }) => name === to);
        // The growth of a cell type is its own, whatever its circuit.
        const grows = parse(text).cells[to].growth !== undefined;
        expect(type?.circuit.reactions.length).toBe(count + (grows ? 1 : 0));
      }
    },
  );
});

describe('writing what changed', () => {
  it('means the changed document, whatever the layout', () => {
    const text = `# head
a: 1 # one
# about b
b:
    x: { k: 1, l: [1, 2] }   # wide

    # about y
    y: |
      two
      lines
    z: 3

list:
  - one # first
  # about two
  - two
last: end`;
    const change = (edit: (document: ReturnType<typeof documentOf>) => void) => {
      const document = documentOf(text);
      edit(document);
      const result = writeChanged(text, document);
      expect(parse(result)).toEqual(document.toJS());
      return result;
    };
    expect(change(() => undefined)).toBe(text);
    expect(change(d => d.set('last', 'new'))).toBe(text.replace('last: end', 'last: new'));
    expect(change(d => d.deleteIn(['b', 'z']))).toBe(text.replace('    z: 3\n', ''));
    expect(change(d => d.deleteIn(['b', 'y']))).not.toContain('about y');
    expect(change(d => d.setIn(['b', 'new'], { deep: [1] }))).toContain('    z: 3\n    new:\n      deep:\n');
    expect(change(d => d.setIn(['b', 'x', 'k'], 5))).toContain('{ k: 5,');
    expect(change(d => d.addIn(['list'], 'three'))).toContain('  - two\n  - three\nlast: end');
    expect(change(d => d.set('more', 'x')).endsWith('last: end\nmore: x')).toBe(true);
    expect(change(d => d.delete('b'))).not.toContain('about b');
    expect(change(d => d.set('b', 4))).toContain('# about b\nb: 4\n');
    expect(change(d => d.setIn(['b', 'y'], 'flat'))).toContain(
      '# wide\n\n    # about y\n    y: |-\n      flat\n    z: 3',
    );
  });
});
