import type { Cause } from '../exchange/ledger.ts';

/** What an operator lost or made in the exchange with one field, and whose transfers it went with. */
export interface Leak {
  readonly field: string;
  readonly operator: 'exchange';
  /** `TYPE.REACTION` whose transfers explain the residual best, or all that move the field, joined by ` + `. */
  readonly channel: string;
  /** The field was given (or lost) 1 + `relative` times what the cells' side of the channel says. */
  readonly relative: number;
  /** Standard error of `relative`, from what the channel leaves unexplained; null where only one window has shown it. */
  readonly uncertainty: number | null;
  /** Molecules that the field has too many since the start. */
  readonly amount: number;
  /** Share of the sum of squared residuals that the channel does not explain. */
  readonly unexplained: number;
  /** The next best channel, where there is one; what it leaves unexplained says how well the two can be told apart. */
  readonly rival: { readonly channel: string; readonly unexplained: number } | null;
}

/** A candidate: channels of one field, and what a unit of extent of each gives it. */
interface Suspect {
  readonly name: string;
  readonly causes: readonly number[];
  readonly amounts: readonly number[];
}

interface Interface {
  readonly field: string;
  readonly substance: number;
  /** Every channel by itself, then all together where there are several. */
  readonly suspects: readonly Suspect[];
  /** Place in `sums`: of the field, and of its first suspect. */
  readonly at: number;
}

/** What the difference of two sums of squares cannot resolve, relative to them. */
const ROUNDING = 2 ** -50;

/** Per field: Σ r², Σ scale², Σ throughput, Σ r, windows; then per suspect: Σ g r, Σ g². */
const PER_FIELD = 5;
const PER_SUSPECT = 2;

/**
 * Whose transfers the residual of the exchange goes with. Per window and field, r is the residual (molecules) and g_c what channel c
 * moved by the books (stoichiometry × extent). A leak of that channel is r = ε g_c in every window, so ε = Σ g_c r / Σ g_c², and
 * the channel at fault is the one that leaves the least of Σ r² unexplained. Channels whose extents keep one ratio from
 * window to window cannot be told apart so; the report then says as much (`rival`).
 */
export class Leaks {
  /** All that is remembered; part of a snapshot. */
  readonly sums: Float64Array;
  readonly #interfaces: readonly Interface[];

  /** `fields`: name and substance of each field. */
  constructor(
    fields: readonly { readonly name: string; readonly substance: number }[],
    causes: readonly Cause[],
  ) {
    let length = 0;
    this.#interfaces = fields.flatMap(({ name, substance }) => {
      const suspects = suspectsOf(substance, causes);
      if (suspects.length === 0) return [];
      const at = length;
      length += PER_FIELD + PER_SUSPECT * suspects.length;
      return [{ field: name, substance, suspects, at }];
    });
    this.sums = new Float64Array(length);
  }

  /** A window's residuals of the exchange per substance, its extents by cause, and the totals at its end. */
  observe(residuals: Float64Array, extents: Float64Array, totals: Float64Array): void {
    const { sums } = this;
    for (const { substance, suspects, at } of this.#interfaces) {
      const residual = residuals[substance];
      let throughput = 0;
      suspects.forEach(({ causes, amounts }, i) => {
        let moved = 0;
        for (let c = 0; c < causes.length; c++) moved += amounts[c] * extents[causes[c]];
        const place = at + PER_FIELD + PER_SUSPECT * i;
        sums[place] += moved * residual;
        sums[place + 1] += moved * moved;
        if (causes.length === 1) throughput += Math.abs(moved);
      });
      if (throughput === 0 && residual === 0) continue;
      const scale = Math.max(Math.abs(totals[substance]), throughput);
      sums[at] += residual * residual;
      sums[at + 1] += scale * scale;
      sums[at + 2] += throughput;
      sums[at + 3] += residual;
      sums[at + 4] += 1;
    }
  }

  /** The fields whose exchange lost or made more than `tolerance` of what there is or moves, with the likeliest culprit. */
  report(tolerance: number, totals: Float64Array): Leak[] {
    return this.#interfaces.flatMap(found => {
      const { sums } = this;
      const { field, substance, suspects, at } = found;
      const [squares, scales, throughput, amount, windows] = sums.subarray(at, at + PER_FIELD);
      const inSteps = squares > tolerance * tolerance * scales;
      const inAll = Math.abs(amount) > tolerance * Math.max(Math.abs(totals[substance]), throughput);
      if (!inSteps && !inAll) return [];
      const ranked = suspects
        .map(({ name }, i) => {
          const place = at + PER_FIELD + PER_SUSPECT * i;
          const [product, moved] = sums.subarray(place, place + PER_SUSPECT);
          const relative = moved > 0 ? product / moved : 0;
          const rest = moved > 0 ? squares - (product * product) / moved : squares;
          const left = Math.max(rest, ROUNDING * squares);
          const variance = windows > 1 && moved > 0 ? left / (windows - 1) / moved : Number.NaN;
          return { name, relative, unexplained: left / squares, uncertainty: Math.sqrt(variance) };
        })
        // Stable: of equals the first, so a channel before the sum of all.
        .sort((a, b) => a.unexplained - b.unexplained);
      const [best, next] = ranked;
      return [
        {
          field,
          operator: 'exchange' as const,
          channel: best.name,
          relative: best.relative,
          uncertainty: Number.isFinite(best.uncertainty) ? best.uncertainty : null,
          amount,
          unexplained: best.unexplained,
          rival: next ? { channel: next.name, unexplained: next.unexplained } : null,
        },
      ];
    });
  }
}

/** Below this share of the residual unexplained a second channel explains it as well as the first, to rounding. */
const SAME = 1e-12;

/** Whether it is known which channel leaks: of several, one window cannot tell. */
export function isNamed({ uncertainty, rival }: Leak): boolean {
  return uncertainty !== null || rival === null;
}

/** Whether another channel explains the leak as well. */
export function rivalFits({ rival, unexplained }: Leak): boolean {
  return rival !== null && rival.unexplained <= Math.max(SAME, 2 * unexplained);
}

/** A leak in one sentence. */
export function describeLeak(leak: Leak): string {
  const { field, channel, relative, uncertainty, amount, unexplained, rival } = leak;
  if (!isNamed(leak)) {
    const got = `field ${field} has ${Math.abs(amount).toPrecision(4)} molecules too ${amount < 0 ? 'few' : 'many'}`;
    return `exchange: ${got}; one window cannot tell by which channel, \`balance.onBreach: warn\` goes on and finds out`;
  }
  const error = uncertainty === null ? '' : ` ± ${uncertainty.toExponential(1)}`;
  const size = `${relative.toExponential(4)}${error}`;
  const fit = unexplained > 0.01 ? `, which explains ${Math.round(100 * (1 - unexplained))} % of it` : '';
  const doubt = rival && rivalFits(leak) ? `; ${rival.channel} explains it as well` : '';
  return `exchange, ${channel}: field ${field} is off by ${size} of what that moves${fit}${doubt}`;
}

function suspectsOf(substance: number, causes: readonly Cause[]): Suspect[] {
  const single = causes.flatMap(({ name, kind, changes }, cause) => {
    const change = changes.find(entry => entry.substance === substance);
    return kind === 'reaction' && change ? [{ name, causes: [cause], amounts: [change.amount] }] : [];
  });
  if (single.length < 2) return single;
  const all = {
    name: single.map(({ name }) => name).join(' + '),
    causes: single.flatMap(suspect => suspect.causes),
    amounts: single.flatMap(suspect => suspect.amounts),
  };
  return [...single, all];
}
