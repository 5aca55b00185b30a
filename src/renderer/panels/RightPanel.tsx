import { Segmented } from '../controls/Segmented.tsx';
import { PlotsPanel } from '../plots/PlotsPanel.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import type { RightTab } from '../state/ui.ts';
import { BalancePanel } from './BalancePanel.tsx';
import { Inspector } from './Inspector.tsx';
import { ScalesPanel } from './ScalesPanel.tsx';

/** Readings: selected cells, plots, balance, time scales. */
export function RightPanel() {
  const { ui, session, selection } = useWorkbench();
  const tab = useStore(ui, state => state.rightTab);
  const loaded = useStore(session, state => state.scenario !== null);
  const selected = useStore(selection, state => state.ids.length);
  return (
    <div className="panel-content">
      <div className="panel-head">
        <Segmented<RightTab>
          label="Readings"
          value={tab}
          onChange={rightTab => ui.set({ rightTab })}
          options={[
            { value: 'inspector', label: selected > 1 ? `${selected} cells` : 'Cell' },
            { value: 'plots', label: 'Plots' },
            { value: 'balance', label: 'Balance' },
            { value: 'scales', label: 'Scales' },
          ]}
        />
      </div>
      {loaded ? (
        <div className="scroll">
          {tab === 'inspector' && <Inspector />}
          {tab === 'plots' && <PlotsPanel />}
          {tab === 'balance' && <BalancePanel />}
          {tab === 'scales' && <ScalesPanel />}
        </div>
      ) : (
        <p className="panel-empty muted">Selected cells, plots, balance and time scales appear here.</p>
      )}
    </div>
  );
}
