import { type MathNode, parse } from 'mathjs';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import type { Population } from '../../src/engine/cells/population.ts';
import type { Circuit, Reaction, Term } from '../../src/engine/circuits/circuit.ts';
import type { CircuitWindow } from '../../src/engine/circuits/window.ts';
import type { BinaryOperator, Expression, FunctionName, Variable } from '../../src/engine/expression/ast.ts';
import { conditional } from '../../src/engine/expression/build.ts';
import { deriveStream } from '../../src/engine/random/xoshiro.ts';

/** Reactions of a fixture: [equation, rate] or [equation, rate, 'continuous']; fields are written f0, f1, … */
export type ReactionText = readonly [equation: string, rate: string, kind?: 'continuous'];

/** A cell type from short texts. Biomass (fg, dry density 1 fg/µm³) is species 0 and need not be named. */
export function fixture(
  amounts: Readonly<Record<string, number>>,
  reactions: Readonly<Record<string, ReactionText>>,
): CellType {
  const names = ['biomass', ...Object.keys(amounts).filter(name => name !== 'biomass')];
  const list = Object.entries(reactions).map(([name, [equation, rate, kind]]): Reaction => {
    const [left, right] = equation.split('->');
    return {
      name,
      equation,
      reactants: terms(left, names),
      products: terms(right, names),
      rate: expression(rate, names),
      continuous: kind === 'continuous',
    };
  });
  const continuous = new Set(
    list.filter(r => r.continuous).flatMap(r => [...r.reactants, ...r.products].map(t => t.index)),
  );
  const circuit: Circuit = {
    species: names.map((name, index) => ({
      name,
      initial: amounts[name] ?? 1,
      continuous: index === 0 || continuous.has(index),
    })),
    reactions: list,
  };
  return {
    name: 'cell',
    shape: { kind: 'sphere', radius: 1 },
    dryDensity: 1,
    circuit,
    division: null,
    death: null,
  };
}

function terms(side: string, names: readonly string[]): Term[] {
  return side
    .split('+')
    .map(text => text.trim())
    .filter(text => text !== '')
    .map((text): Term => {
      const match = /^([\d.]*)\s*([A-Za-z]\w*)$/.exec(text);
      if (!match) throw new Error(`not a term: ${text}`);
      const exact = match[1] || '1';
      const coefficient = Number(exact);
      const field = /^f(\d+)$/.exec(match[2]);
      if (field) return { in: 'field', index: Number(field[1]), coefficient, exact };
      const index = names.indexOf(match[2]);
      if (index < 0) throw new Error(`no species ${match[2]}`);
      return { in: 'cell', index, coefficient, exact };
    });
}

/** An expression from infix text over species names, f0 …, volume, time and age. */
export function expression(text: string, names: readonly string[] = []): Expression {
  const convert = (node: MathNode): Expression => {
    if (node.type === 'ParenthesisNode') return convert((node as MathNode & { content: MathNode }).content);
    if (node.type === 'ConstantNode') {
      return { kind: 'number', value: (node as MathNode & { value: number }).value };
    }
    if (node.type === 'SymbolNode') {
      return {
        kind: 'variable',
        variable: variableNamed((node as MathNode & { name: string }).name, names),
      };
    }
    if (node.type === 'ConditionalNode') {
      const { condition, trueExpr, falseExpr } = node as MathNode & Record<string, MathNode>;
      return conditional(convert(condition), convert(trueExpr), convert(falseExpr));
    }
    const { args } = node as MathNode & { args: MathNode[] };
    if (node.type === 'OperatorNode') {
      const { op } = node as MathNode & { op: string };
      if (args.length === 1) return { kind: 'negate', argument: convert(args[0]) };
      return {
        kind: 'binary',
        operator: op as BinaryOperator,
        left: convert(args[0]),
        right: convert(args[1]),
      };
    }
    if (node.type === 'FunctionNode') {
      const { fn } = node as MathNode & { fn: { name: string } };
      return { kind: 'call', function: fn.name as FunctionName, arguments: args.map(convert) };
    }
    throw new Error(`cannot convert ${node.type}`);
  };
  return convert(parse(text));
}

function variableNamed(name: string, names: readonly string[]): Variable {
  if (name === 'volume' || name === 'time' || name === 'age') return { of: name };
  const field = /^f(\d+)$/.exec(name);
  if (field) return { of: 'field', index: Number(field[1]) };
  const index = names.indexOf(name);
  if (index < 0) throw new Error(`no species ${name}`);
  return { of: 'species', index };
}

/** A population of identical cells with streams derived from `seed`. */
export function populate(type: CellType, count: number, seed = 1): Population {
  const stride = type.circuit.species.length;
  const column = (): Float64Array => new Float64Array(count);
  const population: Population = {
    count,
    capacity: count,
    stride,
    nextId: count + 1,
    id: Uint32Array.from({ length: count }, (_, i) => i + 1),
    parent: new Uint32Array(count),
    type: new Uint16Array(count),
    x: column(),
    y: column(),
    z: column(),
    radius: column().fill(1),
    volume: column().fill(type.circuit.species[0].initial / type.dryDensity),
    birthTime: column(),
    birthVolume: column().fill(1),
    divisionVolume: column().fill(Number.POSITIVE_INFINITY),
    amounts: new Float64Array(count * stride),
    streams: new Uint32Array(count * 4),
  };
  const root = Uint32Array.of(seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162);
  for (let i = 0; i < count; i++) {
    deriveStream(root, 0, population.streams, 4 * i, i + 1);
    type.circuit.species.forEach((species, s) => {
      population.amounts[i * stride + s] = species.initial;
    });
  }
  return population;
}

export interface WindowChoices {
  readonly fieldCount?: number;
  /** Concentration of every field at every cell, molecules/µm³. */
  readonly sampled?: number;
  readonly available?: number;
  readonly includeUptake?: boolean;
  readonly uptakeStride?: number;
}

/** A window over the whole population. */
export function windowFor(
  type: CellType,
  population: Population,
  duration: number,
  choices: WindowChoices = {},
): CircuitWindow {
  const { fieldCount = 0, sampled = 0, available, includeUptake = false, uptakeStride = 1 } = choices;
  const { count } = population;
  return {
    population,
    cells: Int32Array.from({ length: count }, (_, i) => i),
    from: 0,
    to: count,
    time: 0,
    duration,
    fieldCount,
    sampled: new Float64Array(count * fieldCount).fill(sampled),
    released: new Float64Array(count * fieldCount),
    available: available === undefined ? null : new Float64Array(count * fieldCount).fill(available),
    includeUptake,
    expectedUptake: includeUptake ? new Float64Array(count * uptakeStride) : null,
    uptakeStride,
    extents: new Float64Array(type.circuit.reactions.length),
  };
}

/** Amounts of one species in all cells. */
export function amountsOf(type: CellType, population: Population, name: string): Float64Array {
  const s = type.circuit.species.findIndex(species => species.name === name);
  return Float64Array.from(
    { length: population.count },
    (_, i) => population.amounts[i * population.stride + s],
  );
}

export function meanAndVariance(values: Float64Array): { mean: number; variance: number } {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / (values.length - 1);
  return { mean, variance };
}

/** Fourth central moment, for the standard error of a variance: √((μ₄ − σ⁴ (n−3)/(n−1))/n). */
export function varianceError(values: Float64Array): number {
  const { mean, variance } = meanAndVariance(values);
  let fourth = 0;
  for (const value of values) fourth += (value - mean) ** 4 / values.length;
  const n = values.length;
  return Math.sqrt((fourth - (variance * variance * (n - 3)) / (n - 1)) / n);
}
