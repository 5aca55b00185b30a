import { obstaclesOf } from '../cells/obstacles.ts';
import type { CouplingChoice } from '../description/description.ts';
import { describeLeak } from '../diagnostics/leaks.ts';
import { findBadValue } from '../diagnostics/totals.ts';
import { locateAll } from '../exchange/kernels.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { fitWorkspace } from '../model/workspace.ts';
import { correctBalance } from './correct.ts';
import { detach } from './detach.ts';
import { followCells } from './followCells.ts';
import { intervene } from './intervene.ts';
import { grow, liveAndDie, sortSlots } from './lifeCycle.ts';
import { moveCells } from './move.ts';
import { mechanicsFailure } from './overload.ts';
import { react } from './react.ts';
import { CELL_BLOCK, tasksOf } from './tasks.ts';
import { advanceWindow } from './window.ts';

/**
 * Advances the model by one step:
 *
 *   0. schedule    interventions of the scenario that are due (intervene.ts)
 *      pressure    of cells on one another, where rates read it (cells/pressure.ts)
 *      medium      what the cells make of it, where fields ask (followCells.ts)
 *   1. sample      fields → cells, through the kernel
 *   2. circuits    each cell over the window; yields its transfers
 *   3. exchange    transfers → fields, and uptake → cells; written to the ledger
 *   4. fields      implicit reaction–diffusion over the window
 *   5. life cycle  death and division (growth is a reaction)         every lifeCycleEvery steps
 *      motion      runs, random motion, drift of cells that move by themselves (move.ts)
 *   6. mechanics   contacts → displacement                           every mechanicsEvery steps
 *   7. diagnostics the balance of every moiety; every amount and concentration finite and not negative
 *
 * 1–4 form a window (window.ts), in which cells and fields may have shorter steps of their own. What is slow has its turn at the end of
 * every nth step, counted from the start of the run, for all n at once: what is due is a matter of the step's index alone. Reactions of fields with one another (react.ts) take half the step before it and half after it:
 * a splitting of second order; recording is the caller's. Throws RunFailure.
 */
export function advance(model: Model): void {
  intervene(model);
  const { description, population, work, profile, kernels, mechanics } = model;
  const { step, lifeCycleEvery = 1, mechanicsEvery = 1 } = description.time;
  const start = model.step * step;

  tasksOf(model);

  fitWorkspace(work, population, assumesUptake(description.coupling));
  sortSlots(model);
  model.gauge?.measure(population);
  profile.beginStep();
  followCells(model);
  if (model.reactor) react(model, model.reactor, start, step / 2);
  advanceWindow(model, start, step, 0);
  if (model.reactor) react(model, model.reactor, start + step / 2, step / 2);
  profile.endStep();

  profile.enter('life cycle');
  if (isDue(model, lifeCycleEvery)) liveAndDie(model, start + step, step * lifeCycleEvery);
  else grow(model);

  profile.enter('mechanics');
  moveCells(model, start + step, step);
  if (mechanics && population.count > 0 && isDue(model, mechanicsEvery)) {
    profile.counts.mechanicsSubsteps += mechanics.advance(population, step * mechanicsEvery).substeps;
    if (mechanics.fault) throw mechanicsFailure(model, mechanics.fault);
  }
  // Without mechanics nobody else takes daughters out of obstacles.
  if (!mechanics) obstaclesOf(description.grid)?.clear(population);
  if (description.detachment) detach(model, description.detachment);
  // Division and death move cells, and cells between slots, with or without mechanics.
  locateAll(kernels, population, description.grid);

  profile.enter('diagnostics');
  model.step++;
  checkState(model);
  checkBalance(model);
  profile.enter(null);
}

/** Whether what has its turn every `every` steps has it at the end of the step in hand. */
function isDue({ step }: Model, every: number): boolean {
  return (step + 1) % every === 0;
}

/** Whether the schedule predicts fields and lets cells integrate their own uptake. */
function assumesUptake(coupling: CouplingChoice): boolean {
  if (coupling.schedule === 'weak') return coupling.splitting === 'strang';
  return coupling.schedule === 'strong';
}

/** Stops a run whose state is no longer physical, naming what, where and when. */
export function checkState(model: Model): void {
  const { description, population, fields } = model;
  const time = model.step * description.time.step;
  const bad = tasksOf(model).badAmount(Math.ceil(population.count / CELL_BLOCK));
  if (bad) {
    const type = description.cellTypes[population.type[bad.slot]];
    const what = `${type.name}.${type.circuit.species[bad.species].name}`;
    const where = `cell ${population.id[bad.slot]} at (${place(population.x[bad.slot], population.y[bad.slot])}) µm`;
    throw new RunFailure(kindOf(bad.value), `${what} is ${bad.value} in ${where}`, time, model.step);
  }
  for (let f = 0; f < fields.length; f++) {
    const voxel = findBadValue(fields[f]);
    if (voxel >= 0) {
      const [nx, ny] = description.grid.cells;
      const at = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
      const what = `field ${description.fields[f].name} is ${fields[f][voxel]} molecules/µm³ in voxel (${at.join(', ')})`;
      throw new RunFailure(kindOf(fields[f][voxel]), what, time, model.step);
    }
  }
}

/** Closes the books of a step, or of an edit between steps. @throws RunFailure where a breach is to stop the run */
export function checkBalance(model: Model): void {
  const { description, balance } = model;
  const { tolerance, onBreach } = description.balance;
  const breach = balance.closeStep(tolerance);
  if (breach < 0) {
    checkExchange(model);
    return;
  }
  model.breaches++;
  if (onBreach === 'warn') return;
  if (onBreach === 'correct' && correctBalance(model, tolerance)) return;
  const { name, relative, worstStep, suspect } = balance.report()[breach];
  const leaks = suspect === 'exchange' ? balance.findLeaks(tolerance) : [];
  throw new RunFailure(
    'balance',
    `the balance of ${name} does not close: relative residual ${Math.max(relative, worstStep).toExponential(2)}, ` +
      `tolerance ${tolerance.toExponential(1)}; the operator that lost it is ${suspect}` +
      leaks.map(leak => `; ${describeLeak(leak)}`).join('') +
      (onBreach === 'correct' ? '; it cannot be corrected by scaling the fields' : ''),
    model.step * description.time.step,
    model.step,
  );
}

/**
 * The books of the exchange by themselves, where those of the moieties close: a field that no moiety counts, or that leaks into
 * another, is missed by these. @throws RunFailure unless the scenario only warns: scaling fields corrects moieties alone
 */
function checkExchange(model: Model): void {
  const { description, balance } = model;
  const { tolerance, onBreach } = description.balance;
  // What a correction took out of the moieties is still in the books of the exchange.
  const isAsked = description.injectBias != null && onBreach !== 'correct';
  if (!isAsked && balance.uncounted.size === 0) return;
  const leaks = balance.findLeaks(tolerance).filter(({ field }) => isAsked || balance.uncounted.has(field));
  if (leaks.length === 0) return;
  model.breaches++;
  if (onBreach === 'warn') return;
  throw new RunFailure(
    'balance',
    `what cells and fields exchange does not agree, tolerance ${tolerance.toExponential(1)}; ${leaks.map(describeLeak).join('; ')}` +
      (onBreach === 'correct' ? '; it cannot be corrected by scaling the fields' : ''),
    model.step * description.time.step,
    model.step,
  );
}

function kindOf(value: number): 'negative' | 'non-finite' {
  return value < 0 && Number.isFinite(value) ? 'negative' : 'non-finite';
}

function place(x: number, y: number): string {
  return `${x.toPrecision(5)}, ${y.toPrecision(5)}`;
}
