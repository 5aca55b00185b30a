import { children, reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import type { Circuit } from './circuit.ts';
import { stochasticNetwork } from './network.ts';
import { readsAny, speciesKey } from './propensity.ts';

/**
 * Rates with a power, exponential or logarithm that a firing makes it necessary to compute anew, on the mean over the channels. Hill
 * functions of one whole number are looked up (cellSource.ts) and do not count.
 */
export function costlyRatesPerFiring(circuit: Circuit): number {
  const network = stochasticNetwork(circuit, false);
  if (!network) return 0;
  const { channels, dependents } = network;
  let costly = 0;
  channels.forEach(({ change }, c) => {
    const keys = new Set(change.map(([species]) => speciesKey(species)));
    for (const d of dependents[c]) if (isCostly(channels[d].propensity, circuit, keys)) costly++;
  });
  return costly / channels.length;
}

function isCostly(e: Expression, circuit: Circuit, keys: ReadonlySet<string>): boolean {
  if (!readsAny(e, keys)) return false;
  if (e.kind === 'call') {
    if (e.function === 'exp' || e.function === 'ln' || e.function === 'log10') return true;
    if (e.function === 'hill' && !isWholePower(e.arguments[2]) && !isTabulated(e.arguments, circuit))
      return true;
  }
  if (e.kind === 'binary' && e.operator === '^' && !isWholePower(e.right)) return true;
  return children(e).some(child => isCostly(child, circuit, keys));
}

function isWholePower(e: Expression): boolean {
  return e.kind === 'number' && Number.isInteger(e.value);
}

function isTabulated([x, k, n]: readonly Expression[], { species }: Circuit): boolean {
  return (
    x.kind === 'variable' &&
    x.variable.of === 'species' &&
    !species[x.variable.index].continuous &&
    reads(k).size === 0 &&
    reads(n).size === 0
  );
}
