import type { CellType } from '../cells/cellType.ts';
import { reads, variableKey } from '../expression/algebra.ts';
import type { Variable } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { instantiate } from '../expression/codeGeneration.ts';
import { createScope } from '../expression/scope.ts';
import { type StochasticNetwork, stochasticNetwork } from './network.ts';
import { speciesKey } from './propensity.ts';
import { type Evaluation, evaluationSource } from './reactionSource.ts';
import { moveScope } from './scopeOfCell.ts';
import { type CircuitWindow, type Failure, failRate, type Kernel } from './window.ts';

/**
 * The stochastic channels of one cell at a time, on working arrays that the methods share: amounts, propensities, firings.
 * Rates come from generated JavaScript or from closures, with the same bits.
 *
 * A method enters a cell, changes amounts by whole firings (or real extents) of channels, and leaves it; nothing outside
 * is touched in between. Conservation is then a fact of the stoichiometry in `change`.
 */
export interface ReactionSystem extends Evaluation {
  readonly network: StochasticNetwork;
  /** Number of channels. */
  readonly count: number;
  /** Index into the circuit's reactions, by channel. */
  readonly reactions: readonly number[];
  /** Amounts of all species of the cell. */
  readonly amounts: Float64Array;
  readonly propensities: Float64Array;
  /** Extents per channel since the cell was entered. */
  readonly extents: Float64Array;
  /** Molecules left to take from each field, where `guarded`. */
  readonly left: Float64Array;
  readonly guarded: boolean;
  /** Whether a channel's propensity depends on time within a window (only where `timed`). */
  readonly isTimed: Uint8Array;
  readonly anyTimed: boolean;
  /** Reads a cell's state; evaluates nothing yet. */
  enter(window: CircuitWindow, slot: number): void;
  /** Adds `times` firings of a channel to amounts, transfers and extents; propensities stay as they were. */
  change(channel: number, times: number): void;
  /** Writes the cell's state back and books transfers and extents. */
  leave(window: CircuitWindow, slot: number): void;
}

export interface SystemOptions {
  /** Channels heed CircuitWindow.available. */
  readonly guarded: boolean;
  readonly generate: boolean;
  /** Rates follow `time` and `age` within a window (setTime); otherwise both are held. */
  readonly timed?: boolean;
  /** Amounts may be real numbers within a window, so Hill functions are not looked up by count. */
  readonly real?: boolean;
  /** The voxel that the cell shares with others; then guarded, and concentrations follow every firing in it. */
  readonly voxel?: Voxel;
}

/** What the cells of one voxel have in common. */
export interface Voxel {
  /** Molecules of each field; all cells take from it and give to it at once. */
  readonly contents: Float64Array;
  /** µm³ */
  readonly volume: number;
}

/** Null where the circuit has no stochastic channel. */
export function createSystem(
  type: CellType,
  fieldCount: number,
  options: SystemOptions,
): ReactionSystem | null {
  const { generate, timed = false, real = false, voxel } = options;
  const guarded = options.guarded || voxel !== undefined;
  const network = stochasticNetwork(type.circuit, guarded, voxel !== undefined);
  if (!network) return null;
  const { channels, changed } = network;
  const count = channels.length;
  const amounts = new Float64Array(type.circuit.species.length);
  const propensities = new Float64Array(count);
  const extents = new Float64Array(count);
  const given = new Float64Array(fieldCount);
  const left = voxel?.contents ?? new Float64Array(fieldCount);
  const isTimed = Uint8Array.from(channels, ({ propensity }) =>
    timed && [...reads(propensity).values()].some(v => v.of === 'time' || v.of === 'age') ? 1 : 0,
  );
  const changedKeys = new Set(changed.map(speciesKey));
  const isVarying = (variable: Variable): boolean =>
    changedKeys.has(variableKey(variable)) ||
    (voxel !== undefined && variable.of === 'field') ||
    (timed && (variable.of === 'time' || variable.of === 'age'));
  const isWhole = (variable: Variable): boolean =>
    !real && variable.of === 'species' && !type.circuit.species[variable.index].continuous;

  let evaluation: Evaluation;
  if (generate) {
    const { source, tables } = evaluationSource(
      type,
      network,
      fieldCount,
      guarded,
      isVarying,
      isWhole,
      voxel?.volume,
    );
    evaluation = instantiate(source, {
      ...tables,
      amounts,
      propensities,
      extents,
      given,
      left,
    }) as Evaluation;
  } else {
    evaluation = interpretedEvaluation(type, network, fieldCount, guarded, {
      amounts,
      propensities,
      extents,
      given,
      left,
      voxelVolume: voxel?.volume ?? null,
    });
  }

  const changes = channels.map(channel => Int32Array.from(channel.change, ([species]) => species));
  const steps = channels.map(channel => Float64Array.from(channel.change, ([, n]) => n));
  const transferFields = channels.map(channel => Int32Array.from(channel.given, ([field]) => field));
  const transfers = channels.map(channel => Float64Array.from(channel.given, ([, n]) => n));
  const reactions = channels.map(channel => channel.reaction);
  const fields = Int32Array.from(network.fields);
  const written = Int32Array.from(changed);
  const speciesCount = amounts.length;

  return {
    ...evaluation,
    network,
    count,
    reactions,
    amounts,
    propensities,
    extents,
    left,
    guarded,
    isTimed,
    anyTimed: isTimed.includes(1),
    enter(window, slot) {
      const { population } = window;
      const base = slot * population.stride;
      for (let s = 0; s < speciesCount; s++) amounts[s] = population.amounts[base + s];
      extents.fill(0);
      for (let i = 0; i < fields.length; i++) {
        given[fields[i]] = 0;
        if (voxel === undefined)
          left[fields[i]] = window.available ? window.available[slot * fieldCount + fields[i]] : 0;
      }
      evaluation.load(window, slot);
    },
    change(channel, times) {
      const species = changes[channel];
      const step = steps[channel];
      for (let i = 0; i < species.length; i++) amounts[species[i]] += times * step[i];
      const into = transferFields[channel];
      const transfer = transfers[channel];
      for (let i = 0; i < into.length; i++) {
        given[into[i]] += times * transfer[i];
        left[into[i]] += times * transfer[i];
      }
      extents[channel] += times;
    },
    leave(window, slot) {
      const { population, released, available } = window;
      const base = slot * population.stride;
      for (let i = 0; i < written.length; i++) population.amounts[base + written[i]] = amounts[written[i]];
      for (let i = 0; i < fields.length; i++) {
        released[slot * fieldCount + fields[i]] += given[fields[i]];
        if (guarded && available) available[slot * fieldCount + fields[i]] = left[fields[i]];
      }
      for (let c = 0; c < count; c++) if (extents[c] !== 0) window.extents[reactions[c]] += extents[c];
    },
  };
}

/** The working arrays of a system. */
interface Columns {
  readonly amounts: Float64Array;
  readonly propensities: Float64Array;
  readonly extents: Float64Array;
  readonly given: Float64Array;
  readonly left: Float64Array;
  /** Of the voxel whose content `left` is; null where it is not. */
  readonly voxelVolume: number | null;
}

/** The evaluation of reactionSource.ts on closures. */
function interpretedEvaluation(
  type: CellType,
  network: StochasticNetwork,
  fieldCount: number,
  guarded: boolean,
  { amounts, propensities, extents, given, left, voxelVolume }: Columns,
): Evaluation {
  const { channels } = network;
  const dependents = network.dependents.map(list => Int32Array.from(list));
  const closures = channels.map(channel => toClosure(channel.propensity));
  const takes = channels.map(channel =>
    guarded && channel.factor === null ? channel.given.filter(([, n]) => n < 0) : [],
  );
  const scope = createScope();
  const changes = channels.map(channel => channel.change);
  const transfers = channels.map(channel => channel.given);
  let birth = 0;
  const concentrations = new Float64Array(left.length);

  function propensity(channel: number): number {
    if (voxelVolume !== null) {
      for (let f = 0; f < left.length; f++) concentrations[f] = left[f] / voxelVolume;
    }
    for (const [field, n] of takes[channel]) if (!(left[field] >= -n)) return 0;
    return closures[channel](scope);
  }
  function valid(value: number): boolean {
    return value >= 0 && value < Number.POSITIVE_INFINITY;
  }
  return {
    load(window, slot) {
      moveScope(scope, window, window.population.amounts, slot, type.dryDensity, fieldCount);
      scope.amounts = amounts;
      scope.speciesOffset = 0;
      if (voxelVolume !== null) {
        scope.fields = concentrations;
        scope.fieldOffset = 0;
      }
      birth = window.population.birthTime[slot];
    },
    setTime(time) {
      scope.time = time;
      scope.age = time - birth;
    },
    evaluate() {
      for (let c = 0; c < propensities.length; c++) {
        propensities[c] = propensity(c);
        if (!valid(propensities[c])) return c;
      }
      return -1;
    },
    propensity,
    fire(channel) {
      const change = changes[channel];
      for (let i = 0; i < change.length; i++) amounts[change[i][0]] += change[i][1];
      const transfer = transfers[channel];
      for (let i = 0; i < transfer.length; i++) {
        given[transfer[i][0]] += transfer[i][1];
        left[transfer[i][0]] += transfer[i][1];
      }
      extents[channel] += 1;
      const list = dependents[channel];
      for (let i = 0; i < list.length; i++) {
        propensities[list[i]] = propensity(list[i]);
        if (!valid(propensities[list[i]])) return list[i];
      }
      return -1;
    },
  };
}

/** Advances the cell that was entered by `duration` (s); false on failure. */
export type Advance = (window: CircuitWindow, slot: number, duration: number, failure: Failure) => boolean;

/** A kernel that advances cell after cell; `atOnce`: also over windows without length. */
export function kernelOf(system: ReactionSystem, advance: Advance, atOnce = false): Kernel {
  return (window, duration, failure) => {
    if (!(duration > 0) && !atOnce) return true;
    const { cells, from, to } = window;
    for (let n = from; n < to; n++) {
      const slot = cells[n];
      system.enter(window, slot);
      const bad = system.evaluate();
      if (bad >= 0) return failPropensity(system, bad, slot, failure);
      if (!advance(window, slot, duration, failure)) return false;
      system.leave(window, slot);
    }
    return true;
  };
}

/**
 * For amounts that cannot be kept ≥ 0, or a step that cannot be made short enough: an invalid rate by name; else what is short and the
 * fastest channel that takes it; else the fastest channel.
 */
export function failState(system: ReactionSystem, slot: number, failure: Failure): false {
  const { network, amounts, propensities, count, reactions } = system;
  const short = network.changed.findIndex(s => !(amounts[s] >= 0));
  if (short < 0) {
    const bad = system.evaluate();
    if (bad >= 0) return failPropensity(system, bad, slot, failure);
  }
  const species = network.changed[short];
  let fastest = -1;
  for (let c = 0; c < count; c++) {
    const takes = short < 0 || network.channels[c].change.some(([s, n]) => s === species && n < 0);
    if (takes && (fastest < 0 || propensities[c] > propensities[fastest])) fastest = c;
  }
  failRate(failure, reactions[Math.max(0, fastest)], slot, propensities[Math.max(0, fastest)]);
  failure.cause = 'stuck';
  if (short >= 0) {
    failure.cause = 'exhausted';
    failure.species = species;
    failure.value = amounts[species];
  }
  return false;
}

export function failPropensity(
  system: ReactionSystem,
  channel: number,
  slot: number,
  failure: Failure,
): false {
  return failRate(failure, system.reactions[channel], slot, system.propensities[channel]);
}
