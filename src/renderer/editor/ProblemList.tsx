import type { Problem } from '../../engine/scenario/problems.ts';

interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly goTo: (line: number, column: number) => void;
}

/** The faults of a text; a click leads to the place. */
export function ProblemList({ problems, goTo }: ProblemListProps) {
  if (problems.length === 0) return null;
  return (
    <section className="problems" aria-label="Problems">
      <h2 className="small">
        {problems.length} {problems.length === 1 ? 'problem' : 'problems'}
      </h2>
      <ol>
        {problems.map(problem => (
          <li key={`${problem.line} ${problem.path} ${problem.message}`}>
            <button
              type="button"
              className="problem"
              onClick={() => goTo(problem.line ?? 1, problem.column ?? 1)}
            >
              <span className="mono muted">{problem.line ?? '–'}</span>
              <span>
                {problem.path && <strong>{problem.path}: </strong>}
                {problem.message}
                {problem.value !== null && <span className="muted"> (got {problem.value})</span>}
                {problem.allowed !== null && <span className="muted"> Allowed: {problem.allowed}</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
