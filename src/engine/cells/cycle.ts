import { drawDelay } from '../circuits/delayLaw.ts';
import { exponential } from '../random/exponential.ts';
import type { CellType, CyclePhase } from './cellType.ts';
import type { Life } from './life.ts';
import type { Population } from './population.ts';

/** What ends a phase besides its duration, of the cell in a slot at a time (s): a rate (1/s), a checkpoint (not 0: open). */
export interface PhaseFunctions {
  readonly rate: ((slot: number, time: number) => number) | null;
  readonly until: ((slot: number, time: number) => number) | null;
}

/** Lets the cell in `slot` enter a phase of its type's cycle at a moment (s); draws how long it takes at least. */
export function enterPhase(
  life: Life,
  phases: readonly CyclePhase[],
  slot: number,
  stage: number,
  moment: number,
  streams: Uint32Array,
): void {
  life.stage[slot] = stage;
  life.entered[slot] = moment;
  const duration = phases[stage]?.duration ?? null;
  life.due[slot] = duration === null ? moment : moment + drawDelay(duration, streams, 4 * slot);
}

/** Begins the cycle of a newborn; nothing for a type without phases. */
export function beginCycle(population: Population, slot: number, type: CellType, moment: number): void {
  const { life, streams } = population;
  if (!life) return;
  life.quiescent[slot] = 0;
  life.held[slot] = 0;
  const phases = type.division?.phases;
  if (phases) enterPhase(life, phases, slot, 0, moment, streams);
  else {
    life.stage[slot] = 0;
    life.entered[slot] = moment;
    life.due[slot] = moment;
  }
}

/** Whether the last phase of the cell's cycle has ended. */
export function isReady({ life, type }: Population, slot: number, types: readonly CellType[]): boolean {
  const phases = types[type[slot]].division?.phases;
  return phases !== undefined && life !== undefined && life.stage[slot] >= phases.length;
}

/**
 * Leads every cell through the phases of its cycle up to `time`, over `duration` s. A phase ends at the moment at which its duration is over, or
 * at one drawn for its rate (exact for a rate constant over the window), and the next begins at that moment, so
 * that durations do not depend on the step. A checkpoint is tested at the end of the window: while it is shut the phase goes on,
 * and then ends when it is found open. Cells that are quiescent stand still. All draws come from the cell's own stream.
 */
export function advanceCycles(
  population: Population,
  types: readonly CellType[],
  functions: readonly (readonly PhaseFunctions[] | null)[],
  time: number,
  duration: number,
): void {
  const { life } = population;
  if (!life) return;
  for (let slot = 0; slot < population.count; slot++) {
    const t = population.type[slot];
    const phases = types[t].division?.phases;
    if (!phases) continue;
    if (life.quiescent[slot] === 1) {
      life.entered[slot] += duration;
      life.due[slot] += duration;
      continue;
    }
    // More turns than phases only where a cycle takes less than a window; then the next window goes on.
    while (life.stage[slot] < phases.length) {
      const moment = endOfPhase(population, life, functions[t]?.[life.stage[slot]], slot, time, duration);
      if (moment === null) break;
      enterPhase(life, phases, slot, life.stage[slot] + 1, moment, population.streams);
    }
  }
}

/** When the phase of the cell ended, or null where it goes on. */
function endOfPhase(
  { streams }: Population,
  { due, entered }: Life,
  phase: PhaseFunctions | undefined,
  slot: number,
  time: number,
  duration: number,
): number | null {
  if (due[slot] > time) return null;
  const start = time - duration;
  let moment = due[slot];
  if (phase?.rate) {
    const rate = phase.rate(slot, time);
    if (!(rate > 0)) return null;
    moment = Math.max(start, entered[slot], due[slot]) + exponential(streams, 4 * slot) / rate;
    if (moment > time) return null;
  }
  if (phase?.until) {
    if (phase.until(slot, time) === 0) return null;
    // Over before this window: it waited for the checkpoint, which opened some time in it.
    if (moment <= start) moment = time;
  }
  return moment;
}
