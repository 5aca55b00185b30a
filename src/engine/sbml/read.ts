import { Attributes, describe } from './attributes.ts';
import { checkModel } from './check.ts';
import { fail, Problems, SbmlError, type SbmlProblem } from './errors.ts';
import type { Formula } from './formula.ts';
import { visitLeaves } from './formula.ts';
import { type FunctionDefinition, type MathContext, readLambda, readMath } from './mathml.ts';
import type {
  SbmlCompartment,
  SbmlEvent,
  SbmlInitialAssignment,
  SbmlModel,
  SbmlParameter,
  SbmlReaction,
  SbmlReference,
  SbmlRule,
  SbmlSpecies,
} from './model.ts';
import { readUnits } from './units.ts';
import { childOf, parseXml, type XmlElement } from './xml.ts';

const MATHML = 'http://www.w3.org/1998/Math/MathML';
/** Functions that call one another before they are defined. */
const MOST_CALLS = 100;
const NO_LOCALS: ReadonlyMap<string, number> = new Map();

/**
 * Reads an SBML Level 2 or Level 3 core document. Everything that is wrong, and every construct that is not supported, is listed
 * in the error. @throws SbmlError
 */
export function readSbml(text: string): SbmlModel {
  const root = parseXml(text);
  if (root.name !== 'sbml') fail('file', `the document is <${root.name}>, not <sbml>`);
  const problems = new Problems();
  const sbml = withoutForeign(root, root.namespace);
  const model = new Reader(sbml, problems).read();
  if (model) checkModel(model, problems);
  if (problems.list.length > 0) throw new SbmlError(located(problems.list, sbml));
  if (!model) fail('file', 'there is no model in it');
  return model;
}

/** Elements of SBML and MathML; what packages, annotations and notes add is left out. */
function withoutForeign(element: XmlElement, core: string): XmlElement {
  const children = element.children.flatMap(child =>
    (child.namespace === core || child.namespace === MATHML) &&
    child.name !== 'annotation' &&
    child.name !== 'notes'
      ? [withoutForeign(child, core)]
      : [],
  );
  return { ...element, children };
}

/** Problems with the lines of the elements that they name. */
function located(list: readonly SbmlProblem[], root: XmlElement): SbmlProblem[] {
  const lines = new Map<string, number>();
  const note = (element: XmlElement): void => {
    const name = describe(element);
    if (!lines.has(name)) lines.set(name, element.line);
    for (const child of element.children) note(child);
  };
  note(root);
  return list.map(problem => {
    const line = lines.get(problem.where) ?? lines.get(problem.where.split(',')[0]);
    return line === undefined ? problem : { ...problem, line };
  });
}

/** Reads the lists of a model in the order in which they depend on each other. */
class Reader {
  readonly #root: XmlElement;
  readonly #problems: Problems;
  readonly #attributes: Attributes;
  readonly #level: number;
  readonly #version: number;
  readonly #functions = new Map<string, FunctionDefinition | 'being read' | SbmlError | XmlElement>();
  readonly #warnings: string[] = [];
  /** Function definitions that are being read. */
  #open = 0;

  constructor(root: XmlElement, problems: Problems) {
    this.#root = root;
    this.#problems = problems;
    this.#attributes = new Attributes(problems);
    this.#level = this.#attributes.number(root, 'level') ?? 0;
    this.#version = this.#attributes.number(root, 'version') ?? 0;
    const core = /^http:\/\/www\.sbml\.org\/sbml\/level[23](\/version\d+(\/core)?)?$/;
    if ((this.#level !== 2 && this.#level !== 3) || !core.test(root.namespace)) {
      fail(
        'sbml',
        `level ${this.#level} in the namespace '${root.namespace}' is not supported; Levels 2 and 3 are`,
      );
    }
  }

  read(): SbmlModel | null {
    const model = childOf(this.#root, 'model');
    this.#checkPackages();
    if (!model) return null;
    for (const definition of this.#list(model, 'listOfFunctionDefinitions', 'functionDefinition')) {
      this.#functions.set(this.#attributes.id(definition), definition);
    }
    for (const [name, definition] of [...this.#functions]) {
      // Version 2 lets the math be missing; only a call of such a function means nothing.
      const empty =
        !(definition instanceof SbmlError) &&
        typeof definition === 'object' &&
        'children' in definition &&
        !childOf(definition, 'math');
      if (empty) this.#warnings.push(`functionDefinition '${name}' has no math`);
      else this.#problems.attempt(() => this.#functionNamed(name));
    }
    if (childOf(model, 'listOfConstraints')) this.#warnings.push('constraints are not checked');
    const determined = this.#determined(model);
    return {
      id: this.#attributes.text(model, 'id'),
      name: this.#attributes.text(model, 'name'),
      level: this.#level,
      version: this.#version,
      units: readUnits(model, this.#level, this.#attributes, this.#problems),
      compartments: this.#list(model, 'listOfCompartments', 'compartment').map(e =>
        this.#compartment(e, determined),
      ),
      species: this.#list(model, 'listOfSpecies', 'species').map(e => this.#species(e, model)),
      parameters: this.#list(model, 'listOfParameters', 'parameter').map(e => this.#parameter(e)),
      initialAssignments: this.#list(model, 'listOfInitialAssignments', 'initialAssignment').flatMap(e =>
        this.#initialAssignment(e),
      ),
      rules: this.#rules(model),
      reactions: this.#list(model, 'listOfReactions', 'reaction').map(e => this.#reaction(e)),
      events: this.#list(model, 'listOfEvents', 'event').flatMap(e => this.#event(e)),
      warnings: this.#warnings,
    };
  }

  /** A package that changes the meaning of the core says so by `required`. */
  #checkPackages(): void {
    for (const name of this.#root.attributes.keys()) {
      if (!name.endsWith(':required') || !this.#attributes.boolean(this.#root, name, false)) continue;
      const prefix = name.slice(0, -':required'.length);
      this.#problems.add(
        'sbml',
        `the package '${prefix}', which it requires, is not supported; only the core is`,
      );
    }
  }

  #list(parent: XmlElement, list: string, item: string): XmlElement[] {
    const items: XmlElement[] = [];
    for (const container of parent.children.filter(child => child.name === list)) {
      for (const child of container.children) {
        if (child.name === item) items.push(child);
        else this.#problems.add(list, `<${child.name}> is not supported here`);
      }
    }
    return items;
  }

  /** The formula of an element's `math`; null where there is none (allowed by L3V2) or it is faulty. */
  #math(element: XmlElement, where: string, locals = NO_LOCALS): Formula | null {
    const math = childOf(element, 'math');
    if (!math) return null;
    if (math.namespace !== MATHML) {
      this.#problems.add(where, 'its math is not in the namespace of MathML');
      return null;
    }
    if (math.children.length === 0) return null;
    return this.#problems.attempt(() => readMath(math, this.#context(where, locals)));
  }

  #context(where: string, locals: ReadonlyMap<string, number>): MathContext {
    return { where, functions: name => this.#functionNamed(name), locals };
  }

  #functionNamed(name: string): FunctionDefinition | null {
    const known = this.#functions.get(name);
    if (known === undefined) return null;
    const where = `functionDefinition '${name}'`;
    if (known === 'being read') return fail(where, 'it calls itself, directly or through others');
    if (known instanceof SbmlError) throw known;
    if ('body' in known) return known;
    if (this.#open >= MOST_CALLS) fail(where, `functions call each other more than ${MOST_CALLS} deep`);
    this.#functions.set(name, 'being read');
    this.#open++;
    try {
      const math = childOf(known, 'math');
      if (!math) return fail(where, 'it has no math');
      const definition = readLambda(math, this.#context(where, NO_LOCALS));
      visitLeaves(definition.body, leaf => {
        if (leaf.kind === 'symbol' && !definition.parameters.includes(leaf.name)) {
          fail(where, `it reads '${leaf.name}', which is not among its arguments`);
        }
      });
      this.#functions.set(name, definition);
      return definition;
    } catch (error) {
      // Every use of a faulty function has the same fault; it is looked for once.
      if (error instanceof SbmlError) this.#functions.set(name, error);
      throw error;
    } finally {
      this.#open--;
    }
  }

  #compartment(e: XmlElement, determined: ReadonlySet<string>): SbmlCompartment {
    const a = this.#attributes;
    const id = a.id(e);
    const dimensions = a.number(e, 'spatialDimensions') ?? 3;
    const size = a.number(e, 'size');
    if (size === null && dimensions !== 0 && !determined.has(id)) {
      this.#warnings.push(`compartment '${id}' has no size: 1 is taken`);
    }
    return {
      id,
      name: a.text(e, 'name'),
      dimensions,
      size,
      constant: a.boolean(e, 'constant', true),
    };
  }

  /** What an initial assignment or an assignment rule gives its first value. */
  #determined(model: XmlElement): ReadonlySet<string> {
    const assigned = childOf(model, 'listOfInitialAssignments')?.children ?? [];
    const rules = childOf(model, 'listOfRules')?.children ?? [];
    return new Set([
      ...assigned.map(e => this.#attributes.text(e, 'symbol')),
      ...rules.filter(e => e.name === 'assignmentRule').map(e => this.#attributes.text(e, 'variable')),
    ]);
  }

  #species(e: XmlElement, model: XmlElement): SbmlSpecies {
    const a = this.#attributes;
    return {
      id: a.id(e),
      name: a.text(e, 'name'),
      compartment: a.id(e, 'compartment'),
      initialAmount: a.number(e, 'initialAmount'),
      initialConcentration: a.number(e, 'initialConcentration'),
      onlySubstance: a.boolean(e, 'hasOnlySubstanceUnits', false),
      boundary: a.boolean(e, 'boundaryCondition', false),
      constant: a.boolean(e, 'constant', false),
      conversionFactor: a.text(e, 'conversionFactor') || a.text(model, 'conversionFactor') || null,
    };
  }

  #parameter(e: XmlElement): SbmlParameter {
    const a = this.#attributes;
    return {
      id: a.id(e),
      name: a.text(e, 'name'),
      value: a.number(e, 'value'),
      constant: a.boolean(e, 'constant', true),
    };
  }

  #initialAssignment(e: XmlElement): SbmlInitialAssignment[] {
    const math = this.#math(e, describe(e));
    const name = this.#attributes.id(e, 'symbol');
    return math ? [{ symbol: name, math }] : [];
  }

  #rules(model: XmlElement): SbmlRule[] {
    const rules: SbmlRule[] = [];
    for (const e of childOf(model, 'listOfRules')?.children ?? []) {
      if (e.name === 'algebraicRule') {
        if (childOf(e, 'math')) this.#problems.add('algebraicRule', 'algebraic rules are not supported');
      } else if (e.name === 'assignmentRule' || e.name === 'rateRule') {
        const variable = this.#attributes.id(e, 'variable');
        const math = this.#math(e, describe(e));
        const kind = e.name === 'rateRule' ? 'rate' : 'assignment';
        if (math) rules.push({ kind, variable, math });
      } else {
        this.#problems.add('listOfRules', `<${e.name}> is not supported`);
      }
    }
    return rules;
  }

  #reaction(e: XmlElement): SbmlReaction {
    const a = this.#attributes;
    const id = a.id(e);
    const where = `reaction '${id}'`;
    if (a.boolean(e, 'fast', false)) this.#problems.add(where, 'fast reactions are not supported');
    const law = childOf(e, 'kineticLaw');
    const locals = new Map<string, number>();
    for (const list of ['listOfLocalParameters', 'listOfParameters']) {
      for (const parameter of (law && childOf(law, list)?.children) ?? []) {
        if (parameter.name !== 'localParameter' && parameter.name !== 'parameter') continue;
        const name = a.id(parameter);
        const value = a.number(parameter, 'value');
        if (value === null) this.#warnings.push(`${where}: the local parameter '${name}' has no value`);
        if (locals.has(name)) this.#problems.add(where, `there are two local parameters '${name}'`);
        locals.set(name, value ?? Number.NaN);
      }
    }
    const rate = law ? this.#math(law, where, locals) : null;
    if (!rate) this.#warnings.push(`${where} has no kinetic law: it does not happen`);
    return {
      id,
      name: a.text(e, 'name'),
      reversible: a.boolean(e, 'reversible', true),
      reactants: this.#list(e, 'listOfReactants', 'speciesReference').map(r => this.#reference(r, where)),
      products: this.#list(e, 'listOfProducts', 'speciesReference').map(r => this.#reference(r, where)),
      rate,
    };
  }

  #reference(e: XmlElement, where: string): SbmlReference {
    const a = this.#attributes;
    const stoichiometryMath = childOf(e, 'stoichiometryMath');
    const math = stoichiometryMath ? this.#math(stoichiometryMath, `${where}, stoichiometryMath`) : null;
    const given = a.number(e, 'stoichiometry');
    return {
      id: this.#level === 3 ? a.text(e, 'id') : '',
      species: a.id(e, 'species'),
      stoichiometry: given ?? (this.#level === 2 && !math ? 1 : null),
      math,
    };
  }

  #event(e: XmlElement): SbmlEvent[] {
    const a = this.#attributes;
    const id = a.text(e, 'id');
    const where = id ? `event '${id}'` : 'event';
    const part = (name: string): Formula | null => {
      const element = childOf(e, name);
      return element ? this.#math(element, `${where}, ${name}`) : null;
    };
    const triggerElement = childOf(e, 'trigger');
    const trigger = part('trigger');
    const assignments = this.#list(e, 'listOfEventAssignments', 'eventAssignment').flatMap(assignment => {
      const variable = a.id(assignment, 'variable');
      const math = this.#math(assignment, `${where}, assignment of '${variable}'`);
      return math ? [{ variable, math }] : [];
    });
    const delay = part('delay');
    const priority = part('priority');
    if (!trigger || !triggerElement) {
      this.#warnings.push(`${where} has no trigger: it never happens`);
      return [];
    }
    return [
      {
        id,
        trigger,
        initialValue: a.boolean(triggerElement, 'initialValue', true),
        persistent: a.boolean(triggerElement, 'persistent', true),
        delay,
        priority,
        useValuesFromTriggerTime: a.boolean(e, 'useValuesFromTriggerTime', true),
        assignments,
      },
    ];
  }
}
