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

/** The moiety to show first: the one in most places, and of those the one that moved most relative to what there is. */
export function mainMoiety(balance: BalanceView): BalanceView['moieties'][number] | null {
  const scores = balance.moieties.map(({ byCause, total, initial, where }) => {
    const moved = Object.values(byCause).reduce((sum, amount) => sum + Math.abs(amount), 0);
    const relative = moved === 0 ? 0 : moved / Math.max(Math.abs(total), Math.abs(initial), moved);
    return 2 * Object.keys(where).length + relative;
  });
  const best = scores.reduce((a, score, i) => (a < 0 || score > scores[a] ? i : a), -1);
  return best < 0 ? null : balance.moieties[best];
}
