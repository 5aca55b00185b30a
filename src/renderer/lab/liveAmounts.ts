import type { CircuitOverview } from '../../engine/circuits/overview.ts';
import type { MemberResult } from '../../session/lab/contract.ts';

/** Means of an ensemble at one output time, by the overview's species; NaN for what the ensemble does not report. */
export interface LiveAmounts {
  /** Index of the output time. */
  readonly time: number;
  readonly amounts: Float64Array;
  /** The largest mean over all times. */
  readonly most: Float64Array;
}

/** `wanted`: index of an output time, null for the last. Null before the first runs are done. */
export function liveAmounts(
  { species }: Pick<CircuitOverview, 'species'>,
  member: Pick<MemberResult, 'done' | 'species' | 'mean'>,
  times: number,
  wanted: number | null,
): LiveAmounts | null {
  const count = member.species.length;
  if (member.done === 0 || times === 0 || member.mean.length < times * count) return null;
  const time = Math.min(wanted ?? times - 1, times - 1);
  const amounts = new Float64Array(species.length).fill(Number.NaN);
  const most = new Float64Array(species.length).fill(Number.NaN);
  species.forEach(({ name }, s) => {
    const column = member.species.indexOf(name);
    if (column < 0) return;
    amounts[s] = member.mean[time * count + column];
    most[s] = 0;
    for (let t = 0; t < times; t++) most[s] = Math.max(most[s], member.mean[t * count + column]);
  });
  return { time, amounts, most };
}
