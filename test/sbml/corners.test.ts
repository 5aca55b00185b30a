import { describe, expect, it } from 'vitest';
import { SbmlError } from '../../src/engine/sbml/errors.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { type Observable, simulateSbml } from '../../src/engine/sbml/simulate.ts';
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

/** Corners of the specification, each in a small model whose solution is worked out by hand. */

const symbolOf = (name: string): Observable => ({ name, as: 'symbol' });
const amountOf = (name: string): Observable => ({ name, as: 'amount' });

/** Values at the times, by observable. */
function course(text: string, times: readonly number[], ...observables: Observable[]): number[][] {
  const rows = simulateSbml(readSbml(text), { times, observables });
  return observables.map((_, i) => rows.map(row => row[i]));
}

function last(text: string, end: number, ...observables: Observable[]): number[] {
  return course(text, [0, end], ...observables).map(column => column[1]);
}

/** The value of an expression, as the value of a parameter under an assignment rule. */
function worthOf(content: string, time = 0): number {
  const text = document(
    `${parameters({ p: 0, q: 3 })}<listOfRules>${assignmentRule('p', content)}</listOfRules>`,
  );
  const [values] = course(text, [time], symbolOf('p'));
  return values[0];
}

const CELL =
  '<listOfCompartments><compartment id="c" spatialDimensions="3" size="2" constant="true"/></listOfCompartments>';

function species(id: string, attributes: string): string {
  return `<species id="${id}" compartment="c" boundaryCondition="false" constant="false" ${
    /hasOnly/.test(attributes) ? '' : 'hasOnlySubstanceUnits="false"'
  } ${attributes}/>`;
}

function reaction(id: string, from: string, to: string, law: string, locals = ''): string {
  return (
    `<reaction id="${id}" reversible="false"><listOfReactants>${from}</listOfReactants><listOfProducts>${to}</listOfProducts>` +
    `<kineticLaw>${math(law)}${locals}</kineticLaw></reaction>`
  );
}

function reference(species: string, attributes = 'stoichiometry="1"'): string {
  return `<speciesReference species="${species}" constant="${/id=/.test(attributes) ? 'false' : 'true'}" ${attributes}/>`;
}

describe('numbers and functions of MathML', () => {
  const values: readonly (readonly [string, string, number])[] = [
    ['an integer', '<cn type="integer"> -12 </cn>', -12],
    ['a rational', '<cn type="rational"> 1 <sep/> 8 </cn>', 0.125],
    ['a mantissa and an exponent', '<cn type="e-notation"> 2.5 <sep/> -3 </cn>', 2.5e-3],
    ['an exponent with a sign', '<cn type="e-notation">1<sep/>+2</cn>', 100],
    [
      'a number with units',
      '<cn xmlns:sbml="http://www.sbml.org/sbml/level3/version2/core" sbml:units="second">4</cn>',
      4,
    ],
    ['what underflows', '<cn type="e-notation">1<sep/>-400</cn>', 0],
    ['e', '<exponentiale/>', Math.E],
    ['infinity', '<infinity/>', Number.POSITIVE_INFINITY],
    ['no number', '<notanumber/>', Number.NaN],
    ['truth as a number', '<true/>', 1],
    ['a sum of truths', apply('plus', '<true/>', apply('gt', cn(2), cn(1))), 2],
    ['a number as a truth', apply('and', cn(3), '<true/>'), 1],
    ['an empty sum', apply('plus'), 0],
    ['an empty product', apply('times'), 1],
    ['an empty and', apply('and'), 1],
    ['an empty or', apply('or'), 0],
    ['an empty xor', apply('xor'), 0],
    ['xor of three', apply('xor', '<true/>', '<true/>', '<true/>'), 1],
    ['an implication', apply('implies', '<true/>', '<false/>'), 0],
    ['a chain that rises', apply('lt', cn(1), cn(2), cn(3)), 1],
    ['a chain that does not', apply('lt', cn(1), cn(3), cn(2)), 0],
    ['equality of three', apply('eq', cn(2), cn(2), cn(3)), 0],
    ['a relation of one', apply('geq', cn(2)), 1],
    ['the rest of a negative number', apply('rem', cn(-7), cn(3)), -1],
    ['a quotient of a negative number', apply('quotient', cn(-7), cn(3)), -2],
    ['a root of degree 3', apply('root', '<degree><cn>3</cn></degree>', cn(-27)), -3],
    ['a logarithm to the base 2', apply('log', '<logbase><cn>2</cn></logbase>', cn(8)), 3],
    ['a logarithm without base', apply('log', cn(1000)), 3],
    ['a factorial', apply('factorial', cn(5)), 120],
    ['the least of several', apply('min', cn(4), cn(-2), cn(7)), -2],
    [
      'a piecewise in its last case',
      `<piecewise><piece>${cn(1)}<false/></piece><otherwise>${cn(2)}</otherwise></piecewise>`,
      2,
    ],
    ['a piecewise in no case', `<piecewise><piece>${cn(1)}<false/></piece></piecewise>`, Number.NaN],
    ['a piecewise of an otherwise alone', `<piecewise><otherwise>${cn(2)}</otherwise></piecewise>`, 2],
    [
      'semantics',
      `<semantics>${cn(3)}<annotation-xml encoding="MathML-Presentation"><mn>4</mn></annotation-xml></semantics>`,
      3,
    ],
    ['an identifier among white space', `<ci>\n\t q\n</ci>`, 3],
    ['a comment within', '<ci><!-- a comment -->q</ci>', 3],
    ['character data', '<ci><![CDATA[q]]></ci>', 3],
    [
      "Avogadro's number",
      '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/avogadro">A</csymbol>',
      6.02214179e23,
    ],
    ['an inverse cotangent', apply('arccot', cn(2)), Math.atan(0.5)],
    ['an inverse hyperbolic secant', apply('arcsech', cn(0.5)), Math.acosh(2)],
  ];
  for (const [name, content, expected] of values) {
    it(name, () => {
      const value = worthOf(content);
      expect(Object.is(value, expected) || Math.abs(value - expected) < 1e-14, String(value)).toBe(true);
    });
  }

  it('time', () => expect(worthOf(apply('times', TIME, cn(2)), 7)).toBe(14));
});

describe('functions', () => {
  const lambda = (id: string, bound: readonly string[], body: string): string =>
    `<functionDefinition id="${id}">${math(
      `<lambda>${bound.map(name => `<bvar>${ci(name)}</bvar>`).join('')}${body}</lambda>`,
    )}</functionDefinition>`;
  const call = (name: string, ...inputs: string[]): string => `<apply>${ci(name)}${inputs.join('')}</apply>`;
  const value = (functions: string, content: string): number => {
    const text = document(
      `<listOfFunctionDefinitions>${functions}</listOfFunctionDefinitions>${parameters({ p: 0, q: 3, x: 100 })}` +
        `<listOfRules>${assignmentRule('p', content)}</listOfRules>`,
    );
    return course(text, [0], symbolOf('p'))[0][0];
  };

  it('without arguments', () => expect(value(lambda('five', [], cn(5)), call('five'))).toBe(5));

  it('whose arguments have the names of parameters', () => {
    const minus = lambda('minus_', ['x', 'q'], apply('minus', ci('x'), ci('q')));
    expect(value(minus, call('minus_', ci('q'), ci('x')))).toBe(3 - 100);
  });

  it('that call functions defined after them, with names swapped', () => {
    const outer = lambda('outer', ['x', 'y'], call('inner', ci('y'), ci('x')));
    const inner = lambda('inner', ['x', 'y'], apply('divide', ci('x'), ci('y')));
    expect(value(outer + inner, call('outer', cn(2), cn(10)))).toBe(5);
  });

  it('that read the time', () => {
    expect(value(lambda('now', [], TIME), apply('plus', call('now'), cn(1)))).toBe(1);
  });

  it('without math matter only where they are called', () => {
    const empty = '<functionDefinition id="nothing"/>';
    expect(value(empty + lambda('five', [], cn(5)), call('five'))).toBe(5);
    expect(() => value(empty, call('nothing'))).toThrow("functionDefinition 'nothing': it has no math");
  });
});

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

describe('local parameters', () => {
  const locals = '<listOfLocalParameters><localParameter id="k" value="2"/></listOfLocalParameters>';
  const model = (law: string): string =>
    document(
      `${CELL}<listOfSpecies>${species('S', 'initialAmount="10"')}</listOfSpecies>${parameters({ k: 50 })}` +
        `<listOfRules>${rateRule('k', cn(7))}</listOfRules>` +
        `<listOfReactions>${reaction('R', reference('S'), '', law, locals)}</listOfReactions>`,
    );
  it('hide parameters of their name', () => {
    expect(last(model(ci('k')), 3, amountOf('S'))[0]).toBeCloseTo(4, 9);
  });

  it('have no rate of change', () => {
    const rate =
      '<apply><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/rateOf">r</csymbol><ci>k</ci></apply>';
    expect(last(model(rate), 3, amountOf('S'))[0]).toBe(10);
  });
});

describe('rateOf', () => {
  const rateOf = (name: string): string =>
    `<apply><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/rateOf">r</csymbol><ci>${name}</ci></apply>`;
  /** Each rate is a sum of the one before it, so many times. */
  const chain = (length: number, times: number): string => {
    const names = Array.from({ length }, (_, i) => `x${i}`);
    const rules = names.map((name, i) =>
      rateRule(
        name,
        i === 0 ? cn(1) : apply('plus', ...Array.from({ length: times }, () => rateOf(names[i - 1]))),
      ),
    );
    return document(
      `${parameters(Object.fromEntries(names.map(name => [name, 0])))}<listOfRules>${rules.join('')}</listOfRules>`,
    );
  };
  it('of a chain that doubles at each step is followed, and bounded', () => {
    const end = last(chain(11, 2), 1, { name: 'x10', as: 'symbol' });
    expect(end[0]).toBeCloseTo(1024, 6);
    expect(() => last(chain(60, 2), 1)).toThrow(/rateOf have more than 1,000,000 terms/);
    expect(() => last(chain(1000, 1), 1)).toThrow(/nested deeper than 500 levels/);
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

describe('events', () => {
  const model = (events: string, values: Record<string, number>, rules = ''): string =>
    document(
      `${parameters(values)}<listOfRules>${rules}</listOfRules><listOfEvents>${events}</listOfEvents>`,
    );

  it('whose priority is no number go last, and do not hang', () => {
    const text = model(
      event(
        apply('geq', TIME, cn(1)),
        { p: apply('times', ci('p'), cn(10)) },
        { priority: '<notanumber/>', useValuesFromTriggerTime: false },
      ) +
        event(
          apply('geq', TIME, cn(1)),
          { p: apply('plus', ci('p'), cn(1)) },
          { priority: cn(1), useValuesFromTriggerTime: false },
        ),
      { p: 1 },
    );
    expect(last(text, 2, symbolOf('p'))[0]).toBe(20);
  });

  it('whose priorities depend on what the others assign', () => {
    // First b (5 > p = 1), which lifts a's priority above c's.
    const digit = (n: number): string => apply('plus', apply('times', ci('x'), cn(10)), cn(n));
    const choices = { useValuesFromTriggerTime: false };
    const at = apply('geq', TIME, cn(1));
    const text = model(
      event(at, { x: digit(1) }, { ...choices, priority: ci('p') }) +
        event(at, { x: digit(2), p: cn(9) }, { ...choices, priority: cn(5) }) +
        event(at, { x: digit(3) }, { ...choices, priority: cn(4) }),
      { p: 1, x: 0 },
    );
    expect(last(text, 2, symbolOf('x'))[0]).toBe(213);
  });

  it('that are not persistent are withdrawn by another of the same time', () => {
    const at = apply('and', apply('geq', TIME, cn(1)), apply('lt', ci('p'), cn(1)));
    const text = model(
      event(at, { p: cn(1), q: apply('plus', ci('q'), cn(1)) }, { priority: cn(2), persistent: false }) +
        event(at, { p: cn(1), q: apply('plus', ci('q'), cn(10)) }, { priority: cn(1), persistent: false }),
      { p: 0, q: 0 },
    );
    expect(last(text, 2, symbolOf('q'))[0]).toBe(1);
  });

  it('with a delay of 0 still wait for nothing', () => {
    const text = model(event(apply('geq', TIME, cn(1)), { p: cn(3) }, { delay: cn(0), persistent: false }), {
      p: 0,
    });
    expect(course(text, [0, 1, 2], symbolOf('p'))[0]).toEqual([0, 3, 3]);
  });

  it('wait for a delay that depends on the state at the trigger', () => {
    const text = model(
      event(apply('geq', ci('x'), cn(2)), { p: TIME }, { delay: ci('x'), useValuesFromTriggerTime: false }),
      { p: 0, x: 0 },
      rateRule('x', cn(1)),
    );
    expect(last(text, 6, symbolOf('p'))[0]).toBeCloseTo(4, 9);
  });

  it('are triggered by truth that a parameter holds', () => {
    const text = model(
      event(ci('b'), { p: cn(8) }),
      { p: 0, b: 0 },
      assignmentRule('b', apply('gt', TIME, cn(1))),
    );
    expect(last(text, 2, symbolOf('p'))[0]).toBe(8);
  });
});

describe('rates with jumps', () => {
  it('are followed across the jump, at any time', () => {
    const jump = `<piecewise><piece>${cn(1)}${apply('lt', TIME, cn(12345.678))}</piece><otherwise>${cn(100)}</otherwise></piecewise>`;
    const text = document(`${parameters({ p: 0 })}<listOfRules>${rateRule('p', jump)}</listOfRules>`);
    const [p] = last(text, 20000, symbolOf('p'));
    expect(p / (12345.678 + 100 * (20000 - 12345.678)) - 1).toBeCloseTo(0, 9);
  });

  it('of floor of the time, once in each unit', () => {
    const text = document(
      `${parameters({ p: 0 })}<listOfRules>${rateRule('p', apply('floor', TIME))}</listOfRules>`,
    );
    expect(last(text, 10, symbolOf('p'))[0]).toBeCloseTo(45, 7);
  });

  it('along which the solution would slide are an error, soon', () => {
    const pull = `<piecewise><piece>${cn(-1)}${apply('gt', ci('p'), cn(0))}</piece><otherwise>${cn(1)}</otherwise></piecewise>`;
    const text = document(`${parameters({ p: 0.5 })}<listOfRules>${rateRule('p', pull)}</listOfRules>`);
    expect(() => last(text, 2, symbolOf('p'))).toThrow('change to and fro without end at time 0.5');
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
