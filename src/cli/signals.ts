import { EXIT } from './exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  readonly requested: boolean;
  /** Lets signals end the process at once again. */
  release(): void;
}

/** Turns the first Ctrl-C (or a request to terminate) into a flag; the second ends the process after `beforeExit`. */
export function catchSignals(beforeExit: () => void): Interruption {
  let requested = false;
  const interrupt = () => {
    if (requested) {
      beforeExit();
      process.exit(EXIT.interrupted);
    }
    requested = true;
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return {
    get requested() {
      return requested;
    },
    release() {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
  };
}
