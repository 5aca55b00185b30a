import { useEffect, useRef, useState } from 'react';
import { parseNumber } from '../../picture/format/number.ts';
import type { ParameterInfo } from '../../session/contract.ts';
import { IconButton } from '../controls/Button.tsx';
import { Slider, useDraft } from '../controls/Fields.tsx';
import { useWorkbench } from '../state/context.ts';
import {
  leadingNumber,
  quantityText,
  sliderPosition,
  sliderRange,
  sliderValue,
} from '../state/parameters.ts';
import { useStore } from '../state/store.ts';

interface ParameterRowProps {
  readonly parameter: ParameterInfo;
  /** Its value now, as a scenario writes it. */
  readonly text: string;
  readonly editable: boolean;
}

/** While a slider moves, a value is sent after it rested so long (ms) … */
const REST = 120;
/** … and at least so often (ms). */
const LONGEST = 500;

/** One parameter: name, value with unit, slider; a value may be typed, and reset to what the scenario says. */
export function ParameterRow({ parameter, text, editable }: ParameterRowProps) {
  const { name, unit, comment } = parameter;
  const { engine, ui } = useWorkbench();
  const refusals = useStore(ui, state => state.refusals);
  const [shown, setShown] = useDraft(text, refusals);
  const [typed, setTyped] = useState<string | null>(null);
  const send = useRested((value: string) => engine.edit({ kind: 'parameter', name, value }));
  const changed = text !== parameter.text;

  const take = () => {
    if (typed === null) return;
    setTyped(null);
    const number = parseNumber(typed);
    // A bare number keeps the unit; anything else is written as it stands, and the engine says what is wrong with it.
    const value = number === null ? typed.trim() : quantityText(number, unit);
    if (value === '' || value === shown) return;
    setShown(value);
    send(value, true);
  };
  const initial = parameter.number;
  const range = initial === null ? null : sliderRange(initial);
  const number = leadingNumber(shown) ?? initial ?? 0;
  return (
    <div className={changed ? 'parameter changed' : 'parameter'} title={comment || undefined}>
      <div className="row">
        <label className="grow ellipsis mono" htmlFor={`parameter-${name}`}>
          {name}
        </label>
        {changed && (
          <IconButton
            icon="reset"
            tiny
            label={`Reset ${name} to ${parameter.text}`}
            disabled={!editable}
            onClick={() => {
              setShown(parameter.text);
              send(parameter.text, true);
            }}
          />
        )}
        <input
          id={`parameter-${name}`}
          className="field mono parameter-value"
          disabled={!editable}
          value={typed ?? shown}
          title={range ? undefined : 'An expression of other parameters'}
          onChange={event => setTyped(event.target.value)}
          onFocus={event => event.target.select()}
          onBlur={take}
          onKeyDown={event => {
            if (event.key === 'Enter') take();
            if (event.key === 'Escape') setTyped(null);
          }}
        />
      </div>
      {range && (
        <Slider
          label={name}
          position={sliderPosition(number, range)}
          text={shown}
          disabled={!editable}
          onChange={position => {
            const value = quantityText(sliderValue(position, range), unit);
            setShown(value);
            send(value, false);
          }}
        />
      )}
      {comment && <p className="muted small ellipsis">{comment}</p>}
    </div>
  );
}

/** Calls when values have rested, so that a drag is few edits, not hundreds. `now` calls at once. */
function useRested(call: (value: string) => void): (value: string, now: boolean) => void {
  const latest = useRef(call);
  latest.current = call;
  const state = useRef<{ timer: ReturnType<typeof setTimeout> | null; since: number }>({
    timer: null,
    since: 0,
  });
  useEffect(() => {
    const { current } = state;
    return () => {
      if (current.timer !== null) clearTimeout(current.timer);
    };
  }, []);
  return (value, now) => {
    const { current } = state;
    const time = performance.now();
    if (current.timer === null) current.since = time;
    else clearTimeout(current.timer);
    const wait = now ? 0 : Math.max(0, Math.min(REST, current.since + LONGEST - time));
    current.timer = setTimeout(() => {
      current.timer = null;
      latest.current(value);
    }, wait);
  };
}
