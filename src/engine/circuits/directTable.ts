import type { CellType } from '../cells/cellType.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { exponential } from '../random/exponential.ts';
import { uniform } from '../random/xoshiro.ts';
import { stochasticNetwork, treeSum } from './network.ts';
import { moveScope } from './scopeOfCell.ts';
import { type CircuitWindow, type Failure, failRate, failTotal, type Kernel } from './window.ts';

/**
 * The direct method of direct.ts on tables instead of generated code, for contexts that forbid code generation and for
 * networks too large to generate. The same operations on the same draws: trajectories are bit-identical.
 */
export function tabulateDirect(type: CellType, fieldCount: number, guarded: boolean): Kernel | null {
  const network = stochasticNetwork(type.circuit, guarded);
  if (!network) return null;
  const { channels, groups, dependents, affected, fields } = network;
  const closures = channels.map(channel => toClosure(channel.propensity));
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
    const { available } = window;
    if (guarded && available) {
      for (const [field, n] of takes[channel]) {
        if (!(available[scope.fieldOffset + field] >= -n)) {
          propensities[channel] = 0;
          return true;
        }
      }
    }
    const value = closures[channel](scope);
    propensities[channel] = value;
    return value >= 0 || !channels[channel].checked;
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
    for (const [species, n] of channels[channel].change) amounts[scope.speciesOffset + species] += n;
    for (const [field, n] of channels[channel].given) {
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
    while (true) {
      const total = treeSum(sums, 0, groups.length);
      if (total === 0) return true;
      if (!(total > 0 && total < Infinity)) return failTotal(failure, reactions, propensities, slot);
      clock += exponential(streams, stream) / total;
      if (clock >= duration) return true;
      let channel = -1;
      while (channel < 0) channel = select(uniform(streams, stream) * total);
      fire(channel, window);
      for (const dependent of dependents[channel]) {
        if (!refresh(dependent, window)) {
          return failRate(failure, reactions[dependent], slot, propensities[dependent]);
        }
      }
      for (const group of affected[channel]) {
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
