import { netChange } from '../circuits/circuit.ts';
import { deterministicLimit } from '../circuits/deterministic.ts';
import { moveScope } from '../circuits/scopeOfCell.ts';
import { followCells } from '../coupling/followCells.ts';
import { deposit, sample } from '../exchange/kernel.ts';
import type { Expression } from '../expression/ast.ts';
import { multiply, number } from '../expression/build.ts';
import { toClosure } from '../expression/closure.ts';
import { derivative } from '../expression/derivative.ts';
import { createScope } from '../expression/scope.ts';
import { evaluateMedium } from '../fields/medium.ts';
import type { Model } from '../model/model.ts';
import { speedOf } from './fieldGroups.ts';

/** How a number is spread over the voxels in which cells take from a field. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  /** Nine tenths of the voxels lie below. */
  readonly high: number;
  readonly most: number;
  /** Centre of the voxel where it is largest, µm. */
  readonly at: readonly number[];
}

/** Dimensionless groups of a field voxel by voxel, where cells take from it. */
export interface LocalGroups {
  readonly field: string;
  /** Voxels in which cells take from it, as a share of all. */
  readonly occupied: number;
  /** h √(κ/D), κ the uptake in the voxel and h its longest edge: above about 1 the grid does not show the gradient at the cells. */
  readonly voxelThiele: Spread;
  /** R √(κ/D) by the colony's radius R. */
  readonly thiele: Spread;
  /** Damköhler I, κ R/u, u the speed of the flow there; null where nothing flows. */
  readonly damkohler1: Spread | null;
  /** 1 − c over the largest concentration of the field: how far cells have emptied it. */
  readonly depletion: Spread;
}

/** The same of every voxel, by name; 0 where no cell takes anything. */
export interface LocalMaps {
  readonly field: string;
  readonly uptake: Float64Array;
  readonly voxelThiele: Float64Array;
  readonly thiele: Float64Array;
  readonly damkohler1: Float64Array | null;
  readonly depletion: Float64Array;
}

/** Groups of every field from which any cell takes, at the model's present state; `radius` is the colony's, µm. */
export function localGroups(model: Model, radius: number): { groups: LocalGroups; maps: LocalMaps }[] {
  const { description, fields } = model;
  const { grid } = description;
  // As the next step will find it: a function of where the cells are.
  followCells(model);
  return description.fields.flatMap((field, f) => {
    const uptake = uptakeOf(model, f);
    const places = [...uptake.keys()].filter(v => uptake[v] > 0);
    if (places.length === 0) return [];
    const diffusivity = diffusivityOf(model, f);
    const length = Math.max(...grid.spacing.slice(0, grid.dimensions));
    const speed = speedOf(field, grid);
    const largest = fields[f].reduce((a, b) => Math.max(a, b), 0);
    const over = (value: (v: number) => number) => {
      const map = new Float64Array(grid.voxels);
      for (const v of places) map[v] = value(v);
      return map;
    };
    const root = over(v => (diffusivity[v] > 0 ? Math.sqrt(uptake[v] / diffusivity[v]) : 0));
    const maps: LocalMaps = {
      field: field.name,
      uptake,
      voxelThiele: root.map(value => length * value),
      thiele: root.map(value => radius * value),
      damkohler1: speed && over(v => (speed[v] > 0 ? (uptake[v] * radius) / speed[v] : 0)),
      depletion: over(v => (largest > 0 ? Math.max(0, 1 - fields[f][v] / largest) : 0)),
    };
    const spread = (map: Float64Array) => spreadOf(model, map, places);
    const groups: LocalGroups = {
      field: field.name,
      occupied: places.length / grid.voxels,
      voxelThiele: spread(maps.voxelThiele),
      thiele: spread(maps.thiele),
      damkohler1: maps.damkohler1 && spread(maps.damkohler1),
      depletion: spread(maps.depletion),
    };
    return [{ groups, maps }];
  });
}

/** κ of every voxel, 1/s: by how much more its cells take per concentration, Σ w ∂(take)/∂c/V, each cell by its own state. */
function uptakeOf({ description, population, kernels, fields, step }: Model, f: number): Float64Array {
  const { grid, cellTypes, time } = description;
  const slopes = cellTypes.map(type => {
    const { reactions } = deterministicLimit(type.written ?? type.circuit);
    return reactions.reduce<Expression>((sum, reaction) => {
      const change = netChange(reaction, 'field').find(([g]) => g === f)?.[1] ?? 0;
      if (change === 0) return sum;
      const slope = multiply(number(-change), derivative(reaction.rate, { of: 'field', index: f }));
      return { kind: 'binary', operator: '+', left: sum, right: slope };
    }, number(0));
  });
  const uptake = new Float64Array(grid.voxels);
  const closures = slopes.map(toClosure);
  const sampled = new Float64Array(population.count * fields.length);
  for (let g = 0; g < fields.length; g++)
    sample(kernels.sample[g], population.count, fields[g], sampled, fields.length, g);
  const taken = new Float64Array(population.count);
  const scope = createScope();
  const surroundings = { population, time: step * time.step, sampled };
  for (let slot = 0; slot < population.count; slot++) {
    const type = population.type[slot];
    moveScope(scope, surroundings, population.amounts, slot, cellTypes[type].dryDensity, fields.length);
    const slope = closures[type](scope);
    if (slope > 0 && Number.isFinite(slope)) taken[slot] = slope;
  }
  deposit(kernels.deposit[f], population.count, taken, 1, 0, 1 / grid.voxelVolume, uptake);
  return uptake;
}

/** Mean over the axes, with what the cells make of it. */
function diffusivityOf({ description, solver }: Model, f: number): Float64Array {
  const { grid } = description;
  const field = description.fields[f];
  const medium = evaluateMedium(grid, field).slice(0, grid.dimensions);
  const film = solver.film.relative.get(field);
  return Float64Array.from(
    { length: grid.voxels },
    (_, v) => (medium.reduce((sum, values) => sum + values[v], 0) / medium.length) * (film ? film[v] : 1),
  );
}

function spreadOf({ description: { grid } }: Model, map: Float64Array, places: readonly number[]): Spread {
  const values = Float64Array.from(places, v => map[v]).sort();
  const quantile = (share: number) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
  const top = places.reduce((best, v) => (map[v] > map[best] ? v : best));
  const [nx, ny] = grid.cells;
  const index = [top % nx, Math.floor(top / nx) % ny, Math.floor(top / (nx * ny))];
  return {
    least: values[0],
    median: quantile(0.5),
    high: quantile(0.9),
    most: values[values.length - 1],
    at: index.slice(0, grid.dimensions).map((i, axis) => (i + 0.5) * grid.spacing[axis]),
  };
}
