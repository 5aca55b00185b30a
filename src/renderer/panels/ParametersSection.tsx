import { Section } from '../controls/Section.tsx';
import { useWorkbench } from '../state/context.ts';
import { canEdit } from '../state/machine.ts';
import { parameterTexts } from '../state/parameters.ts';
import { useStore } from '../state/store.ts';
import { ParameterRow } from './ParameterRow.tsx';

/** Parameters of the scenario: sliders that take effect in the run. */
export function ParametersSection() {
  const { session } = useWorkbench();
  const parameters = useStore(session, state => state.scenario?.parameters ?? []);
  // One text per parameter: compared entry by entry, so that rows only change with their own value.
  const texts = useStore(session, state => [
    ...parameterTexts(parameters, state.log, state.status?.step ?? 0).values(),
  ]);
  const editable = useStore(session, state => canEdit(state.phase) && !state.scenario?.recording);
  if (parameters.length === 0) return null;
  const changed = parameters.filter((parameter, i) => texts[i] !== parameter.text).length;
  return (
    <Section name="parameters" title="Parameters" aside={changed > 0 ? `${changed} changed` : undefined}>
      {parameters.map((parameter, i) => (
        <ParameterRow
          key={parameter.name}
          parameter={parameter}
          text={texts[i] ?? parameter.text}
          editable={editable}
        />
      ))}
    </Section>
  );
}
