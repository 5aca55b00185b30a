import type { BalanceView } from '../../session/contract.ts';

export type BalanceLevel = 'none' | 'good' | 'warn' | 'bad';

/** Below a tenth of the tolerance all is well; up to it is amber; beyond it, or not a number, the balance is broken. */
export function levelOf(relative: number, tolerance: number): BalanceLevel {
  if (!(relative <= tolerance)) return 'bad';
  return relative <= 0.1 * tolerance ? 'good' : 'warn';
}

export function balanceLevel(balance: BalanceView | null): BalanceLevel {
  if (!balance) return 'none';
  if (balance.breaches > 0) return 'bad';
  const levels = [balance.worstRelative, balance.worstStep].map(relative =>
    levelOf(relative, balance.tolerance),
  );
  return levels.includes('bad') ? 'bad' : levels.includes('warn') ? 'warn' : 'good';
}

export interface Flow {
  readonly cause: string;
  readonly amount: number;
}

/** Causes of change, largest first. */
export function sortedFlows(byCause: Readonly<Record<string, number>>): Flow[] {
  return Object.entries(byCause)
    .map(([cause, amount]) => ({ cause, amount }))
    .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount) || a.cause.localeCompare(b.cause));
}

/** The largest flows of the main moiety: of those that moved, the one that moved most relative to what there is. */
export function largestFlows(balance: BalanceView, most: number): { moiety: string; flows: Flow[] } | null {
  const moved = (byCause: Readonly<Record<string, number>>) =>
    Object.values(byCause).reduce((sum, amount) => sum + Math.abs(amount), 0);
  let best: { moiety: string; flows: Flow[]; score: number } | null = null;
  for (const { name, byCause, total, initial } of balance.moieties) {
    const throughput = moved(byCause);
    if (throughput === 0) continue;
    const score = throughput / Math.max(Math.abs(total), Math.abs(initial), throughput);
    if (!best || score > best.score)
      best = { moiety: name, flows: sortedFlows(byCause).slice(0, most), score };
  }
  return best && { moiety: best.moiety, flows: best.flows };
}
