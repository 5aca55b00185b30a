import type { CellType } from '../cells/cellType.ts';
import { ABSOLUTE_SHARE } from '../ode/bogackiShampine.ts';
import { netChange } from './circuit.ts';
import { createFlow, type Flow } from './flow.ts';
import type { Voxel } from './reactionSystem.ts';
import type { CircuitWindow } from './window.ts';

/** What is known of a type. */
export interface TypeFlow {
  readonly flow: Flow;
  /** given[c]: net molecules that channel c gives to each field. */
  readonly given: readonly (readonly (readonly [field: number, n: number])[])[];
  /** Channels whose rate must not be negative. */
  readonly checked: Int32Array;
}

/** A cell at work: its place among the unknowns, and its part of the linear system. */
export interface Member {
  readonly of: TypeFlow;
  readonly type: number;
  slot: number;
  first: number;
  readonly extents: Float64Array;
  readonly partial: Float64Array;
  readonly product: Float64Array;
  readonly matrix: Float64Array;
  readonly pivots: Int32Array;
  /** B = ∂v/∂n, and A⁻¹ B; [channel * fieldCount + f]. */
  readonly outer: Float64Array;
  readonly response: Float64Array;
}

/**
 * The cells of one voxel and its content as a system of ordinary differential equations for the extents y of all their channels
 * since the present state.
 */
export interface VoxelSystem {
  readonly fieldCount: number;
  readonly voxel: Voxel;
  readonly flows: readonly (TypeFlow | null)[];
  /** The cells in hand, and the number of unknowns. */
  readonly members: readonly Member[];
  readonly size: number;
  /** Content of the voxel at the point of evaluation. */
  readonly content: Float64Array;
  /** Of the last evaluation: where a rate was not valid. */
  readonly invalid: { readonly member: Member; readonly channel: number; readonly rate: number } | null;
  /** Takes in hand the cells in slots[from … to) that have continuous channels. */
  gather(windows: readonly CircuitWindow[], slots: Int32Array, from: number, to: number): void;
  /** Contents at extents y; the least of them. */
  moveContent(y: Float64Array): number;
  /** Points a cell's flow at its state at extents y, in the surroundings `content`; the least amount. */
  moveMember(member: Member, y: Float64Array): number;
  /** dy/dt; false where a rate is not valid. */
  derivative(y: Float64Array, out: Float64Array): boolean;
  /** Largest change that extents `error` make, over what is allowed at extents `after`; Infinity where that is below the floor. */
  errorOf(error: Float64Array, after: Float64Array): number;
  /** Whether any amount or content is below zero at extents y. */
  isBelow(y: Float64Array): boolean;
  /** Makes the state at extents y the present one. */
  accept(y: Float64Array): void;
}

/** Null where no type has a continuous channel. `strict[t]`: rates of that type must not be negative. */
export function createVoxelSystem(
  types: readonly (CellType | null)[],
  strict: readonly boolean[],
  fieldCount: number,
  voxel: Voxel,
  tolerance: number,
  generate: boolean,
): VoxelSystem | null {
  const flows = types.map((type, t) => (type ? typeFlow(type, strict[t], fieldCount, generate) : null));
  if (flows.every(flow => flow === null)) return null;
  const absolute = tolerance * ABSOLUTE_SHARE;
  const { contents, volume } = voxel;
  const pools: Member[][] = types.map(() => []);
  const used = new Int32Array(types.length);
  let members: Member[] = [];
  let size = 0;
  let windows: readonly CircuitWindow[] = [];

  const content = new Float64Array(fieldCount);
  const rates = scratch(flows, of => of.flow.count);
  const change = scratch(flows, of => of.flow.size);
  const sums = new Float64Array(fieldCount);
  let invalid: VoxelSystem['invalid'] = null;

  function gather(all: readonly CircuitWindow[], slots: Int32Array, from: number, to: number): void {
    windows = all;
    members = [];
    size = 0;
    used.fill(0);
    for (let n = from; n < to; n++) {
      const t = windows[0].population.type[slots[n]];
      const of = flows[t];
      if (!of) continue;
      const pool = pools[t];
      const index = used[t]++;
      if (index === pool.length) pool.push(createMember(of, t, fieldCount));
      const member = pool[index];
      member.slot = slots[n];
      member.first = size;
      size += of.flow.count;
      members.push(member);
    }
  }

  function moveContent(y: Float64Array): number {
    content.fill(0);
    for (const { of, first } of members) addGiven(of, y, first, content);
    let least = Number.POSITIVE_INFINITY;
    for (let f = 0; f < fieldCount; f++) {
      content[f] += contents[f];
      if (!(content[f] >= least)) least = content[f];
    }
    return least;
  }

  function moveMember(member: Member, y: Float64Array): number {
    const { of, slot, first, extents, type } = member;
    const { sampled } = windows[type];
    for (let f = 0; f < fieldCount; f++) sampled[slot * fieldCount + f] = content[f] / volume;
    of.flow.enter(windows[type], slot);
    for (let c = 0; c < of.flow.count; c++) extents[c] = y[first + c];
    return of.flow.moveTo(extents);
  }

  function derivative(y: Float64Array, out: Float64Array): boolean {
    invalid = null;
    if (Number.isNaN(moveContent(y))) return false;
    for (const member of members) {
      const { of, first } = member;
      if (Number.isNaN(moveMember(member, y))) return false;
      let wrong = of.flow.rates(0, rates);
      for (let i = 0; wrong < 0 && i < of.checked.length; i++)
        if (!(rates[of.checked[i]] >= 0)) wrong = of.checked[i];
      if (wrong >= 0) {
        invalid = { member, channel: wrong, rate: rates[wrong] };
        return false;
      }
      for (let c = 0; c < of.flow.count; c++) out[first + c] = rates[c];
    }
    return true;
  }

  function errorOf(error: Float64Array, after: Float64Array): number {
    if (!(moveContent(after) >= -absolute)) return Number.POSITIVE_INFINITY;
    sums.fill(0);
    let largest = 0;
    for (const member of members) {
      const { of, first, extents } = member;
      const { amounts, network, size: species } = of.flow;
      if (!(moveMember(member, after) >= -absolute)) return Number.POSITIVE_INFINITY;
      for (let c = 0; c < of.flow.count; c++) extents[c] = error[first + c];
      of.flow.combine(extents, change);
      for (let i = 0; i < species; i++) {
        const scaled = Math.abs(change[i]) / (absolute + tolerance * Math.abs(amounts[network.changed[i]]));
        if (!(scaled <= largest)) largest = scaled;
      }
      for (const c of network.detached) {
        const scaled = Math.abs(error[first + c]) / (absolute + tolerance * Math.abs(after[first + c]));
        if (!(scaled <= largest)) largest = scaled;
      }
      addGiven(of, error, first, sums);
    }
    for (let f = 0; f < fieldCount; f++) {
      const scaled = Math.abs(sums[f]) / (absolute + tolerance * Math.abs(content[f]));
      if (!(scaled <= largest)) largest = scaled;
    }
    return largest;
  }

  function isBelow(y: Float64Array): boolean {
    if (!(moveContent(y) >= 0)) return true;
    for (const member of members) if (!(moveMember(member, y) >= 0)) return true;
    return false;
  }

  function accept(y: Float64Array): void {
    moveContent(y);
    for (const member of members) {
      moveMember(member, y);
      const { amounts, network } = member.of.flow;
      const { population } = windows[member.type];
      for (const s of network.changed) population.amounts[member.slot * population.stride + s] = amounts[s];
    }
    contents.set(content);
  }
  return {
    fieldCount,
    voxel,
    flows,
    get members() {
      return members;
    },
    get size() {
      return size;
    },
    content,
    get invalid() {
      return invalid;
    },
    gather,
    moveContent,
    moveMember,
    derivative,
    errorOf,
    isBelow,
    accept,
  };
}

function typeFlow(type: CellType, strict: boolean, fieldCount: number, generate: boolean): TypeFlow | null {
  const flow = createFlow(type, fieldCount, true, false, generate);
  if (!flow) return null;
  const { channels } = flow.network;
  return {
    flow,
    given: channels.map(({ reaction }) => netChange(type.circuit.reactions[reaction], 'field')),
    checked: Int32Array.from(channels.flatMap(({ checked }, c) => (strict && checked ? [c] : []))),
  };
}

function createMember(of: TypeFlow, type: number, fieldCount: number): Member {
  const { count, size } = of.flow;
  return {
    of,
    type,
    slot: 0,
    first: 0,
    extents: new Float64Array(count),
    partial: new Float64Array(count * size),
    product: new Float64Array(size * size),
    matrix: new Float64Array(size * size),
    pivots: new Int32Array(size),
    outer: new Float64Array(count * fieldCount),
    response: new Float64Array(count * fieldCount),
  };
}

/** Adds what channels at extents y[first …] give to each field. */
export function addGiven(
  { given, flow }: TypeFlow,
  y: Float64Array,
  first: number,
  into: Float64Array,
): void {
  for (let c = 0; c < flow.count; c++) {
    for (const [f, n] of given[c]) into[f] += n * y[first + c];
  }
}

/** Room for what any of the types needs. */
export function scratch(
  flows: readonly (TypeFlow | null)[],
  lengthOf: (of: TypeFlow) => number,
): Float64Array {
  return new Float64Array(Math.max(0, ...flows.map(of => (of ? lengthOf(of) : 0))));
}
