/** Methods whose answer to a change of rates is a small one, so that an iteration over a window can converge. */
export const ITERABLE: readonly string[] = ['auto', 'modified-next-reaction', 'deterministic'];

/** Why a window cannot be iterated with a circuit method, or null. */
export function whyNotIterable(method = 'auto'): string | null {
  if (ITERABLE.includes(method)) return null;
  return `\`${method}\` cannot be iterated: strong coupling needs random numbers that do not depend on the rates`;
}
