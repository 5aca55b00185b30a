import { useEffect, useState } from 'react';
import type { Clashes } from '../../engine/scenario/placeCircuit.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { NumberField, Select } from '../controls/Fields.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { sendCircuit } from './send.ts';

/** The choice that makes a new cell type; no name of one can hold a space. */
const NEW = 'a new cell type';

/** Writes the circuit into a cell type of the open scenario. */
export function SendDialog({ onClose }: { readonly onClose: () => void }) {
  const workbench = useWorkbench();
  const { lab, document } = workbench;
  const own = useStore(lab.state, state => state.circuit?.cellType ?? null);
  const [clashes, setClashes] = useState<Clashes | null>(null);
  const [fault, setFault] = useState('');
  const [target, setTarget] = useState(NEW);
  const [name, setName] = useState(own ?? 'circuit');
  const [count, setCount] = useState(10);
  const [mode, setMode] = useState<'replace' | 'add'>('replace');
  const [clash, setClash] = useState<'overwrite' | 'rename'>('rename');
  useEffect(() => {
    const { draft } = document.get();
    if (draft === '') {
      setFault('No scenario is open: open one in the colony first.');
      return;
    }
    lab.compare(draft).then(
      found => {
        setClashes(found);
        const names = found.targets.map(({ name }) => name);
        if (own && names.includes(own)) setTarget(own);
        else if (names.length > 0) setTarget(names[0]);
      },
      (error: Error) => setFault(`The open scenario has faults: ${error.message}`),
    );
  }, [lab, document, own]);

  const existing = clashes?.targets.find(({ name }) => name === target) ?? null;
  const shared = [
    ...(mode === 'add' ? (existing?.species ?? []) : []),
    ...(mode === 'add' ? (existing?.reactions ?? []) : []),
    ...(clashes?.parameters ?? []),
  ];
  const send = async () => {
    setFault('');
    const to = existing ? target : name.trim();
    if (clashes?.targets.some(other => other.name === to) && !existing) {
      setFault(`There is a cell type ${to} already: choose it above, or another name.`);
      return;
    }
    const refused = await sendCircuit(workbench, { to, mode, clash, count: existing ? 0 : count });
    if (refused === null) onClose();
    else setFault(refused);
  };
  return (
    <Dialog label="Send to a cell type" onClose={onClose} className="question lab-send">
      <h2>Send the circuit to a cell type</h2>
      {clashes && (
        <>
          <div className="labelled">
            <span>Cell type</span>
            <Select
              label="Cell type to send to"
              value={target}
              options={[
                ...clashes.targets.map(({ name }) => ({ value: name, label: name })),
                { value: NEW, label: 'A new cell type' },
              ]}
              onChange={setTarget}
            />
          </div>
          {existing ? (
            <Segmented
              label="What becomes of its circuit"
              value={mode}
              onChange={setMode}
              options={[
                { value: 'replace', label: 'Replace its circuit' },
                { value: 'add', label: 'Add to its circuit' },
              ]}
            />
          ) : (
            <>
              <div className="labelled">
                <span>Name</span>
                <input
                  className="field mono"
                  aria-label="Name of the new cell type"
                  value={name}
                  onChange={event => setName(event.target.value)}
                />
              </div>
              <div className="labelled">
                <span>Cells</span>
                <span className="row">
                  <NumberField
                    label="Cells of the new type"
                    value={count}
                    least={0}
                    most={100_000}
                    onChange={value => setCount(Math.round(value))}
                  />
                  <span className="muted">at the start, anywhere in the domain</span>
                </span>
              </div>
            </>
          )}
          {shared.length > 0 && (
            <div className="lab-clash">
              <p>
                The scenario has {shared.length === 1 ? 'something' : 'things'} of the same name:{' '}
                <span className="mono">{shared.slice(0, 8).join(', ')}</span>
                {shared.length > 8 && ` and ${shared.length - 8} more`}
              </p>
              <Segmented
                label="What shares a name"
                value={clash}
                onChange={setClash}
                options={[
                  { value: 'rename', label: 'Rename what comes' },
                  { value: 'overwrite', label: 'Overwrite what is there' },
                ]}
              />
            </div>
          )}
        </>
      )}
      {fault && (
        <p className="lab-fault" role="alert">
          {fault}
        </p>
      )}
      <div className="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" focused disabled={!clashes} onClick={() => void send()}>
          Send
        </Button>
      </div>
    </Dialog>
  );
}
