import type { CouplingChoice } from '../description/description.ts';
import type { Counts } from '../model/profile.ts';

/** Share of the steps above which a fallback is no rare exception any more, and the result not what the scheme promises. */
const HEAVY_USE = 0.05;

/**
 * What the user of a run should know about how it was computed: each says what happened, what it means and what to try.
 * `tolerance`: the largest that a field has for its steps.
 */
export function fallbackWarnings(
  counts: Counts,
  steps: number,
  schedule: CouplingChoice['schedule'],
  tolerance = Number.POSITIVE_INFINITY,
): string[] {
  const uses: readonly (readonly [number, string])[] = [
    [
      counts.positiveFieldSteps,
      'a field was solved at first order in time, as the second-order scheme would have made it negative: ' +
        'its fronts are less accurate than the step promises; try a smaller time.step',
    ],
    [
      counts.firstOrderSteps,
      'cells and fields were coupled at first order, as a cell could not cover the second-order correction of its uptake: ' +
        'halving the step then only halves the error; try a smaller time.step (coupling.splitting: lie is the same, and faster)',
    ],
    [
      counts.halvedSteps,
      schedule === 'strong'
        ? 'the step was taken in parts, as cells and fields did not come to agree on it: that costs time; try a smaller ' +
          'time.step, coupling.sees: end, or a larger coupling.tolerance'
        : schedule === 'monolithic'
          ? 'the step was taken in parts, as its equations were not solved, or only with something negative: that costs time; ' +
            'try a smaller time.step'
          : 'the step was taken in parts, as cells would have taken more than was there: ' +
            'exchange is too fast for the step, which costs time and accuracy; try a smaller time.step, coupling.schedule: strong, ' +
            'or coupling.kernel: linear where it is nearest, so that a cell takes from several voxels',
    ],
    [
      counts.guardedSteps,
      'whole-molecule uptake was held to what its voxels contained, cell after cell: ' +
        'places run empty, and what is left there is not shared fairly; try a smaller time.step, a coarser grid, ' +
        'coupling.kernel: linear where it is nearest, or continuous uptake',
    ],
  ];
  const heavy = uses
    .filter(([used]) => used > HEAVY_USE * steps)
    .map(([used, what]) => `in ${used} of ${steps} steps (${percent(used / steps)}) ${what}`);
  if (!(counts.fieldError > tolerance)) return heavy;
  const missed =
    `a field's steps were cut as far as they are and its tolerance was missed all the same (estimated error ${counts.fieldError.toPrecision(2)} ` +
    `of its largest concentration, tolerance ${tolerance}): something in it is faster than that, or empties it; try a smaller time.step`;
  return [...heavy, missed];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
