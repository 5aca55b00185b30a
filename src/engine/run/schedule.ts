/** When something happens, in steps: any function × any schedule (output, progress, stopping). */
export type Schedule = (step: number) => boolean;

export const everyStep: Schedule = () => true;

/** At steps n, 2n, 3n … (and 0). */
export function every(steps: number): Schedule {
  return step => step % steps === 0;
}

/** At the listed steps. */
export function at(...steps: readonly number[]): Schedule {
  const listed = new Set(steps);
  return step => listed.has(step);
}

export function either(...schedules: readonly Schedule[]): Schedule {
  return step => schedules.some(schedule => schedule(step));
}
