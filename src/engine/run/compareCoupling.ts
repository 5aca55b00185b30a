import { whyNotIterable } from '../circuits/iterable.ts';
import { whyNotMonolithic } from '../circuits/stagedCells.ts';
import { meetsFields, whyNotJoint } from '../circuits/voxelCircuit.ts';
import { advance } from '../coupling/step.ts';
import type { CouplingChoice, Description, StrongCoupling } from '../description/description.ts';
import { RunFailure } from '../model/failure.ts';
import { createModel, type Model } from '../model/model.ts';
import type { Scheme } from '../scales/predictedError.ts';
import { predictRun, type RunPrediction } from '../scales/predictRun.ts';
import { MONOLITHIC } from '../scenario/choices.ts';
import { createSurvey, type Difference, differ, type Survey } from './survey.ts';

/** A way to couple cells and fields, or why this scenario cannot be coupled so. */
export interface Candidate {
  readonly name: string;
  readonly coupling: CouplingChoice;
  readonly refused: string | null;
}

/** One candidate with the scenario's step, its half and its quarter. */
export interface CandidateResult {
  readonly name: string;
  /** Why it was not run to the end; then nothing else is known. */
  readonly failed: string | null;
  readonly runs: readonly RunResult[];
  /** log₂ of the ratio of the differences between steps; null where noise hides it or nothing differs. */
  readonly order: number | null;
}

export interface RunResult {
  readonly step: number;
  /** From the reference. */
  readonly difference: Difference;
  /** s */
  readonly seconds: number;
  /** Passes per window (1 where windows are not iterated), and the factor by which a pass shrinks the error, the worst of all steps. */
  readonly passes: number;
  readonly contraction: number;
  readonly halvedWindows: number;
  /** What the exchange of cells and fields is predicted to be off by, from its rates at the end of the reference. */
  readonly predicted: RunPrediction | null;
}

export interface Comparison {
  readonly until: number;
  readonly reference: string;
  readonly stochastic: boolean;
  readonly runs: number;
  /** False where cells and fields have nothing to do with one another: there is one candidate then, without a schedule to choose. */
  readonly coupled: boolean;
  /** The difference that other random numbers alone make; null where nothing is random. */
  readonly noise: Difference | null;
  /** Copies with which the noise would no longer hide a difference of the tolerance; null where it does not, or nothing is random. */
  readonly runsNeeded: number | null;
  readonly candidates: readonly CandidateResult[];
  readonly tolerance: number;
  /** The cheapest candidate and step whose error is within the tolerance or the noise; null where none is. */
  readonly cheapest: { readonly name: string; readonly step: number; readonly seconds: number } | null;
}

export interface CompareOptions {
  readonly untilStep: number;
  /** Largest relative difference that is allowed. */
  readonly tolerance: number;
  /** Copies with seeds of their own, over which is averaged. */
  readonly runs: number;
  /** Milliseconds on any clock. */
  readonly now: () => number;
  readonly onRun?: (name: string, step: number) => void;
}

/** Candidates that are no reference: one that takes other kernels, and one for which few scenarios qualify. */
const LAST_RESORTS = ['joint', 'monolithic'];

/** Differences up to this many times what other random numbers make count as none. */
const HIDDEN = 2;

/** Steps relative to the scenario's. */
const PARTS = [1, 2, 4];

/** Differences above this are rounding and solver tolerances no more, so that an order can be told from them. */
const VISIBLE = 1e-9;

/** The schedules that can be compared, in the order of their cost. */
export function candidatesOf({ coupling, cellTypes, fields }: Description): Candidate[] {
  const { kernel } = coupling;
  const strong = (sees: StrongCoupling['sees']): CouplingChoice =>
    coupling.schedule === 'strong'
      ? { ...coupling, sees }
      : {
          schedule: 'strong',
          kernel,
          sees,
          tolerance: 1e-6,
          acceleration: 'newton',
          relaxation: 1,
          iterations: 50,
        };
  const first = (reasons: readonly (string | null)[]) => reasons.find(reason => reason !== null) ?? null;
  const notStrong = first(cellTypes.map(({ method }) => whyNotIterable(method)));
  const steady = fields.find(({ dynamics }) => dynamics === 'quasi-steady');
  const touched = fields.find(({ touch }) => touch);
  const notOfTime = steady ? `field ${steady.name} is quasi-steady` : null;
  const notOfKernel = touched ? `cells exchange with field ${touched.name} by kernels of its own` : null;
  const notJoint =
    notOfTime ?? notOfKernel ?? first(cellTypes.map(({ circuit, method }) => whyNotJoint(circuit, method)));
  const notMonolithic =
    notOfTime ?? first(cellTypes.map(({ circuit, method }) => whyNotMonolithic(circuit, method)));
  return [
    { name: 'weak lie', coupling: { schedule: 'weak', splitting: 'lie', kernel }, refused: null },
    { name: 'weak strang', coupling: { schedule: 'weak', splitting: 'strang', kernel }, refused: null },
    { name: 'strong end', coupling: strong('end'), refused: notStrong },
    { name: 'strong linear', coupling: strong('linear'), refused: notStrong },
    { name: 'strong midpoint', coupling: strong('midpoint'), refused: notStrong },
    {
      name: 'joint',
      coupling: {
        schedule: 'joint',
        kernel: 'nearest',
        hops: coupling.schedule === 'joint' ? coupling.hops : 0.1,
      },
      refused: notJoint,
    },
    {
      name: 'monolithic',
      coupling: coupling.schedule === 'monolithic' ? coupling : { ...MONOLITHIC, kernel },
      refused: notMonolithic,
    },
  ];
}

/** Where nothing couples every schedule is the same: the step alone makes a difference. */
function uncoupled({ coupling }: Description): Candidate {
  return { name: 'no coupling', coupling, refused: null };
}

/** Whether cells and fields have anything to do with one another. */
export function isCoupled({ fields, cellTypes, population }: Description): boolean {
  return (
    fields.length > 0 &&
    population.length > 0 &&
    cellTypes.some(({ circuit, death }) => death !== null || meetsFields(circuit))
  );
}

/** Whether any reaction fires by chance, or cells divide, die or are placed by it while fields look on. */
export function isStochastic({ cellTypes, interventions }: Description): boolean {
  const drawn = interventions?.list.some(
    ({ action }) =>
      action.kind === 'add' || action.kind === 'arrive' || (action.kind === 'remove' && action.share < 1),
  );
  if (drawn) return true;
  return cellTypes.some(
    ({ circuit, method, division, death, motion }) =>
      (motion?.motility ?? motion?.run ?? motion?.attachment) != null ||
      division !== null ||
      death !== null ||
      (method !== 'deterministic' && circuit.reactions.some(reaction => !reaction.continuous)),
  );
}

/**
 * Runs every schedule with the scenario's step, its half and its quarter, on the same seeds, and sets what came of it against a reference:
 * strong coupling by the midpoint (weak by Strang's splitting where that is refused) with the quarter step. What is compared is
 * averaged over the second half of the run (survey.ts).
 *
 * @throws RunFailure where the reference itself fails
 */
export function compareCoupling(description: Description, options: CompareOptions): Comparison {
  const { untilStep, tolerance, runs } = options;
  const coupled = isCoupled(description);
  const candidates = coupled ? candidatesOf(description) : [uncoupled(description)];
  const best = candidates.findLast(
    ({ name, refused }) => refused === null && !LAST_RESORTS.includes(name),
  ) as Candidate;
  const stochastic = isStochastic(description);
  const quarter = PARTS[PARTS.length - 1];
  const reference = runAll(description, best, quarter, options, 0);
  const noise = stochastic
    ? differ(runAll(description, best, quarter, options, runs).survey, reference.survey)
    : null;
  const results = candidates.map((candidate): CandidateResult => {
    const { name, refused } = candidate;
    if (refused !== null) return { name, failed: refused, runs: [], order: null };
    try {
      const all = PARTS.map(parts =>
        candidate === best && parts === quarter
          ? reference
          : runAll(description, candidate, parts, options, 0),
      );
      return {
        name,
        failed: null,
        runs: all.map((run, i) => ({
          step: description.time.step / PARTS[i],
          difference: differ(run.survey, reference.survey),
          ...run.cost,
          predicted: SCHEMES.includes(name as Scheme)
            ? predictRun(reference.last, name as Scheme, description.time.step / PARTS[i])
            : null,
        })),
        order: stochastic ? null : orderOf(all.map(({ survey }) => survey)),
      };
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      return { name, failed: error.message, runs: [], order: null };
    }
  });
  const hidden = HIDDEN * (noise?.worst ?? 0);
  const allowed = Math.max(tolerance, hidden);
  const fit = results
    .flatMap(({ name, runs: all }) =>
      all.map(({ step, seconds, difference }) => ({ name, step, seconds, difference })),
    )
    // The reference is exact by definition, and so says nothing of itself.
    .filter(
      ({ name, step, difference }) =>
        difference.worst <= allowed && !(name === best.name && step === description.time.step / quarter),
    )
    .sort((a, b) => a.seconds - b.seconds);
  const [cheapest] = fit;
  return {
    until: untilStep * description.time.step,
    reference: `${best.name}, step / ${quarter}`,
    stochastic,
    coupled,
    runs,
    noise,
    // The difference of two means falls with the root of their number.
    runsNeeded: hidden > tolerance ? Math.ceil(runs * (hidden / tolerance) ** 2) : null,
    candidates: results,
    tolerance,
    cheapest: cheapest ? { name: cheapest.name, step: cheapest.step, seconds: cheapest.seconds } : null,
  };
}

const SCHEMES: readonly Scheme[] = [
  'weak lie',
  'weak strang',
  'strong end',
  'strong linear',
  'strong midpoint',
  'joint',
  'monolithic',
];

interface Run {
  /** The last copy at its end. */
  readonly last: Model;
  readonly survey: Survey;
  readonly cost: Pick<RunResult, 'seconds' | 'passes' | 'contraction' | 'halvedWindows'>;
}

/** A candidate over all copies, with a part of the step; copies have the seeds number `firstSeed` and on. */
function runAll(
  description: Description,
  { name, coupling }: Candidate,
  parts: number,
  { untilStep, runs, now, onRun }: CompareOptions,
  firstSeed: number,
): Run {
  const { step, steps } = description.time;
  onRun?.(name, step / parts);
  const survey = createSurvey(description);
  const before = now();
  let last: Model | undefined;
  let [passes, windows, contraction, halvedWindows] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const copy = firstSeed + run;
    const model: Model = createModel({
      ...description,
      // Parts of a window shrink with it, so that an order shows.
      coupling: coupling.schedule === 'joint' ? { ...coupling, hops: coupling.hops / parts } : coupling,
      seed: copy === 0 ? description.seed : `${description.seed} ${copy}`,
      time: { ...description.time, step: step / parts, steps: steps * parts },
    });
    for (let n = 1; n <= untilStep; n++) {
      for (let p = 0; p < parts; p++) {
        advance(model);
        contraction = Math.max(contraction, model.profile.stepContraction);
      }
      if (2 * n > untilStep) survey.add(model);
    }
    last = model;
    passes += model.profile.counts.iterations;
    windows += model.profile.counts.iteratedWindows;
    halvedWindows += model.profile.counts.halvedWindows;
  }
  return {
    last: last as Model,
    survey,
    cost: {
      seconds: (now() - before) / 1000,
      passes: windows === 0 ? 1 : passes / windows,
      contraction,
      halvedWindows,
    },
  };
}

/** From what the step, its half and its quarter give: differences of neighbours, whose ratio is 2^order. */
function orderOf([whole, half, quarter]: readonly Survey[]): number | null {
  const [coarse, fine] = [differ(whole, half).worst, differ(half, quarter).worst];
  return coarse > VISIBLE && fine > VISIBLE ? Math.log2(coarse / fine) : null;
}
