/** One fault of a scenario file. `message` says what is wrong; `value` is what was written, `allowed` what would do. */
export interface Problem {
  /** Where in the document, such as `cells.sender.reactions.export.rate` or `population[0].count`; '' for all of it. */
  readonly path: string;
  /** Counted from 1; null where the fault has no place in the text. */
  readonly line: number | null;
  readonly column: number | null;
  /** The override (`--set path=value`) that brought the value in, in place of a line of the file. */
  readonly origin: string | null;
  readonly message: string;
  readonly value: string | null;
  readonly allowed: string | null;
}

/** More than this many faults are counted, not listed: a file that bad is usually not a scenario at all. */
export const MOST_PROBLEMS = 100;

/** A scenario that cannot be built. Its message lists every problem, one per line. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly Problem[];
  readonly file: string;

  constructor(problems: readonly Problem[], file: string) {
    const shown = problems.slice(0, MOST_PROBLEMS).map(problem => formatProblem(problem, file));
    if (problems.length > MOST_PROBLEMS) shown.push(`… and ${problems.length - MOST_PROBLEMS} more problems`);
    super(shown.join('\n'));
    this.problems = problems;
    this.file = file;
  }
}

/** `file:line:column path: message (got value); allowed: …` */
export function formatProblem(problem: Problem, file: string): string {
  let place = problem.origin ?? file;
  if (problem.origin === null && problem.line !== null) {
    place += `:${problem.line}`;
    if (problem.column !== null) place += `:${problem.column}`;
  }
  const path = problem.path === '' ? ':' : ` ${problem.path}:`;
  const value = problem.value === null ? '' : ` (got ${problem.value})`;
  const allowed = problem.allowed === null ? '' : `; allowed: ${problem.allowed}`;
  return `${place}${path} ${problem.message}${value}${allowed}`;
}

/** Text of a user's value, short enough to stand in a one-line message. */
export function excerpt(text: string, most = 60): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}
