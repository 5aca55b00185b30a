import type { SplitVerdict } from '../../engine/scales/splitting.ts';
import { unbroken } from './PairVerdicts.tsx';

/** How parts of a step stand to each other that are taken one after the other. */
export function SplitVerdicts({ verdicts }: { readonly verdicts: readonly SplitVerdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <>
      <h3 className="muted">One after the other in a step</h3>
      <ul className="verdicts">
        {verdicts.map(({ between: [first, second], verdict, reason }) => (
          <li
            key={`${first} ${second}`}
            className={verdict === 'shorten the step' || verdict === 'not separated' ? 'warn' : 'good'}
          >
            <span className="row spread">
              <strong className="ellipsis">
                {first}, and {second}
              </strong>
              <span className="verdict">{verdict}</span>
            </span>
            <p className="small">{unbroken(reason)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
