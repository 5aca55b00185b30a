import type { Process } from '../../engine/scales/processes.ts';
import { formatPower, formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';

/** A logarithmic axis over whole decades. */
export interface TimescaleAxis {
  /** Powers of ten of seconds at which it starts and ends. */
  readonly low: number;
  readonly high: number;
  /** Powers that are labelled. */
  readonly labels: readonly number[];
}

const MOST_LABELS = 5;

/** The axis that encloses all processes. */
export function timescaleAxis(processes: readonly Process[]): TimescaleAxis {
  const logs = processes.map(({ time }) => Math.log10(time));
  const low = logs.length > 0 ? Math.floor(Math.min(...logs)) : 0;
  const high = logs.length > 0 ? Math.max(low + 1, Math.ceil(Math.max(...logs))) : 1;
  const every = Math.ceil((high - low) / (MOST_LABELS - 1));
  const labels: number[] = [];
  for (let power = low; power <= high; power += every) labels.push(power);
  return { low, high, labels };
}

/** Where a time (s) lies on the axis, 0 to 1. */
export function placeOnAxis({ low, high }: TimescaleAxis, time: number): number {
  return (Math.log10(time) - low) / (high - low);
}

const DAY = 86_400;

/** A time scale in its natural unit, with powers of ten where that has none: `35 min`, `3·10⁻⁶ s`. */
export function formatTimescale(seconds: number): string {
  if (seconds > 0 && seconds < 1e-3) return `${formatPower(seconds)}\u202fs`;
  if (seconds >= 1000 * DAY) return `${formatValue(seconds / DAY, 2)}\u202fd`;
  return formatDuration(seconds);
}
