/** A folder that is no recording, or one that is damaged: one message for people. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}
