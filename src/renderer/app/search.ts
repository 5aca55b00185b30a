/**
 * How well a text answers a query: every letter of the query must occur in order; beginnings of words and runs of
 * letters count more. 0 means not at all.
 */
export function score(text: string, query: string): number {
  const letters = query.toLowerCase().replace(/\s+/g, '');
  if (letters === '') return 1;
  const target = text.toLowerCase();
  const whole = target.indexOf(query.toLowerCase().trim());
  if (whole >= 0) return 1000 - whole + (isStart(target, whole) ? 500 : 0);
  let [points, from, run] = [0, 0, 0];
  for (const letter of letters) {
    const at = target.indexOf(letter, from);
    if (at < 0) return 0;
    run = at === from ? run + 1 : 1;
    points += run + (isStart(target, at) ? 8 : 0) - Math.min(4, at - from) * 0.5;
    from = at + 1;
  }
  return Math.max(0.001, points);
}

function isStart(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]);
}

/** Items that answer a query, best first; ties keep their order. */
export function rank<T>(items: readonly T[], query: string, textOf: (item: T) => string): T[] {
  return items
    .map(item => ({ item, points: score(textOf(item), query) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ item }) => item);
}
