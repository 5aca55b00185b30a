import { netChange } from '../circuits/circuit.ts';
import { deterministicLimit } from '../circuits/deterministic.ts';
import { moveScope } from '../circuits/scopeOfCell.ts';
import { deposit } from '../exchange/kernel.ts';
import type { Expression } from '../expression/ast.ts';
import { multiply, number } from '../expression/build.ts';
import { toClosure } from '../expression/closure.ts';
import { derivative } from '../expression/derivative.ts';
import { createScope } from '../expression/scope.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Model } from '../model/model.ts';

/** How fast cells of a type and a field answer each other, at the present state; means over the cells of the type. */
export interface Exchange {
  readonly type: number;
  readonly field: number;
  /** Rate at which the cell's side relaxes by exchange alone, 1/s: −∂(dx/dt)/∂x. */
  readonly cellRate: number;
  /** What a cell's take grows by with the concentration, µm³/s: −∂(dn/dt)/∂c. */
  readonly permeability: number;
  /** Molecules that pass in either direction, 1/s. */
  readonly throughput: number;
  /** What a cell sees of the field, molecules/µm³. */
  readonly concentration: number;
  /** Whole molecules pass, so that fluctuations matter. */
  readonly stochastic: boolean;
  /** Cells take whole molecules from the field. */
  readonly wholeTaken: boolean;
  /** What cells take is uptake, which the field's own operator takes implicitly. */
  readonly uptake: boolean;
  /** All of the exchange is such uptake. */
  readonly implicit: boolean;
}

interface Channel {
  readonly change: number;
  readonly rate: (scope: ReturnType<typeof createScope>) => number;
  readonly byField: (scope: ReturnType<typeof createScope>) => number;
  readonly byCell: (scope: ReturnType<typeof createScope>) => number;
}

/** Of every cell type and field between which a reaction passes. */
export function findExchanges(model: Model, concentrations: Float64Array): Exchange[] {
  const { description, circuits } = model;
  return description.cellTypes.flatMap((type, t) => {
    const circuit = type.written ?? type.circuit;
    const limit = deterministicLimit(circuit);
    return description.fields.flatMap((_, f): Exchange[] => {
      const indices = circuit.reactions.flatMap((reaction, r) =>
        netChange(reaction, 'field').some(([g]) => g === f) ? [r] : [],
      );
      if (indices.length === 0) return [];
      const channels = indices.map((r): Channel => {
        const { rate } = limit.reactions[r];
        const change = netChange(limit.reactions[r], 'field').find(([g]) => g === f)?.[1] ?? 0;
        // Relaxation of the cell's side: every species that the reaction changes, by how it drives the reaction.
        const sides = netChange(limit.reactions[r], 'cell').filter(([s]) => s !== 0);
        const byCell = sides.reduce<Expression>(
          (sum, [s, n]) => ({
            kind: 'binary',
            operator: '+',
            left: sum,
            right: multiply(number(-n), derivative(rate, { of: 'species', index: s })),
          }),
          number(0),
        );
        const byField = multiply(number(-change), derivative(rate, { of: 'field', index: f }));
        return { change, rate: toClosure(rate), byField: toClosure(byField), byCell: toClosure(byCell) };
      });
      const means = meansOver(model, t, f, channels, concentrations);
      const stochastic = indices.some(
        r => !circuit.reactions[r].continuous && type.method !== 'deterministic',
      );
      const wholeTaken =
        stochastic &&
        channels.some(({ change }, i) => change < 0 && !circuit.reactions[indices[i]].continuous);
      const implicit = indices.every(r => circuits[t].isUptake[r]);
      const uptake = indices.every((r, i) => channels[i].change >= 0 || circuits[t].isUptake[r]);
      return [{ type: t, field: f, ...means, stochastic, wholeTaken, uptake, implicit }];
    });
  });
}

function meansOver(
  { population, description }: Model,
  t: number,
  f: number,
  channels: readonly Channel[],
  concentrations: Float64Array,
): { cellRate: number; permeability: number; throughput: number; concentration: number } {
  const scope = createScope();
  const fieldCount = description.fields.length;
  let [cellRate, permeability, throughput, concentration, cells] = [0, 0, 0, 0, 0];
  for (let slot = 0; slot < population.count; slot++) {
    if (population.type[slot] !== t) continue;
    const surroundings = { population, time: 0, sampled: concentrations };
    moveScope(scope, surroundings, population.amounts, slot, description.cellTypes[t].dryDensity, fieldCount);
    cells++;
    concentration += concentrations[slot * fieldCount + f];
    for (const { change, rate, byField, byCell } of channels) {
      cellRate += finite(byCell(scope));
      permeability += finite(byField(scope));
      throughput += Math.abs(change) * finite(rate(scope));
    }
  }
  const share = cells > 0 ? 1 / cells : 0;
  return {
    cellRate: Math.max(0, cellRate * share),
    permeability: Math.max(0, permeability * share),
    throughput: throughput * share,
    concentration: concentration * share,
  };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

/** Rates at which cells deplete a field, 1/s. */
export interface Depletion {
  /** In the voxel that is taken from most. */
  readonly voxel: number;
  /** The same, spread as far as molecules get within a step: what a window's exchange works against. */
  readonly step: number;
  /** On average over the domain. */
  readonly domain: number;
}

export function depletionOf(
  model: Model,
  f: number,
  exchanges: readonly Exchange[],
  window: number,
): Depletion {
  const { description, population, kernels, solver } = model;
  const { grid } = description;
  const byType = new Float64Array(description.cellTypes.length);
  for (const { type, field, permeability } of exchanges) if (field === f) byType[type] += permeability;
  const sink = new Float64Array(grid.voxels);
  const taken = new Float64Array(population.count);
  let sum = 0;
  for (let slot = 0; slot < population.count; slot++) {
    const p = byType[population.type[slot]];
    sum += p;
    taken[slot] = p;
  }
  deposit(kernels.deposit[f], population.count, taken, 1, 0, 1 / grid.voxelVolume, sink);
  const most = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b), 0);
  if (sum === 0) return { voxel: 0, step: 0, domain: 0 };
  const voxel = most(sink);
  const field = withoutLoss(description.fields[f]);
  let [spread, next] = [sink, new Float64Array(grid.voxels)];
  // In parts, as one leaves of the sharpest modes what the scheme does not damp at once.
  for (let part = 0; part < SPREAD_PARTS; part++) {
    solver.advance(field, spread, window / SPREAD_PARTS, null, null, next, null);
    [spread, next] = [next, spread];
  }
  return { voxel, step: most(spread), domain: sum / (grid.voxels * grid.voxelVolume) };
}

const SPREAD_PARTS = 4;

/** The field with diffusion alone, between closed walls. */
function withoutLoss(field: FieldDescription): FieldDescription {
  const { velocity: _, dynamics: __, patches: ___, reservoirs: ____, ...rest } = field;
  const boundary = field.boundary.map(({ kind }) => ({
    kind: kind === 'periodic' ? 'periodic' : 'no-flux',
  })) as unknown as FieldDescription['boundary'];
  return { ...rest, decay: 0, boundary };
}
