import type { CellType } from '../cells/cellType.ts';
import { reads } from '../expression/algebra.ts';
import type { Variable } from '../expression/ast.ts';
import { numberText } from '../expression/javascript.ts';
import { createHoister, lifeText, localName, pressureText } from './cellSource.ts';
import type { StochasticNetwork } from './network.ts';
import type { CircuitWindow } from './window.ts';

/** What a method asks of rates; each is generated (here) or interpreted (reactionSystem.ts). */
export interface Evaluation {
  /** Takes what the cell sees besides its amounts, which are already in place. */
  load(window: CircuitWindow, slot: number): void;
  /** Moves time and age; only where the system is timed. */
  setTime(time: number): void;
  /** All propensities; the first channel whose value is negative or not finite, −1 if none. */
  evaluate(): number;
  /** The propensity of one channel now, not stored. */
  propensity(channel: number): number;
  /** One firing: amounts, transfers and extent, then the propensities that depend on it; as `evaluate`. */
  fire(channel: number): number;
}

/** Channels evaluated by one generated function: beyond some size an engine stops optimising a function. */
const CHANNELS_PER_FUNCTION = 64;

/**
 * Source of an Evaluation. It refers to the arrays amounts, propensities, extents, given and left by name and to the
 * tables returned with it. With a `voxelVolume` (µm³) concentrations are what is left in it.
 */
export function evaluationSource(
  type: CellType,
  network: StochasticNetwork,
  fieldCount: number,
  guarded: boolean,
  isVarying: (variable: Variable) => boolean,
  isWhole: (variable: Variable) => boolean,
  voxelVolume: number | null = null,
): { source: string; tables: Readonly<Record<string, Float64Array>> } {
  const { channels } = network;
  const isContent = (variable: Variable): boolean => voxelVolume !== null && variable.of === 'field';
  const nameOf = (variable: Variable): string => {
    if (variable.of === 'field' && voxelVolume !== null)
      return `(left[${variable.index}] / ${numberText(voxelVolume)})`;
    return variable.of === 'species' ? `x[${variable.index}]` : localName(variable);
  };
  const hoister = createHoister(isVarying, isWhole, nameOf);
  const rates = channels.map(channel => {
    const rate = hoister.text(channel.propensity);
    const takes = guarded && channel.factor === null ? channel.given.filter(([, n]) => n < 0) : [];
    if (takes.length === 0) return rate;
    return `(${takes.map(([field, n]) => `left[${field}] >= ${numberText(-n)}`).join(' && ')} ? ${rate} : 0)`;
  });
  const evaluate = (c: number): string =>
    `a[${c}] = ${rates[c]}; if (!(a[${c}] >= 0 && a[${c}] < Infinity)) return ${c};`;
  const blocks: string[] = [];
  for (let start = 0; start < channels.length; start += CHANNELS_PER_FUNCTION) {
    const members = channels
      .map((_, c) => c)
      .slice(start, start + CHANNELS_PER_FUNCTION)
      .map(evaluate);
    blocks.push(`function evaluate${blocks.length}() { ${members.join('\n')}\nreturn -1; }`);
  }
  const fire = (c: number): string => {
    const { change, given } = channels[c];
    return `() => {
${change.map(([s, n]) => `x[${s}] += ${numberText(n)};`).join(' ')}
${given.map(([f, n]) => `given[${f}] += ${numberText(n)}; left[${f}] += ${numberText(n)};`).join(' ')}
extents[${c}] += 1;
${network.dependents[c].map(evaluate).join('\n')}
return -1; }`;
  };
  const used = new Map<string, Variable>();
  for (const { propensity } of channels) for (const [key, v] of reads(propensity)) used.set(key, v);
  const outside = [...used.values()].filter(v => v.of !== 'species' && !isContent(v));
  const loads = outside.map(variable => {
    switch (variable.of) {
      case 'field':
        return `f${variable.index} = window.sampled[slot * (window.columns ?? ${fieldCount}) + ${variable.index}];`;
      case 'volume':
        return `volume = x[0] / ${numberText(type.dryDensity)};`;
      case 'time':
        return 'time = window.time;';
      case 'age':
        return 'age = window.time - birth;';
      case 'birthVolume':
      case 'divisionVolume':
        return `${variable.of} = window.population.${variable.of}[slot];`;
      case 'stage':
      case 'elapsed':
      case 'quiescent':
        return `${variable.of} = ${lifeText(variable.of, 'window.population', 'window.time')};`;
      case 'pressure':
        return `pressure = ${pressureText('window.population')};`;
      case 'position':
        return `${localName(variable)} = window.population.${'xyz'[variable.axis]}[slot];`;
      default:
        return '';
    }
  });
  const constants = hoister.statements.map(statement => statement.replace(/^const /, ''));
  const locals = [
    ...outside.map(localName),
    ...constants.map(statement => statement.slice(0, statement.indexOf(' '))),
  ].map(name => `${name} = 0`);
  const has = (of: Variable['of']): boolean => outside.some(v => v.of === of);
  const source = `const x = amounts, a = propensities;
let ${['birth = 0', ...locals].join(', ')};
${blocks.join('\n')}
const fires = [${channels.map((_, c) => fire(c)).join(',\n')}];
const rates = [${rates.map(rate => `() => ${rate}`).join(',\n')}];
return {
  load(window, slot) {
    birth = window.population.birthTime[slot];
    ${loads.join('\n')}
    ${constants.join('\n')}
  },
  setTime(t) { ${has('time') ? 'time = t;' : ''} ${has('age') ? 'age = t - birth;' : ''} },
  evaluate() {
    ${
      blocks.length === 1
        ? 'return evaluate0();'
        : `${blocks.map((_, b) => `{ const bad = evaluate${b}(); if (bad >= 0) return bad; }`).join('\n')} return -1;`
    }
  },
  propensity(channel) { return rates[channel](); },
  fire(channel) { return fires[channel](); },
};`;
  return { source, tables: hoister.tables };
}
