import { describe, expect, it } from 'vitest';
import { amountOf, CELL, course, last, reaction, reference, species, symbolOf, worthOf } from './corners.ts';
import { apply, assignmentRule, ci, cn, document, math, parameters, rateRule, TIME } from './document.ts';

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
