import type { CellEvent, Circuit, Reaction } from '../circuits/circuit.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { fail } from '../sbml/errors.ts';
import { freeName } from './names.ts';

/** Axes of a position, by index. */
const AXES = ['x', 'y', 'z'] as const;

/**
 * A circuit as the text of a scenario with one cell of 1 µm³ in a small box: it runs as it stands, and its cell type can be
 * copied into another. Names that the format claims for itself get an underscore. `comments` go in front.
 * @throws SbmlError for a value that cannot be written, and for fields
 */
export function circuitToScenario(circuit: Circuit, title: string, comments: readonly string[] = []): string {
  const taken = new Set<string>();
  const renamed: string[] = [];
  const nameFor = (wanted: string): string => {
    const name = freeName(wanted, taken);
    if (name !== wanted) renamed.push(`${wanted} is written ${name}`);
    return name;
  };
  const species = circuit.species.map(({ name }, index) => (index === 0 ? 'biomass' : nameFor(name)));
  taken.clear();
  const reactions = circuit.reactions.filter(
    ({ reactants, products, scheduled }) => !scheduled && reactants.length + products.length > 0,
  );
  const lines = reactions.map(reaction => {
    const continuous = reaction.continuous ? ', continuous: true' : '';
    const rate = `1 /s * ${expressionText(reaction.rate, species, `reaction '${reaction.name}'`)}`;
    const equation = equationText(reaction, species);
    return `      ${nameFor(reaction.name)}: { equation: ${quoted(equation)}, rate: ${quoted(rate)}${continuous} }`;
  });
  const events = (circuit.events ?? []).map(event => {
    const entries = Object.entries(eventEntries(circuit, event, species));
    return `      ${nameFor(event.name)}: { ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  });
  const amounts = circuit.species.slice(1).map(({ initial }, i) => `      ${species[i + 1]}: ${initial}`);
  const head = [...comments, ...renamed].map(comment => `# ${comment.replace(/\s+/g, ' ')}`);
  const section = (name: string, content: readonly string[]): string[] =>
    content.length > 0 ? [`    ${name}:`, ...content] : [];
  return `${[
    ...head,
    'cellfield: 1',
    `title: ${quoted(title)}`,
    'domain: { size: [10 um, 10 um, 10 um], grid: [1, 1, 1] }',
    'time: { end: 100 s, step: 1 s }',
    'cells:',
    '  cell:',
    '    shape: { sphere: { radius: 0.6203504908994 um } } # 1 um^3',
    ...section('species', amounts),
    ...section('reactions', lines),
    ...section('events', events),
    'population:',
    '  - { type: cell, count: 1 }',
  ].join('\n')}\n`;
}

/** The keys of an event. */
function eventEntries(
  { reactions }: Circuit,
  { name, trigger, delay, actions, initially, persistent, valuesAtTrigger }: CellEvent,
  species: readonly string[],
): Record<string, string> {
  const where = `event '${name}'`;
  const steps: string[][] = [];
  let times: number | null = null;
  for (const action of actions) {
    if ('times' in action) {
      times = action.times;
      steps.push([quoted(equationText(reactions[action.reaction], species))]);
      continue;
    }
    const pair = `${species[action.species]}: ${quoted(expressionText(action.value, species, where))}`;
    if (action.alongside) steps[steps.length - 1].push(pair);
    else steps.push([pair]);
  }
  const texts = steps.map(step => (step[0].startsWith('"') ? step[0] : `{ ${step.join(', ')} }`));
  if (delay && delay.kind !== 'fixed') fail(where, 'its delay is drawn');
  return {
    when: quoted(expressionText(trigger, species, where)),
    do: texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`,
    ...(times !== null && times !== 1 && { times: Number.isFinite(times) ? String(times) : 'all' }),
    ...(delay && { delay: quoted(`${delay.time} s`) }),
    ...(persistent === false && { persistent: 'false' }),
    ...(initially && { initially: 'true' }),
    ...(valuesAtTrigger && delay === null && { values: 'trigger' }),
  };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function equationText({ name, reactants, products }: Reaction, species: readonly string[]): string {
  const side = (terms: Reaction['reactants']): string =>
    terms
      .map(({ in: where, index, exact }) => {
        if (where === 'field')
          fail(`reaction '${name}'`, 'it exchanges with a field, which a circuit alone has not');
        return exact === '1' ? species[index] : `${exact} ${species[index]}`;
      })
      .join(' + ');
  return `${side(reactants)} -> ${side(products)}`.trim();
}

/** In engine units: every variable is made a plain number. Fully bracketed, so that no precedence matters. */
function expressionText(expression: Expression, species: readonly string[], where: string): string {
  const text = (part: Expression): string => expressionText(part, species, where);
  switch (expression.kind) {
    case 'number': {
      const { value } = expression;
      if (!Number.isFinite(value)) fail(where, `it contains ${value}`);
      return value < 0 || Object.is(value, -0) ? `(${value})` : String(value);
    }
    case 'variable':
      return variableText(expression.variable, species, where);
    case 'negate':
      return `(-${text(expression.argument)})`;
    case 'binary':
      return `(${text(expression.left)} ${expression.operator} ${text(expression.right)})`;
    case 'call':
      return `${expression.function}(${expression.arguments.map(text).join(', ')})`;
    case 'conditional':
      return `(${text(expression.test)} ? ${text(expression.then)} : ${text(expression.otherwise)})`;
  }
}

function variableText(variable: Variable, species: readonly string[], where: string): string {
  switch (variable.of) {
    case 'species':
      return variable.index === 0 ? '(biomass / (1 fg))' : species[variable.index];
    case 'volume':
      return '(volume / (1 um^3))';
    case 'time':
      return '(time / (1 s))';
    case 'age':
      return '(age / (1 s))';
    case 'position':
      return `(${AXES[variable.axis]} / (1 um))`;
    case 'birthVolume':
    case 'divisionVolume':
    case 'stage':
    case 'elapsed':
    case 'quiescent':
      return fail(where, 'it reads the phase of the cycle, which a circuit alone has not');
    case 'pressure':
      return fail(where, 'it reads the pressure of neighbours, which a circuit alone has not');
    case 'field':
      return fail(where, 'it reads a field, which a circuit alone has not');
  }
}
