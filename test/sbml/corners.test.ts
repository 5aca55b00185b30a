import { describe, expect, it } from 'vitest';
import { SbmlError } from '../../src/engine/sbml/errors.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { amountOf, CELL, last, reaction, reference, species, symbolOf } from './corners.ts';
import {
  apply,
  assignmentRule,
  ci,
  cn,
  document,
  event,
  math,
  parameters,
  rateRule,
  TIME,
} from './document.ts';

describe('what Level 3 Version 2 lets be missing', () => {
  it('lists, math, triggers', () => {
    const text = document(
      `<listOfFunctionDefinitions/>${CELL}<listOfSpecies>${species('S', 'initialAmount="4"')}</listOfSpecies>` +
        `${parameters({ p: 1 })}<listOfInitialAssignments><initialAssignment symbol="p"/></listOfInitialAssignments>` +
        '<listOfRules><rateRule variable="p"/><algebraicRule/></listOfRules>' +
        '<listOfReactions><reaction id="R" reversible="false"><listOfReactants/><kineticLaw><listOfLocalParameters/></kineticLaw></reaction></listOfReactions>' +
        `<listOfEvents><event useValuesFromTriggerTime="true"/>` +
        `<event useValuesFromTriggerTime="true"><trigger initialValue="true" persistent="true"/><listOfEventAssignments/></event>` +
        `<event useValuesFromTriggerTime="true"><trigger initialValue="false" persistent="true">${math('<true/>')}</trigger><priority/><delay/>` +
        `<listOfEventAssignments><eventAssignment variable="p"/></listOfEventAssignments></event></listOfEvents>`,
    );
    expect(last(text, 3, symbolOf('S'), symbolOf('p'))).toEqual([2, 1]);
  });

  it('a local parameter without a value that nothing reads', () => {
    const locals = '<listOfLocalParameters><localParameter id="unused"/></listOfLocalParameters>';
    const text = document(
      `${CELL}<listOfSpecies>${species('S', 'initialAmount="4"')}</listOfSpecies>` +
        `<listOfReactions>${reaction('R', reference('S'), '', cn(1), locals)}</listOfReactions>`,
    );
    expect(last(text, 3, amountOf('S'))[0]).toBeCloseTo(1, 9);
  });
});

describe('species', () => {
  it('in a compartment without dimensions are amounts', () => {
    const text = document(
      '<listOfCompartments><compartment id="c" spatialDimensions="0" constant="true"/></listOfCompartments>' +
        `<listOfSpecies>${species('S', 'initialAmount="4" hasOnlySubstanceUnits="true"')}${species('T', 'initialAmount="1"')}</listOfSpecies>` +
        `<listOfReactions>${reaction('R', reference('S'), reference('T'), apply('times', cn(0.5), ci('S')))}</listOfReactions>`,
    );
    const [s, t] = last(text, 2, symbolOf('S'), symbolOf('T'));
    expect(s).toBeCloseTo(4 * Math.exp(-1), 8);
    expect(t).toBeCloseTo(5 - 4 * Math.exp(-1), 8);
  });

  it('in a compartment of 2 dimensions are read as amount per area', () => {
    const text = document(
      '<listOfCompartments><compartment id="c" spatialDimensions="2" size="4" constant="true"/></listOfCompartments>' +
        `<listOfSpecies>${species('S', 'initialAmount="8"')}</listOfSpecies>` +
        `<listOfReactions>${reaction('R', reference('S'), '', apply('times', cn(3), ci('S')))}</listOfReactions>`,
    );
    // S' = −3 S/4 of the amount
    expect(last(text, 1, amountOf('S'))[0]).toBeCloseTo(8 * Math.exp(-0.75), 8);
  });

  it('keep their amount in a compartment that a rate rule changes', () => {
    const text = document(
      '<listOfCompartments><compartment id="c" spatialDimensions="3" size="2" constant="false"/></listOfCompartments>' +
        `<listOfSpecies>${species('S', 'initialConcentration="3"')}${species('A', 'initialAmount="3" hasOnlySubstanceUnits="true"')}</listOfSpecies>` +
        `<listOfRules>${rateRule('c', apply('times', cn(0.1), ci('c')))}</listOfRules>`,
    );
    const [s, amount, a, size] = last(text, 5, symbolOf('S'), amountOf('S'), symbolOf('A'), symbolOf('c'));
    expect(size).toBeCloseTo(2 * Math.exp(0.5), 8);
    expect(amount).toBe(6);
    expect(s).toBeCloseTo(3 * Math.exp(-0.5), 8);
    expect(a).toBe(3);
  });

  it('with a boundary condition follow a rate rule while they react', () => {
    const text = document(
      `${CELL}<listOfSpecies>${species('S', 'initialConcentration="1"').replace('boundaryCondition="false"', 'boundaryCondition="true"')}` +
        `${species('P', 'initialAmount="0"')}</listOfSpecies><listOfRules>${rateRule('S', cn(2))}</listOfRules>` +
        `<listOfReactions>${reaction('R', reference('S'), reference('P'), ci('S'))}</listOfReactions>`,
    );
    // S = 1 + 2t as a concentration; P' = S
    const [s, sAmount, p] = last(text, 3, symbolOf('S'), amountOf('S'), amountOf('P'));
    expect(s).toBeCloseTo(7, 9);
    expect(sAmount).toBeCloseTo(14, 9);
    expect(p).toBeCloseTo(3 + 9, 8);
  });

  it('follow conversion factors of their own and of the model', () => {
    const text = document(
      `${CELL}<listOfSpecies>${species('S', 'initialAmount="10"')}${species('P', 'initialAmount="0" conversionFactor="f"')}</listOfSpecies>` +
        '<listOfParameters><parameter id="f" value="3" constant="true"/><parameter id="g" value="2" constant="true"/></listOfParameters>' +
        `<listOfReactions>${reaction('R', reference('S'), reference('P'), cn(1))}</listOfReactions>`,
      'conversionFactor="g"',
    );
    expect(last(text, 2, amountOf('S'), amountOf('P')).map(v => Number(v.toFixed(9)))).toEqual([6, 6]);
  });

  it('of several compartments meet in one reaction', () => {
    const text = document(
      '<listOfCompartments><compartment id="c" spatialDimensions="3" size="2" constant="true"/>' +
        '<compartment id="d" spatialDimensions="3" size="5" constant="true"/></listOfCompartments>' +
        `<listOfSpecies>${species('S', 'initialConcentration="3"')}${species('T', 'initialConcentration="0"').replace('compartment="c"', 'compartment="d"')}</listOfSpecies>` +
        `<listOfReactions>${reaction('R', reference('S'), reference('T'), apply('times', ci('c'), ci('S')))}</listOfReactions>`,
    );
    const [s, t] = last(text, 1, symbolOf('S'), symbolOf('T'));
    expect(s).toBeCloseTo(3 * Math.exp(-1), 8);
    expect(t).toBeCloseTo((6 - 6 * Math.exp(-1)) / 5, 8);
  });
});

describe('stoichiometries', () => {
  const model = (attributes: string, rest: string): string =>
    document(
      `${CELL}<listOfSpecies>${species('P', 'initialAmount="0"')}</listOfSpecies>${parameters({ p: 4 })}${rest}` +
        `<listOfReactions>${reaction('R', '', reference('P', attributes), cn(1))}</listOfReactions>`,
    );
  const order = (text: string): string => text;

  it('from an initial assignment', () => {
    const assigned = `<listOfInitialAssignments><initialAssignment symbol="s">${math(apply('times', ci('p'), cn(2)))}</initialAssignment></listOfInitialAssignments>`;
    expect(last(order(model('id="s" stoichiometry="1"', assigned)), 2, amountOf('P'))[0]).toBeCloseTo(16, 8);
  });

  it('from an assignment rule that reads the time, and read in other math', () => {
    const rules = `<listOfRules>${assignmentRule('s', TIME)}${rateRule('p', ci('s'))}</listOfRules>`;
    const [p, amount] = last(model('id="s"', rules), 2, symbolOf('p'), amountOf('P'));
    expect(p).toBeCloseTo(4 + 2, 8);
    expect(amount).toBeCloseTo(2, 8);
  });

  it('from a rate rule', () => {
    const rules = `<listOfRules>${rateRule('s', cn(3))}</listOfRules>`;
    expect(last(model('id="s" stoichiometry="1"', rules), 2, amountOf('P'))[0]).toBeCloseTo(2 + 6, 8);
  });

  it('changed by an event', () => {
    const text = model('id="s" stoichiometry="1"', '').replace(
      '</model>',
      `<listOfEvents>${event(apply('geq', TIME, cn(1)), { s: cn(5) })}</listOfEvents></model>`,
    );
    expect(last(text, 2, amountOf('P'))[0]).toBeCloseTo(1 + 5, 8);
  });
});

describe('Level 2', () => {
  const level2 = (version: number, lists: string): string =>
    `<?xml version='1.0'?><sbml xmlns="http://www.sbml.org/sbml/level2${version === 1 ? '' : `/version${version}`}" level="2" version="${version}">` +
    `<model id="m">${lists}</model></sbml>`;

  for (const version of [1, 2, 3, 4, 5]) {
    it(`Version ${version}: its defaults`, () => {
      const text = level2(
        version,
        '<listOfCompartments><compartment id="c" size="2"/></listOfCompartments>' +
          '<listOfSpecies><species id="S" compartment="c" initialConcentration="4" charge="2" spatialSizeUnits="volume"/>' +
          '<species id="P" compartment="c" initialAmount="0"/></listOfSpecies>' +
          '<listOfParameters><parameter id="k" value="0.5"/></listOfParameters>' +
          `<listOfReactions><reaction id="R" fast="false"><listOfReactants><speciesReference species="S"/></listOfReactants>` +
          `<listOfProducts><speciesReference species="P"><stoichiometryMath>${math(cn(2))}</stoichiometryMath></speciesReference></listOfProducts>` +
          `<listOfModifiers><modifierSpeciesReference species="P"/></listOfModifiers>` +
          `<kineticLaw>${math(apply('times', ci('k'), ci('S'), ci('c'), ci('h')))}<listOfParameters><parameter id="h" value="2"/></listOfParameters></kineticLaw>` +
          '</reaction></listOfReactions>',
      );
      const [s, p] = last(text, 1, symbolOf('S'), amountOf('P'));
      expect(s).toBeCloseTo(4 * Math.exp(-1), 8);
      expect(p).toBeCloseTo(2 * 8 * (1 - Math.exp(-1)), 7);
    });
  }
});

describe('what others add', () => {
  it('annotations, notes and packages that are not required change nothing', () => {
    const foreign =
      '<notes><body xmlns="http://www.w3.org/1999/xhtml"><p>Text</p></body></notes>' +
      `<annotation><x:math xmlns:x="urn:x">1</x:math>${math('<foo/>')}<listOfRules xmlns="urn:y"/></annotation>`;
    const text = document(
      `${foreign}${CELL}<listOfSpecies>${foreign}${species('S', 'initialAmount="4"')}</listOfSpecies>` +
        `<listOfRules xmlns="urn:other"><algebraicRule>${math(cn(1))}</algebraicRule></listOfRules>` +
        `<listOfReactions>${reaction('R', reference('S'), '', cn(1)).replace('<kineticLaw>', `${foreign}<kineticLaw>${foreign}`)}</listOfReactions>`,
      'xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:strict="false"',
    ).replace(
      '<sbml ',
      '<sbml xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:required="false" ',
    );
    expect(last(text, 1, amountOf('S'))[0]).toBeCloseTo(3, 9);
  });

  it('a prefix for SBML itself', () => {
    const text =
      '<s:sbml xmlns:s="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><s:model>' +
      '<s:listOfParameters><s:parameter id="p" value="2" constant="false"/></s:listOfParameters>' +
      `<s:listOfRules><s:rateRule variable="p"><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:cn>1</m:cn></m:math></s:rateRule></s:listOfRules>` +
      '</s:model></s:sbml>';
    expect(last(text, 3, symbolOf('p'))[0]).toBeCloseTo(5, 9);
  });
});

describe('warnings', () => {
  it('name compartments without a size', () => {
    const text = document(
      '<listOfCompartments><compartment id="c" spatialDimensions="3" constant="true"/>' +
        '<compartment id="point" spatialDimensions="0" constant="true"/></listOfCompartments>',
    );
    expect(readSbml(text).warnings).toEqual(["compartment 'c' has no size: 1 is taken"]);
  });
});

describe('faults', () => {
  it('have the lines where they are', () => {
    const text = document(
      `${parameters({ p: 1 })}\n<listOfRules>\n${rateRule('p', ci('q'))}\n${rateRule('r', ci('p'))}</listOfRules>`,
    );
    let found: unknown;
    try {
      readSbml(text);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(SbmlError);
    expect((found as SbmlError).problems.map(({ line, where }) => [line, where])).toEqual([
      [5, "rateRule 'p'"],
      [6, "rateRule 'r'"],
    ]);
  });

  it('math in another namespace than that of MathML', () => {
    const text = document(
      `${parameters({ p: 1 })}<listOfRules><rateRule variable="p"><math><cn>1</cn></math></rateRule></listOfRules>`,
    );
    expect(() => readSbml(text)).toThrow("rateRule 'p': its math is not in the namespace of MathML");
  });
});
