import type { CellType } from '../../src/engine/cells/cellType.ts';
import { fixture } from './fixtures.ts';

/** Genetic oscillator of Vilar et al. (2002, doi:10.1073/pnas.092133899), 16 reactions; rates per hour. */
export function vilar(): CellType {
  return fixture(
    { DA: 1, DAp: 0, DR: 1, DRp: 0, MA: 0, MR: 0, A: 0, R: 0, C: 0 },
    {
      bindA: ['DA + A -> DAp', '1 * DA * A'],
      unbindA: ['DAp -> DA + A', '50 * DAp'],
      bindR: ['DR + A -> DRp', '1 * DR * A'],
      unbindR: ['DRp -> DR + A', '100 * DRp'],
      transcribeA: ['DA -> DA + MA', '50 * DA'],
      transcribeAp: ['DAp -> DAp + MA', '500 * DAp'],
      transcribeR: ['DR -> DR + MR', '0.01 * DR'],
      transcribeRp: ['DRp -> DRp + MR', '50 * DRp'],
      decayMA: ['MA ->', '10 * MA'],
      decayMR: ['MR ->', '0.5 * MR'],
      translateA: ['MA -> MA + A', '50 * MA'],
      translateR: ['MR -> MR + R', '5 * MR'],
      decayA: ['A ->', '1 * A'],
      decayR: ['R ->', '0.2 * R'],
      complex: ['A + R -> C', '2 * A * R'],
      release: ['C -> R', '1 * C'],
    },
  );
}

export function immigrationDeath(k = 10, mu = 0.1, initial = 0): CellType {
  return fixture({ X: initial }, { birth: ['-> X', `${k}`], death: ['X ->', `${mu} * X`] });
}

/** 2P ⇌ P₂ (validation figures: N = 100, stationary P₂ 36.4592 ± 2.3900). */
export function dimerisation(): CellType {
  return fixture(
    { P: 100, P2: 0 },
    {
      dimerise: ['2 P -> P2', '0.001 * P * (P - 1) / 2'],
      dissociate: ['P2 -> 2 P', '0.01 * P2'],
    },
  );
}

/** Bistable: stationary modes 82 and 563. */
export function schlogl(initial = 250): CellType {
  return fixture(
    { X: initial },
    {
      autocatalysis: ['2 X -> 3 X', '0.015 * X * (X - 1)'],
      inflow: ['-> X', '200'],
      trimolecular: ['3 X -> 2 X', '0.0001 / 6 * X * (X - 1) * (X - 2)'],
      outflow: ['X ->', '3.5 * X'],
    },
  );
}

/** Two genes that repress each other (Gardner et al. 2000, doi:10.1038/35002131). */
export function toggle(exponent = 2): CellType {
  return fixture(
    { U: 100, V: 0 },
    {
      makeU: ['-> U', `100 * (1 - hill(V, 20, ${exponent}))`],
      loseU: ['U ->', '1 * U'],
      makeV: ['-> V', `100 * (1 - hill(U, 20, ${exponent}))`],
      loseV: ['V ->', '1 * V'],
    },
  );
}

/** Gene that switches on and off, its mRNA and protein; bursts of translation. */
export function burstingGene(): CellType {
  return fixture(
    { off: 1, on: 0, M: 0, P: 0 },
    {
      activate: ['off -> on', '0.5 * off'],
      deactivate: ['on -> off', '1 * on'],
      transcribe: ['on -> on + M', '4 * on'],
      decayM: ['M ->', '1 * M'],
      translate: ['M -> M + P', '2 * M'],
      decayP: ['P ->', '0.4 * P'],
    },
  );
}

/** Births in batches of `batch`. */
export function batchImmigration(k = 0.7, mu = 0.2, batch = 4): CellType {
  return fixture({ X: 0 }, { birth: [`-> ${batch} X`, `${k}`], death: ['X ->', `${mu} * X`] });
}
