import type { CellType } from '../cells/cellType.ts';
import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { exponential } from '../random/exponential.ts';
import { uniform } from '../random/xoshiro.ts';
import { stochasticNetwork, treeSum } from './network.ts';
import { moveScope } from './scopeOfCell.ts';
import { type CircuitWindow, type Failure, failFirings, failRate, failTotal, type Kernel } from './window.ts';

/**
 * The direct method of direct.ts on tables instead of generated code, for contexts that forbid code generation and for
 * networks too large to generate. The same operations on the same draws: trajectories are bit-identical.
 */
export function tabulateDirect(
  type: CellType,
  fieldCount: number,
  guarded: boolean,
  mostFirings: number = RUN_LIMITS.firings,
): Kernel | null {
  const network = stochasticNetwork(type.circuit, guarded);
  if (!network) return null;
  const { channels, groups, dependents, affected, fields } = network;
  const checked = Uint8Array.from(channels, channel => (channel.checked ? 1 : 0));
  const closures = channels.map(channel => toClosure(channel.propensity));
  const massAction = channels.map(channel => massActionOf(channel.propensity));
  const constants = Float64Array.from(massAction, form => form?.constant ?? 0);
  /** Number of species factors of a mass-action propensity, −1 for any other form. */
  const orders = Int8Array.from(massAction, form => form?.species.length ?? -1);
  const first = Int32Array.from(massAction, form => form?.species[0] ?? 0);
  const second = Int32Array.from(massAction, form => form?.species[1] ?? 0);
  const changedSpecies = channels.map(channel => Int32Array.from(channel.change, ([species]) => species));
  const changes = channels.map(channel => Float64Array.from(channel.change, ([, n]) => n));
  const dependentLists = dependents.map(list => Int32Array.from(list));
  const affectedLists = affected.map(list => Int32Array.from(list));
  const reactions = channels.map(channel => channel.reaction);
  const takes = channels.map(channel => channel.given.filter(([, n]) => n < 0));
  const groupStart = groups.map(members => members[0]);
  const groupEnd = groups.map(members => members[members.length - 1] + 1);

  const scope = createScope();
  const propensities = new Float64Array(channels.length);
  const sums = new Float64Array(groups.length);
  const given = new Float64Array(fieldCount);

  /** Evaluates one propensity; false where it is negative. */
  function refresh(channel: number, window: CircuitWindow): boolean {
    if (guarded && window.available) {
      const { available } = window;
      for (const [field, n] of takes[channel]) {
        if (!(available[scope.fieldOffset + field] >= -n)) {
          propensities[channel] = 0;
          return true;
        }
      }
    }
    const { amounts, speciesOffset } = scope;
    let value: number;
    switch (orders[channel]) {
      case 0:
        value = constants[channel];
        break;
      case 1:
        value = constants[channel] * amounts[speciesOffset + first[channel]];
        break;
      case 2:
        value =
          constants[channel] *
          amounts[speciesOffset + first[channel]] *
          amounts[speciesOffset + second[channel]];
        break;
      default:
        value = closures[channel](scope);
    }
    propensities[channel] = value;
    return value >= 0 || checked[channel] === 0;
  }

  /** The channel in which a uniform fraction of the total falls; −1 where rounding lets it fall past the end. */
  function select(target: number): number {
    for (let group = 0; group < groups.length; group++) {
      // A single group is searched without looking at its sum, as in the generated code.
      if (target < sums[group] || groups.length === 1) {
        const end = groupEnd[group];
        for (let channel = groupStart[group]; channel < end; channel++) {
          if (target < propensities[channel]) return channel;
          target -= propensities[channel];
        }
        return -1;
      }
      target -= sums[group];
    }
    return -1;
  }

  function fire(channel: number, window: CircuitWindow): void {
    const { amounts } = window.population;
    const species = changedSpecies[channel];
    const change = changes[channel];
    for (let i = 0; i < species.length; i++) amounts[scope.speciesOffset + species[i]] += change[i];
    const transfers = channels[channel].given;
    for (let i = 0; i < transfers.length; i++) {
      const [field, n] = transfers[i];
      given[field] += n;
      if (guarded && window.available) window.available[scope.fieldOffset + field] += n;
    }
    window.extents[reactions[channel]] += 1;
  }

  function advanceCell(window: CircuitWindow, slot: number, duration: number, failure: Failure): boolean {
    const { streams } = window.population;
    for (let channel = 0; channel < channels.length; channel++) {
      if (!refresh(channel, window)) {
        return failRate(failure, reactions[channel], slot, propensities[channel]);
      }
    }
    for (let group = 0; group < groups.length; group++) {
      sums[group] = treeSum(propensities, groupStart[group], groupEnd[group]);
    }
    const stream = slot * 4;
    let clock = 0;
    let left = mostFirings;
    while (true) {
      const total = treeSum(sums, 0, groups.length);
      if (total === 0) return true;
      if (!(total > 0 && total < Infinity)) return failTotal(failure, reactions, propensities, slot);
      clock += exponential(streams, stream) / total;
      if (clock >= duration) return true;
      if (--left < 0) return failFirings(failure, reactions, propensities, slot);
      let channel = -1;
      while (channel < 0) channel = select(uniform(streams, stream) * total);
      fire(channel, window);
      const refreshed = dependentLists[channel];
      for (let i = 0; i < refreshed.length; i++) {
        const dependent = refreshed[i];
        if (!refresh(dependent, window)) {
          return failRate(failure, reactions[dependent], slot, propensities[dependent]);
        }
      }
      const resummed = affectedLists[channel];
      for (let i = 0; i < resummed.length; i++) {
        const group = resummed[i];
        sums[group] = treeSum(propensities, groupStart[group], groupEnd[group]);
      }
    }
  }

  return (window, duration, failure) => {
    const { cells, from, to, released } = window;
    for (let n = from; n < to; n++) {
      const slot = cells[n];
      moveScope(scope, window, window.population.amounts, slot, type.dryDensity, fieldCount);
      if (!advanceCell(window, slot, duration, failure)) return false;
      for (const field of fields) {
        released[slot * fieldCount + field] += given[field];
        given[field] = 0;
      }
    }
    return true;
  };
}

/** The constant and the species of k, k·x or (k·x)·y; null for any other form. */
function massActionOf(propensity: Expression): { constant: number; species: number[] } | null {
  if (propensity.kind === 'number') return { constant: propensity.value, species: [] };
  if (propensity.kind !== 'binary' || propensity.operator !== '*') return null;
  const inner = massActionOf(propensity.left);
  const { right } = propensity;
  if (!inner || inner.species.length > 1 || right.kind !== 'variable' || right.variable.of !== 'species')
    return null;
  return { constant: inner.constant, species: [...inner.species, right.variable.index] };
}
