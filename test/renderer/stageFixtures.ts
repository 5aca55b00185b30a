import type { Frame } from '../../src/engine/recording/frame.ts';

/** A cell of a frame made by hand; what is left out is that of a newborn disc of radius 1 µm at the origin. */
export interface Cell {
  readonly id?: number;
  readonly parent?: number;
  readonly type?: number;
  readonly x?: number;
  readonly y?: number;
  readonly z?: number;
  readonly radius?: number;
  readonly volume?: number;
  readonly birthVolume?: number;
  readonly divisionVolume?: number;
  readonly birthTime?: number;
  readonly amounts?: readonly number[];
  /** From the centre to a cap; of one cell: all are rods. */
  readonly half?: readonly [x: number, y: number, z: number];
}

export function makeFrame(
  cells: readonly Cell[],
  rest: Partial<Pick<Frame, 'time' | 'fields' | 'deaths'>> = {},
): Frame {
  const stride = Math.max(1, ...cells.map(({ amounts }) => amounts?.length ?? 0));
  const floats = (value: (cell: Cell) => number) => Float32Array.from(cells, value);
  return {
    buffer: new ArrayBuffer(0),
    step: 0,
    time: rest.time ?? 0,
    count: cells.length,
    stride,
    id: Uint32Array.from(cells, ({ id }, i) => id ?? i + 1),
    parent: Uint32Array.from(cells, ({ parent }) => parent ?? 0),
    type: Uint32Array.from(cells, ({ type }) => type ?? 0),
    x: floats(({ x }) => x ?? 0),
    y: floats(({ y }) => y ?? 0),
    z: floats(({ z }) => z ?? 0),
    radius: floats(({ radius }) => radius ?? 1),
    volume: floats(({ volume }) => volume ?? 1),
    birthVolume: floats(({ birthVolume }) => birthVolume ?? 1),
    divisionVolume: floats(({ divisionVolume }) => divisionVolume ?? 2),
    birthTime: floats(({ birthTime }) => birthTime ?? 0),
    ...(cells.some(({ half }) => half) && {
      half: {
        x: floats(({ half }) => half?.[0] ?? 0),
        y: floats(({ half }) => half?.[1] ?? 0),
        z: floats(({ half }) => half?.[2] ?? 0),
      },
    }),
    amounts: Float32Array.from({ length: cells.length * stride }, (_, i) => {
      const { amounts } = cells[Math.floor(i / stride)];
      return amounts?.[i % stride] ?? 0;
    }),
    deaths: rest.deaths ?? new Float32Array(0),
    fields: rest.fields ?? [],
    bulk: new Float32Array(0),
  };
}
