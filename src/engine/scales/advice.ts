import { ITERABLE } from '../circuits/iterable.ts';
import { whyNotMonolithic } from '../circuits/stagedCells.ts';
import { meetsField, whyNotJoint } from '../circuits/voxelCircuit.ts';
import type { Model } from '../model/model.ts';
import { longestStep, type Scheme } from './predictedError.ts';
import { culpritOf, GOOD_ENOUGH, type PairVerdict, percent, short } from './verdicts.ts';

export type AdvisedSchedule = 'weak' | 'strong' | 'joint' | 'monolithic';

/** What a schedule would do to the exchange that bears it worst. */
export interface Outlook {
  readonly by: Scheme;
  readonly error: number;
  /** Why it cannot be had, or is not worth its price; null where it can. */
  readonly refused: string | null;
  readonly advised: boolean;
}

export interface Advice {
  readonly schedule: AdvisedSchedule;
  readonly reason: string;
}

/** Diffusivity × part of a step / spacing² with which joint coupling is reckoned. */
export const HOPS = 0.1;

/** Parts of a step beyond which joint coupling is no offer. */
const MOST_PARTS = 100;

/**
 * The cheapest schedule that is predicted to be good enough for every pair; where none is, the best of those that can be had. Cells
 * that exchange nothing need none.
 */
export function advise(model: Model, pairs: readonly PairVerdict[]): { advice: Advice; outlooks: Outlook[] } {
  if (pairs.length === 0)
    return { advice: { schedule: 'weak', reason: 'cells and fields exchange nothing' }, outlooks: [] };
  const parts = partsOfJoint(model);
  const candidates = pairs[0].predicted.map(({ by }, i) => ({
    by,
    error: Math.max(...pairs.map(({ predicted }) => predicted[i].worst)),
    refused: whyNot(model, by, parts),
  }));
  const offered = candidates.filter(({ refused }) => refused === null);
  const chosen =
    offered.find(({ error }) => error <= GOOD_ENOUGH) ??
    offered.reduce((best, other) => (other.error < best.error ? other : best));
  const at = candidates.indexOf(chosen);
  return {
    advice: { schedule: scheduleOf(chosen.by), reason: reasonOf(model, pairs, candidates, at, parts) },
    outlooks: candidates.map(candidate => ({ ...candidate, advised: candidate === chosen })),
  };
}

function scheduleOf(by: Scheme): AdvisedSchedule {
  if (by === 'joint' || by === 'monolithic') return by;
  return by.startsWith('strong') ? 'strong' : 'weak';
}

function whyNot({ description }: Model, by: Scheme, parts: number): string | null {
  const { cellTypes, fields } = description;
  if (by.startsWith('strong')) {
    const fixed = cellTypes.find(({ method = 'auto' }) => !ITERABLE.includes(method));
    return fixed ? `${fixed.name}'s method \`${fixed.method}\` cannot be iterated` : null;
  }
  if (by.startsWith('weak')) return null;
  const steady = fields.find(({ dynamics }) => dynamics === 'quasi-steady');
  if (steady) return `field ${steady.name} is quasi-steady`;
  if (fields.some(({ touch }) => touch)) return 'cells see a field otherwise than they give to it';
  if (description.time.circuitParts !== undefined || fields.some(({ parts }) => parts !== undefined))
    return 'cells and fields have steps of their own';
  const reasonFor = by === 'joint' ? whyNotJoint : whyNotMonolithic;
  for (const { name, circuit, method } of cellTypes) {
    const reason = reasonFor(circuit, method);
    if (reason) return `${name}: ${reason}`;
  }
  if (by === 'monolithic') return null;
  return parts > MOST_PARTS
    ? `diffusion crosses voxels so fast that it would take each step in ${parts} parts`
    : null;
}

/** As coupling/joint.ts takes them. */
function partsOfJoint({ description: { grid, fields, cellTypes, time } }: Model): number {
  const along = grid.spacing.filter((_, axis) => grid.cells[axis] > 1);
  const met = fields.filter((_, f) => cellTypes.some(({ circuit }) => meetsField(circuit, f)));
  if (along.length === 0) return 1;
  const fastest = Math.max(0, ...met.map(({ diffusivity }) => diffusivity));
  return Math.max(1, Math.ceil((fastest * time.step) / Math.min(...along) ** 2 / HOPS - 1e-9));
}

interface Candidate {
  readonly by: Scheme;
  readonly error: number;
  readonly refused: string | null;
}

function reasonOf(
  { description }: Model,
  pairs: readonly PairVerdict[],
  candidates: readonly Candidate[],
  chosen: number,
  parts: number,
): string {
  const worst = (i: number) => pairs.reduce((a, b) => (b.predicted[i].worst > a.predicted[i].worst ? b : a));
  const weak = worst(0);
  const said = [`${weak.type} and ${weak.field}: ${weak.reason}`];
  if (candidates[0].error <= GOOD_ENOUGH) return said[0];
  const { by, error } = candidates[chosen];
  const strong = candidates.findIndex(other => other.by === 'strong midpoint');
  switch (scheduleOf(by)) {
    case 'weak': {
      const refusals = candidates.flatMap(({ refused }) => refused ?? []);
      said.push(`no other schedule can be had (${[...new Set(refusals)].join('; ')})`);
      break;
    }
    case 'strong':
      said.push(`iterated, cells seeing the ${by.replace('strong ', '')}, by ${percent(error)}`);
      if (error > GOOD_ENOUGH) {
        const joint = candidates.find(other => other.by === 'joint');
        said.push(`not jointly: ${joint?.refused}`);
      }
      break;
    case 'monolithic':
    case 'joint': {
      const { refused } = candidates[strong];
      const how = worst(strong);
      said.push(
        refused ?? `iterated still by ${percent(how.predicted[strong].worst)} (${whatOf(how, strong)})`,
      );
      said.push(
        by === 'monolithic'
          ? `as one implicit system by ${percent(error)}`
          : `as one network per voxel it is exact${parts > 1 ? `, in ${parts} parts of a step` : ''}`,
      );
    }
  }
  const { step } = description.time;
  const enough = Math.min(
    ...pairs.map(({ rates }) => longestStep(candidates[0].by, rates, step, GOOD_ENOUGH)),
  );
  if (enough > 0) said.push(`one pass would do with steps of ${short(enough)} s`);
  return said.join('; ');
}

/** What strong coupling gets wrong of an exchange. */
function whatOf({ predicted, rates }: PairVerdict, i: number): string {
  const culprit = culpritOf(predicted[i]);
  return predicted[i].firing === predicted[i].worst
    ? `cells touch ${short(rates.molecules ?? 0)} molecules, and agree to within one`
    : `in the ${culprit}`;
}
