import type { CellType } from '../cells/cellType.ts';
import { variableKey } from '../expression/algebra.ts';
import type { Variable } from '../expression/ast.ts';
import { instantiate } from '../expression/codeGeneration.ts';
import { numberText } from '../expression/javascript.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { drawBeyond, layerEnds, layerScales } from '../random/exponential.ts';
import { drawn } from '../random/xoshiro.ts';
import { branchlessFiring, canFireBranchless } from './branchlessFiring.ts';
import { COLUMNS, createHoister, loadVariables } from './cellSource.ts';
import { type StochasticNetwork, stochasticNetwork, treeText } from './network.ts';
import { speciesKey } from './propensity.ts';
import { failFirings, failRate, failTotal, type Kernel } from './window.ts';

/**
 * Exact stochastic simulation by the direct method (Gillespie 1977, doi:10.1021/j100540a008), as JavaScript generated
 * for one cell type. Amounts, propensities and the random stream live in locals; a firing re-evaluates only the
 * propensities that depend on it and re-adds only their groups, each from its members, so that sums never drift. Small
 * networks fire without branches (branchlessFiring.ts), to the same bits.
 *
 * Waiting times are redrawn at each window: exact, because the exponential law has no memory and rates are constant
 * between firings. Order of draws, which directTable.ts shares bit for bit: while the total propensity is positive, one
 * exponential; if it ends within the window, one uniform (again if rounding lets it fall past the last reaction).
 *
 * State (locals of the generated function): x amounts, a propensities, g group sums, s random stream, r molecules given
 * to fields, v molecules left to take, c constants of the window.
 */
export function compileDirect(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  mostFirings: number = RUN_LIMITS.firings,
): Kernel | null {
  const network = stochasticNetwork(type.circuit, guarded);
  if (!network) return null;
  const { source, tables } = directSource(type, network, fieldCount, guarded, mostFirings);
  return instantiate(source, {
    ...tables,
    failRate,
    failTotal,
    failFirings,
    drawBeyond,
    drawn,
    layerEnds,
    layerScales,
  }) as Kernel;
}

/** Source text of the kernel, a function (window, duration, failure) → boolean, and the tables it refers to. */
export function directSource(
  type: CellType,
  network: StochasticNetwork,
  fieldCount: number,
  guarded: boolean,
  mostFirings: number,
): { source: string; tables: Readonly<Record<string, Float64Array | Int32Array>> } {
  const { channels, groups, changed, fields } = network;
  const changedKeys = new Set(changed.map(speciesKey));
  const isVarying = (variable: Variable): boolean => changedKeys.has(variableKey(variable));
  const hoister = createHoister(
    isVarying,
    variable => variable.of === 'species' && !type.circuit.species[variable.index].continuous,
  );
  const rates = channels.map(channel => {
    const rate = hoister.text(channel.propensity);
    const takes = guarded ? channel.given.filter(([, n]) => n < 0) : [];
    if (takes.length === 0) return rate;
    return `(${takes.map(([field, n]) => `v${field} >= ${numberText(-n)}`).join(' && ')} ? ${rate} : 0)`;
  });
  const test = (index: number): string =>
    channels[index].checked
      ? ` if (!(a${index} >= 0)) return failRate(failure, ${channels[index].reaction}, slot, a${index});`
      : '';
  const evaluate = (index: number): string => `a${index} = ${rates[index]};${test(index)}`;
  const groupSum = (index: number): string => treeText(groups[index].map(member => `a${member}`));
  const single = groups.length === 1;
  const total = single ? groupSum(0) : treeText(groups.map((_, index) => `g${index}`));
  const state = `failure, [${channels.map(c => c.reaction)}], [${channels.map((_, i) => `a${i}`)}], slot`;
  const totalTest = `if (!(total > 0 && total < Infinity)) {
      if (total === 0) LEAVE;
      return failTotal(${state});
    }`;

  const fire = (index: number): string => {
    const { reaction, change, given } = channels[index];
    return [
      ...change.map(([species, n]) => `x${species} += ${numberText(n)};`),
      ...given.map(([field, n]) => `r${field} += ${numberText(n)};`),
      ...(guarded ? given.map(([field, n]) => `v${field} += ${numberText(n)};`) : []),
      `extents[${reaction}] += 1;`,
      ...network.dependents[index].map(evaluate),
      ...(single ? [] : network.affected[index].map(group => `g${group} = ${groupSum(group)};`)),
      'break select;',
    ].join('\n');
  };
  const searchMembers = (members: readonly number[]): string =>
    members
      .map((member, place) => {
        const attempt = `if (target < a${member}) {\n${fire(member)}\n}`;
        return place < members.length - 1 ? `${attempt}\ntarget -= a${member};` : attempt;
      })
      .join('\n');
  const searchGroups = (group: number): string => {
    if (single) return searchMembers(groups[0]);
    const found = `if (target < g${group}) {\n${searchMembers(groups[group])}\n}`;
    return group === groups.length - 1
      ? found
      : `${found} else {\ntarget -= g${group};\n${searchGroups(group + 1)}\n}`;
  };
  const draw = `${drawWord('high')}
        ${drawWord('low')}
        let target = ((high >>> 5) * 67108864 + (low >>> 6)) * ${numberText(2 ** -53)} * total;`;
  const varying = [...new Set(network.dependents.flat())].sort((a, b) => a - b);
  const firing = canFireBranchless(network, isVarying)
    ? branchlessFiring(network, guarded, draw, varying.map(evaluate))
    : { statements: `select: while (true) {\n${draw}\n${searchGroups(0)}\n}`, tables: {} };

  const expressions = channels.map(channel => channel.propensity);
  const source = `return function advanceDirect(window, duration, failure) {
  ${COLUMNS}
  const { released, available, extents } = window;
  for (let n = from; n < to; n++) {
    const slot = cells[n];
    const base = slot * stride;
    ${loadVariables(expressions, changed, fieldCount, type.dryDensity, false)}
    ${fields.map(field => `let r${field} = 0;`).join(' ')}
    ${guarded ? fields.map(field => `let v${field} = available[slot * ${fieldCount} + ${field}];`).join('\n') : ''}
    ${hoister.statements.join('\n')}
    ${channels.map((_, index) => `let ${evaluate(index)}`).join('\n')}
    ${single ? '' : groups.map((_, index) => `let g${index} = ${groupSum(index)};`).join('\n')}
    let total = ${total};
    ${totalTest.replace('LEAVE', 'continue')}
    const stream = slot * 4;
    let s0 = streams[stream] | 0, s1 = streams[stream + 1] | 0, s2 = streams[stream + 2] | 0, s3 = streams[stream + 3] | 0;
    let clock = 0;
    let left = ${mostFirings};
    while (true) {
      ${drawWord('first')}
      ${drawWord('second')}
      const layer = first & 255;
      let wait = ((first >>> 8) * 536870912 + (second >>> 3)) * layerScales[layer];
      if (wait >= layerEnds[layer + 1]) {
        streams[stream] = s0; streams[stream + 1] = s1; streams[stream + 2] = s2; streams[stream + 3] = s3;
        drawn[0] = wait;
        drawBeyond(streams, stream, layer);
        wait = drawn[0];
        s0 = streams[stream] | 0; s1 = streams[stream + 1] | 0; s2 = streams[stream + 2] | 0; s3 = streams[stream + 3] | 0;
      }
      clock += wait / total;
      if (clock >= duration) break;
      if (--left < 0) return failFirings(${state});
      ${firing.statements}
      total = ${total};
      ${totalTest.replace('LEAVE', 'break')}
    }
    streams[stream] = s0; streams[stream + 1] = s1; streams[stream + 2] = s2; streams[stream + 3] = s3;
    ${changed.map(species => `amounts[base + ${species}] = x${species};`).join('\n')}
    ${fields.map(field => `released[slot * ${fieldCount} + ${field}] += r${field};`).join('\n')}
    ${guarded ? fields.map(field => `available[slot * ${fieldCount} + ${field}] = v${field};`).join('\n') : ''}
  }
  return true;
};`;
  return { source, tables: { ...hoister.tables, ...firing.tables } };
}

/** One word of xoshiro128** on the locals s0 … s3: the lines of random/xoshiro.ts. */
function drawWord(name: string): string {
  return `const ${name}Five = Math.imul(s1, 5);
      const ${name} = Math.imul((${name}Five << 7) | (${name}Five >>> 25), 9);
      const ${name}Shifted = s1 << 9;
      s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= ${name}Shifted; s3 = (s3 << 11) | (s3 >>> 21);`;
}
