/** One thing that is wrong with a model, or that this program does not simulate. */
export interface SbmlProblem {
  /** The element it concerns, such as `reaction 'R1'`, or `model`. */
  readonly where: string;
  readonly message: string;
  /** Of the file, counted from 1, where it is known. */
  readonly line?: number;
}

/** More than this many are counted, not shown. */
const MOST_PROBLEMS = 100;

/** A model that is malformed, contradicts itself or uses what is unsupported. Lists everything that was found. */
export class SbmlError extends Error {
  readonly problems: readonly SbmlProblem[];

  constructor(problems: readonly SbmlProblem[]) {
    const shown = problems.slice(0, MOST_PROBLEMS).map(({ where, message }) => `${where}: ${message}`);
    if (problems.length > MOST_PROBLEMS) shown.push(`… and ${problems.length - MOST_PROBLEMS} more problems`);
    super(shown.join('\n'));
    this.name = 'SbmlError';
    this.problems = problems;
  }
}

/** Problems that are gathered, so that one reading reports them all. */
export class Problems {
  readonly list: SbmlProblem[] = [];
  readonly #known = new Set<string>();

  add(where: string, message: string): void {
    const key = `${where}\n${message}`;
    if (!this.#known.has(key)) this.list.push({ where, message });
    this.#known.add(key);
  }

  /** Runs a step; what it finds wrong is added, and null returned. Other errors go on. */
  attempt<T>(step: () => T): T | null {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof SbmlError)) throw error;
      for (const { where, message } of error.problems) this.add(where, message);
      return null;
    }
  }

  /** @throws SbmlError if there are any */
  check(): void {
    if (this.list.length > 0) throw new SbmlError(this.list);
  }
}

/** An initial amount of molecules, which must be whole but for rounding. @throws SbmlError */
export function wholeAtStart(species: string, amount: number): number {
  const whole = Math.round(amount);
  if (
    !(
      amount >= 0 &&
      whole <= Number.MAX_SAFE_INTEGER &&
      Math.abs(amount - whole) <= 1e-9 * Math.max(1, whole)
    )
  ) {
    fail(
      `species '${species}'`,
      `its initial amount is ${amount} molecules, which is not a whole number from 0 to 2⁵³`,
    );
  }
  return whole;
}

export function fail(where: string, message: string): never {
  throw new SbmlError([{ where, message }]);
}
