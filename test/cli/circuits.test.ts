import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { modesOf } from '../../src/cli/distribution.ts';
import { METHOD_NAMES } from '../../src/engine/index.ts';
import { assignmentRule, ci, document, math, parameters } from '../sbml/document.ts';
import { cellfield, read, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const shipped = (name: string) => fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));

const MODEL = document(
  `<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="X" compartment="c" initialAmount="0" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfReactions>
<reaction id="birth" reversible="false"><listOfProducts><speciesReference species="X" stoichiometry="1" constant="true"/></listOfProducts><kineticLaw>${math('<cn>10</cn>')}</kineticLaw></reaction>
<reaction id="death" reversible="false"><listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>${math('<apply><times/><cn>0.5</cn><ci>X</ci></apply>')}</kineticLaw></reaction>
</listOfReactions>`,
  'name="Immigration and death"',
);
const model = writeScenario(folder, 'model.xml', MODEL);
const refused = writeScenario(
  folder,
  'refused.xml',
  MODEL.replace('reversible="false"', 'reversible="false" fast="true"'),
);
const noLaw = MODEL.replace(/<kineticLaw>.*?<\/kineticLaw>/, '');
const unusual = writeScenario(folder, 'unusual.xml', noLaw);
const ruled = writeScenario(
  folder,
  'ruled.xml',
  noLaw.replace(
    '<listOfReactions>',
    `<listOfParameters><parameter id="k" value="1" constant="false"/></listOfParameters><listOfRules><rateRule variable="k">${math('<cn>1</cn>')}</rateRule></listOfRules><listOfReactions>`,
  ),
);
const bomb = writeScenario(
  folder,
  'bomb.xml',
  `<!DOCTYPE sbml [<!ENTITY a "aaaa">]>${MODEL.replace(/^<\?xml.*\n/, '')}`,
);

const listening = writeScenario(
  folder,
  'listening.yaml',
  `cellfield: 1
title: Held fields
domain: { size: [40 um, 30 um], grid: [4, 3], thickness: 1 um }
time: { end: 1 min, step: 1 s }
fields:
  A: { diffusivity: 1 um^2/s, initial: 1 /um^3 * x / (10 um) }
  B: { diffusivity: 1 um^2/s, initial: 0 nM }
cells:
  ear:
    shape: { disc: { radius: 0.5 um } }
    species: { X: 0 }
    reactions:
      hear: { equation: "-> X", rate: 3 um^3/s * (field.A + field.B) }
      lose: { equation: "X ->", k: 1 /s }
mechanics: none
`,
);

describe('fields that a circuit reads, without space', () => {
  const mean = async (...more: string[]): Promise<[number, number]> => {
    const runs = await cellfield('ensemble', listening, '--runs', '400', '--times', '0:20:20', ...more);
    expect(runs.stderr).toBe('');
    const law = await cellfield('distribution', listening, '--stationary', '--json', ...more);
    expect(law.stderr).toBe('');
    const row = runs.stdout.trim().split('\n')[2].split(',');
    return [Number(row[1]), JSON.parse(law.stdout).species.X.mean];
  };

  it('have their initial values in the middle of the domain', async () => {
    const [sampled, exact] = await mean();
    expect(exact).toBeCloseTo(6, 4);
    expect(Math.abs(sampled - 6)).toBeLessThan(3.5 * Math.sqrt(6 / 400));
  });

  it('or those of --field', async () => {
    const [sampled, exact] = await mean('--field', 'A=0', '--field', 'B = 5 nM');
    expect(exact).toBeCloseTo(15 * 0.602214076, 4);
    expect(Math.abs(sampled - exact)).toBeLessThan(3.5 * Math.sqrt(exact / 400));
  });

  it.each([
    ['A', '--field A is not NAME=VALUE, as in AHL=5nM'],
    ['C=1 nM', "--field: there is no field 'C'; there are A, B"],
    ['A=5 s', '--field A has dimension time but must be concentration (1/volume), got 5 s; allowed: `5 nM`'],
    ['A=-1 nM', '--field A must not be negative, got -1 nM; allowed: a concentration such as 5 nM'],
  ])('refuses %s', async (text, message) => {
    for (const verb of [
      ['ensemble', '--runs', '1', '--times', '0:1:1'],
      ['distribution', '--stationary'],
    ]) {
      const { status, stderr } = await cellfield(verb[0], listening, ...verb.slice(1), '--field', text);
      expect(stderr).toBe(`cellfield: ${message}\n`);
      expect(status).toBe(2);
    }
  });
});

describe('cellfield ensemble', () => {
  it('prints time, mean and sd per species, the same on any number of threads', async () => {
    const command = ['ensemble', model, '--runs', '700', '--times', '0:10:2.5', '--seed', '7'];
    const one = await cellfield(...command);
    expect(one.stderr).toBe('');
    expect(one.status).toBe(0);
    const rows = one.stdout
      .trim()
      .split('\n')
      .map(row => row.split(','));
    expect(rows[0]).toEqual(['time', 'X-mean', 'X-sd']);
    expect(rows.slice(1).map(row => Number(row[0]))).toEqual([0, 2.5, 5, 7.5, 10]);
    const lambda = 20 * (1 - Math.exp(-5));
    expect(Math.abs(Number(rows[5][1]) - lambda)).toBeLessThan(3.5 * Math.sqrt(lambda / 700));
    expect((await cellfield(...command, '--threads', '3')).stdout).toBe(one.stdout);
    expect((await cellfield(...command.slice(0, -1), '8')).stdout).not.toBe(one.stdout);
  });

  it('says which form of a method ran', async () => {
    const command = [
      'ensemble',
      model,
      '--runs',
      '2',
      '--times',
      '0:10:5',
      '--method',
      'tau-leaping',
      '--json',
    ];
    const { stdout, stderr } = await cellfield(...command);
    expect(stderr).toMatch(/^tau-leaping: [\d,]+ explicit and 0 implicit leaps\n$/);
    expect(JSON.parse(stdout).work).toMatchObject({ implicit: 0, switches: 0, firstSwitch: null });
    const limit = await cellfield(...command.slice(0, 6), '--method', 'deterministic');
    expect(limit.stderr).toMatch(/^deterministic: \d+ explicit and 0 stiff steps\n$/);
  });

  it('writes the table and does not replace one', async () => {
    const out = join(folder, 'stats.csv');
    const command = ['ensemble', model, '--runs', '10', '--times', '0:1:1', '--out', out];
    const first = await cellfield(...command);
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/10 runs by direct/);
    expect(read(out)).toMatch(/^time,X-mean,X-sd\n0,0,0\n1,/);
    const second = await cellfield(...command);
    expect(second.status).toBe(2);
    expect(second.stderr).toMatch(/stats\.csv exists; --force replaces it/);
    expect((await cellfield(...command, '--force')).status).toBe(0);
  });

  it('gives histograms and paths in JSON', async () => {
    const { stdout, status } = await cellfield(
      ...['ensemble', model, '--runs', '50', '--times', '0:4:2', '--bins', '5', '--paths', '3', '--json'],
    );
    expect(status).toBe(0);
    const { method, runs, times, species } = JSON.parse(stdout);
    expect({ method, runs, times }).toEqual({ method: 'direct', runs: 50, times: [0, 2, 4] });
    expect(species.X.paths).toHaveLength(3);
    const { bins, counts } = species.X.histograms[2];
    expect(bins.every((bin: number) => bin % 5 === 0)).toBe(true);
    expect(counts.reduce((a: number, b: number) => a + b, 0)).toBe(50);
  });

  it('refuses what makes no sense, with status 2', async () => {
    const wrong: readonly (readonly [string[], RegExp])[] = [
      [['--runs', '0', '--times', '0:1:1'], /--runs 0 is not a whole number/],
      [['--runs', '1', '--times', '0:1'], /is not start:end:step/],
      [['--runs', '1', '--times', '0:1:0'], /is not start:end:step/],
      [
        ['--runs', '1', '--times', '0:1:1', '--method', 'magic'],
        /unknown method 'magic'; known are auto, direct/,
      ],
      [['--runs', '1', '--times', '0:1:1', '--paths', '1'], /need --json/],
      [
        ['--runs', '1', '--times', '0:1:1', '--out', join(folder, 'no', 'x.csv')],
        /there is no folder .*no$/m,
      ],
      [['--times', '0:1:1'], /required option '--runs <n>'/],
    ];
    for (const [options, message] of wrong) {
      const { status, stderr, stdout } = await cellfield('ensemble', model, ...options);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(message);
    }
  });
});

describe('what is wrong, or left out, of a circuit', () => {
  const cyclic = writeScenario(
    folder,
    'cyclic.xml',
    MODEL.replace(
      '<listOfReactions>',
      `${parameters({ p: 1, q: 1 })}<listOfRules>${assignmentRule('p', ci('q'))}${assignmentRule('q', ci('p'))}</listOfRules><listOfReactions>`,
    ),
  );
  const counted = ['--runs', '3', '--times', '0:2:1'];

  it('is said with the file by every verb', async () => {
    for (const command of [
      ['ensemble', cyclic, ...counted],
      ['simulate', cyclic, '--times', '0:2:1'],
      ['import', cyclic],
      ['describe', cyclic],
    ]) {
      const { status, stderr, stdout } = await cellfield(...command);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toBe(`cellfield: ${cyclic}: model: its assignments form a cycle: p → q → p\n`);
    }
  });

  it('a model is known by its text too, and a scenario is no model', async () => {
    const unnamed = writeScenario(folder, 'model.txt', MODEL);
    const taken = await cellfield('ensemble', unnamed, ...counted);
    expect(taken.stdout).toBe((await cellfield('ensemble', model, ...counted)).stdout);
    const scenario = await cellfield('import', shipped('circuits/toggle-switch'));
    expect(scenario.status).toBe(2);
    expect(scenario.stderr).toMatch(/is a scenario by its name; allowed: an SBML model/);
  });

  it('options that do nothing, and a folder in place of a file, are refused', async () => {
    const cell = await cellfield('ensemble', model, ...counted, '--cell', 'x');
    expect(cell).toMatchObject({ status: 2, stderr: expect.stringMatching(/--cell chooses a cell type/) });
    const out = await cellfield('ensemble', model, ...counted, '--out', folder, '--force');
    expect(out).toMatchObject({ status: 2, stderr: expect.stringMatching(/is a folder; allowed: a file/) });
  });

  it('copies that would divide are noted on stderr', async () => {
    const { status, stdout, stderr } = await cellfield('ensemble', shipped('quorum-sensing'), ...counted);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^time,/);
    expect(stderr).toMatch(/note: copies do not follow the division of '\w+'/);
  });

  it('the help names every method', async () => {
    const { stdout } = await cellfield('ensemble', '--help');
    for (const name of METHOD_NAMES) expect(stdout).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('cellfield distribution', () => {
  it('finds modes: peaks, and of equal neighbours the first', () => {
    expect(modesOf(Float64Array.of(0.1, 0.2, 0.1, 0.3, 0.3 * (1 + 1e-12), 0.1))).toEqual([1, 3]);
    expect(modesOf(Float64Array.of(0.7, 0.3, 1e-11, 2e-11))).toEqual([0]);
    expect(modesOf(Float64Array.of(0, 0, 1))).toEqual([2]);
  });

  it('prints mean and sd with a bound, and writes the probabilities', async () => {
    const out = join(folder, 'law.csv');
    const { stdout, stderr, status } = await cellfield(
      ...['distribution', model, '--times', '0:4:2', '--tolerance', '1e-9', '--out', out],
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map(row => row.split(','));
    expect(rows[0]).toEqual(['time', 'bound', 'X-mean', 'X-sd']);
    const lambda = 20 * (1 - Math.exp(-2));
    expect(Number(rows[3][1])).toBeLessThan(1e-9);
    expect(Number(rows[3][2])).toBeCloseTo(lambda, 6);
    expect(Number(rows[3][3]) ** 2).toBeCloseTo(lambda, 5);
    const written = read(out).trim().split('\n');
    expect(written.slice(0, 2)).toEqual(['time,species,count,probability', '0,X,0,1']);
    const none = written.find(row => row.startsWith('4,X,0,'))?.split(',')[3];
    expect(Number(none) / Math.exp(-lambda)).toBeCloseTo(1, 6);
  });

  it('gives the stationary law, first passages and switching rates in JSON', async () => {
    const json = async (...options: string[]) =>
      JSON.parse((await cellfield('distribution', model, ...options, '--json')).stdout);
    const law = await json('--stationary', '--species', 'X');
    expect(law).toMatchObject({ kind: 'stationary', closed: false });
    expect(law.species.X.mean).toBeCloseTo(20, 6);
    expect(law.species.X.probability[0] / Math.exp(-20)).toBeCloseTo(1, 4);
    const passage = await json('--to', 'X >= 1');
    expect(passage.mean).toBeCloseTo(0.1, 9);
    const reached = await json('--to', 'X >= 1', '--times', '0:0.2:0.1');
    expect(reached.atLeast[1]).toBeCloseTo(1 - Math.exp(-1), 5);
    expect(reached.atMost[2]).toBeGreaterThanOrEqual(1 - Math.exp(-2));
    const rates = await json('--from', 'X < 15', '--to', 'X > 25');
    expect(rates.probability * rates.rate).toBeCloseTo((1 - rates.probability) * rates.back, 9);
  });

  it('refuses what makes no sense, with status 2', async () => {
    const wrong: readonly (readonly [string[], RegExp])[] = [
      [[], /one of --times, --stationary and --to is needed/],
      [['--stationary', '--times', '0:1:1'], /exclude each other/],
      [['--from', 'X > 3'], /--from needs --to/],
      [['--stationary', '--species', 'Z'], /no species 'Z'; there are X/],
      [['--to', 'Z > 3'], /condition `Z > 3`: unknown name `Z`/],
      [['--to', 'X >= 0'], /meets the condition already/],
      [['--stationary', '--max-states', '20'], /more than 20 states/],
      [['--stationary', '--tolerance', '0'], /--tolerance 0 is no number above 0/],
    ];
    for (const [options, message] of wrong) {
      const { status, stderr, stdout } = await cellfield('distribution', model, ...options);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(message);
    }
    const scenario = fileURLToPath(new URL('../../scenarios/quorum-sensing.yaml', import.meta.url));
    const { status, stderr } = await cellfield('distribution', scenario, '--stationary');
    expect(status).toBe(2);
    expect(stderr).toMatch(/depends on the volume, which continuous reactions change/);
  });
});

describe('cellfield import, export-sbml and describe', () => {
  it('turn a model into a scenario that is valid, and back, with the same ensemble', async () => {
    const imported = await cellfield('import', model);
    expect(imported.status).toBe(0);
    const scenario = writeScenario(folder, 'imported.yaml', imported.stdout);
    expect((await cellfield('validate', scenario)).status).toBe(0);
    const exported = await cellfield('export-sbml', scenario);
    expect(exported.status).toBe(0);
    const again = writeScenario(folder, 'again.xml', exported.stdout);
    const options = ['--runs', '100', '--times', '0:5:5', '--seed', '3'];
    const [a, b, c] = await Promise.all(
      [model, scenario, again].map(file => cellfield('ensemble', file, ...options)),
    );
    expect(a.status).toBe(0);
    expect(b.stdout).toBe(a.stdout);
    expect(c.stdout).toBe(a.stdout);
  });

  it('describe the structure, as text and as JSON', async () => {
    const text = await cellfield('describe', model);
    expect(text.stdout).toMatch(/rank 1, 2 complexes, 1 linkage class, deficiency 0/);
    expect(text.stdout).toMatch(/\n {4}1 birth: -> X at 10\n {4}2 death: X -> at 0\.5 \* X\n/);
    expect(text.stdout).toMatch(/\n {7}1 {3}2\n {4}X {2}1 {2}-1\n/);
    const { circuits } = JSON.parse((await cellfield('describe', model, '--json')).stdout);
    expect(circuits.m).toMatchObject({ rank: 1, stoichiometry: [[1, -1]], warnings: [] });
    expect(text.stdout).toMatch(/\n {2}time scales at the start: 2 s\n.*steady state \(X = 20\): 2 s\n/);
    expect(circuits.m.stiffness.steady.scales.ratio).toBe(1);
  });

  it('list what was noticed in reading a model, on standard output and as JSON', async () => {
    for (const verb of ['describe', 'validate']) {
      for (const [file, circuit] of [
        [unusual, true],
        [ruled, false],
      ] as const) {
        const text = await cellfield(verb, file);
        expect(text.status).toBe(0);
        expect(text.stdout).toMatch(/warning: reaction 'birth'.*no kinetic law/);
        if (!circuit) expect(text.stdout).toMatch(/no plain circuit:\n.*rateRule 'k'/);
        const json = JSON.parse((await cellfield(verb, file, '--json')).stdout);
        expect(json.warnings).toContainEqual(expect.stringMatching(/reaction 'birth'.*no kinetic law/));
      }
    }
    const set = await cellfield('validate', unusual, '--set', 'seed=2');
    expect(set.status).toBe(2);
    expect(set.stderr).toMatch(/this is an SBML model/);
  });

  it('describe who regulates whom, and say where there is no circuit', async () => {
    const toggle = shipped('toggle-switch-in-a-gradient');
    const { stdout } = await cellfield('describe', toggle);
    expect(stdout).toMatch(/\n {4}V represses U_synthesis\n/);
    expect(stdout).not.toMatch(/warning/);
    const { circuits } = JSON.parse((await cellfield('describe', toggle, '--json')).stdout);
    expect(circuits.toggle.channels[0].influences).toContainEqual({
      ...{ in: 'cell', index: 2, role: 'modifier', effect: 'represses' },
    });
    const none = await cellfield('describe', shipped('diffusion-cosine'));
    expect(none).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/has no cell types, so no circuits/),
    });
  });

  it('refuse with one clear message and status 2', async () => {
    for (const verb of ['import', 'describe']) {
      const fast = await cellfield(verb, refused);
      expect(fast.status).toBe(2);
      expect(fast.stderr).toMatch(/refused\.xml:\d+: reaction 'birth': fast reactions are not supported/);
      const attack = await cellfield(verb, bomb);
      expect(attack.status).toBe(2);
      expect(attack.stderr).toMatch(/document type declaration/);
      expect(attack.stderr).not.toMatch(/internal fault/);
      expect((await cellfield(verb, join(folder, 'nowhere.xml'))).stderr).toMatch(/there is no such file/);
    }
  });
});
