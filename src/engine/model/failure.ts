/** Why a run stopped before its end: a fault of the simulated system or of its numbers, not of the program. */
export type FailureKind = 'balance' | 'convergence' | 'non-finite' | 'negative' | 'rate' | 'capacity';

/** A run that cannot go on. The message names what, where, when (simulated time and step) and what to try. */
export class RunFailure extends Error {
  readonly kind: FailureKind;
  /** Simulated time, s. */
  readonly time: number;
  readonly step: number;

  constructor(kind: FailureKind, message: string, time: number, step: number) {
    super(`${message} (t = ${Number(time.toPrecision(12))} s, step ${step})`);
    this.name = 'RunFailure';
    this.kind = kind;
    this.time = time;
    this.step = step;
  }
}
