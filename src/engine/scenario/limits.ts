import type { Source } from './source.ts';

/**
 * Sizes beyond which a scenario is taken for a mistake and refused before anything is allocated. Each is far
 * above what one machine simulates in reasonable time.
 */
export const LIMITS = {
  /** Characters of a scenario file. */
  textLength: 131_072,
  /** Characters of an SBML model that a scenario names, and of a scenario into which models have been written. */
  modelLength: 2_000_000,
  resolvedLength: 10_000_000,
  /** Levels of mappings and lists in one another. */
  nesting: 32,
  /** Characters of one expression or equation. */
  expressionLength: 4096,
  /** Operators, numbers and names in one expression. */
  expressionSize: 1000,
  /** Levels of operators in one another; a plain sum of n terms has n. */
  expressionDepth: 200,
  nameLength: 64,
  /** Any quantity in engine units: no physical one comes near, and products of a few stay finite. */
  magnitude: 1e30,
  /** µm: 1 nm and 1 m, for every length of the domain and of a cell. */
  shortestLength: 1e-3,
  longestLength: 1e6,
  /** Voxels that a flow crosses in a step where it is followed through them. */
  crossed: 1e6,
  parameters: 500,
  fields: 32,
  cellTypes: 64,
  /** Species of one cell type. */
  species: 256,
  /** Reactions of one cell type. */
  reactions: 1024,
  /** Phases of a cell cycle; rules and contacts of one cell type. */
  phases: 32,
  rules: 32,
  /** Reactions of fields with one another. */
  fieldReactions: 256,
  interventions: 256,
  /** Combinations of parameters that interventions come to. */
  regimes: 64,
  /** 512³. */
  voxels: 134_217_728,
  /** Cells at the start. */
  cells: 2_000_000,
  /**
   * Volume of a newborn cell over the volume at which it divides, or that it adds before: a cell that begins as 64 others is
   * a slip of the units.
   */
  newbornSize: 64,
  steps: 1_000_000_000,
  /** Rows of the time series. */
  rows: 10_000_000,
  /** Bytes of state, estimated. */
  memory: 17_179_869_184,
} as const;

/** Reports a count over its limit; true where it is within. */
export function within(source: Source, path: string, count: number, limit: number, what: string): boolean {
  if (count <= limit) return true;
  source.keyProblem(path, `${countText(count)} ${what} are too many`, `at most ${countText(limit)}`);
  return false;
}

/** A count as people read it: 12,345 or 1.2e+30. */
export function countText(count: number): string {
  return Number.isInteger(count) && count < 1e15 ? count.toLocaleString('en') : count.toPrecision(3);
}

/**
 * Estimated bytes of a model: the fields' solver holds about eight arrays per field and four shared ones, and 46 more for
 * each field that multigrid solves; a cell takes at most 300 bytes and 8 per species.
 */
export function estimatedMemory(
  voxels: number,
  fields: number,
  cells: number,
  species: number,
  multigrid = 0,
): number {
  return voxels * 8 * (8 * fields + 46 * multigrid + 4) + cells * (300 + 8 * species);
}
