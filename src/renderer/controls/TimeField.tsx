import { useState } from 'react';
import { formatClock, parseClock } from '../../picture/format/time.ts';

interface TimeFieldProps {
  readonly label: string;
  /** s */
  readonly value: number;
  readonly onChange: (seconds: number) => void;
  /** Of a second. */
  readonly decimals: number;
  readonly most: number;
}

/** A typed time of the run (`2 h`, `1:30:00`): taken on Enter or on leaving; what is none, or beyond the run, is marked. */
export function TimeField({ label, value, onChange, decimals, most }: TimeFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const parsed = draft === null ? value : parseClock(draft);
  const valid = parsed !== null && parsed >= 0 && parsed <= most * (1 + 1e-12);
  const take = () => {
    if (draft !== null && valid && parsed !== null && parsed !== value) onChange(Math.min(parsed, most));
    setDraft(null);
  };
  return (
    <input
      className="field mono"
      aria-label={label}
      aria-invalid={!valid}
      style={{ width: 104 }}
      value={draft ?? formatClock(value, decimals)}
      onChange={event => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={event => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape' && draft !== null) {
          setDraft(null);
          event.stopPropagation();
        }
      }}
    />
  );
}
