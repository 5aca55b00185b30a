import { reads } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { canGenerateCode, instantiate } from '../expression/codeGeneration.ts';
import { toJavaScript } from '../expression/javascript.ts';
import { createScope } from '../expression/scope.ts';

/**
 * Evaluates expressions in the first `count` voxels of a block whose arrays hold `stride` voxels one after the other:
 * concentrations state[place * stride + v] (molecules/µm³), coordinates position[axis * stride + v] (µm), results
 * out[expression * stride + v].
 */
export type Rates = (
  state: Float64Array,
  position: Float64Array,
  time: number,
  out: Float64Array,
  count: number,
  stride: number,
) => void;

/** `fields`: the field at each place of the state. Generated code and closures give the same bits. */
export function compileRates(
  expressions: readonly Expression[],
  fields: readonly number[],
  generate: boolean,
): Rates {
  return generate && canGenerateCode() ? generated(expressions, fields) : interpreted(expressions, fields);
}

function generated(expressions: readonly Expression[], fields: readonly number[]): Rates {
  const nameOf = (v: Variable): string => {
    switch (v.of) {
      case 'field':
        return `c${v.index}`;
      case 'position':
        return `p${v.axis}`;
      default:
        return 'time';
    }
  };
  const loads = new Map<string, string>();
  for (const expression of expressions) {
    for (const v of reads(expression).values()) {
      if (v.of === 'field') loads.set(nameOf(v), `state[${fields.indexOf(v.index)} * stride + v]`);
      if (v.of === 'position') loads.set(nameOf(v), `position[${v.axis} * stride + v]`);
    }
  }
  const lines = [
    ...[...loads].map(([name, text]) => `const ${name} = ${text};`),
    ...expressions.map((e, i) => `out[${i} * stride + v] = ${toJavaScript(e, nameOf)};`),
  ];
  return instantiate(
    `return function rates(state, position, time, out, count, stride) {
for (let v = 0; v < count; v++) {
${lines.join('\n')}
}
};`,
  ) as Rates;
}

function interpreted(expressions: readonly Expression[], fields: readonly number[]): Rates {
  const closures = expressions.map(toClosure);
  const scope = createScope();
  scope.fields = new Float64Array(Math.max(0, ...fields.map(field => field + 1)));
  return (state, position, time, out, count, stride) => {
    scope.time = time;
    for (let v = 0; v < count; v++) {
      for (let place = 0; place < fields.length; place++) {
        scope.fields[fields[place]] = state[place * stride + v];
      }
      for (let axis = 0; axis < 3; axis++) scope.position[axis] = position[axis * stride + v];
      for (let i = 0; i < closures.length; i++) out[i * stride + v] = closures[i](scope);
    }
  };
}
