import type { SubstanceIndex } from '../description/substances.ts';
import { CompensatedSums } from '../exchange/compensated.ts';
import type { Cause, Change, Ledger } from '../exchange/ledger.ts';
import { isConversion } from './conversions.ts';
import { type Leak, Leaks } from './leaks.ts';
import { findMoieties, type Moiety } from './moieties.ts';

/** The operators that move matter, each with a residual of its own; `reactions` are those of fields with one another, `edits` a
 * person's, between steps, interventions and detachment; `correction` takes back what the others left (`balance.onBreach: correct`), so that all together are the residual. */
export const OPERATORS = [
  'circuits',
  'exchange',
  'fields',
  'reactions',
  'life cycle',
  'edits',
  'correction',
] as const;
export type Operator = (typeof OPERATORS)[number];
const EXCHANGE = OPERATORS.indexOf('exchange');
const CORRECTION = OPERATORS.indexOf('correction');

export interface MoietyBalance {
  readonly name: string;
  /** Weighted total over cells and fields now. */
  readonly total: number;
  readonly initial: number;
  /** Net amount by cause: inflow and sources positive, outflow and sinks negative. Causes that moved nothing are left out. */
  readonly byCause: Readonly<Record<string, number>>;
  /** What corrections put in (taken: negative) to cancel a residual. No cause of change: it is not part of `byCause`. */
  readonly corrected: number;
  /** total − initial − Σ byCause. */
  readonly residual: number;
  /** |residual| over the larger of the total and the throughput. */
  readonly relative: number;
  /** Largest relative residual of any single step so far. */
  readonly worstStep: number;
  /** Accumulated residual of each operator. */
  readonly byOperator: Readonly<Record<Operator, number>>;
  /** The operator with the largest accumulated residual. */
  readonly suspect: Operator;
}

/**
 * Keeps the books: measured change of every substance across each operator, minus what the named causes say it should
 * be. Nothing here ever corrects a total.
 *
 * residual = Δ(field + cells) − (inflow − outflow) − (sources − sinks), per substance; a moiety's is the weighted sum.
 */
export class Balance {
  readonly moieties: readonly Moiety[];
  readonly substances: SubstanceIndex;
  readonly ledger: Ledger;
  /** Totals at the start of the run and after the last committed operator, per substance. */
  readonly initial: Float64Array;
  readonly totals: Float64Array;
  /** Accumulated residuals, operator-major: [operator * substances + substance]. */
  readonly residuals: CompensatedSums;
  /** Residuals of the window in progress; discarded with it. */
  readonly pending: Float64Array;
  /** Largest relative step residual so far, per moiety. */
  readonly worstStep: Float64Array;

  /** Whose transfers the residuals of the exchange go with. */
  readonly leaks: Leaks;
  /** Names of the fields that no moiety counts. */
  readonly uncounted: ReadonlySet<string>;
  readonly #stepResidual: Float64Array;
  readonly #stepThroughput: Float64Array;
  /** By moiety: what moves it. */
  readonly #movers: readonly Movers[];
  /** Gross amount moved so far, per moiety. */
  readonly throughput: CompensatedSums;

  constructor(substances: SubstanceIndex, ledger: Ledger, initial: Float64Array) {
    const n = substances.all.length;
    const causes = ledger.causes.all;
    this.substances = substances;
    this.ledger = ledger;
    this.initial = initial.slice();
    this.totals = initial.slice();
    this.moieties = findMoieties(substances.all, causes);
    this.residuals = new CompensatedSums(OPERATORS.length * n);
    this.pending = new Float64Array(OPERATORS.length * n);
    this.worstStep = new Float64Array(this.moieties.length);
    this.throughput = new CompensatedSums(this.moieties.length);
    this.#stepResidual = new Float64Array(n);
    this.#stepThroughput = new Float64Array(this.moieties.length);
    const fields = substances.all.filter(substance => substance.in === 'field');
    this.leaks = new Leaks(
      fields.map(({ name }, f) => ({
        name: name.slice('field.'.length),
        substance: substances.cellCount + f,
      })),
      causes,
    );
    const isCounted = (substance: number) => this.moieties.some(({ weights }) => weights[substance] !== 0);
    this.uncounted = new Set(
      fields.flatMap(({ name }, f) =>
        isCounted(substances.cellCount + f) ? [] : [name.slice('field.'.length)],
      ),
    );
    this.#movers = findMovers(this.moieties, causes, n);
  }

  /** Adds a measured-minus-named difference to the books of the window in progress. */
  note(operator: Operator, substance: number, difference: number): void {
    this.pending[OPERATORS.indexOf(operator) * this.substances.all.length + substance] += difference;
  }

  /** Accepts the window in progress, its ledger entries included. */
  commit(): void {
    const n = this.substances.all.length;
    const extents = this.ledger.pending;
    const exchange = EXCHANGE * n;
    this.leaks.observe(this.pending.subarray(exchange, exchange + n), extents, this.totals);
    for (let i = 0; i < this.pending.length; i++) {
      if (this.pending[i] === 0) continue;
      this.residuals.add(i, this.pending[i]);
      this.#stepResidual[i % n] += this.pending[i];
    }
    this.pending.fill(0);
    for (let m = 0; m < this.moieties.length; m++) {
      const { cause, gross } = this.#movers[m];
      let moved = 0;
      for (let i = 0; i < cause.length; i++) moved += gross[i] * Math.abs(extents[cause[i]]);
      this.#stepThroughput[m] += moved;
    }
    this.ledger.commit();
  }

  discard(): void {
    this.pending.fill(0);
    this.ledger.discard();
  }

  /** Forgets all of a step that was not closed: for when the state before it is put back. */
  abandonStep(): void {
    this.discard();
    this.#stepResidual.fill(0);
    this.#stepThroughput.fill(0);
  }

  /** Accepts what was noted after a step was closed: a correction, which is no part of any step. */
  settle(): void {
    this.commit();
    this.#stepResidual.fill(0);
    this.#stepThroughput.fill(0);
  }

  /** Closes a step. Returns the index of the moiety in breach of the tolerance by most, or −1. */
  closeStep(tolerance: number): number {
    let worst = -1;
    let worstRelative = tolerance;
    for (let m = 0; m < this.moieties.length; m++) {
      const { weights } = this.moieties[m];
      this.throughput.add(m, this.#stepThroughput[m]);
      const total = dot(weights, this.totals);
      const stepResidual = Math.abs(dot(weights, this.#stepResidual));
      const relativeStep = ratio(stepResidual, Math.max(Math.abs(total), this.#stepThroughput[m]));
      if (!(relativeStep <= this.worstStep[m])) this.worstStep[m] = relativeStep;
      const relative = Math.max(relativeStep, this.#relative(m, total));
      // A NaN residual is a breach too.
      if (!(relative <= worstRelative)) {
        worst = m;
        worstRelative = relative;
      }
    }
    this.#stepResidual.fill(0);
    this.#stepThroughput.fill(0);
    return worst;
  }

  /** Largest accumulated relative residual over all moieties. */
  worstRelative(): number {
    let worst = 0;
    for (let m = 0; m < this.moieties.length; m++) {
      const relative = this.#relative(m, dot(this.moieties[m].weights, this.totals));
      if (!(relative <= worst)) worst = relative;
    }
    return worst;
  }

  /** Weighted total of moiety m now. */
  total(m: number): number {
    return dot(this.moieties[m].weights, this.totals);
  }

  /** total − initial − Σ causes of moiety m now. */
  residual(m: number): number {
    return this.#residual(m, this.total(m));
  }

  /** Exchange that lost or made more than the tolerance, and by which channel. */
  findLeaks(tolerance: number): Leak[] {
    return this.leaks.report(tolerance, this.totals);
  }

  report(): MoietyBalance[] {
    const causes = this.ledger.causes.all;
    const n = this.substances.all.length;
    return this.moieties.map((moiety, m) => {
      const byCause: Record<string, number> = {};
      let corrected = 0;
      const { cause, net } = this.#movers[m];
      for (let i = 0; i < cause.length; i++) {
        const amount = net[i] * this.ledger.extents.value(cause[i]);
        const { name, kind } = causes[cause[i]];
        if (kind === 'correction') corrected += amount;
        else if (amount !== 0) byCause[name] = (byCause[name] ?? 0) + amount;
      }
      const operatorResiduals = OPERATORS.map((_, o) => {
        let sum = 0;
        for (let s = 0; s < n; s++) sum += moiety.weights[s] * this.residuals.value(o * n + s);
        return sum;
      });
      const largest = operatorResiduals.reduce(
        (a, r, o) => (o !== CORRECTION && Math.abs(r) > Math.abs(operatorResiduals[a]) ? o : a),
        0,
      );
      const total = this.total(m);
      return {
        name: moiety.name,
        total,
        initial: dot(moiety.weights, this.initial),
        byCause,
        corrected,
        residual: this.#residual(m, total),
        relative: this.#relative(m, total),
        worstStep: this.worstStep[m],
        byOperator: Object.fromEntries(OPERATORS.map((name, o) => [name, operatorResiduals[o]])) as Record<
          Operator,
          number
        >,
        suspect: OPERATORS[largest],
      };
    });
  }

  /** total − initial − Σ named causes, from the cumulative ledger: independent of the per-operator books. */
  #residual(m: number, total: number): number {
    const { cause, net } = this.#movers[m];
    const { extents, causes } = this.ledger;
    let named = 0;
    let lost = 0;
    for (let i = 0; i < cause.length; i++) {
      // A correction is the change that cancels a residual, not a cause of one.
      if (net[i] === 0 || cause[i] >= causes.correction) continue;
      const term = net[i] * extents.value(cause[i]);
      const sum = named + term;
      lost += Math.abs(named) >= Math.abs(term) ? named - sum + term : term - sum + named;
      named = sum;
    }
    return total - dot(this.moieties[m].weights, this.initial) - named - lost;
  }

  #relative(m: number, total: number): number {
    return ratio(Math.abs(this.#residual(m, total)), Math.max(Math.abs(total), this.throughput.value(m)));
  }
}

/** The causes that touch a moiety, ascending, with its net and gross change per extent of each. */
interface Movers {
  readonly cause: Int32Array;
  readonly net: Float64Array;
  readonly gross: Float64Array;
}

function findMovers(moieties: readonly Moiety[], causes: readonly Cause[], substanceCount: number): Movers[] {
  const touching: number[][] = Array.from({ length: substanceCount }, () => []);
  causes.forEach(({ changes }, cause) => {
    for (const { substance } of changes) touching[substance].push(cause);
  });
  return moieties.map(moiety => {
    const found = new Set<number>();
    moiety.weights.forEach((weight, substance) => {
      if (weight !== 0) for (const cause of touching[substance]) found.add(cause);
    });
    const cause = Int32Array.from(found).sort();
    const changes = Array.from(cause, index => weighted(moiety, causes[index].changes));
    return {
      cause,
      net: Float64Array.from(changes, ({ net }) => net),
      gross: Float64Array.from(changes, ({ gross }) => gross),
    };
  });
}

function weighted(moiety: Moiety, changes: readonly Change[]): { net: number; gross: number } {
  let [gained, lost] = [0, 0];
  for (const { substance, amount } of changes) {
    const value = moiety.weights[substance] * amount;
    if (value > 0) gained += value;
    else lost -= value;
  }
  // Moieties are invariant under every conversion exactly; decimal coefficients must not round one into a source.
  return { net: isConversion(changes) ? 0 : gained - lost, gross: Math.max(gained, lost) };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function ratio(part: number, whole: number): number {
  return part === 0 ? 0 : part / whole;
}
