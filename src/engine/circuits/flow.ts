import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { add, isNumber } from '../expression/build.ts';
import { toClosure } from '../expression/closure.ts';
import { instantiate } from '../expression/codeGeneration.ts';
import { derivative } from '../expression/derivative.ts';
import { numberText, toJavaScript } from '../expression/javascript.ts';
import { createScope } from '../expression/scope.ts';
import { localName } from './cellSource.ts';
import { type ContinuousNetwork, continuousNetwork } from './continuousNetwork.ts';
import { moveScope } from './scopeOfCell.ts';
import type { CircuitWindow } from './window.ts';

/**
 * The continuous channels of one cell as an ordinary differential equation for their extents, de/dt = v(t, x₀ + N e), with
 * the Jacobian ∂v/∂x from the expressions themselves. Every amount is x₀ plus multiples of the stoichiometry, so that a
 * moiety is kept to the rounding of that sum whatever the solver. x₀ may be moved along (`rebase`).
 */
export interface Flow {
  readonly network: ContinuousNetwork;
  /** Number of channels, and of species that they change. */
  readonly count: number;
  readonly size: number;
  /** Amounts of all species at the point of evaluation. */
  readonly amounts: Float64Array;
  /** Whether any rate depends on time or age. */
  readonly timed: boolean;
  /** Reads a cell's state and surroundings. */
  enter(window: CircuitWindow, slot: number): void;
  /** Sets the amounts to x₀ + N e; the least of them that changes. */
  moveTo(extents: Float64Array): number;
  /** Makes the present amounts x₀. */
  rebase(): void;
  /** Rates at `offset` s into the window; the first channel whose rate is not finite, −1 if none. */
  rates(offset: number, into: Float64Array): number;
  /** V = ∂v/∂x by channel and changed species, into[c * size + i]. */
  jacobian(offset: number, into: Float64Array): void;
  /** ∂v/∂c by channel and field, into[c * fieldCount + f]. */
  fieldJacobian(offset: number, into: Float64Array): void;
  /** ∂v/∂t by channel. */
  timeSlope(offset: number, into: Float64Array): void;
  /** N w for a vector over channels, into one over changed species. */
  combine(channelValues: Float64Array, into: Float64Array): void;
}

type Evaluate = (x: Float64Array, into: Float64Array, time: number, age: number) => void;

/** `timed`: rates follow time within the window; otherwise it is held. Null where the circuit has no continuous channel. */
export function createFlow(
  type: CellType,
  fieldCount: number,
  includeUptake: boolean,
  timed: boolean,
  generate: boolean,
): Flow | null {
  const network = continuousNetwork(type.circuit, includeUptake);
  if (!network) return null;
  const { channels, changed, changers } = network;
  const [count, size] = [channels.length, changed.length];
  const rates = channels.map(({ rate }) => rate);
  const slopes = rates.map(rate => add(derivative(rate, { of: 'time' }), derivative(rate, { of: 'age' })));
  const entries: { at: number; expression: Expression }[] = [];
  rates.forEach((rate, c) => {
    changed.forEach((s, i) => {
      const entry = derivative(rate, { of: 'species', index: s }, s === 0 ? 1 / type.dryDensity : 0);
      if (!isNumber(entry, 0)) entries.push({ at: c * size + i, expression: entry });
    });
  });
  const readsTime = rates.some(rate =>
    [...reads(rate).values()].some(v => v.of === 'time' || v.of === 'age'),
  );
  const all = [...rates, ...slopes, ...entries.map(({ expression }) => expression)];
  const scope = createScope();
  const compile = (expressions: readonly Expression[]): Evaluate =>
    generate
      ? generated(expressions, all, type.dryDensity, scope)
      : interpreted(expressions, type.dryDensity, scope);
  const evaluateRates = compile(rates);
  const evaluateSlopes = compile(slopes);
  const evaluateEntries = compile(entries.map(({ expression }) => expression));
  /** Made when first used. */
  let fieldEntries:
    | undefined
    | { readonly places: Int32Array; readonly evaluate: Evaluate; readonly values: Float64Array };
  const makeFieldEntries = () => {
    const found = rates.flatMap((rate, c) =>
      Array.from({ length: fieldCount }, (_, index) => ({
        at: c * fieldCount + index,
        expression: derivative(rate, { of: 'field', index }),
      })).filter(({ expression }) => !isNumber(expression, 0)),
    );
    const expressions = found.map(({ expression }) => expression);
    const evaluate = generate
      ? generated(expressions, expressions, type.dryDensity, scope)
      : interpreted(expressions, type.dryDensity, scope);
    return {
      places: Int32Array.from(found, ({ at }) => at),
      evaluate,
      values: new Float64Array(found.length),
    };
  };
  const places = Int32Array.from(entries, ({ at }) => at);
  const values = new Float64Array(entries.length);
  const amounts = new Float64Array(type.circuit.species.length);
  const base = new Float64Array(size);
  let origin = 0;
  let birth = 0;
  const moving = timed && readsTime;

  return {
    network,
    count,
    size,
    amounts,
    timed: moving,
    enter(window, slot) {
      const { population } = window;
      moveScope(scope, window, population.amounts, slot, type.dryDensity, fieldCount);
      const first = slot * population.stride;
      for (let s = 0; s < amounts.length; s++) amounts[s] = population.amounts[first + s];
      scope.amounts = amounts;
      scope.speciesOffset = 0;
      origin = window.time;
      birth = population.birthTime[slot];
      for (let i = 0; i < size; i++) base[i] = amounts[changed[i]];
    },
    moveTo(extents) {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < size; i++) {
        const list = changers[i];
        let sum = 0;
        for (let k = 0; k < list.length; k++) sum += list[k][1] * extents[list[k][0]];
        const amount = base[i] + sum;
        amounts[changed[i]] = amount;
        // A NaN is passed on.
        if (!(amount >= least)) least = amount;
      }
      return least;
    },
    rebase() {
      for (let i = 0; i < size; i++) base[i] = amounts[changed[i]];
    },
    rates(offset, into) {
      const time = moving ? origin + offset : origin;
      evaluateRates(amounts, into, time, time - birth);
      for (let c = 0; c < count; c++) if (!(into[c] - into[c] === 0)) return c;
      return -1;
    },
    jacobian(offset, into) {
      const time = moving ? origin + offset : origin;
      evaluateEntries(amounts, values, time, time - birth);
      into.fill(0);
      for (let k = 0; k < places.length; k++) into[places[k]] = values[k];
    },
    fieldJacobian(offset, into) {
      fieldEntries ??= makeFieldEntries();
      const time = moving ? origin + offset : origin;
      fieldEntries.evaluate(amounts, fieldEntries.values, time, time - birth);
      into.fill(0);
      for (let k = 0; k < fieldEntries.places.length; k++)
        into[fieldEntries.places[k]] = fieldEntries.values[k];
    },
    timeSlope(offset, into) {
      if (moving) evaluateSlopes(amounts, into, origin + offset, origin + offset - birth);
      else into.fill(0);
    },
    combine(channelValues, into) {
      for (let i = 0; i < size; i++) {
        const list = changers[i];
        let sum = 0;
        for (let k = 0; k < list.length; k++) sum += list[k][1] * channelValues[list[k][0]];
        into[i] = sum;
      }
    },
  };
}

/** What a scope says of the cell that nothing in a window changes. */
const OF_THE_CELL: ReadonlySet<string> = new Set([
  ...['birthVolume', 'divisionVolume', 'stage', 'elapsed', 'quiescent', 'pressure'],
]);

function generated(
  expressions: readonly Expression[],
  all: readonly Expression[],
  dryDensity: number,
  scope: ReturnType<typeof createScope>,
): Evaluate {
  const outside = new Set<string>();
  for (const expression of all) {
    for (const v of reads(expression).values()) {
      if (v.of === 'field') outside.add(`const f${v.index} = scope.fields[scope.fieldOffset + ${v.index}];`);
      if (v.of === 'position') outside.add(`const ${localName(v)} = scope.position[${v.axis}];`);
      if (OF_THE_CELL.has(v.of)) outside.add(`const ${v.of} = scope.${v.of};`);
      if (v.of === 'volume') outside.add(`const volume = x[0] / ${numberText(dryDensity)};`);
    }
  }
  const lines = expressions.map(
    (expression, c) =>
      `into[${c}] = ${toJavaScript(expression, v => (v.of === 'species' ? `x[${v.index}]` : localName(v)))};`,
  );
  return instantiate(
    `return function evaluate(x, into, time, age) {\n${[...outside].join('\n')}\n${lines.join('\n')}\n};`,
    { scope },
  ) as Evaluate;
}

function interpreted(
  expressions: readonly Expression[],
  dryDensity: number,
  scope: ReturnType<typeof createScope>,
): Evaluate {
  const closures = expressions.map(toClosure);
  return (x, into, time, age) => {
    scope.time = time;
    scope.age = age;
    scope.volume = x[0] / dryDensity;
    for (let c = 0; c < closures.length; c++) into[c] = closures[c](scope);
  };
}
