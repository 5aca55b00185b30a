import type { Frame } from '../../src/engine/recording/frame.ts';
import type { ScenarioInfo } from '../../src/session/contract.ts';

/** What the stage reads of a scenario, for a domain of `cells` voxels of `spacing` µm. */
export function syntheticScenario(
  cells: readonly [number, number, number],
  spacing: number,
  overrides: Partial<Pick<ScenarioInfo, 'fields' | 'cellTypes' | 'title'>> = {},
): ScenarioInfo {
  const [nx, ny, nz] = cells;
  const type = (name: string) => ({
    name,
    shape: { kind: 'disc' as const, radius: 0.6 },
    species: [
      { name: 'biomass', continuous: true },
      { name: 'LuxI', continuous: false },
    ],
    reactions: [],
    divides: true,
  });
  const field = (name: string) => ({ name, diffusivity: 100, decay: 0 });
  return {
    file: 'synthetic.yaml',
    title: 'Synthetic',
    description: '',
    seed: '1',
    text: '',
    warnings: [],
    view: { fields: null, cells: null, slice: null },
    grid: {
      dimensions: nz === 1 ? 2 : 3,
      cells,
      size: [nx * spacing, ny * spacing, nz * spacing],
      spacing: [spacing, spacing, spacing],
      periodic: [false, false, false],
      voxels: nx * ny * nz,
      voxelVolume: spacing ** 3,
    },
    step: 1,
    steps: 1000,
    ownSteps: [],
    fields: ['AHL', 'glucose', 'oxygen'].map(field),
    cellTypes: ['sender', 'receiver', 'cheater'].map(type),
    parameters: [],
    mechanics: null,
    coupling: { schedule: 'weak', splitting: 'strang', kernel: 'nearest' },
    balanceTolerance: 1e-10,
    moieties: [],
    seriesColumns: [],
    ...overrides,
  };
}

/** Cells that swirl slowly about the middle of the domain, over fields of moving bumps. */
export interface Generator {
  readonly frame: Frame;
  /** Moves everything on; the frame's arrays change in place. */
  advance(step: number): void;
}

export function createGenerator(scenario: ScenarioInfo, count: number): Generator {
  const { grid } = scenario;
  const [width, height, depth] = grid.size;
  const random = sequence(12345);
  const stride = 2;
  const reach = 0.47 * Math.min(width, height);
  // Discs that cover about 55 % of the circle they fill.
  const typical = Math.sqrt(0.55 / count) * reach;
  const angle = new Float32Array(count);
  const distance = new Float32Array(count);
  const frame: { -readonly [K in keyof Frame]: Frame[K] } = {
    buffer: new ArrayBuffer(0),
    step: 0,
    time: 0,
    count,
    stride,
    id: Uint32Array.from({ length: count }, (_, i) => i + 1),
    parent: new Uint32Array(count),
    type: Uint32Array.from({ length: count }, () => Math.floor(3 * random())),
    x: new Float32Array(count),
    y: new Float32Array(count),
    z: new Float32Array(count),
    radius: new Float32Array(count),
    volume: new Float32Array(count),
    birthVolume: new Float32Array(count),
    divisionVolume: new Float32Array(count),
    birthTime: new Float32Array(count),
    amounts: new Float32Array(count * stride),
    deaths: new Float32Array(0),
    fields: scenario.fields.map(() => new Float32Array(grid.voxels)),
    bulk: new Float32Array(0),
  };
  for (let i = 0; i < count; i++) {
    // Sunflower packing: evenly spread, no lattice directions.
    distance[i] = reach * Math.sqrt((i + 0.5) / count);
    angle[i] = i * 2.399963;
    const phase = random();
    frame.radius[i] = typical * (0.85 + 0.35 * phase);
    frame.birthVolume[i] = 1;
    frame.volume[i] = 1 + phase;
    frame.divisionVolume[i] = 2;
    frame.birthTime[i] = -3600 * phase;
    frame.z[i] = depth * random();
    frame.amounts[2 * i + 1] = Math.floor(400 * random() ** 2);
  }

  const columns = new Float32Array(grid.cells[0]);
  function bump(values: Float32Array, cx: number, cy: number, peak: number): void {
    const [nx, ny, nz] = grid.cells;
    const spread = 0.2;
    for (let i = 0; i < nx; i++) columns[i] = Math.exp(-(((i + 0.5) / nx - cx) ** 2) / (2 * spread ** 2));
    for (let k = 0; k < nz; k++) {
      const layer = nz === 1 ? 1 : Math.exp(-(((k + 0.5) / nz - 0.5) ** 2) / 0.1);
      for (let j = 0; j < ny; j++) {
        const row = layer * peak * Math.exp(-(((j + 0.5) / ny - cy) ** 2) / (2 * spread ** 2));
        const at = nx * (j + ny * k);
        for (let i = 0; i < nx; i++) values[at + i] = row * columns[i];
      }
    }
  }

  function advance(step: number): void {
    frame.step = step;
    frame.time = 6 * step;
    const turn = 0.002 * step;
    for (let i = 0; i < count; i++) {
      frame.x[i] = width / 2 + distance[i] * Math.cos(angle[i] + turn);
      frame.y[i] = height / 2 + distance[i] * Math.sin(angle[i] + turn);
    }
    frame.fields.forEach((values, f) => {
      const a = 0.01 * step + 2.1 * f;
      bump(values, 0.5 + 0.22 * Math.cos(a), 0.5 + 0.22 * Math.sin(a), 48);
    });
  }

  advance(0);
  return { frame, advance };
}

/** Uniform numbers 0 … 1, the same every time (the generator of Numerical Recipes, ch. 7.1). */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
