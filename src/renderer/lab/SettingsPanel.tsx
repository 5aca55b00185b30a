import { parseNumber } from '../../picture/format/number.ts';
import { exactDuration, parseClock } from '../../picture/format/time.ts';
import type { LabCircuit } from '../../session/lab/contract.ts';
import { NumberField, Switch } from '../controls/Fields.tsx';
import { Section } from '../controls/Section.tsx';
import { useWorkbench } from '../state/context.ts';
import { LAB_LIMITS } from '../state/lab.ts';
import { useStore } from '../state/store.ts';
import { StructurePanel } from './structure/StructurePanel.tsx';
import { TypedField } from './TypedField.tsx';

/** Molecules/µm³ in 1 nM. */
const NANOMOLAR = 0.602214076;

/** How the ensemble is run: everything takes effect at once. */
export function SettingsPanel() {
  const { lab } = useWorkbench();
  const { settings, circuit, look } = useStore(lab.state, ({ settings, circuit, look }) => ({
    settings,
    circuit,
    look,
  }));
  if (!circuit)
    return <p className="panel-empty muted">Runs, methods and structure of a circuit appear here.</p>;
  const inModelTime = circuit.timeUnit === 'model';
  const toggleMethod = (name: string, on: boolean) => {
    const chosen = circuit.methods
      .map(method => method.name)
      .filter(other => (other === name ? on : settings.methods.includes(other)));
    if (chosen.length > 0) lab.set({ methods: chosen });
  };
  const held = circuit.fields.flatMap((field, index) => (field.used ? [{ ...field, index }] : []));
  return (
    <>
      <Section name="lab-run" title="Runs">
        <div className="labelled">
          <span className="lab-label">Runs</span>
          <NumberField
            label="Runs"
            value={settings.runs}
            least={1}
            most={LAB_LIMITS.runs}
            width={96}
            onChange={runs => lab.set({ runs: Math.round(runs) })}
          />
          <span className="lab-label">Until</span>
          <TypedField
            label="End of the runs"
            value={settings.end}
            show={inModelTime ? String : exactDuration}
            read={text => positive(inModelTime ? parseNumber(text) : parseClock(text))}
            onChange={end => lab.set({ end })}
          />
          <span className="lab-label">Points</span>
          <NumberField
            label="Output times"
            value={settings.points}
            least={1}
            most={LAB_LIMITS.points}
            width={96}
            onChange={points => {
              lab.look({ time: null });
              lab.set({ points: Math.round(points) });
            }}
          />
          <span className="lab-label">Seed</span>
          <TypedField
            label="Seed of the runs"
            value={settings.seed}
            show={seed => seed}
            read={text => (text.trim() === '' ? null : text.trim())}
            onChange={seed => lab.set({ seed })}
          />
        </div>
        <Switch label="Sample paths" checked={look.paths} onChange={paths => lab.look({ paths })} />
        <Switch label="Band of ± one sd" checked={look.band} onChange={band => lab.look({ band })} />
      </Section>
      <Section name="lab-methods" title="Methods" aside={`${settings.methods.length} chosen`}>
        <ul className="lab-methods">
          {circuit.methods.map(({ name, use }) => (
            <li key={name}>
              <label title={use}>
                <input
                  type="checkbox"
                  checked={settings.methods.includes(name)}
                  onChange={event => toggleMethod(name, event.target.checked)}
                />
                <span>{name}</span>
              </label>
            </li>
          ))}
        </ul>
      </Section>
      {held.length > 0 && (
        <Section name="lab-fields" title="Fields, held" aside="nM">
          {held.map(({ name, index }) => (
            <div key={name} className="labelled">
              <span className="ellipsis">{name}</span>
              <TypedField
                label={`Concentration of ${name}, nM`}
                value={(settings.fields[index] ?? 0) / NANOMOLAR}
                show={value => String(Number(value.toPrecision(6)))}
                read={text => atLeastZero(parseNumber(text))}
                onChange={value =>
                  lab.set({
                    fields: circuit.fields.map((_, f) =>
                      f === index ? value * NANOMOLAR : (settings.fields[f] ?? 0),
                    ),
                  })
                }
              />
            </div>
          ))}
        </Section>
      )}
      <Section name="lab-structure" title="Structure" aside={warningsAside(circuit)}>
        {circuit.overview ? (
          <StructurePanel overview={circuit.overview} warnings={circuit.notes} />
        ) : (
          <>
            <p className="muted">The model is simulated as it stands: it is no plain network of reactions.</p>
            <ul className="lab-notes small muted">
              {circuit.notes.map(note => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </>
        )}
      </Section>
    </>
  );
}

function warningsAside({ overview, notes }: LabCircuit): string {
  const count = (overview?.structure.warnings.length ?? 0) + notes.length;
  return count === 0 ? '' : `${count} warning${count === 1 ? '' : 's'}`;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function atLeastZero(value: number | null): number | null {
  return value !== null && value >= 0 ? value : null;
}
