import { expressionsOf } from '../circuits/cellExpressions.ts';
import type { Description } from '../description/description.ts';
import type { Intervention } from '../description/interventions.ts';
import type { RecordingPlan } from '../description/recordingPlan.ts';
import type { ScenarioView } from '../description/view.ts';
import { reads } from '../expression/algebra.ts';
import { beyondFactorisation, canTakeWithin, chooseSolver, crossingRate } from '../fields/choice.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { spectralEnds } from '../fields/spectral/spectralSolver.ts';
import { buildBulk, fieldsInBulk } from './bulk.ts';
import { buildCellTypes } from './cellTypes.ts';
import { buildBalance, buildCoupling, buildInjectedBias, buildMechanics } from './choices.ts';
import type { Loose } from './conform.ts';
import { buildDetachment } from './detachment.ts';
import { buildGrid } from './domain.ts';
import { buildFields } from './fields.ts';
import { addFilm } from './film.ts';
import { buildFlow, type Flow, warnOfClosedFaces } from './flow.ts';
import { buildInterventions } from './interventions.ts';
import { countText, estimatedMemory, LIMITS } from './limits.ts';
import { addObstacles } from './obstacles.ts';
import { readParameters } from './parameters.ts';
import { buildPopulation } from './population.ts';
import type { Context } from './quantity.ts';
import { buildFieldReactions } from './reactions.ts';
import { buildRecording } from './recording.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath, type Source } from './source.ts';
import { readSteps } from './steps.ts';
import { buildTime } from './time.ts';
import { readTouch } from './touch.ts';
import { buildView } from './view.ts';

/** What a document says: what is run, how it is looked at, and what is kept of it. */
export interface Built {
  readonly description: Description;
  readonly view: ScenarioView;
  readonly recording: RecordingPlan;
  /** Not yet with what they make of the parameters (regimes.ts). */
  readonly interventions: readonly Intervention[];
}

/**
 * A document of the right form to a description: units converted, names resolved, expressions compiled to trees. Every
 * section is looked at, whatever the others hold. Null where any section had a fault.
 */
export function buildScenario(file: Loose<ScenarioFile>, source: Source): Built | null {
  const parameters = readParameters(source, file.parameters);
  const context: Context = { source, constants: parameters.scope };
  const grid = addObstacles(context, file.domain?.obstacles, buildGrid(context, file));
  const axis = buildTime(context, file.time);
  const { partsOf, ...slow } = readSteps(context, file, axis?.step ?? null);
  const time = axis && { ...axis, ...slow };
  const dimensions = (file.domain?.size ?? file.domain?.grid)?.length === 3 ? 3 : 2;
  const end = (time?.step ?? 0) * (time?.steps ?? 0);
  const flow = buildFlow(context, file.domain?.flow, grid, end);
  const inBulk = fieldsInBulk(file.bulk);
  const step = time?.step ?? null;
  const touchOf = readTouch(source, file, grid);
  const ownOf = (field: string) => ({ ...partsOf(field), ...touchOf(field) });
  const own = buildFields(context, file.fields, grid, step, dimensions, end, inBulk, ownOf);
  const fields = addFilm(context, file, buildBulk(context, file, own, grid, end, flow), grid);
  const reactions = buildFieldReactions(context, parameters, file.reactions, file.fields);
  const cellTypes = buildCellTypes(context, parameters, file, grid);
  const population = buildPopulation(context, file, cellTypes, grid);
  const mechanics = buildMechanics(
    context,
    file.mechanics,
    cellTypes,
    Object.keys(file.cells ?? {}),
    time && time.step * (time.mechanicsEvery ?? 1),
  );
  if (mechanics === null && time?.mechanicsEvery)
    source.warn(
      'coupling.steps.mechanics',
      'has no effect: the cells of this scenario do not push one another',
    );
  for (const type of mechanics === null ? cellTypes : []) {
    if (type && expressionsOf(type).some(one => reads(one).has('pressure')))
      source.warn(
        childPath('cells', type.name),
        'reads `pressure`, which is 0: the cells of this scenario do not push one another',
      );
  }
  const coupling = buildCoupling(context, file.coupling, cellTypes, fields, grid, time?.step ?? null);
  const balance = buildBalance(context, file.balance);
  const injectBias = buildInjectedBias(context, file.diagnostics, cellTypes);
  const view = buildView(context, file.view, Object.keys(file.fields ?? {}), cellTypes, grid);
  const recording = buildRecording(context, file.recording, time);
  const detachment = buildDetachment(context, file.detachment, grid, time);
  const interventions = buildInterventions(context, file, fields, cellTypes, grid, time);
  checkSolvers(source, fields, flow, grid);
  if (flow && grid) warnOfClosedFaces(context, fields, flow, grid);
  for (const name of parameters.unused()) source.warn(childPath('parameters', name), 'is not used');
  if (source.problems.length > 0 || grid === null || time === null) return null;

  const soundFields = fields.filter(field => field !== null).map(field => ({ ...field, ...flow }));
  const soundTypes = cellTypes.filter(type => type !== null);
  const cells = population.reduce((sum, { count }) => sum + count, 0);
  const species = Math.max(0, ...soundTypes.map(type => type.circuit.species.length));
  const multigrid = soundFields.filter(
    one => chooseSolver(grid, one, time.step / (one.parts ?? 1)).solver !== 'adi',
  ).length;
  if (flow?.velocity) {
    const followed = soundFields.some(one => chooseSolver(grid, one, time.step).solver !== 'bicgstab');
    const crossed = time.step * crossingRate(grid, flow.velocity);
    if (followed && crossed > LIMITS.crossed) {
      const message = `crosses ${countText(Math.round(crossed))} voxels in a step, and is followed through each`;
      const allowed = `at most ${countText(LIMITS.crossed)}, by a slower flow, a shorter time.step or coarser voxels; \`solver: auto\` solves for a flow that is steady`;
      source.keyProblem('domain.flow', message, allowed);
      return null;
    }
  }
  const bytes = estimatedMemory(grid.voxels, fields.length, cells, species, multigrid);
  if (bytes > LIMITS.memory) {
    const message = `needs about ${countText(Math.round(bytes / 2 ** 20))} MiB of memory`;
    source.keyProblem('domain', message, `at most ${countText(LIMITS.memory / 2 ** 20)} MiB`);
    return null;
  }
  const description: Description = {
    title: file.title ?? '',
    description: file.description ?? '',
    seed: seedText(source),
    grid,
    time,
    fields: soundFields,
    ...(reactions.length > 0 && { reactions }),
    cellTypes: soundTypes,
    population,
    mechanics,
    coupling,
    balance,
    ...(injectBias === null ? {} : { injectBias }),
    ...(detachment && { detachment }),
  };
  return { description, view, recording, interventions };
}

/** A solver that is asked for must be able to take the field. */
function checkSolvers(
  source: Source,
  fields: readonly (FieldDescription | null)[],
  flow: Flow | null,
  grid: Grid | null,
): void {
  for (const field of fields) {
    const within = field !== null && canTakeWithin({ ...field, ...flow });
    if (field?.dynamics === 'quasi-steady' && flow && !within) {
      const what = 'is not possible with a flow that varies in time or passes a reservoir';
      source.problem(`${childPath('fields', field.name)}.dynamics`, what, '`transient`');
    }
    if (field?.solver === 'bicgstab' && !(flow && within)) {
      const what = '`bicgstab` is for fields that a flow carries, steady in time and through no reservoir';
      source.problem(`${childPath('fields', field.name)}.solver`, what, '`multigrid`, `auto`');
    }
    if (grid !== null && field?.solver === 'spectral' && !spectralEnds(grid, field)) {
      const what =
        '`spectral` is for one diffusivity, faces that are closed, held or periodic as a whole, and grids of small factors';
      source.problem(`${childPath('fields', field.name)}.solver`, what, '`multigrid`, `auto`');
    }
    if (grid === null || field?.solver !== 'adi') continue;
    const beyond = beyondFactorisation(grid, { ...field, ...flow });
    if (beyond === null) continue;
    const path = `${childPath('fields', field.name)}.solver`;
    source.problem(path, `\`adi\` cannot take this field: ${beyond}`, '`multigrid`, `auto`');
  }
}

/** The seed as written, so that 042 and 42 are two seeds. */
function seedText(source: Source): string {
  const node = source.at('seed');
  return node?.kind === 'scalar' ? node.text : '1';
}
