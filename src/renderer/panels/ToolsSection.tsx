import { NumberField, Select } from '../controls/Fields.tsx';
import type { IconName } from '../controls/Icon.tsx';
import { Icon } from '../controls/Icon.tsx';
import { Section } from '../controls/Section.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import type { Tool } from '../stage/view.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import type { ToolState } from '../state/ui.ts';

const TOOLS: readonly { readonly kind: Tool['kind']; readonly icon: IconName; readonly label: string }[] = [
  { kind: 'select', icon: 'select', label: 'Select' },
  { kind: 'probe', icon: 'probe', label: 'Probe' },
  { kind: 'paint', icon: 'brush', label: 'Brush' },
  { kind: 'place', icon: 'place', label: 'Place' },
  { kind: 'kill', icon: 'kill', label: 'Remove' },
];

/** What the pointer does on the stage. */
export function ToolsSection() {
  const { tool, session, clearProbes, selection } = useWorkbench();
  const state = useStore(tool, value => value);
  const { fields, types } = useStore(session, ({ scenario }) => ({
    fields: scenario?.fields.length ?? 0,
    types: scenario?.cellTypes.length ?? 0,
  }));
  const probes = useStore(selection, value => value.probes.length);
  const available = TOOLS.filter(
    ({ kind }) => kind === 'select' || (kind === 'paint' || kind === 'probe' ? fields > 0 : types > 0),
  );
  return (
    <Section name="tools" title="Tools" aside={TOOLS.find(({ kind }) => kind === state.kind)?.label}>
      <fieldset className="tools" aria-label="Tools">
        {available.map(({ kind, icon, label }) => (
          <button
            key={kind}
            type="button"
            className="tool"
            aria-pressed={state.kind === kind}
            onClick={() => tool.set({ kind })}
          >
            <Icon name={icon} />
            <span>{label}</span>
          </button>
        ))}
      </fieldset>
      <ToolSettings state={state} />
      {probes > 0 && (
        <div className="row spread">
          <span className="muted">
            {probes} {probes === 1 ? 'probe' : 'probes'}
          </span>
          <button type="button" className="link" onClick={clearProbes}>
            remove
          </button>
        </div>
      )}
    </Section>
  );
}

const HINTS: Readonly<Partial<Record<Tool['kind'], string>>> = {
  probe: 'Click a place to follow its concentrations in the plots.',
  kill: 'Cells under the pointer are removed; what they hold is booked as a user edit.',
};

function ToolSettings({ state }: { readonly state: ToolState }) {
  const { tool, session } = useWorkbench();
  const fields = useStore(session, ({ scenario }) => scenario?.fields.map(({ name }) => name) ?? []);
  const types = useStore(session, ({ scenario }) => scenario?.cellTypes.map(({ name }) => name) ?? []);
  const { kind } = state;
  const hint = HINTS[kind];
  const options = (names: readonly string[]) => names.map((label, i) => ({ value: String(i), label }));
  return (
    <>
      {kind === 'paint' && (
        <>
          <div className="row">
            <Select
              label="Field to paint"
              value={String(state.field)}
              options={options(fields)}
              onChange={value => tool.set({ field: Number(value) })}
            />
            <Segmented
              label="Add or remove"
              value={state.amount < 0 ? 'remove' : 'add'}
              options={[
                { value: 'add', label: 'Add' },
                { value: 'remove', label: 'Remove' },
              ]}
              onChange={value => tool.set({ amount: Math.abs(state.amount) * (value === 'add' ? 1 : -1) })}
            />
          </div>
          <div className="row">
            <span className="grow muted">Strength</span>
            <NumberField
              label="Molecules per dab"
              least={0}
              value={Math.abs(state.amount)}
              onChange={value => tool.set({ amount: state.amount < 0 ? -value : value })}
            />
            <span className="unit muted">molecules</span>
          </div>
        </>
      )}
      {kind === 'place' && (
        <div className="row">
          <Select
            label="Cell type to place"
            value={String(state.type)}
            options={options(types)}
            onChange={value => tool.set({ type: Number(value) })}
          />
          <NumberField
            label="Cells per click"
            width={48}
            least={1}
            most={1000}
            value={state.count}
            onChange={value => tool.set({ count: Math.round(value) })}
          />
          <span className="muted">cells</span>
        </div>
      )}
      {(kind === 'paint' || kind === 'place' || kind === 'kill') && (
        <div className="row">
          <span className="grow muted">Radius</span>
          <NumberField
            label="Radius"
            least={0.01}
            value={state.radius}
            onChange={radius => tool.set({ radius })}
          />
          <span className="unit muted">µm</span>
        </div>
      )}
      {hint && <p className="muted small">{hint}</p>}
    </>
  );
}
