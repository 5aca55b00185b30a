/** A valid scenario with something in every section, for tests that change one place of it. */
export const BASE = `cellfield: 1
title: Base
seed: 7
parameters: { k: 0.1 /s, D: 100 um^2/s }
domain: { size: [100 um, 50 um], grid: [20, 10], thickness: 1 um }
time: { end: 10 min, step: 1 s, record: 10 s }
fields:
  AHL: { diffusivity: D, decay: 0.01 /s, initial: 0 nM }
  food: { diffusivity: 600 um^2/s, initial: 5 mM, boundary: { top: { value: 5 mM } } }
cells:
  rod:
    shape: { disc: { radius: 0.6 um } }
    species: { A: 10, B: 0 }
    reactions:
      make: { equation: "-> A", rate: 0.2 /s }
      leak: { equation: "A -> field.AHL", k: k }
      feed: { equation: "1e6 field.food -> biomass", continuous: true, rate: "k * biomass" }
    division: { adder: { added: 1 um^3, noise: 0.1 } }
    death: { rate: 1e-6 /s, release: ["A -> field.AHL"] }
population:
  - { type: rod, count: 10, in: { disc: { centre: [50 um, 25 um], radius: 5 um } }, amounts: { B: 3 } }
mechanics: { repulsion: soft, rate: 0.1 /s }
coupling: { splitting: lie, kernel: nearest }
balance: { tolerance: 1e-9, onBreach: warn }
`;

/** The base with the first occurrence of a part replaced. */
export function edited(part: string, replacement: string): string {
  if (!BASE.includes(part)) throw new Error(`the base has no \`${part}\``);
  return BASE.replace(part, () => replacement);
}
