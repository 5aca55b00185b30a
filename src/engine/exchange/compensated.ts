/**
 * An array of running sums with Neumaier's compensation (doi:10.1002/zamm.19740540106): the error of each stays near
 * one rounding of the result however many terms are added, so 10⁵ steps add no drift of their own.
 */
export class CompensatedSums {
  readonly sum: Float64Array;
  readonly correction: Float64Array;

  constructor(length: number) {
    this.sum = new Float64Array(length);
    this.correction = new Float64Array(length);
  }

  add(index: number, term: number): void {
    const sum = this.sum[index];
    const total = sum + term;
    // What the addition lost comes back from the smaller operand.
    this.correction[index] += Math.abs(sum) >= Math.abs(term) ? sum - total + term : term - total + sum;
    this.sum[index] = total;
  }

  value(index: number): number {
    return this.sum[index] + this.correction[index];
  }
}
