/** Exit status of the command. */
export const EXIT = { done: 0, fault: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** A mistake on the command line or in the file system that the user can mend. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** A recording that could not be written on: the disk is full, the folder is gone. */
export class RecordingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RecordingError';
  }
}
