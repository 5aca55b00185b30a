import { describe, expect, it } from 'vitest';
import { build, loadScenario } from '../../src/engine/index.ts';

const text = (shape: string, rest = '') => `cellfield: 1
title: Rods
domain: { size: [40 um, 40 um], grid: [4, 4], thickness: 2 um }
time: { end: 10 min, step: 10 s }
cells:
  cell:
    shape: ${shape}
    growth: 1 /h
    division: { adder: { added: 3 um^3 } }
population: [{ type: cell, count: 3 }]
${rest}`;
const ROD = '{ rod: { radius: 0.5 um, length: 2 um } }';
const mechanicsOf = (shape: string, rest?: string) => loadScenario(text(shape, rest)).description.mechanics;

describe('rods in a scenario', () => {
  it('hold the biomass of their shape, and their axes turn by about a degree at division', () => {
    const { cellTypes } = loadScenario(text(ROD)).description;
    const { population } = build(loadScenario(text(ROD)));
    expect(population.volume[0]).toBeCloseTo((Math.PI * 0.25 + 1) * 2, 12);
    expect(population.amounts[0]).toBeCloseTo((Math.PI * 0.25 + 1) * 2 * 300, 9);
    expect(cellTypes[0].division?.angularNoise).toBe(0.02);
  });

  it('are moved by the implicit solver unless a rate or a solver is given; discs explicitly', () => {
    expect(mechanicsOf(ROD)).toMatchObject({ rate: 100, solver: 'implicit' });
    expect(mechanicsOf(ROD, 'mechanics: { repulsion: hertz }')).toMatchObject({
      repulsion: 'hertz',
      rate: 100,
      solver: 'implicit',
    });
    expect(mechanicsOf(ROD, 'mechanics: { rate: 2 /s }')).not.toHaveProperty('solver');
    expect(mechanicsOf(ROD, 'mechanics: { solver: explicit }')).toMatchObject({ rate: 0.05 });
    const disc = '{ disc: { radius: 0.5 um } }';
    expect(mechanicsOf(disc)).toEqual({ repulsion: 'soft', rate: 0.05, adhesion: 0, range: 0 });
    expect(mechanicsOf(disc, 'mechanics: { solver: implicit }')).toMatchObject({ rate: 100 });
    // No limit to rate × step where no substeps are taken.
    expect(mechanicsOf(disc, 'mechanics: { rate: 1e5 /s, solver: implicit }')).toMatchObject({ rate: 1e5 });
  });
});
