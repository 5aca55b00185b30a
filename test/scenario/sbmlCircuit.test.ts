import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { build, simulate, stateHash } from '../../src/engine/index.ts';
import { runSbmlEnsemble } from '../../src/engine/sbml/ensemble.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { type LoadOptions, loadScenario, type Scenario } from '../../src/engine/scenario/load.ts';
import { ScenarioError } from '../../src/engine/scenario/problems.ts';

const REPRESSILATOR = readFileSync(new URL('../../scenarios/repressilator.xml', import.meta.url), 'utf8');
const FILES: Readonly<Record<string, string>> = { 'repressilator.xml': REPRESSILATOR };

const files = (path: string): string => {
  if (!(path in FILES)) throw new Error(`cannot read ${path}: there is no such file`);
  return FILES[path];
};

/** A cell of 1 µm³ with the model; `rest` are further lines of the cell type. */
function scenario(circuit: string, rest: readonly string[] = []): string {
  return [
    'cellfield: 1',
    'title: A model in cells',
    'parameters: { strength: 0.25 }',
    'domain: { size: [10 um, 10 um, 10 um], grid: [2, 2, 2] }',
    'time: { end: 10 min, step: 1 s }',
    'fields: { signal: { diffusivity: 100 um^2/s, initial: 0 nM } }',
    'cells:',
    '  cell:',
    '    shape: { sphere: { radius: 0.6203504908994 um } }',
    `    circuit: ${circuit}`,
    ...rest.map(line => `    ${line}`),
    'population: [{ type: cell, count: 3 }]',
  ].join('\n');
}

const load = (text: string, options: LoadOptions = {}): Scenario => loadScenario(text, { files, ...options });

function problems(text: string, options: LoadOptions = { files }): string[] {
  try {
    loadScenario(text, options);
  } catch (error) {
    if (error instanceof ScenarioError)
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const scopeOf = (amounts: readonly number[], volume: number) => ({
  amounts: Float64Array.from(amounts),
  speciesOffset: 0,
  volume,
});

const PLAIN = '{ sbml: repressilator.xml }';

describe('a circuit from an SBML model', () => {
  it('fires as the model does on its own, to the bit', () => {
    const options = { runs: 5, times: [0, 300, 600], seed: 'a', method: 'direct', trajectories: 5 };
    const [type] = load(scenario(PLAIN)).description.cellTypes;
    const inCells = runEnsemble(type, { ...options, fields: [0] });
    const alone = runSbmlEnsemble(readSbml(REPRESSILATOR), options);
    expect(inCells.species).toEqual(alone.species);
    const width = inCells.species.length;
    const withoutBiomass = (values: Float64Array) => [...values].filter((_, i) => i % width !== 0);
    expect(withoutBiomass(inCells.trajectories)).toEqual(withoutBiomass(alone.trajectories));
    expect(Math.max(...inCells.trajectories)).toBeGreaterThan(300);
  });

  it('takes amounts and parameters in place of the model’s', () => {
    const text = scenario('{ sbml: repressilator.xml, parameters: { full: 2 * strength, leak: 0 } }', [
      'species: { mCI: 7, X: 2 }',
    ]);
    const [{ circuit }] = load(text).description.cellTypes;
    expect(circuit.species.map(({ name, initial }) => [name, initial]).slice(1)).toEqual([
      ['mLacI', 20],
      ['mTetR', 0],
      ['mCI', 7],
      ['LacI', 0],
      ['TetR', 0],
      ['CI', 0],
      ['X', 2],
    ]);
    const rate = circuit.reactions.find(({ name }) => name === 'transcription_LacI')?.rate;
    // The repressor CI is at K: half of full = 0.5.
    expect(rate && evaluate(rate, scopeOf([300, 0, 0, 0, 0, 0, 40], 1))).toBeCloseTo(0.25, 12);
  });

  it('keeps the size of its compartment, or lets it grow with the cell', () => {
    const rateAt = (circuit: string, volume: number): number => {
      const [type] = load(scenario(circuit)).description.cellTypes;
      const { rate } = type.circuit.reactions[0];
      return evaluate(rate, scopeOf([300 * volume, 0, 0, 0, 0, 0, 60], volume));
    };
    const law = (size: number): number => size * (5e-4 + 0.5 / (1 + (60 / size / 40) ** 2));
    for (const volume of [1, 2.5]) {
      expect(rateAt(PLAIN, volume)).toBeCloseTo(law(1), 12);
      expect(rateAt('{ sbml: repressilator.xml, volume: cell }', volume)).toBeCloseTo(law(volume), 9);
    }
  });

  it('goes on with reactions of the scenario, which exchange with fields in balance', () => {
    const text = scenario(PLAIN, [
      'reactions:',
      '  leave: { equation: "LacI -> field.signal", k: 0.01 /s }',
      '  back: { equation: "field.signal -> LacI", k: 0.001 /s }',
    ]);
    const model = build(load(text));
    simulate(model, { untilStep: 300 });
    expect(model.fields[0].reduce((sum, value) => sum + value, 0)).toBeGreaterThan(0);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  });

  it('is written into the resolved scenario, which then needs no file', () => {
    for (const text of [scenario(PLAIN), scenario('{ sbml: repressilator.xml, volume: cell }')]) {
      const first = load(text, { seed: 'x' });
      const second = loadScenario(first.text);
      expect(second.text).toBe(first.text);
      expect(second.description).toEqual(first.description);
      const hashes = [first, second].map(one => {
        const model = build(one);
        simulate(model, { untilStep: 20 });
        return stateHash(model);
      });
      expect(hashes[0]).toBe(hashes[1]);
    }
  });

  it('may stand in the scenario itself, whatever characters it has', () => {
    const strange = `${REPRESSILATOR.replace('<model', '<!-- "\t\\ \r\n  \u00e9\u2028 -->\n\n<model')}   \n\n`;
    const first = load(scenario('{ sbml: strange.xml }'), { files: () => strange });
    expect(loadScenario(first.text).description).toEqual(first.description);
  });
});

describe('faults of a model', () => {
  const path = 'cells.cell.circuit.sbml';
  const withModel = (text: string, circuit = '{ sbml: model.xml }', rest: readonly string[] = []) =>
    problems(scenario(circuit, rest), { files: () => text });

  it('name the file, the line and what is wrong', () => {
    expect(withModel('<sbml>\n<model>\n</sbml>')[0]).toMatch(`${path}: model.xml: file: malformed XML`);
    expect(withModel('PK\u0003\u0004')).toEqual([
      `${path}: it is not an SBML model: it does not begin with an element`,
    ]);
    expect(withModel(REPRESSILATOR.replace('<ci>leak</ci>', '<ci>lek</ci>'))).toEqual([
      `${path}: model.xml:31: reaction 'transcription_LacI': there is no 'lek' to read`,
    ]);
    const ruled = REPRESSILATOR.replace(
      '<listOfReactions>',
      '<listOfRules><rateRule variable="CI"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>1</cn></math></rateRule></listOfRules><listOfReactions>',
    ).replaceAll('boundaryCondition="false"', 'boundaryCondition="true"');
    expect(withModel(ruled)).toContain(
      `${path}: model.xml: rateRule 'CI': rate rules are not supported in a circuit`,
    );
  });

  it('files that are not there, not handed in, or too large', () => {
    expect(problems(scenario('{ sbml: other.xml }'))).toEqual([
      `${path}: cannot read other.xml: there is no such file`,
    ]);
    expect(problems(scenario(PLAIN), {})[0]).toMatch('files cannot be read here');
    expect(withModel(`<sbml>${' '.repeat(2_000_001)}</sbml>`)[0]).toMatch(
      /it has 2,000,014 characters; at most/,
    );
  });

  it('names that clash', () => {
    expect(withModel(REPRESSILATOR, '{ sbml: model.xml, parameters: { nothing: 1 } }')[0]).toMatch(
      "it has no parameter or compartment 'nothing' to set; it has leak, full",
    );
    const rest = ['reactions: { translation_CI: { equation: "-> CI", rate: 1 /s } }'];
    expect(withModel(REPRESSILATOR, undefined, rest)).toEqual([
      'cells.cell.reactions.translation_CI: the SBML model has a reaction of this name already',
    ]);
    expect(withModel(REPRESSILATOR.replaceAll('LacI', 'strength'))[0]).toMatch(
      'its species `strength` has the name of a parameter',
    );
  });

  it('amounts that are not whole, unless they are given or the circuit is deterministic', () => {
    const part = REPRESSILATOR.replace('initialAmount="20"', 'initialAmount="20.5"');
    expect(withModel(part)[0]).toMatch("species 'mLacI': its initial amount is 20.5 molecules");
    expect(withModel(part, undefined, ['species: { mLacI: 20 }'])).toEqual([]);
    expect(withModel(part, undefined, ['method: deterministic'])).toEqual([]);
  });

  it('keys that are wrong', () => {
    expect(problems(scenario('{ smbl: repressilator.xml }'))[0]).toMatch('unknown key; did you mean `sbml`?');
    expect(problems(scenario('{ sbml: repressilator.xml, volume: big }'))[0]).toMatch('`fixed` or `cell`');
  });
});
