import { type CircuitOverview, STIFF_RATIO, type Stiffness, type TimeScales } from '../engine/index.ts';
import { figure } from './format.ts';

/** Species named with a steady state. */
const MOST_NAMED = 8;

/** Time scales of the deterministic limit at the start and where it comes to rest, a line each. */
export function stiffnessText({ species }: CircuitOverview, stiffness: Stiffness | null): string[] {
  if (!stiffness) return [];
  const { start, steady } = stiffness;
  const lines = start ? [`time scales at the start: ${scalesText(start)}`] : [];
  if (!steady) return start ? [...lines, 'no steady state is reached from the start'] : lines;
  const named = species.slice(1).map(({ name }, s) => `${name} = ${figure(tidy(steady.amounts[s + 1]))}`);
  const shown = named.length > MOST_NAMED ? `${named.slice(0, MOST_NAMED).join(', ')}, …` : named.join(', ');
  const scales = steady.scales ? `: ${scalesText(steady.scales)}` : '';
  return [...lines, `time scales at the steady state (${shown})${scales}`];
}

function scalesText({ shortest, longest, ratio, unstable, oscillates }: TimeScales): string {
  const range = ratio > 1.0005 ? `${figure(shortest)} to ${figure(longest)} s` : `${figure(shortest)} s`;
  return [
    range,
    ...(ratio > 1.0005 ? [`ratio ${figure(ratio)}${ratio >= STIFF_RATIO ? ' (stiff)' : ''}`] : []),
    ...(oscillates ? ['oscillating'] : []),
    ...(unstable > 0 ? [`${unstable} unstable`] : []),
  ].join(', ');
}

/** What integration leaves of an amount that is gone. */
function tidy(amount: number): number {
  return Math.abs(amount) < 1e-6 ? 0 : amount;
}
