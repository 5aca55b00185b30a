import { describe, expect, it } from 'vitest';
import { SbmlError } from '../../src/engine/sbml/errors.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { simulateSbml } from '../../src/engine/sbml/simulate.ts';
import { toCircuit } from '../../src/engine/sbml/toCircuit.ts';
import { apply, assignmentRule, ci, cn, document, math, parameters, TIME } from './document.ts';

/** What a document is refused for, one line each. */
function problemsOf(text: string): string[] {
  try {
    readSbml(text);
  } catch (error) {
    if (!(error instanceof SbmlError)) throw error;
    return error.problems.map(({ where, message }) => `${where}: ${message}`);
  }
  return [];
}

function rule(content: string): string {
  return document(`${parameters({ p: 1 })}<listOfRules>${assignmentRule('p', content)}</listOfRules>`);
}

const BOMB = `<?xml version="1.0"?>
<!DOCTYPE sbml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="&b;"/></sbml>`;

const EXTERNAL = `<!-- harmless --><!DOCTYPE sbml [<!ENTITY e SYSTEM "file:///etc/hostname">]>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="&e;"/></sbml>`;

describe('XML that is refused', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /^file: malformed XML/],
    ['text', 'not xml at all', /^file: malformed XML/],
    ['an element that is not closed', '<sbml><model></sbml>', /^file: malformed XML/],
    ['an attribute without quotes', '<sbml level=3></sbml>', /^file: malformed XML/],
    ['two roots', `${document('')}<sbml/>`, /^file: malformed XML/],
    ['an undefined entity', document('<listOfSpecies>&nothing;</listOfSpecies>'), /^file: malformed XML/],
    ['an endless comment', '<!-- <sbml/>', /^file: malformed XML/],
    ['an entity bomb', BOMB, /^file: a document type declaration/],
    ['an external entity', EXTERNAL, /^file: a document type declaration/],
    [
      'a hundred thousand levels',
      '<a>'.repeat(100_000) + '</a>'.repeat(100_000),
      /^file: elements are nested deeper/,
    ],
    ['another language', '<html/>', /^file: the document is <html>, not <sbml>/],
    [
      'Level 1',
      '<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"/>',
      /^sbml: level 1 .* not supported/,
    ],
  ];
  for (const [name, text, message] of cases) {
    it(`${name}: with one error`, () => {
      const problems = problemsOf(text);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(message);
    });
  }

  it('is refused quickly where it is built to be slow', () => {
    const began = performance.now();
    for (const text of ['<"'.repeat(1_000_000), '<!--'.repeat(1_000_000), '<'.repeat(1_000_000)]) {
      expect(problemsOf(text)).toHaveLength(1);
    }
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe('mathematics that is refused', () => {
  const doubling = Array.from({ length: 40 }, (_, i) => {
    const body =
      i === 0
        ? ci('x')
        : apply(
            'plus',
            `<apply><ci>f${i - 1}</ci>${ci('x')}</apply>`,
            `<apply><ci>f${i - 1}</ci>${ci('x')}</apply>`,
          );
    return `<functionDefinition id="f${i}">${math(`<lambda><bvar>${ci('x')}</bvar>${body}</lambda>`)}</functionDefinition>`;
  }).join('');
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'unknown operator',
      rule(apply('integral', ci('p'))),
      /assignmentRule 'p': unknown MathML operator <integral>/,
    ],
    ['unknown element', rule('<matrix/>'), /assignmentRule 'p': unknown MathML element <matrix>/],
    ['unknown function', rule(`<apply><ci>f</ci>${cn(1)}</apply>`), /there is no function 'f'/],
    ['unknown symbol', rule(ci('q')), /assignmentRule 'p': there is no 'q' to read/],
    ['unknown csymbol', rule('<csymbol definitionURL="http://x/y">y</csymbol>'), /unknown csymbol/],
    ['wrong number of operands', rule(apply('divide', cn(1))), /<divide> has 1 operands/],
    ['no number', rule('<cn> one </cn>'), /'one' is not a number of type real/],
    [
      'a huge exponent',
      rule('<cn type="e-notation"> 1 <sep/> 999999999 </cn>'),
      /beyond what a double holds/,
    ],
    ['a huge number', rule('<cn> 1e999 </cn>'), /beyond what a double holds/],
    ['a number divided by zero', rule('<cn type="rational"> 1 <sep/> 0 </cn>'), /beyond what a double holds/],
    ['two expressions', rule(`${cn(1)}${cn(2)}`), /its math has 2 expressions/],
    [
      'functions that double forty times',
      document(`<listOfFunctionDefinitions>${doubling}</listOfFunctionDefinitions>`),
      /more than 100,000 terms/,
    ],
    [
      'delay',
      rule(
        apply(
          'times',
          `<apply><csymbol definitionURL="http://www.sbml.org/sbml/symbols/delay"/>${ci('p')}${cn(1)}</apply>`,
          cn(1),
        ),
      ),
      /csymbol delay .* not supported/,
    ],
  ];
  for (const [name, text, message] of cases) {
    it(name, () => {
      const problems = problemsOf(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems[0]).toMatch(message);
    });
  }

  it('functions that call each other in a circle', () => {
    const call = (id: string, other: string): string =>
      `<functionDefinition id="${id}">${math(`<lambda><bvar>${ci('x')}</bvar><apply><ci>${other}</ci>${ci('x')}</apply></lambda>`)}</functionDefinition>`;
    const [problem] = problemsOf(
      document(`<listOfFunctionDefinitions>${call('f', 'g')}${call('g', 'f')}</listOfFunctionDefinitions>`),
    );
    expect(problem).toMatch(/it calls itself/);
  });

  it('cyclic rules, with the cycle', () => {
    const model = readSbml(
      document(
        `${parameters({ a: 1, b: 1, c: 1 })}<listOfRules>${assignmentRule('a', ci('b'))}${assignmentRule('b', ci('c'))}${assignmentRule('c', ci('a'))}</listOfRules>`,
      ),
    );
    expect(() => simulateSbml(model, { times: [0, 1], observables: [] })).toThrow(/cycle: a → b → c → a/);
  });
});

describe('constructs that are refused', () => {
  const species =
    '<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments><listOfSpecies><species id="S" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>';
  const reaction = (attributes: string, stoichiometry = '1'): string =>
    `${species}<listOfReactions><reaction id="R" reversible="false" ${attributes}><listOfReactants><speciesReference species="S" stoichiometry="${stoichiometry}" constant="true"/></listOfReactants><kineticLaw>${math(ci('S'))}</kineticLaw></reaction></listOfReactions>`;

  it('an algebraic rule, a fast reaction, a huge stoichiometry, all in one list', () => {
    const text = document(
      `${reaction('fast="true"', '1e999')}<listOfRules><algebraicRule>${math(ci('S'))}</algebraicRule></listOfRules>`,
    );
    expect(problemsOf(text)).toEqual([
      'algebraicRule: algebraic rules are not supported',
      "reaction 'R': fast reactions are not supported",
      "speciesReference 'S': stoichiometry = '1e999' is beyond what a double holds (1.8e308)",
      "reaction 'R': the stoichiometry of 'S' is not given",
    ]);
  });

  it('a package that the model requires', () => {
    const text = document('').replace(
      'level="3"',
      'xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true" level="3"',
    );
    expect(problemsOf(text)).toEqual([
      "sbml: the package 'comp', which it requires, is not supported; only the core is",
    ]);
  });

  it('names that are used twice or missing, rules on constants', () => {
    expect(problemsOf(document(parameters({ a: 1 }) + parameters({ a: 1 })))).toEqual([
      "'a': the identifier is used twice",
    ]);
    const constant = document(
      `<listOfParameters><parameter id="k" value="1" constant="true"/></listOfParameters><listOfRules>${assignmentRule('k', TIME)}</listOfRules>`,
    );
    expect(problemsOf(constant)).toEqual(["assignmentRule 'k': 'k' is constant"]);
  });

  it('a prefix that overflows', () => {
    const units =
      '<listOfUnitDefinitions><unitDefinition id="u"><listOfUnits><unit kind="mole" exponent="999999999" scale="9" multiplier="1"/></listOfUnits></unitDefinition></listOfUnitDefinitions>';
    expect(problemsOf(document(units))[0]).toMatch(/unitDefinition 'u': .* beyond what a double holds/);
  });
});

describe('what would grow without bounds is refused', () => {
  const LAMBDA = (id: string, body: string): string =>
    `<functionDefinition id="${id}">${math(`<lambda><bvar>${ci('x')}</bvar>${body}</lambda>`)}</functionDefinition>`;
  const functions = (list: readonly string[], called: string): string =>
    document(
      `<listOfFunctionDefinitions>${list.join('')}</listOfFunctionDefinitions>${parameters({ p: 1 })}` +
        `<listOfRules>${assignmentRule('p', `<apply>${ci(called)}${cn(1)}</apply>`)}</listOfRules>`,
    );
  const nested = Array.from({ length: 3000 }, (_, i) =>
    LAMBDA(`f${i}`, i === 0 ? ci('x') : apply('minus', `<apply>${ci(`f${i - 1}`)}${ci('x')}</apply>`)),
  );

  it('functions that nest thousands deep, in either order', () => {
    expect(problemsOf(functions(nested, 'f2999'))[0]).toMatch(/nested deeper than 500 levels with functions/);
    expect(problemsOf(functions(nested.toReversed(), 'f2999'))[0]).toMatch(
      /call each other more than 100 deep/,
    );
  });

  for (const [name, count, again] of [
    ['double at each step', 60, 2],
    ['are a long chain', 5000, 1],
  ] as const) {
    it(`assignment rules that ${name}, in a circuit`, () => {
      const rules = Array.from({ length: count }, (_, i) =>
        assignmentRule(
          `p${i}`,
          i === 0 ? ci('S') : apply('plus', cn(1), ...new Array<string>(again).fill(ci(`p${i - 1}`))),
        ),
      );
      const values = Object.fromEntries(rules.map((_, i) => [`p${i}`, 1]));
      const text = document(
        '<listOfCompartments><compartment id="c" size="1" spatialDimensions="3" constant="true"/></listOfCompartments>' +
          '<listOfSpecies><species id="S" compartment="c" initialAmount="5" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>' +
          `${parameters(values)}<listOfRules>${rules.join('')}</listOfRules><listOfReactions><reaction id="R" reversible="false">` +
          `<listOfReactants><speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>${math(ci(`p${count - 1}`))}</kineticLaw></reaction></listOfReactions>`,
      );
      const model = readSbml(text);
      expect(() => toCircuit(model, { inSeconds: true })).toThrow("reaction 'R': it has more than");
    });
  }

  it('a message of thousands of faults', () => {
    const list = Array.from({ length: 2000 }, (_, i) => `<parameter id="p${i}" value="x" constant="true"/>`);
    const text = document(`<listOfParameters>${list.join('')}</listOfParameters>`);
    expect(problemsOf(text)).toHaveLength(2000);
    expect(() => readSbml(text)).toThrow(/(.*\n){100}… and 1900 more problems$/);
  });

  it('control characters, written or referred to', () => {
    expect(problemsOf(document('').replace('id="m"', 'id="m\0"'))[0]).toMatch(/line 3 has the character 0/);
    expect(problemsOf(document('').replace('id="m"', 'id="&#0;"'))[0]).toMatch(
      /reference to the character 0/,
    );
  });
});
