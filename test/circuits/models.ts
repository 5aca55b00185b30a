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

/** 2P ⇌ P₂ in a volume (volume 1, N = 100: stationary P₂ 36.4592 ± 2.3900). */
export function dimerisation(volume = 1): CellType {
  return fixture(
    { P: 100 * volume, P2: 0 },
    {
      dimerise: ['2 P -> P2', `${0.001 / volume} * P * (P - 1) / 2`],
      dissociate: ['P2 -> 2 P', '0.01 * P2'],
    },
  );
}

/**
 * Bistable: stationary modes 82 and 563 in volume 1. Where a condition is given, nothing happens once it fails: the law of being
 * there is then that of having been there.
 */
export function schlogl(initial = 250, volume = 1, condition = '1 > 0'): CellType {
  const gate = (rate: string): string => (condition === '1 > 0' ? rate : `${condition} ? ${rate} : 0`);
  return fixture(
    { X: initial },
    {
      autocatalysis: ['2 X -> 3 X', gate(`${0.015 / volume} * X * (X - 1)`)],
      inflow: ['-> X', gate(`${200 * volume}`)],
      trimolecular: ['3 X -> 2 X', gate(`${0.0001 / 6 / volume ** 2} * X * (X - 1) * (X - 2)`)],
      outflow: ['X ->', gate('3.5 * X')],
    },
  );
}

/** Two genes that repress each other (Gardner et al. 2000, doi:10.1038/35002131). */
export function toggle(exponent = 2, volume = 1, condition = '1 > 0'): CellType {
  const gate = (rate: string): string => (condition === '1 > 0' ? rate : `${condition} ? ${rate} : 0`);
  return fixture(
    { U: 100 * volume, V: 0 },
    {
      makeU: ['-> U', gate(`${100 * volume} * (1 - hill(V, ${20 * volume}, ${exponent}))`)],
      loseU: ['U ->', gate('1 * U')],
      makeV: ['-> V', gate(`${100 * volume} * (1 - hill(U, ${20 * volume}, ${exponent}))`)],
      loseV: ['V ->', gate('1 * V')],
    },
  );
}

/** Gene that switches on and off, its mRNA and protein; bursts of translation. `volume` scales what one gene makes. */
export function burstingGene(volume = 1): CellType {
  return fixture(
    { off: 1, on: 0, M: 0, P: 0 },
    {
      activate: ['off -> on', '0.5 * off'],
      deactivate: ['on -> off', '1 * on'],
      transcribe: ['on -> on + M', `${4 * volume} * on`],
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

/** Three genes that repress one another in a ring (Elowitz & Leibler 2000, doi:10.1038/35002125); rates per minute. */
export function repressilator(volume = 1): CellType {
  const make = (by: string): string =>
    `${30 * volume} * (0.001 + 0.999 * (1 - hill(${by}, ${40 * volume}, 2)))`;
  return fixture(
    { m1: 20 * volume, m2: 0, m3: 0, p1: 400 * volume, p2: 0, p3: 0 },
    {
      transcribe1: ['-> m1', make('p3')],
      transcribe2: ['-> m2', make('p1')],
      transcribe3: ['-> m3', make('p2')],
      lose1: ['m1 ->', '0.3466 * m1'],
      lose2: ['m2 ->', '0.3466 * m2'],
      lose3: ['m3 ->', '0.3466 * m3'],
      translate1: ['m1 -> m1 + p1', '6.931 * m1'],
      translate2: ['m2 -> m2 + p2', '6.931 * m2'],
      translate3: ['m3 -> m3 + p3', '6.931 * m3'],
      decay1: ['p1 ->', '0.0693 * p1'],
      decay2: ['p2 ->', '0.0693 * p2'],
      decay3: ['p3 ->', '0.0693 * p3'],
    },
  );
}
