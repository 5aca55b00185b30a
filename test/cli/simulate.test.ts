import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apply, ci, cn, document, math } from '../sbml/document.ts';
import { cellfield, read, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const model = writeScenario(
  folder,
  'model.xml',
  document(
    '<listOfCompartments><compartment id="c" spatialDimensions="3" size="4" constant="true"/></listOfCompartments>' +
      '<listOfSpecies><species id="S" compartment="c" initialAmount="8" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/></listOfSpecies>' +
      `<listOfParameters><parameter id="k" value="0.5" constant="true"/><parameter id="v" constant="false"/></listOfParameters>` +
      `<listOfRules><assignmentRule variable="v">${math(apply('divide', cn(1), apply('minus', ci('k'), ci('k'))))}</assignmentRule></listOfRules>` +
      `<listOfReactions><reaction id="R" reversible="false"><listOfReactants><speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants>` +
      `<kineticLaw>${math(apply('times', ci('c'), ci('k'), ci('S')))}</kineticLaw></reaction></listOfReactions>`,
  ),
);

const simulate = (...options: string[]) => cellfield('simulate', model, ...options);

describe('cellfield simulate', () => {
  it('prints what is asked for, as amounts or concentrations', async () => {
    const { stdout, status } = await simulate(
      '--times',
      '0:2',
      '--steps',
      '4',
      '--variables',
      'R,S,k',
      '--amounts',
      'S',
    );
    expect(status).toBe(0);
    const rows = stdout.trim().split('\n');
    expect(rows[0]).toBe('time,R,S,k');
    rows.slice(1).forEach((row, i) => {
      const [time, rate, amount, k] = row.split(',').map(Number);
      const expected = 8 * Math.exp(-0.5 * time);
      expect(time).toBe(i / 2);
      expect(amount).toBeCloseTo(expected, 7);
      expect(rate).toBeCloseTo(0.5 * expected, 7);
      expect(k).toBe(0.5);
    });
    const concentration = await simulate('--times', '0:1:1', '--concentrations', 'S');
    expect(Number(concentration.stdout.trim().split(/[,\n]/).at(-1))).toBeCloseTo(2 * Math.exp(-0.5), 8);
  });

  it('without choice gives species as formulas read them, and what varies', async () => {
    expect((await simulate('--times', '0:0:1')).stdout).toBe('time,S,v\n0,2,INF\n');
  });

  it('writes a table, and JSON', async () => {
    const out = join(folder, 'table.csv');
    const { stdout } = await simulate('--times', '0:1:1', '--variables', 'k', '--out', out, '--json');
    expect(read(out)).toBe('time,k\n0,0.5\n1,0.5\n');
    expect(JSON.parse(stdout).columns).toEqual({ k: { as: 'symbol', values: [0.5, 0.5] } });
    expect((await simulate('--times', '0:1:1', '--out', out)).status).toBe(2);
  });

  it.each([
    [['--times', '0:1:1', '--variables', 'X'], /--variables: the model has no 'X'; there are S, c, k, v, R/],
    [['--times', '0:1:1', '--amounts', 'k'], /--amounts: 'k' is no species; there are S/],
    [['--times', '0:1:1', '--amounts', 'S', '--concentrations', 'S'], /'S' is both in/],
    [['--times', '0:1', '--steps', '0'], /--steps 0 is not a whole number/],
    [['--times', '0:1:1', '--steps', '2'], /is not start:end/],
    [['--times', '0:1:1', '--relative', '-1'], /--relative -1 is not a number between 0 and 1/],
  ])('refuses %s', async (options, message) => {
    const { status, stderr } = await simulate(...options);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
