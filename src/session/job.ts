/** What a host is busy with. */
export type Job =
  | {
      readonly kind: 'run';
      /** The step to stop at. */
      readonly target: number;
      /** Steps per second, or null for as fast as it goes. */
      readonly limit: number | null;
      /** The limit counts from step `from` at `since` (ms). */
      since: number;
      from: number;
    }
  | {
      readonly kind: 'seek';
      readonly target: number;
      /** On the way to the last good state before a failure. */
      readonly failed: boolean;
    };

/** Seconds that a limited run may catch up; what it falls further behind is let go. */
const MOST_BEHIND = 0.25;

/** A run from `step` on. Where one is under way its next step stays as near as it was, so that a changed limit gives no extra one. */
export function runJob(
  before: Job | null,
  target: number,
  limit: number | null,
  step: number,
  now: number,
): Job {
  if (limit === null || before?.kind !== 'run' || before.limit === null) {
    return { kind: 'run', target, limit, since: now, from: step };
  }
  const progress = ((now - before.since) / 1000) * before.limit - (step - 1 - before.from);
  const done = Math.min(Math.max(0, progress), 1);
  return { kind: 'run', target, limit, since: now - (1000 * done) / limit, from: step - 1 };
}

/** The step that the job may go to at `now` (ms). The first step of a limited run comes at once. */
export function allowedStep(job: Job, step: number, now: number): number {
  if (job.kind === 'seek' || job.limit === null) return job.target;
  // A step is due at the very moment that untilNextStep names, in spite of rounding.
  const allowed = job.from + 1 + Math.floor(((now - job.since) / 1000) * job.limit + 1e-6);
  if (allowed - step <= Math.max(1, MOST_BEHIND * job.limit)) return Math.min(allowed, job.target);
  job.since = now;
  job.from = step;
  return Math.min(step + 1, job.target);
}

/** Milliseconds until the job may take another step. */
export function untilNextStep(job: Job, step: number, now: number): number {
  if (job.kind === 'seek' || job.limit === null) return 0;
  return Math.max(0, job.since + (1000 * (step - job.from)) / job.limit - now);
}
