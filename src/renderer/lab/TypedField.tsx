import { useState } from 'react';

interface TypedFieldProps<T> {
  readonly label: string;
  readonly value: T;
  readonly show: (value: T) => string;
  /** Null for what is no such value. */
  readonly read: (text: string) => T | null;
  readonly onChange: (value: T) => void;
}

/** A value typed as text: taken on Enter or on leaving; what cannot be read is marked and not taken. */
export function TypedField<T>({ label, value, show, read, onChange }: TypedFieldProps<T>) {
  const [draft, setDraft] = useState<string | null>(null);
  const parsed = draft === null ? value : read(draft);
  const take = () => {
    if (draft !== null && parsed !== null && draft !== show(value)) onChange(parsed);
    setDraft(null);
  };
  return (
    <input
      className="field mono lab-typed"
      aria-label={label}
      aria-invalid={parsed === null}
      value={draft ?? show(value)}
      onChange={event => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={event => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') {
          setDraft(null);
          event.stopPropagation();
        }
      }}
    />
  );
}
