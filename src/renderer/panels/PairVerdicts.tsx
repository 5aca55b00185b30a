import type { PairVerdict, Verdict } from '../../engine/scales/verdicts.ts';
import { formatPower, formatValue } from '../../picture/format/number.ts';

const LEVELS: Readonly<Record<Verdict, 'good' | 'none' | 'warn'>> = {
  separated: 'good',
  'weak coupling suffices': 'good',
  'couple strongly': 'warn',
};

/** How each cell type and field stand to each other, and the number behind it. */
export function PairVerdicts({ pairs }: { readonly pairs: readonly PairVerdict[] }) {
  if (pairs.length === 0) return <p className="muted small">Cells and fields exchange nothing.</p>;
  return (
    <ul className="verdicts">
      {pairs.map(pair => (
        <li key={`${pair.type} ${pair.field}`} className={LEVELS[pair.verdict]}>
          <span className="row spread">
            <strong className="ellipsis">
              {pair.type} and {pair.field}
            </strong>
            <span className="verdict">{pair.verdict}</span>
          </span>
          <p className="small">{unbroken(pair.reason)}</p>
          <dl className="muted small">
            {figuresOf(pair).map(([name, value, meaning]) => (
              <div key={name} title={meaning}>
                <dt>{name}</dt>
                <dd className="num">{value}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function figuresOf(pair: PairVerdict): (readonly [name: string, value: string, meaning: string])[] {
  const { rateTimesStep, varianceError, deviationError, timeRatio } = pair;
  const made: (readonly [string, string, string])[] = [
    [
      'rate × step',
      formatValue(rateTimesStep),
      'rates out of the cell and out of what it touches, over a step',
    ],
  ];
  if (varianceError !== null)
    made.push(['variance', signed(varianceError), 'error of the stationary variance by one pass per step']);
  made.push(['deviation', signed(deviationError), 'error of a deviation after a step of one pass']);
  if (timeRatio !== null)
    made.push([
      'field/circuit',
      formatValue(timeRatio, 2),
      'slowest time of the field over that of the circuit',
    ]);
  return made;
}

/** A sentence of the engine with its numbers kept together with their units. */
export function unbroken(text: string): string {
  return text.replaceAll(/(\d) (%|s\b)/g, '$1\u202f$2');
}

/** An error as a percentage with its sign: `+110 %`, `−0.4 %`. */
function signed(error: number): string {
  if (!Number.isFinite(error)) return 'unstable';
  if (error === 0) return '0';
  const percent = 100 * Math.abs(error);
  const text = percent < 1e-3 ? formatPower(percent) : formatValue(percent, 2);
  return `${error > 0 ? '+' : '−'}${text}\u202f%`;
}
