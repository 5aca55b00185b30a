import { Segmented } from '../controls/Segmented.tsx';
import { TextPanel } from '../editor/TextPanel.tsx';
import { NotebookPanel } from '../notebook/NotebookPanel.tsx';
import { RecordingSection } from '../replay/RecordingSection.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import type { LeftTab } from '../state/ui.ts';
import { CellsSection } from './CellsSection.tsx';
import { CouplingSection } from './CouplingSection.tsx';
import { FieldsSection } from './FieldsSection.tsx';
import { LogSection } from './LogSection.tsx';
import { ParametersSection } from './ParametersSection.tsx';
import { ToolsSection } from './ToolsSection.tsx';

/** The scenario, as controls or as text, and notes about its run. */
export function LeftPanel() {
  const { ui, session, document } = useWorkbench();
  const tab = useStore(ui, state => state.leftTab);
  const loaded = useStore(session, state => state.scenario !== null);
  const recorded = useStore(session, state => state.scenario?.recording !== undefined);
  const hasText = useStore(document, state => state.draft !== '');
  return (
    <div className="panel-content">
      <div className="panel-head">
        <Segmented<LeftTab>
          label="Scenario as"
          value={tab}
          onChange={leftTab => ui.set({ leftTab })}
          options={[
            { value: 'controls', label: 'Controls' },
            { value: 'text', label: 'Text' },
            { value: 'notebook', label: 'Notes' },
          ]}
        />
      </div>
      {tab === 'text' && hasText && <TextPanel />}
      {tab === 'notebook' && <NotebookPanel />}
      {tab === 'controls' && loaded && (
        <div className="scroll">
          {recorded ? <RecordingSection /> : <ToolsSection />}
          <ParametersSection />
          <FieldsSection />
          <CellsSection />
          <LogSection />
          <CouplingSection />
        </div>
      )}
      {((tab === 'text' && !hasText) || (tab === 'controls' && !loaded)) && (
        <p className="panel-empty muted">
          {tab === 'text'
            ? 'The text of a scenario is edited here.'
            : 'Parameters, fields and cells of a scenario appear here.'}
        </p>
      )}
    </div>
  );
}
