import type { Document } from 'yaml';
import type { Description } from '../description/description.ts';
import type { RecordingPlan } from '../description/recordingPlan.ts';
import type { ScenarioView } from '../description/view.ts';
import { buildScenario } from './build.ts';
import { conform } from './conform.ts';
import { type FileReader, inlineModels } from './models.ts';
import { applyOverrides } from './overrides.ts';
import { parseDocument, toSource } from './parse.ts';
import { type Problem, ScenarioError } from './problems.ts';
import { buildRegimes } from './regimes.ts';
import { type ScenarioFile, ScenarioSchema } from './schema.ts';
import { Source } from './source.ts';

export interface LoadOptions {
  /** Name of the file, for messages. */
  readonly file?: string;
  /** Overrides `path=value`, applied in order. */
  readonly set?: readonly string[];
  /** Replaces the scenario's seed. */
  readonly seed?: string;
  /** Reads the files that the scenario names: SBML models. Without it they are a fault. */
  readonly files?: FileReader;
  /** Leaves out what interventions make of the parameters: for a scenario that is itself such a one. */
  readonly withoutRegimes?: boolean;
}

/** A checked scenario. */
export interface Scenario {
  readonly description: Description;
  /** How it is best looked at; no run depends on it. */
  readonly view: ScenarioView;
  /** What is kept of a run that is recorded; no run depends on it. */
  readonly recording: RecordingPlan;
  /** The resolved scenario: YAML with overrides, seed and models written into it, from which the same description results. */
  readonly text: string;
  /** What is probably a mistake, though it can be run. */
  readonly warnings: readonly Problem[];
}

/** Scenario text (YAML, or JSON) to a checked description. Throws a ScenarioError that lists all problems. */
export function loadScenario(text: string, options: LoadOptions = {}): Scenario {
  const file = options.file ?? 'scenario';
  const source = new Source();
  const fail = () => new ScenarioError(source.problems, file);
  const parsed = parseDocument(text, source);
  if (parsed === null) throw fail();
  const overrides = [...(options.set ?? [])];
  if (options.seed !== undefined) overrides.push(`seed=${JSON.stringify(options.seed)}`);
  const origins = applyOverrides(parsed.document, overrides, source);
  const models = inlineModels(parsed.document, options.files, source);
  const root = toSource(parsed, source, origins);
  source.index(root);
  const document = conform<ScenarioFile>(root, ScenarioSchema, source);
  const built = document === undefined ? null : buildScenario(document, source);
  if (source.problems.length > 0 || built === null) throw fail();
  const { description, view, recording, interventions: list } = built;
  const resolved = overrides.length === 0 && !models ? text : resolvedText(parsed.document, description);
  const scenario = { view, recording, text: resolved, warnings: source.warnings };
  if (list.length === 0) return { ...scenario, description };
  // What the interventions book is part of what the descriptions must agree about.
  const bare = (one: Description) => ({ ...one, interventions: { unit: 0, list, regimes: [], changes: [] } });
  if (options.withoutRegimes) return { ...scenario, description: bare(description) };
  const interventions = buildRegimes(
    source,
    list,
    bare(description),
    set => loadScenario(resolved, { file, set, withoutRegimes: true }).description,
  );
  if (interventions === null) throw fail();
  return { ...scenario, description: { ...description, interventions } };
}

/** The document as it was built. The seed becomes text: as a number it would be written in another way (1e3, 0x1F). */
function resolvedText(document: Document, { seed }: Description): string {
  if (document.has('seed')) document.set('seed', seed);
  return document.toString({ lineWidth: 0 });
}
