import type { MemberResult } from '../../session/lab/contract.ts';

/** Beyond so many standard errors a difference is marked. */
export const MOST_STANDARD_ERRORS = 3.5;

/** One method beside the first one, at the last time, for one species. */
export interface ComparedRow {
  readonly member: MemberResult;
  readonly mean: number;
  readonly sd: number;
  /** Difference from the first method in standard errors; null for the first, and where there is no spread to tell by. */
  readonly meanScore: number | null;
  readonly sdScore: number | null;
}

/** Means and standard deviations of a species by all methods, and how far they are from the first. */
export function compareMembers(members: readonly MemberResult[], species: string): ComparedRow[] {
  const rows = members.map(member => ({ member, ...finalOf(member, species) }));
  const [reference] = rows;
  return rows.map(({ member, mean, sd, meanError, varianceError }, i) => {
    const apart = (difference: number, error: number, other: number): number | null => {
      if (i === 0 || !reference) return null;
      if (difference === 0) return 0;
      const both = Math.hypot(error, other);
      return both > 0 && Number.isFinite(difference) ? difference / both : null;
    };
    return {
      member,
      mean,
      sd,
      meanScore: apart(mean - reference.mean, meanError, reference.meanError),
      sdScore: apart(sd ** 2 - reference.sd ** 2, varianceError, reference.varianceError),
    };
  });
}

/** Standard errors: of the mean √(s²/n), of the variance √((m₄ − s⁴)/n). */
function finalOf(
  member: MemberResult,
  species: string,
): { mean: number; sd: number; meanError: number; varianceError: number } {
  const s = member.species.indexOf(species);
  if (s < 0 || member.done === 0) {
    return { mean: Number.NaN, sd: Number.NaN, meanError: Number.NaN, varianceError: Number.NaN };
  }
  const last = member.mean.length - member.species.length;
  const [mean, sd] = [member.mean[last + s], member.sd[last + s]];
  return {
    mean,
    sd,
    meanError: sd / Math.sqrt(member.done),
    varianceError: Math.sqrt(Math.max(0, member.fourth[s] - sd ** 4) / member.done),
  };
}
