/**
 * The public interface of the engine: text → scenario → model → steps → summary.
 *
 *     const scenario = loadScenario(text, { file: 'colony.yaml' });
 *     const model = build(scenario);
 *     simulate(model);
 *     console.log(summarise(model));
 */
export type { CellType, Division, Mechanics, Placement, Shape } from './cells/cellType.ts';
export { PlacementError } from './cells/placement.ts';
export type { Population } from './cells/population.ts';
export type { Circuit, Reaction, Species, Term } from './circuits/circuit.ts';
export {
  type BlockResult,
  createEnsemble,
  type Ensemble,
  EnsembleError,
  type EnsembleOptions,
  type EnsembleResult,
  leftOut,
  mergeBlocks,
  optionsLeftOut,
  runEnsemble,
} from './circuits/ensemble.ts';
export { Law } from './circuits/law.ts';
export { METHOD_NAMES, METHODS } from './circuits/methods.ts';
export {
  type CircuitOverview,
  overviewOf,
  type PlainMoiety,
  type PlainStructure,
  type ReactionOverview,
  type ScheduledCause,
} from './circuits/overview.ts';
export {
  type Condition,
  meanPassage,
  type Passage,
  type PassageOptions,
  type Switching,
  switchingRates,
} from './circuits/passage.ts';
export type { Effect, Influence } from './circuits/regulation.ts';
export {
  lawsInTime,
  type Projection,
  type ProjectionOptions,
  projectLaw,
  type TimedLaw,
} from './circuits/stateProjection.ts';
export { ProjectionError } from './circuits/stateSpace.ts';
export { type Stationary, type StationaryOptions, stationaryLaw } from './circuits/stationaryLaw.ts';
export { analyseStiffness, STIFF_RATIO, type Stiffness, type TimeScales } from './circuits/stiffness.ts';
export { analyseStructure, type Structure } from './circuits/structure.ts';
export { advance } from './coupling/step.ts';
export { CrewError, type CrewMessage, createThreads, type Link } from './crew/boss.ts';
export type { Crew, Threads } from './crew/crew.ts';
export type { BalancePolicy, CouplingChoice, Description, TimeAxis } from './description/description.ts';
export { concentrationsAtMiddle } from './description/middle.ts';
export {
  everySteps,
  isDue,
  type RecordingPlan,
  type StepSchedule,
  timesDue,
} from './description/recordingPlan.ts';
export type { ScenarioView, ViewColouring } from './description/view.ts';
export type { Balance, MoietyBalance, Operator } from './diagnostics/balance.ts';
export { describeLeak, type Leak } from './diagnostics/leaks.ts';
export { findMoieties, type Moiety } from './diagnostics/moieties.ts';
export { adoptScenario, applyEdit, type EditResult, scenarioAfter } from './edit/apply.ts';
export { type Edit, EditError, type LoggedEdit, type Point } from './edit/edit.ts';
export { parseEventLog } from './edit/log.ts';
export { replay } from './edit/replay.ts';
export type { Cause, Ledger } from './exchange/ledger.ts';
export type { BinaryOperator, Expression, FunctionName, Variable } from './expression/ast.ts';
export { chooseSolver, type SolverDecision } from './fields/choice.ts';
export { type Boundary, FACES, type Face, type FieldDescription } from './fields/field.ts';
export type { Grid } from './fields/grid.ts';
export { AdoptionError, adopt } from './model/adopt.ts';
export { type FailureKind, RunFailure } from './model/failure.ts';
export { stateHash } from './model/hash.ts';
export { createModel, type Model, type ModelOptions } from './model/model.ts';
export { type Counts, PHASES, type Phase, Profile } from './model/profile.ts';
export {
  describeSnapshot,
  restoreSnapshot,
  SnapshotError,
  type SnapshotInfo,
  saveSnapshot,
} from './model/snapshot.ts';
export { type Frame, frameBytes, readFrame, writeFrame } from './recording/frame.ts';
export { timeSeriesHeader, timeSeriesRow } from './recording/timeseries.ts';
export { build } from './run/build.ts';
export { countCells, type FieldCensus, surveyFields, surveyReservoirs, surveySpecies } from './run/census.ts';
export {
  type Candidate,
  type CandidateResult,
  type CompareOptions,
  type Comparison,
  candidatesOf,
  compareCoupling,
  isStochastic,
  type RunResult,
} from './run/compareCoupling.ts';
export { createMember } from './run/member.ts';
export { at, either, every, everyStep, type Schedule } from './run/schedule.ts';
export { type Observer, type SimulateOptions, simulate, steps, timeOf } from './run/simulate.ts';
export { couplingOf, type Summary, solversOf, summarise } from './run/summary.ts';
export type { Difference } from './run/survey.ts';
export { cellTypeOf, createSbmlEnsemble, runSbmlEnsemble } from './sbml/ensemble.ts';
export { SbmlError, type SbmlProblem } from './sbml/errors.ts';
export type { SbmlModel } from './sbml/model.ts';
export { readSbml } from './sbml/read.ts';
export { type Observable, simulateSbml, type TimeCourseOptions } from './sbml/simulate.ts';
export { type SbmlCircuit, toCircuit } from './sbml/toCircuit.ts';
export { toSbml } from './sbml/toSbml.ts';
export { XML_LIMITS } from './sbml/xml.ts';
export type { Advice, Outlook } from './scales/advice.ts';
export { analyseScales, type CircuitScales, mapLocalGroups, type ScaleReport } from './scales/analyse.ts';
export type { Correlation } from './scales/correlation.ts';
export { CellProblemError, effectiveDiffusivity } from './scales/effectiveDiffusivity.ts';
export type { FieldGroups } from './scales/fieldGroups.ts';
export type { LocalGroups, LocalMaps, Spread } from './scales/local.ts';
export { svgMap, textMap } from './scales/map.ts';
export type { Box } from './scales/microstructure.ts';
export type { Process } from './scales/processes.ts';
export type { RepresentativeVolume, WindowSpread } from './scales/representative.ts';
export { analyseSpace, type PackingReport, type SpaceOptions, type SpaceReport } from './scales/space.ts';
export type { SplitVerdict } from './scales/splitting.ts';
export type { PairVerdict, Verdict } from './scales/verdicts.ts';
export { readCondition } from './scenario/condition.ts';
export { LIMITS } from './scenario/limits.ts';
export { listParameters, type WrittenParameter } from './scenario/listParameters.ts';
export { loadScenario, type Scenario } from './scenario/load.ts';
export { parseConcentration, parseTime } from './scenario/parseTime.ts';
export { formatProblem, type Problem, ScenarioError } from './scenario/problems.ts';
export { circuitToScenario } from './scenario/writeCircuit.ts';
export { type Schedule as WrittenSchedule, writeSchedule } from './scenario/writeSchedule.ts';
export { VERSION } from './version.ts';
