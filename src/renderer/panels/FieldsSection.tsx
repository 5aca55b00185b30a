import { useEffect, useRef } from 'react';
import { concentrationUnit, formatConcentration } from '../../picture/format/units.ts';
import type { FieldInfo } from '../../session/contract.ts';
import { NumberField, Select, Switch } from '../controls/Fields.tsx';
import { Section } from '../controls/Section.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import type { ColourMap, FieldLayer } from '../stage/view.ts';
import { useWorkbench } from '../state/context.ts';
import { plainLayer } from '../state/fit.ts';
import { useStore } from '../state/store.ts';
import { SliceSlider } from './SliceSlider.tsx';

const MAPS: readonly { readonly value: ColourMap; readonly label: string }[] = [
  { value: 'viridis', label: 'Viridis' },
  { value: 'magma', label: 'Magma' },
  { value: 'cividis', label: 'Cividis' },
  { value: 'diverging', label: 'Diverging' },
];
/** Maps of further layers, so that blended fields differ from the start. */
const NEXT_MAP: readonly ColourMap[] = ['viridis', 'magma', 'cividis'];
const MOST_LAYERS = 3;

/** Which fields are drawn, and how. */
export function FieldsSection() {
  const { session, view } = useWorkbench();
  const fields = useStore(session, state => state.scenario?.fields ?? []);
  const layers = useStore(view, state => state.fields);
  const contours = useStore(view, state => state.contours);
  if (fields.length === 0) return null;
  const change = (field: number, layer: Partial<FieldLayer>) =>
    view.set({ fields: layers.map(other => (other.field === field ? { ...other, ...layer } : other)) });
  const toggle = (field: number, on: boolean) => {
    if (!on) return view.set({ fields: layers.filter(layer => layer.field !== field) });
    const map = NEXT_MAP.find(name => !layers.some(layer => layer.map === name)) ?? 'viridis';
    const added: FieldLayer = { ...plainLayer(field), map };
    view.set({ fields: [...layers.slice(-(MOST_LAYERS - 1)), added] });
  };
  return (
    <Section
      name="fields"
      title="Fields"
      aside={layers.map(layer => fields[layer.field]?.name).join(' + ') || 'none shown'}
    >
      {fields.map(({ name }, field) => {
        const layer = layers.find(other => other.field === field);
        return (
          <div key={name} className="layer">
            <Switch
              label={
                <>
                  {name} {field < 9 && <kbd>{field + 1}</kbd>}
                </>
              }
              checked={layer !== undefined}
              onChange={on => toggle(field, on)}
            />
            {layer && <LayerControls layer={layer} name={name} onChange={next => change(field, next)} />}
          </div>
        );
      })}
      <Reservoirs fields={fields} />
      <Switch
        label="Contour lines"
        checked={contours}
        onChange={checked => view.set({ contours: checked })}
      />
      <SliceSlider />
    </Section>
  );
}

/** What the reservoirs hold now, written straight into the page. */
function Reservoirs({ fields }: { readonly fields: readonly FieldInfo[] }) {
  const { frames } = useWorkbench();
  const element = useRef<HTMLDivElement>(null);
  const names = fields.flatMap(({ name, reservoirs = [] }) =>
    reservoirs.map(reservoir => `${reservoir}.${name}`),
  );
  useEffect(() => {
    const write = () => {
      const held = frames.current?.bulk ?? [];
      element.current?.querySelectorAll('.num').forEach((output, i) => {
        output.textContent = i < held.length ? formatConcentration(held[i]) : '–';
      });
    };
    write();
    return frames.subscribe(write);
  }, [frames]);
  if (names.length === 0) return null;
  return (
    <div ref={element}>
      {names.map(name => (
        <div key={name} className="row">
          <span className="muted">{name}</span>
          <span className="grow" />
          <span className="num" />
        </div>
      ))}
    </div>
  );
}

interface LayerControlsProps {
  readonly layer: FieldLayer;
  readonly name: string;
  readonly onChange: (layer: Partial<FieldLayer>) => void;
}

function LayerControls({ layer, name, onChange }: LayerControlsProps) {
  const { readings, view } = useWorkbench();
  const at = useStore(view, state => state.fields.findIndex(other => other.field === layer.field));
  const range = useStore(readings, state => state.fields[at] ?? null);
  const auto = layer.range === 'auto';
  const shown = auto ? range : layer.range;
  const unit = concentrationUnit(shown?.[1] ?? 1);
  const setEnd = (end: 0 | 1, value: number) => {
    if (!shown) return;
    const next: [number, number] = [shown[0], shown[1]];
    next[end] = value * unit.size;
    if (next[1] > next[0]) onChange({ range: next });
  };
  const rounded = (value: number) => Number((value / unit.size).toPrecision(4));
  return (
    <div className="layer-controls">
      <div className="row">
        <Select
          label={`Colour map of ${name}`}
          value={layer.map}
          options={MAPS}
          onChange={map => onChange({ map })}
        />
        <Segmented
          label={`Scale of ${name}`}
          value={layer.scale}
          onChange={scale => onChange({ scale })}
          options={[
            { value: 'linear', label: 'Linear' },
            { value: 'log', label: 'Log' },
          ]}
        />
      </div>
      <div className="row">
        <span className="muted">Range</span>
        <span className="grow" />
        {auto ? (
          <span className="num">
            {range ? `${formatConcentration(range[0])} – ${formatConcentration(range[1])}` : 'automatic'}
          </span>
        ) : (
          shown && (
            <>
              <NumberField
                label={`Low end of ${name}`}
                width={64}
                value={rounded(shown[0])}
                onChange={value => setEnd(0, value)}
              />
              <NumberField
                label={`High end of ${name}`}
                width={64}
                value={rounded(shown[1])}
                onChange={value => setEnd(1, value)}
              />
              <span className="muted">{unit.name}</span>
            </>
          )
        )}
        <button
          type="button"
          className="link"
          title={auto ? 'Hold this range' : 'Follow the values'}
          onClick={() => onChange({ range: auto && range ? [range[0], range[1]] : 'auto' })}
        >
          {auto ? 'hold' : 'auto'}
        </button>
      </div>
    </div>
  );
}
