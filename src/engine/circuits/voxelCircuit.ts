import { needsCalendar } from '../cells/calendar.ts';
import type { CellType } from '../cells/cellType.ts';
import { canGenerateCode } from '../expression/codeGeneration.ts';
import { DEFAULT_TOLERANCE } from '../ode/bogackiShampine.ts';
import type { Circuit } from './circuit.ts';
import { describe } from './compile.ts';
import { fieldsMet } from './continuousNetwork.ts';
import { methodType, selectMethod } from './methods.ts';
import type { Voxel } from './reactionSystem.ts';
import { createVoxelFirings } from './voxelFirings.ts';
import { createVoxelFlow } from './voxelFlow.ts';
import { type CircuitWindow, createFailure, type Fault } from './window.ts';

/** The circuits of all cells of one voxel, with its content, as one network. */
export interface VoxelCircuit {
  /** By cell type: whether its cells take part; the others neither touch nor see a field. */
  readonly takesPart: readonly boolean[];
  /** The content of the voxel in hand. */
  readonly voxel: Voxel;
  /**
   * Advances the cells in slots[from … to), which all take part, with voxel.contents over the windows (by type). Continuous
   * channels and stochastic ones are split symmetrically, as in a cell (compile.ts). Random numbers are those of the first
   * cell, so callers order cells by id.
   */
  advance(
    windows: readonly CircuitWindow[],
    slots: Int32Array,
    from: number,
    to: number,
    duration: number,
  ): { readonly fault: Fault; readonly type: number } | null;
}

export function createVoxelCircuit(
  cellTypes: readonly CellType[],
  fieldCount: number,
  voxelVolume: number,
  generateCode: boolean,
): VoxelCircuit {
  const generate = generateCode && canGenerateCode();
  const takesPart = cellTypes.map(({ circuit }) => meetsFields(circuit));
  const types = cellTypes.map((type, t) =>
    takesPart[t] ? methodType(type, selectMethod(type.circuit, type.method)) : null,
  );
  const voxel = { contents: new Float64Array(fieldCount), volume: voxelVolume };
  const strict = cellTypes.map(({ method }) => method !== 'deterministic');
  const firings = createVoxelFirings(types, fieldCount, voxel, generate);
  const flow = createVoxelFlow(types, strict, fieldCount, voxel, DEFAULT_TOLERANCE, generate);
  const failure = createFailure();

  return {
    takesPart,
    voxel,
    advance(windows, slots, from, to, duration) {
      const { population } = windows[0];
      let [whole, real] = [false, false];
      for (let n = from; n < to; n++) {
        for (const { continuous } of types[population.type[slots[n]]]?.circuit.reactions ?? []) {
          if (continuous) real = true;
          else whole = true;
        }
      }
      const part = whole ? duration / 2 : duration;
      const flows = () => !real || (flow?.advance(windows, slots, from, to, part, failure) ?? true);
      const fires = () => firings?.advance(windows, slots, from, to, duration, slots[from], failure) ?? true;
      const done = whole ? flows() && fires() && flows() : flows();
      if (done) return null;
      const t = population.type[failure.slot];
      return { fault: describe(types[t] ?? cellTypes[t], failure, duration), type: t };
    },
  };
}

/** Whether any reaction takes from a field, gives to one, or reads one. */
export function meetsFields(circuit: Circuit): boolean {
  return circuit.reactions.some(reaction => fieldsMet(reaction).length > 0);
}

/** Whether any reaction takes from field f, gives to it, or reads it. */
export function meetsField(circuit: Circuit, f: number): boolean {
  return circuit.reactions.some(reaction => fieldsMet(reaction).includes(f));
}

/** Why a circuit cannot be simulated together with its voxel by a method, or null. */
export function whyNotJoint(circuit: Circuit, method = 'auto'): string | null {
  if (!meetsFields(circuit)) return null;
  if (needsCalendar(circuit)) return 'delays and events cannot be simulated together with the voxel';
  if (['auto', 'direct', 'deterministic'].includes(method)) return null;
  return `\`${method}\` cannot be simulated together with the voxel: joint coupling runs whole molecules exactly`;
}
