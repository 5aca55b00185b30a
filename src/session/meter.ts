import type { Model } from '../engine/model/model.ts';
import { PHASES, type Phase } from '../engine/model/profile.ts';

interface Sample {
  readonly at: number;
  readonly steps: number;
  readonly seconds: Float64Array;
}

/** Milliseconds that a measurement looks back. */
const WINDOW = 1000;

/** How fast a run goes: steps and share of wall time by phase over the last second. */
export class Meter {
  #samples: Sample[] = [];
  /** Steps taken, whatever the direction of time. */
  #steps = 0;

  countStep(): void {
    this.#steps++;
  }

  /** Forgets what was measured: the run stopped, or another one began. */
  reset(): void {
    this.#samples = [];
  }

  /** Takes a sample at `now` (ms). */
  measure(model: Model, now: number): { stepsPerSecond: number; phases: Partial<Record<Phase, number>> } {
    const { seconds } = model.profile;
    this.#samples.push({ at: now, steps: this.#steps, seconds: seconds.slice() });
    // The last sample before the window stays, so that the window is always covered.
    while (this.#samples.length > 2 && now - this.#samples[1].at >= WINDOW) this.#samples.shift();
    const [first] = this.#samples;
    const wall = (now - first.at) / 1000;
    if (!(wall > 0)) return { stepsPerSecond: 0, phases: {} };
    const phases: Partial<Record<Phase, number>> = {};
    PHASES.forEach((phase, i) => {
      const share = (seconds[i] - first.seconds[i]) / wall;
      if (share > 0) phases[phase] = share;
    });
    return { stepsPerSecond: (this.#steps - first.steps) / wall, phases };
  }
}
