import type { CellType } from '../cells/cellType.ts';
import { variableKey } from '../expression/algebra.ts';
import { instantiate } from '../expression/codeGeneration.ts';
import { numberText } from '../expression/javascript.ts';
import { ABSOLUTE_SHARE, BS3, nextStep, SHORTEST_STEP } from '../ode/bogackiShampine.ts';
import { COLUMNS, createHoister, loadVariables } from './cellSource.ts';
import { type ContinuousNetwork, continuousNetwork } from './continuousNetwork.ts';
import { explainRejection } from './continuousTable.ts';
import { lineColumns } from './lines.ts';
import { speciesKey } from './propensity.ts';
import { createStiffWindow, MOST_EXPLICIT_STEPS } from './stiffWindow.ts';
import type { Kernel } from './window.ts';

/**
 * Integrates the continuous channels of a cell type over a window (scheme in bogackiShampine.ts), as generated
 * JavaScript; a cell that needs too many steps is handed over to a stiff solver. continuousTable.ts does the same operations without code generation.
 *
 * State (locals of the generated function): b amounts at the start, x amounts of the present stage, e extents so far,
 * z extents of the stage, k l m q the rates of the four stages, c constants of the window. Where `timed`, cells see fields on lines (lines.ts),
 * and rates follow time from `window.time` on; else it is held there.
 */
export function compileContinuous(
  type: CellType,
  fieldCount: number,
  includeUptake: boolean,
  tolerance: number,
  timed = false,
): Kernel | null {
  const network = continuousNetwork(type.circuit, includeUptake);
  if (!network) return null;
  return instantiate(continuousSource(type, network, fieldCount, includeUptake, tolerance, timed), {
    nextStep,
    explainRejection,
    network,
    advanceStiff: createStiffWindow(type, fieldCount, includeUptake, tolerance, timed),
  }) as Kernel;
}

/** Source text of the kernel: a function (window, duration, failure) → boolean. */
export function continuousSource(
  type: CellType,
  network: ContinuousNetwork,
  fieldCount: number,
  includeUptake: boolean,
  tolerance: number,
  timed = false,
): string {
  const { channels, changed, changers, detached } = network;
  const changedKeys = new Set(changed.map(speciesKey));
  const volumeVaries = changed.includes(0);
  if (volumeVaries) changedKeys.add(variableKey({ of: 'volume' }));
  if (timed) changedKeys.add(variableKey({ of: 'time' })).add(variableKey({ of: 'age' }));
  const hoister = createHoister(variable => changedKeys.has(variableKey(variable)));
  const rates = channels.map(channel => hoister.text(channel.rate));
  const expressions = channels.map(channel => channel.rate);
  const columns = timed ? lineColumns(fieldCount) : fieldCount;
  const loads = loadVariables(expressions, changed, columns, type.dryDensity, volumeVaries, timed);
  const updateTime = (node: string): string => {
    if (!timed) return '';
    const age = loads.includes('let age') ? 'age = time - birthTime[slot];' : '';
    return `time = origin + (clock + ${node}); ${age}`;
  };
  const volumeUsed = volumeVaries && loads.includes('let volume');
  const each = (line: (channel: number) => string): string =>
    channels.map((_, index) => line(index)).join('\n');

  const updateVolume = volumeUsed ? `volume = x0 / ${numberText(type.dryDensity)};` : '';
  /** Extents z and amounts x of a stage, and the rates there into the locals `into`; `reject` if that is impossible. */
  const stage = (increment: (channel: number) => string, into: string, node: string): string =>
    `${updateTime(node)}
    ${each(c => `z${c} = e${c} + h * ${increment(c)};`)}
    ${changed.map((s, i) => `x${s} = b${s} + ${changeText(changers[i], 'z')};`).join('\n')}
    ${changed.length > 0 ? `if (!(${changed.map(s => `x${s} >= 0`).join(' && ')})) break attempt;` : ''}
    ${updateVolume}
    ${each(c => `${into}${c} = ${rates[c]};`)}
    ${ratesTest(channels, into, 'break attempt;')}`;
  const errorOf = (c: number): string =>
    `(${numberText(BS3.e1)} * k${c} + ${numberText(BS3.e2)} * l${c} + ${numberText(BS3.e3)} * m${c} + ${numberText(BS3.e4)} * q${c})`;
  const scaled = (error: string, size: string): string =>
    `Math.abs(h * ${error}) / (${numberText(tolerance)} * (${numberText(ABSOLUTE_SHARE)} + ${size}))`;
  const errors = [
    ...changed.map((s, i) => scaled(changeText(changers[i], 'd'), `x${s}`)),
    ...detached.map(c => scaled(`d${c}`, `z${c}`)),
  ];
  const failure = `return explainRejection(failure, network, slot, [${channels
    .map((_, c) => `k${c}, l${c}, m${c}, q${c}`)
    .join(', ')}], [${changed.map(s => `x${s}`)}]);`;

  return `return function advanceContinuous(window, duration, failure) {
  ${timed ? COLUMNS.replace('time, ', '') : COLUMNS}
  ${timed ? 'const origin = window.time;\nlet time = origin;' : ''}
  const { released, expectedUptake, uptakeStride, extents } = window;
  if (!(duration > 0)) return true;
  const shortest = duration * ${numberText(SHORTEST_STEP)};
  cells: for (let n = from; n < to; n++) {
    const slot = cells[n];
    const base = slot * stride;
    ${timed ? 'time = origin;' : ''}
    ${loads}
    ${changed.map(s => `const b${s} = x${s};`).join(' ')}
    ${hoister.statements.join('\n')}
    ${each(c => `let e${c} = 0, z${c} = 0, k${c} = ${rates[c]}, l${c} = 0, m${c} = 0, q${c} = 0;`)}
    ${ratesTest(channels, 'k', failure)}
    let clock = 0;
    let h = duration;
    for (let step = 0; ; step++) {
      if (step === ${MOST_EXPLICIT_STEPS}) {
        if (!advanceStiff(window, n, duration, failure)) return false;
        continue cells;
      }
      let error = Infinity;
      attempt: {
        ${stage(c => `(${numberText(BS3.a2)} * k${c})`, 'l', `${numberText(BS3.a2)} * h`)}
        ${stage(c => `(${numberText(BS3.a3)} * l${c})`, 'm', `${numberText(BS3.a3)} * h`)}
        ${stage(c => `(${numberText(BS3.b1)} * k${c} + ${numberText(BS3.b2)} * l${c} + ${numberText(BS3.b3)} * m${c})`, 'q', 'h')}
        ${each(c => `const d${c} = ${errorOf(c)};`)}
        error = ${errors.length === 1 ? errors[0] : `Math.max(${errors.join(', ')})`};
      }
      if (error <= 1) {
        ${each(c => `e${c} = z${c};`)}
        clock += h;
        if (clock >= duration) break;
        ${each(c => `k${c} = q${c};`)}
        h = Math.min(+nextStep(h, error), duration - clock);
      } else {
        h = +nextStep(h, error);
        if (!(h > shortest)) ${failure}
      }
    }
    ${changed.map(s => `amounts[base + ${s}] = x${s};`).join('\n')}
    ${each(c => reportExtent(channels[c], c, fieldCount, includeUptake))}
  }
  return true;
};`;
}

function changeText(changers: readonly (readonly [number, number])[], prefix: string): string {
  return `(${changers.map(([channel, n]) => `${numberText(n)} * ${prefix}${channel}`).join(' + ')})`;
}

function ratesTest(channels: ContinuousNetwork['channels'], prefix: string, consequence: string): string {
  const tests = channels.flatMap(({ checked }, c) =>
    checked ? [`${prefix}${c} >= 0 && ${prefix}${c} < Infinity`] : [],
  );
  return tests.length === 0 ? '' : `if (!(${tests.join(' && ')})) ${consequence}`;
}

function reportExtent(
  { reaction, given, uptake }: ContinuousNetwork['channels'][number],
  c: number,
  fieldCount: number,
  includeUptake: boolean,
): string {
  const lines = [`extents[${reaction}] += e${c};`];
  for (const [field, n] of given) {
    lines.push(`released[slot * ${fieldCount} + ${field}] += ${numberText(n)} * e${c};`);
  }
  if (uptake >= 0 && includeUptake) lines.push(`expectedUptake[slot * uptakeStride + ${uptake}] += e${c};`);
  return lines.join('\n');
}
