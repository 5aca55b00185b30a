import type { CellType } from '../cells/cellType.ts';
import type { Population } from '../cells/population.ts';
import { divideBy, reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { binary, conditional, divide, field, number } from '../expression/build.ts';
import { type CellRate, cellRate } from './cellRate.ts';
import { isUptake, netChange, type Reaction } from './circuit.ts';
import type { Fault } from './window.ts';

/** A field that an uptake channel consumes. */
export interface ConsumedField {
  readonly field: number;
  /** Molecules taken per unit of extent, > 0. */
  readonly coefficient: number;
  /** Whether rate/c still depends on any field (saturation, inhibition, a second substrate): nonlinear uptake. */
  readonly dependsOnFields: boolean;
  /** Whether rate/c depends on any amount of the cell (by its volume, too). */
  readonly dependsOnSpecies: boolean;
  /** rate/c_f, with the factor cancelled where the rate has it by its form; else 0 at c_f = 0. */
  readonly expression: Expression;
}

/**
 * A continuous channel that consumes from fields. Linearised as rate = k · c_f with c_f the concentration at the cell, k
 * in µm³/s of extent; k goes into the field's implicit operator.
 */
export interface Uptake {
  /** Index into the circuit's reactions. */
  readonly reaction: number;
  readonly fields: readonly ConsumedField[];
  /** Net change of the cell's species and of the fields per unit of extent. */
  readonly cellChanges: readonly (readonly [species: number, change: number])[];
  readonly fieldChanges: readonly (readonly [field: number, change: number])[];
  /** k with respect to fields[position] for cells[0 … count), into out[slot * stride + offset]. */
  coefficients(
    position: number,
    population: Population,
    amounts: Float64Array,
    cells: Int32Array,
    count: number,
    time: number,
    sampled: Float64Array,
    out: Float64Array,
    stride: number,
    offset: number,
  ): Fault | null;
}

/** The uptake channels of a cell type, in the order of its reactions. */
export function compileUptakes(type: CellType, fieldCount: number, generate: boolean): Uptake[] {
  return type.circuit.reactions.flatMap((reaction, index) =>
    isUptake(reaction) ? [compileUptake(type, reaction, index, fieldCount, generate)] : [],
  );
}

function compileUptake(
  type: CellType,
  reaction: Reaction,
  index: number,
  fieldCount: number,
  generate: boolean,
): Uptake {
  const fieldChanges = netChange(reaction, 'field');
  const fields = fieldChanges.filter(([, n]) => n < 0).map(([f, n]) => consumedField(reaction, f, -n));
  const evaluations: CellRate[] = fields.map(({ expression }) =>
    cellRate(type, expression, fieldCount, generate, false),
  );
  return {
    reaction: index,
    fields,
    cellChanges: netChange(reaction, 'cell'),
    fieldChanges,
    coefficients(position, population, amounts, cells, count, time, sampled, out, stride, offset) {
      const evaluate = evaluations[position];
      const slot = evaluate(population, amounts, cells, count, time, sampled, out, stride, offset);
      if (slot < 0) return null;
      const value = out[slot * stride + offset];
      return {
        reaction: reaction.name,
        slot,
        value,
        message: `the rate divided by the concentration is ${value}; it must be finite and at least 0`,
      };
    },
  };
}

function consumedField(reaction: Reaction, index: number, coefficient: number): ConsumedField {
  const expression = uptakeCoefficient(reaction.rate, index);
  const variables = [...reads(expression).values()];
  return {
    field: index,
    coefficient,
    dependsOnFields: variables.some(variable => variable.of === 'field'),
    dependsOnSpecies: variables.some(variable => variable.of === 'species' || variable.of === 'volume'),
    expression,
  };
}

/** rate/c_f as an expression that is defined at c_f = 0. */
export function uptakeCoefficient(rate: Expression, index: number): Expression {
  const exact = divideBy(rate, { of: 'field', index });
  if (exact) return exact;
  const concentration = field(index);
  return conditional(binary('>', concentration, number(0)), divide(rate, concentration), number(0));
}
