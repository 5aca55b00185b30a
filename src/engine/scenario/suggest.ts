/** The candidate closest to a misspelt word, or null if none is close enough to be what was meant. */
export function closest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > 64) return null;
  let best: string | null = null;
  // One slip per three letters; words of one or two letters are only ever mistaken in case.
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= least) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** '; did you mean `x`?' or ''. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = closest(word, candidates);
  return near === null ? '' : `; did you mean \`${near}\`?`;
}

/** Names for an "allowed" list, shortened where there are many. */
export function listing(names: Iterable<string>, most = 12): string {
  const all = [...names];
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown}, … (${all.length} in all)` : shown;
}

/** Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(last[j] + 1, row[j - 1] + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforeLast[j - 2] + 1);
      }
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
