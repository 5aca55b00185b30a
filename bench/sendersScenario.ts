/** A packing of growing discs with a circuit of about 20 events per cell and step and stochastic exchange with one field, 1 µm thick. */
export function sendersScenario(choices: {
  readonly cells: number;
  /** Side of the domain, µm, and voxels along it. */
  readonly width: number;
  readonly grid: number;
  /** Where the founders are, as a scenario says it. */
  readonly region: string;
  readonly splitting: 'lie' | 'strang';
}): string {
  const { cells, width, grid, region, splitting } = choices;
  return `
cellfield: 1
title: senders
seed: 1
domain: { size: [${width} um, ${width} um], grid: [${grid}, ${grid}], thickness: 1 um }
time: { end: 1000 s, step: 1 s }
fields:
  AHL: { diffusivity: 490 um^2/s, decay: 1e-3 /s, initial: 5 nM }
cells:
  sender:
    shape: { disc: { radius: 0.9 um } }
    species: { mRNA: 5, protein: 30, A: 20 }
    growth: 2e-4 /s
    reactions:
      transcription: { equation: "-> mRNA", rate: "0.5 /s * (0.1 + hill(A, 20, 2))" }
      mRNA_decay: { equation: "mRNA ->", k: 0.1 /s }
      translation: { equation: "mRNA -> mRNA + protein", rate: 0.5 /s * mRNA }
      protein_decay: { equation: "protein ->", k: 0.05 /s }
      synthesis: { equation: "protein -> protein + A", rate: 0.05 /s * protein }
      export: { equation: "A -> field.AHL", rate: 0.08 /s * A }
      import: { equation: "field.AHL -> A", rate: 0.08 /s * volume * field.AHL }
    division: { adder: { added: 2.5 um^3, noise: 0.1 }, partition: binomial }
population:
  - { type: sender, count: ${cells}, in: ${region} }
mechanics: { repulsion: soft, rate: 0.2 /s }
coupling: { schedule: weak, splitting: ${splitting}, kernel: linear }
`;
}
