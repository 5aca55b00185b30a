/** From zero where the values come near it, with a little room above; a flat line gets a range around it. */
export function linearRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low === high) {
    const room = Math.abs(low) * 0.1 || 1;
    return low >= 0 && low - room < 0.5 * room ? [0, low + room] : [low - room, high + room];
  }
  const room = 0.06 * (high - low);
  const bottom = low >= 0 && low < 0.5 * high ? 0 : low - room;
  return [bottom, high + room];
}

/** Whole decades around the values. */
export function logRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !(low > 0) || !Number.isFinite(high)) return [1e-18, 1e-8];
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high) + 1e-9)];
}

/** Powers of ten in a range, at most about six of them. */
export function decades(low: number, high: number): number[] {
  const first = Math.round(Math.log10(low));
  const last = Math.round(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const powers: number[] = [];
  for (let power = first; power <= last; power += every) powers.push(10 ** power);
  return powers;
}

/** Seconds between ticks that read well as time. */
export const TIME_STEPS = [
  1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
  7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000,
];
