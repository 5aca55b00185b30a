/** Values by number, the ones longest not asked for let go where they take more than `budget` bytes. The newest always stays. */
export class Kept<T> {
  readonly #budget: number;
  readonly #bytesOf: (value: T) => number;
  readonly #values = new Map<number, T>();
  #bytes = 0;

  constructor(budget: number, bytesOf: (value: T) => number) {
    this.#budget = budget;
    this.#bytesOf = bytesOf;
  }

  get(key: number): T | null {
    const value = this.#values.get(key);
    if (value === undefined) return null;
    // A map goes through its keys in the order in which they were set.
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: number, value: T): void {
    if (this.#values.has(key)) return;
    this.#values.set(key, value);
    this.#bytes += this.#bytesOf(value);
    for (const [oldest, old] of this.#values) {
      if (this.#bytes <= this.#budget || oldest === key) break;
      this.#values.delete(oldest);
      this.#bytes -= this.#bytesOf(old);
    }
  }
}
