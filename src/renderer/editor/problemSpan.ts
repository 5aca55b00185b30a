import type { Problem } from '../../engine/scenario/problems.ts';

/** The text that a fault at a line and column (from 1) is about: the word there, or the line's content. */
export function problemSpan(
  text: string,
  line: number | null,
  column: number | null,
): [from: number, to: number] {
  const lines = text.split('\n');
  const at = Math.min(lines.length, Math.max(1, line ?? 1)) - 1;
  let start = 0;
  for (let i = 0; i < at; i++) start += lines[i].length + 1;
  const content = lines[at];
  if (column === null || column > content.length) {
    const from = content.length - content.trimStart().length;
    return [start + from, start + content.length];
  }
  const rest = content.slice(column - 1);
  const word = /^("[^"]*"|'[^']*'|[^,\]}#]+)/.exec(rest)?.[0].trimEnd() ?? rest;
  return [start + column - 1, start + column - 1 + Math.max(1, word.length)];
}

/** Problems with a line, first ones first, as an editor shows them. */
export function byLine(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
