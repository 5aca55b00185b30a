import { fail } from './errors.ts';
import {
  ARITY,
  apply,
  type Formula,
  isOperator,
  mapLeaves,
  numeral,
  type Operator,
  partsOf,
  symbol,
} from './formula.ts';
import type { XmlElement } from './xml.ts';

/** A function definition; its body reads its arguments as symbols. */
export interface FunctionDefinition {
  readonly parameters: readonly string[];
  readonly body: Formula;
}

/** What the identifiers of a formula mean where it stands. */
export interface MathContext {
  /** For messages. */
  readonly where: string;
  readonly functions: (name: string) => FunctionDefinition | null;
  /** Values that replace symbols: the local parameters of a reaction. */
  readonly locals: ReadonlyMap<string, number>;
}

/** Nodes of one formula with everything inlined; functions that call functions twice double at each level. */
export const MOST_NODES = 100_000;
export const MOST_LEVELS = 500;

/** Avogadro's number as SBML L3V2 core fixes it (CODATA 2006 value in the specification, 6.02214179·10²³). */
export const AVOGADRO = 6.02214179e23;

const CONSTANTS: Readonly<Record<string, number>> = {
  true: 1,
  false: 0,
  pi: Math.PI,
  exponentiale: Math.E,
  infinity: Number.POSITIVE_INFINITY,
  notanumber: Number.NaN,
};

/** The formula in a `math` element. @throws SbmlError on MathML that SBML does not have or this program does not know */
export function readMath(math: XmlElement, context: MathContext): Formula {
  const content = math.children.filter(child => !isAnnotation(child));
  if (content.length !== 1) {
    fail(context.where, `its math has ${content.length} expressions; one is needed`);
  }
  const formula = read(content[0], context, 0);
  checkSize(formula, context.where);
  return formula;
}

/** The arguments and the body of a `lambda`. */
export function readLambda(math: XmlElement, context: MathContext): FunctionDefinition {
  const outer = math.children.filter(child => !isAnnotation(child));
  const lambda = outer[0]?.name === 'semantics' ? outer[0].children[0] : outer[0];
  if (outer.length !== 1 || lambda?.name !== 'lambda') fail(context.where, 'its math must be one lambda');
  const parameters = lambda.children
    .filter(child => child.name === 'bvar')
    .map(child => child.children[0]?.text ?? child.text);
  const bodies = lambda.children.filter(child => child.name !== 'bvar' && !isAnnotation(child));
  if (bodies.length !== 1) fail(context.where, `its lambda has ${bodies.length} bodies; one is needed`);
  const body = read(bodies[0], context, 0);
  checkSize(body, context.where);
  return { parameters, body };
}

function isAnnotation({ name }: XmlElement): boolean {
  return name === 'annotation' || name === 'annotation-xml' || name === 'notes';
}

function checkSize(formula: Formula, where: string): void {
  let nodes = 0;
  const count = (part: Formula, level: number): void => {
    if (++nodes > MOST_NODES) {
      fail(where, `its math has more than ${MOST_NODES.toLocaleString('en')} terms with functions inlined`);
    }
    if (level > MOST_LEVELS) {
      fail(where, `its math is nested deeper than ${MOST_LEVELS} levels with functions inlined`);
    }
    for (const inner of partsOf(part)) count(inner, level + 1);
  };
  count(formula, 0);
}

function read(element: XmlElement, context: MathContext, level: number): Formula {
  const { where } = context;
  if (level > MOST_LEVELS) fail(where, `its math is nested deeper than ${MOST_LEVELS} levels`);
  switch (element.name) {
    case 'cn':
      return numeral(readNumber(element, where));
    case 'ci': {
      const name = element.text;
      const local = context.locals.get(name);
      return local === undefined ? symbol(name) : numeral(local);
    }
    case 'csymbol':
      return readSymbol(element, where);
    case 'apply':
      return readApply(element, context, level);
    case 'piecewise':
      return readPiecewise(element, context, level);
    case 'semantics':
      if (element.children.length === 0) fail(where, 'an empty semantics element');
      return read(element.children[0], context, level + 1);
    case 'lambda':
      return fail(where, 'a lambda may stand only in a function definition');
    default:
      if (Object.hasOwn(CONSTANTS, element.name)) return numeral(CONSTANTS[element.name]);
      return fail(where, `unknown MathML element <${element.name}>`);
  }
}

function readNumber(element: XmlElement, where: string): number {
  const type = element.attributes.get('type') ?? 'real';
  const [first, second] = element.parts;
  const refuse = (): never => fail(where, `'${element.parts.join(' ')}' is not a number of type ${type}`);
  const decimal = (text: string | undefined): number => {
    if (text === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return refuse();
    return Number(text);
  };
  const integer = (text: string | undefined): number => {
    if (text === undefined || !/^[+-]?\d+$/.test(text)) return refuse();
    return Number(text);
  };
  let value: number;
  switch (type) {
    case 'integer':
      value = integer(first);
      break;
    case 'real':
      value = decimal(first);
      break;
    case 'e-notation': {
      const mantissa = decimal(first);
      const exponent = integer(second);
      // Number('1e5') is the nearest double; mantissa · 10ⁿ would round twice.
      value = /e/i.test(first) ? mantissa * 10 ** exponent : Number(`${first}e${exponent}`);
      break;
    }
    case 'rational':
      value = integer(first) / integer(second);
      break;
    default:
      return fail(where, `a number of the unknown type '${type}'`);
  }
  if (!Number.isFinite(value)) {
    fail(where, `the number ${element.parts.join(' ')} is beyond what a double holds (1.8e308)`);
  }
  return value;
}

function readSymbol(element: XmlElement, where: string): Formula {
  const url = element.attributes.get('definitionURL') ?? '';
  switch (url.slice(url.lastIndexOf('/') + 1)) {
    case 'time':
      return { kind: 'time' };
    case 'avogadro':
      return numeral(AVOGADRO);
    case 'delay':
      return fail(where, 'the csymbol delay (delay differential equations) is not supported');
    case 'rateOf':
      return fail(where, 'the csymbol rateOf needs to be applied to a symbol');
    default:
      return fail(where, `unknown csymbol '${url}'`);
  }
}

function readApply(element: XmlElement, context: MathContext, level: number): Formula {
  const { where } = context;
  const [head, ...rest] = element.children;
  if (!head) fail(where, 'an apply without an operator');
  if (head.name === 'csymbol') {
    const url = head.attributes.get('definitionURL') ?? '';
    if (url.endsWith('/rateOf')) {
      if (rest.length !== 1 || rest[0].name !== 'ci') fail(where, 'rateOf takes one symbol');
      // A local parameter is constant.
      if (context.locals.has(rest[0].text)) return numeral(0);
      return { kind: 'rateOf', name: rest[0].text };
    }
    readSymbol(head, where);
    fail(where, `the csymbol '${url}' is not a function`);
  }
  if (head.name === 'ci') {
    const inputs = rest.map(child => read(child, context, level + 1));
    return call(head.text, inputs, context);
  }
  if (!isOperator(head.name)) fail(where, `unknown MathML operator <${head.name}>`);
  return readOperator(head.name, rest, context, level);
}

function call(name: string, inputs: readonly Formula[], context: MathContext): Formula {
  const definition = context.functions(name);
  if (!definition) fail(context.where, `there is no function '${name}'`);
  const { parameters, body } = definition;
  if (parameters.length !== inputs.length) {
    fail(
      context.where,
      `the function '${name}' takes ${parameters.length} arguments; it is given ${inputs.length}`,
    );
  }
  const given = new Map(parameters.map((parameter, i) => [parameter, inputs[i]]));
  const inlined = mapLeaves(body, leaf => {
    if (leaf.kind === 'symbol') return given.get(leaf.name) ?? leaf;
    if (leaf.kind !== 'rateOf') return leaf;
    const input = given.get(leaf.name);
    if (input?.kind !== 'symbol') fail(context.where, `rateOf in the function '${name}' needs a symbol`);
    return { kind: 'rateOf', name: input.name };
  });
  checkSize(inlined, context.where);
  return inlined;
}

function readOperator(
  operator: Operator,
  operands: readonly XmlElement[],
  context: MathContext,
  level: number,
): Formula {
  const { where } = context;
  const qualifier = operator === 'root' ? 'degree' : operator === 'log' ? 'logbase' : '';
  const inputs: Formula[] = [];
  let qualified: Formula | null = null;
  for (const operand of operands) {
    if (qualifier !== '' && operand.name === qualifier) {
      if (operand.children.length !== 1) fail(where, `<${qualifier}> takes one expression`);
      qualified = read(operand.children[0], context, level + 1);
    } else inputs.push(read(operand, context, level + 1));
  }
  if (qualifier !== '') inputs.unshift(qualified ?? numeral(operator === 'root' ? 2 : 10));
  const [fewest, most] = ARITY[operator];
  if (inputs.length < fewest || inputs.length > most) {
    fail(where, `<${operator}> has ${inputs.length} operands, which is not a number it can have`);
  }
  return apply(operator, ...inputs);
}

function readPiecewise(element: XmlElement, context: MathContext, level: number): Formula {
  const { where } = context;
  const pieces: [Formula, Formula][] = [];
  let otherwise: Formula | null = null;
  for (const child of element.children) {
    const inner = child.children.map(part => read(part, context, level + 1));
    if (child.name === 'piece' && inner.length === 2) pieces.push([inner[0], inner[1]]);
    else if (child.name === 'otherwise' && inner.length === 1) otherwise = inner[0];
    else fail(where, `<${child.name}> with ${inner.length} parts in a piecewise`);
  }
  return { kind: 'piecewise', pieces, otherwise };
}
