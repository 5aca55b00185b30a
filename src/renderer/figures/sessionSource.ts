import type { Workbench } from '../state/workbench.ts';
import type { FrameSource } from './frameSource.ts';

/** Frames of the live run, gone to one after the other; closing it goes back to where the run was. */
export function sessionSource({ engine, session }: Workbench, times: readonly number[]): FrameSource {
  const before = session.get().status?.time ?? 0;
  return {
    times,
    frameAt: i => engine.visit(times[i]),
    close: () => engine.leave(before),
  };
}
