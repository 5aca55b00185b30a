import type { CellType } from '../cells/cellType.ts';
import type { Population } from '../cells/population.ts';
import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { instantiate } from '../expression/codeGeneration.ts';
import { toJavaScript } from '../expression/javascript.ts';
import { createScope } from '../expression/scope.ts';
import { loadVariables, localName } from './cellSource.ts';
import { moveScope } from './scopeOfCell.ts';

/**
 * Evaluates one expression for the cells in cells[0 … count) of one type, at amounts laid out as the population's, into
 * out[slot * stride + offset]. Returns the slot of the first cell where it is negative or not finite, −1 if none.
 */
export type CellRate = (
  population: Population,
  amounts: Float64Array,
  cells: Int32Array,
  count: number,
  time: number,
  sampled: Float64Array,
  out: Float64Array,
  stride: number,
  offset: number,
) => number;

/** `signed` expressions may be negative. */
export function cellRate(
  type: CellType,
  expression: Expression,
  fieldCount: number,
  generate: boolean,
  signed: boolean,
): CellRate {
  return generate
    ? generatedRate(type, expression, fieldCount, signed)
    : interpretedRate(type, expression, fieldCount, signed);
}

function generatedRate(
  type: CellType,
  expression: Expression,
  fieldCount: number,
  signed: boolean,
): CellRate {
  const valid = signed ? 'value - value === 0' : 'value >= 0 && value < Infinity';
  return instantiate(`return function cellRate(population, amounts, cells, count, time, sampled, out, stride, offset) {
  const { birthTime, x, y, z } = population;
  const species = population.stride;
  for (let n = 0; n < count; n++) {
    const slot = cells[n];
    const base = slot * species;
    ${loadVariables([expression], [], fieldCount, type.dryDensity, false)}
    const value = ${toJavaScript(expression, localName)};
    out[slot * stride + offset] = value;
    if (!(${valid})) return slot;
  }
  return -1;
};`) as CellRate;
}

function interpretedRate(
  type: CellType,
  expression: Expression,
  fieldCount: number,
  signed: boolean,
): CellRate {
  const closure = toClosure(expression);
  const scope = createScope();
  return (population, amounts, cells, count, time, sampled, out, stride, offset) => {
    const surroundings = { population, time, sampled };
    for (let n = 0; n < count; n++) {
      const slot = cells[n];
      moveScope(scope, surroundings, amounts, slot, type.dryDensity, fieldCount);
      const value = closure(scope);
      out[slot * stride + offset] = value;
      if (!(Number.isFinite(value) && (signed || value >= 0))) return slot;
    }
    return -1;
  };
}
