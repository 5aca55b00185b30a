import type { MathNode } from 'mathjs';
import type { BinaryOperator, FunctionName } from '../expression/ast.ts';
import { application, choice, constant, Fault, negative, operation, type Typed } from './algebra.ts';
import { pulse, step } from './inputs.ts';
import { countText, LIMITS } from './limits.ts';
import {
  isAccessorNode,
  isConditionalNode,
  isConstantNode,
  isFunctionNode,
  isOperatorNode,
  isParenthesisNode,
  isRelationalNode,
  isSymbolNode,
} from './mathjs.ts';
import { FUNCTIONS, INPUTS, VARIABLES } from './names.ts';
import { excerpt } from './problems.ts';
import { didYouMean, listing } from './suggest.ts';
import { parseFormula, UNITS } from './units.ts';

/** What the names in an expression stand for. `failed` is a name whose own fault has been reported. */
export interface Scope {
  /** Such as 'a parameter', for messages. */
  readonly place: string;
  readonly lookup: (name: string) => Typed | 'failed' | undefined;
  readonly names: () => Iterable<string>;
  /** `field.NAME`; null where fields cannot be read. */
  readonly fields: ReadonlyMap<string, Typed | 'failed'> | null;
}

type Report = (message: string, allowed: string | null) => void;

/**
 * Text to a checked expression. The library parses; only the nodes below are accepted, every name is looked up in
 * the scope, dimensions are checked and constants folded. Nothing is evaluated by the library. Null after a
 * fault; a text may have several.
 */
export function readExpression(text: string, scope: Scope, report: Report): Typed | null {
  if (text.length > LIMITS.expressionLength) {
    report(`the expression has ${countText(text.length)} characters`, `at most ${LIMITS.expressionLength}`);
    return null;
  }
  if (text.trim() === '') {
    report('the expression is empty', null);
    return null;
  }
  if (/[#;"']/.test(text)) {
    report(`\`${/[#;"']/.exec(text)}\` has no meaning in an expression`, null);
    return null;
  }
  if (text.includes('%') && !/^[\d.eE+\-\s]*%\s*$/.test(text)) {
    // The library would read `a - 5%` as a discount on a.
    report('`%` stands only after a number on its own', 'a share such as `0.05`');
    return null;
  }
  let node: MathNode;
  try {
    // A line break would begin a new statement of the library's language.
    node = parseFormula(text.replace(/\s+/g, ' ').trim());
  } catch (error) {
    if (error instanceof RangeError) report('the expression is nested too deeply', null);
    else report(`cannot be read as an expression: ${error instanceof Error ? error.message : error}`, null);
    return null;
  }
  return new Reader(scope, report).read(node, 0);
}

const OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  pow: '^',
  smaller: '<',
  smallerEq: '<=',
  larger: '>',
  largerEq: '>=',
  equal: '==',
  unequal: '!=',
  and: 'and',
  or: 'or',
};

class Reader {
  readonly #scope: Scope;
  readonly #report: Report;
  readonly #unknown = new Set<string>();
  #size = 0;
  #stopped = false;

  constructor(scope: Scope, report: Report) {
    this.#scope = scope;
    this.#report = report;
  }

  /** One fault per place: a part that failed makes its whole fail without another message. */
  read(node: MathNode, depth: number): Typed | null {
    if (this.#stopped) return null;
    this.#size += 1;
    if (this.#size > LIMITS.expressionSize) return this.#stop('the expression is too long', 'expressionSize');
    if (depth > LIMITS.expressionDepth)
      return this.#stop('the expression is nested too deeply', 'expressionDepth');
    try {
      return this.#build(node, depth + 1);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#report(`\`${excerpt(node.toString(), 40)}\` ${error.message}`, null);
      return null;
    }
  }

  #stop(message: string, limit: 'expressionSize' | 'expressionDepth'): null {
    this.#stopped = true;
    const what = limit === 'expressionSize' ? 'operators, numbers and names' : 'levels';
    this.#report(message, `at most ${LIMITS[limit]} ${what}`);
    return null;
  }

  #build(node: MathNode, depth: number): Typed | null {
    if (isParenthesisNode(node)) return this.read(node.content, depth);
    if (isConstantNode(node)) {
      const { value } = node;
      if (typeof value !== 'number') throw new Fault('is not a number');
      if (!Number.isFinite(value)) throw new Fault('is not a finite number');
      return constant(value);
    }
    if (isSymbolNode(node)) return this.#symbol(node.name);
    if (isAccessorNode(node)) return this.#field(node.object, node.name, node.index.dotNotation);
    if (isOperatorNode(node)) return this.#operator(node.fn, node.implicit, node.args, depth);
    if (isFunctionNode(node)) return this.#call(node.fn, node.args, depth);
    if (isConditionalNode(node)) {
      const test = this.read(node.condition, depth);
      const then = this.read(node.trueExpr, depth);
      const otherwise = this.read(node.falseExpr, depth);
      return test && then && otherwise && choice(test, then, otherwise);
    }
    if (isRelationalNode(node)) throw new Fault('compares three values; write `a < b and b < c`');
    throw new Fault('has no meaning here; an expression has numbers, names, operators and functions');
  }

  #symbol(name: string): Typed | null {
    // A name comes before a unit: one that is a unit has been refused where it was given.
    const found = this.#scope.lookup(name);
    if (found === 'failed') return null;
    if (found !== undefined) return found;
    const unit = UNITS.get(name);
    if (unit) return constant(unit.factor, unit.dimension);
    if (name === 'pi') return constant(Math.PI);
    if (this.#unknown.has(name)) return null;
    this.#unknown.add(name);
    const { place, names } = this.#scope;
    if (VARIABLES.some(variable => variable === name)) {
      this.#report(`\`${name}\` cannot be read in ${place}`, this.#allowedNames());
    } else if ([...FUNCTIONS, ...INPUTS].some(f => f === name)) {
      this.#report(`\`${name}\` is a function: write \`${name}(…)\``, null);
    } else if (this.#scope.fields?.has(name)) {
      this.#report(`unknown name \`${name}\`; the field is \`field.${name}\``, null);
    } else {
      const suggestion = didYouMean(name, [...names(), ...FUNCTIONS, ...INPUTS, ...UNITS.keys()]);
      this.#report(
        `unknown name \`${excerpt(name, 40)}\`${suggestion}`,
        suggestion ? null : this.#allowedNames(),
      );
    }
    return null;
  }

  #allowedNames(): string {
    const known = listing(this.#scope.names());
    return known === '' ? 'numbers and units' : `${known}; numbers and units`;
  }

  #field(object: MathNode, name: string, dotted: boolean): Typed | null {
    if (isSymbolNode(object) && object.name === 'cycle' && dotted) return this.#phase(name);
    if (isSymbolNode(object) && object.name === 'change' && dotted) return this.#change(name);
    if (!isSymbolNode(object) || object.name !== 'field' || !dotted) {
      throw new Fault('has no meaning here; a field is read as `field.NAME`');
    }
    const { fields, place } = this.#scope;
    if (fields === null) {
      this.#report(`\`field.${name}\` cannot be read in ${place}`, this.#allowedNames());
      return null;
    }
    const found = fields.get(name);
    if (found === 'failed') return null;
    if (found !== undefined) return found;
    const key = `field.${name}`;
    if (!this.#unknown.has(key)) {
      this.#unknown.add(key);
      const known = listing(fields.keys());
      const suggestion = didYouMean(name, fields.keys());
      const allowed = suggestion ? null : known === '' ? 'the scenario has no fields' : known;
      this.#report(`unknown field \`${excerpt(name, 40)}\`${suggestion}`, allowed);
    }
    return null;
  }

  /** `change.NAME`: how a field has changed at the cell since the last step, per time. */
  #change(name: string): Typed | null {
    const found = this.#scope.lookup(`change.${name}`);
    if (found !== undefined) return found === 'failed' ? null : found;
    const known = [...this.#scope.names()].filter(other => other.startsWith('change.'));
    const allowed = listing(known) || 'the rate of tumbles of a cell type, with the name of a field';
    this.#report(`\`change.${excerpt(name, 40)}\` cannot be read in ${this.#scope.place}`, allowed);
    return null;
  }

  /** `cycle.NAME`: whether the cell is in that phase. */
  #phase(name: string): Typed | null {
    const found = this.#scope.lookup(`cycle.${name}`);
    if (found !== undefined) return found === 'failed' ? null : found;
    const known = [...this.#scope.names()].filter(other => other.startsWith('cycle.'));
    const allowed = listing(known) || 'the phases of a cell type that has `division.phases`';
    this.#report(
      `unknown phase \`cycle.${excerpt(name, 40)}\`${didYouMean(`cycle.${name}`, known)}`,
      allowed,
    );
    return null;
  }

  #operator(name: string, implicit: boolean, inputs: readonly MathNode[], depth: number): Typed | null {
    if (inputs.length === 1) {
      const only = this.read(inputs[0], depth);
      if (name === 'unaryPlus') return only;
      if (name === 'unaryMinus') return only && negative(only);
      if (name === 'not') return only && application('not', [only]);
      throw new Fault('uses an operator that expressions do not have');
    }
    if (!Object.hasOwn(OPERATORS, name)) throw new Fault('uses an operator that expressions do not have');
    if (implicit && !isUnits(inputs[1])) {
      const word = leadingName(inputs[1]);
      if (word !== null && this.#scope.lookup(word) === undefined) return this.#unknownUnit(word);
      throw new Fault(`needs an operator: only a unit may follow directly, as in \`5 nM\``);
    }
    const left = this.read(inputs[0], depth);
    const right = this.read(inputs[1], depth);
    return left && right && operation(OPERATORS[name], left, right);
  }

  #unknownUnit(name: string): null {
    if (this.#unknown.has(name)) return null;
    this.#unknown.add(name);
    const suggestion = didYouMean(name, UNITS.keys());
    const allowed = suggestion ? null : [...UNITS.keys()].join(', ');
    this.#report(`unknown unit \`${excerpt(name, 40)}\`${suggestion}`, allowed);
    return null;
  }

  #call(callee: unknown, inputs: readonly MathNode[], depth: number): Typed | null {
    if (!isSymbolNode(callee)) throw new Fault('does not call a known function');
    const { name } = callee;
    const input = INPUTS.find(known => known === name);
    if (input) {
      const sound = inputs.map(part => this.read(part, depth)).filter(part => part !== null);
      if (sound.length < inputs.length) return null;
      return input === 'step' ? step(sound) : pulse(sound);
    }
    if (!isFunctionName(name)) {
      const functions = [...FUNCTIONS, ...INPUTS];
      const natural = name === 'log' ? '; the natural logarithm is `ln`' : didYouMean(name, functions);
      const allowed = natural === '' ? functions.join(', ') : null;
      const known = this.#scope.lookup(name) !== undefined || UNITS.has(name);
      const message = known
        ? `\`${name}\` is not a function; write \`*\` to multiply`
        : `unknown function \`${excerpt(name, 40)}\`${natural}`;
      this.#report(message, known ? null : allowed);
      return null;
    }
    const read = inputs.map(input => this.read(input, depth));
    const sound = read.filter(input => input !== null);
    return sound.length === read.length ? application(name, sound) : null;
  }
}

function isFunctionName(name: string): name is FunctionName {
  return FUNCTIONS.some(known => known === name);
}

/** The name in `NAME` or `NAME^n`. */
function leadingName(node: MathNode): string | null {
  if (isSymbolNode(node)) return node.name;
  return isOperatorNode(node) && node.fn === 'pow' ? leadingName(node.args[0]) : null;
}

/** A unit, or a power or product of units: what may follow a number without an operator. */
function isUnits(node: MathNode): boolean {
  if (isParenthesisNode(node)) return isUnits(node.content);
  if (isSymbolNode(node)) return UNITS.has(node.name);
  if (isOperatorNode(node)) {
    if (node.fn === 'pow') return isUnits(node.args[0]);
    return node.fn === 'multiply' && node.implicit && node.args.every(isUnits);
  }
  return false;
}
