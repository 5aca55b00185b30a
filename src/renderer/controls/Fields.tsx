import { type ReactNode, useEffect, useState } from 'react';
import { parseNumber } from '../../picture/format/number.ts';

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

export function Select<T extends string>({ label, value, options, onChange, disabled }: SelectProps<T>) {
  return (
    <select
      className="field grow"
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={event => {
        const chosen = options.find(option => option.value === event.target.value);
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

interface SwitchProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Switch({ label, checked, onChange }: SwitchProps) {
  return (
    <label className="switch">
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        onChange={event => onChange(event.target.checked)}
      />
    </label>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly least?: number;
  readonly most?: number;
  readonly disabled?: boolean;
  readonly width?: number;
}

/** A typed number: taken on Enter or on leaving; what is no number, or beyond its bounds, is marked and not taken. */
export function NumberField({ label, value, onChange, least, most, disabled, width }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const parsed = draft === null ? value : parseNumber(draft);
  const valid =
    parsed !== null && (least === undefined || parsed >= least) && (most === undefined || parsed <= most);
  const take = () => {
    if (draft !== null && valid && parsed !== null && parsed !== value) onChange(parsed);
    setDraft(null);
  };
  return (
    <input
      className="field mono"
      aria-label={label}
      aria-invalid={!valid}
      inputMode="decimal"
      disabled={disabled}
      style={{ width: width ?? 72 }}
      value={draft ?? String(value)}
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

interface SliderProps {
  readonly label: string;
  /** 0 … 1 */
  readonly position: number;
  readonly onChange: (position: number) => void;
  /** What a screen reader says of the position. */
  readonly text: string;
  readonly disabled?: boolean;
}

export function Slider({ label, position, onChange, text, disabled }: SliderProps) {
  return (
    <input
      type="range"
      className="slider"
      aria-label={label}
      aria-valuetext={text}
      min={0}
      max={1}
      step={0.002}
      value={position}
      disabled={disabled}
      style={{ '--at': position } as Record<string, number>}
      onChange={event => onChange(event.target.valueAsNumber)}
    />
  );
}

/** A value that follows `source`, but may run ahead of it while it is being changed; it goes back when `reset` changes. */
export function useDraft<T>(source: T, reset: number): [T, (value: T) => void] {
  const [draft, setDraft] = useState(source);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see reset
  useEffect(() => setDraft(source), [source, reset]);
  return [draft, setDraft];
}
