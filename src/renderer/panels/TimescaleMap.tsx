import { useState } from 'react';
import type { Process } from '../../engine/scales/processes.ts';
import { superscript } from '../../picture/format/number.ts';
import { Select } from '../controls/Fields.tsx';
import { formatTimescale, placeOnAxis, timescaleAxis } from './timescaleAxis.ts';

const EVERYTHING = '';

interface TimescaleMapProps {
  /** From fast to slow. */
  readonly processes: readonly Process[];
  /** CSS colour of what a process belongs to. */
  readonly colourOf: (of: string) => string;
}

/** Every process at its time on a logarithmic axis; the dashed line is the coupling step. */
export function TimescaleMap({ processes, colourOf }: TimescaleMapProps) {
  const [chosen, setChosen] = useState(EVERYTHING);
  const owners = [...new Set(processes.map(({ of }) => of))].filter(of => of !== 'run').sort();
  const owner = owners.includes(chosen) ? chosen : EVERYTHING;
  const shown = processes.filter(({ of }) => owner === EVERYTHING || of === owner || of === 'run');
  const axis = timescaleAxis(processes);
  const step = processes.find(({ of, name }) => of === 'run' && name === 'coupling step');
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  const lines = Array.from({ length: axis.high - axis.low + 1 }, (_, i) => i / (axis.high - axis.low));
  return (
    <>
      {owners.length > 1 && (
        <Select
          label="Processes of"
          value={owner}
          options={[
            { value: EVERYTHING, label: 'Processes of everything' },
            ...owners.map(of => ({ value: of, label: `Processes of ${of}` })),
          ]}
          onChange={setChosen}
        />
      )}
      <div className="timescales small">
        <div className="timescale-axis muted" aria-hidden="true">
          {axis.labels.map(power => (
            <span key={power} style={{ left: percent(placeOnAxis(axis, 10 ** power)) }}>
              {`10${superscript(power)}\u202fs`}
            </span>
          ))}
        </div>
        <div className="timescale-rows">
          <div className="timescale-lines" aria-hidden="true">
            {lines.map(at => (
              <i key={at} style={{ left: percent(at) }} />
            ))}
            {step && <i className="step" style={{ left: percent(placeOnAxis(axis, step.time)) }} />}
          </div>
          <ul aria-label="Processes, fast to slow">
            {shown.map(({ name, of, time }) => (
              <li key={`${of}: ${name}`} className={of === 'run' ? 'of-run' : ''}>
                <span className="row spread">
                  <span className="ellipsis" title={of === 'run' ? name : `${of}: ${name}`}>
                    {of !== 'run' && owner === EVERYTHING && <span className="muted">{of}: </span>}
                    {name}
                  </span>
                  <span className="num">{formatTimescale(time)}</span>
                </span>
                <span className="timescale-track" aria-hidden="true">
                  <i
                    style={{
                      left: percent(placeOnAxis(axis, time)),
                      ...(of === 'run' ? {} : { background: colourOf(of) }),
                    }}
                  />
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      {step && (
        <p className="muted small">
          A line per power of ten; dashed: the coupling step. What lies left of it is faster than a step.
        </p>
      )}
    </>
  );
}
