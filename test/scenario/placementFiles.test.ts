import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zlibSync } from 'fflate';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/engine/run/build.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { readPicture } from '../../src/engine/scenario/png.ts';
import { ScenarioError } from '../../src/engine/scenario/problems.ts';
import { cellfield, temporaryFolder, writeScenario } from '../cli/cellfield.ts';

const HEAD = `
cellfield: 1
title: placed by files
domain: { size: [80 um, 40 um], grid: [16, 8], thickness: 1 um }
time: { end: 10 s, step: 1 s }
fields: { AHL: { diffusivity: 0 um^2/s, initial: 0 nM } }
cells:
  a: { shape: { disc: { radius: 0.5 um } }, species: { A: 3, B: 4 } }
  b: { shape: { rod: { radius: 0.4 um, length: 2 um } }, species: { B: 7 } }
mechanics: none
`;

/** A picture of which pixel (x, y), y downwards, has the grey or colour given by `at`. */
function picture(
  width: number,
  height: number,
  at: (x: number, y: number) => readonly number[],
  options: object = {},
): string {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g = r, b = r, alpha = 255] = at(x, y);
      png.data.set([r, g, b, alpha], 4 * (y * width + x));
    }
  }
  return `data:image/png;base64,${PNG.sync.write(png, options).toString('base64')}`;
}

describe('pictures', () => {
  // Brightness that exercises every filter: smooth along both axes, with noise on top.
  const at = (x: number, y: number) => [
    (7 * x + 3 * y) % 256,
    (x * y) % 256,
    (31 * x) % 256,
    255 - ((x + y) % 256),
  ];
  const luma = ([r, g, b]: readonly number[]) => (0.299 * r + 0.587 * g + 0.114 * b) / 255;

  it('are read as their brightness, whatever the colour type and the filter', () => {
    for (const filterType of [0, 1, 2, 3, 4, -1]) {
      const colour = readPicture(picture(37, 23, at, { colorType: 6, filterType }));
      expect([colour.width, colour.height]).toEqual([37, 23]);
      const opaque = readPicture(
        picture(37, 23, (x, y) => at(x, y).slice(0, 3), { colorType: 2, filterType }),
      );
      for (const [x, y] of [
        [0, 0],
        [36, 22],
        [11, 7],
        [5, 20],
      ]) {
        const [, , , alpha] = at(x, y);
        expect(colour.values[y * 37 + x]).toBeCloseTo((luma(at(x, y)) * alpha) / 255, 6);
        expect(opaque.values[y * 37 + x]).toBeCloseTo(luma(at(x, y)), 6);
      }
    }
  });

  it('have few bits, many, or a palette', () => {
    /** Without checksums. */
    const raw = (
      depth: number,
      colour: number,
      width: number,
      row: number[],
      chunks: [string, number[]][] = [],
    ) => {
      const part = (kind: string, data: readonly number[]) => {
        const length = [0, 0, data.length >> 8, data.length & 255];
        return [...length, ...[...kind].map(letter => letter.charCodeAt(0)), ...data, 0, 0, 0, 0];
      };
      const header = part('IHDR', [0, 0, 0, width, 0, 0, 0, 1, depth, colour, 0, 0, 0]);
      const data = part('IDAT', [...zlibSync(Uint8Array.from([0, ...row]))]);
      const all = [
        137,
        80,
        78,
        71,
        13,
        10,
        26,
        10,
        ...header,
        ...chunks.flatMap(one => part(...one)),
        ...data,
      ];
      return [...readPicture(`data:image/png;base64,${Buffer.from(all).toString('base64')}`).values];
    };
    expect(raw(1, 0, 10, [0b10110000, 0b01000000])).toEqual([1, 0, 1, 1, 0, 0, 0, 0, 0, 1]);
    expect(raw(2, 0, 3, [0b11_01_00_00])).toEqual([1, Math.fround(1 / 3), 0]);
    expect(raw(4, 0, 3, [0xf5, 0x30])).toEqual([1, Math.fround(5 / 15), Math.fround(3 / 15)]);
    expect(raw(16, 0, 2, [0x80, 0x00, 0xff, 0xff])).toEqual([Math.fround(0x8000 / 0xffff), 1]);
    const palette: [string, number[]][] = [
      ['PLTE', [0, 0, 0, 255, 255, 255, 255, 0, 0]],
      ['tRNS', [255, 51]],
    ];
    expect(raw(2, 3, 3, [0b00_01_10_00], palette)).toEqual([0, Math.fround(0.2), Math.fround(0.299)]);
  });

  it('that are damaged say so', () => {
    const whole = picture(8, 8, () => [255]);
    expect(() => readPicture(whole.slice(0, 60))).toThrow(/cut short|damaged/);
    expect(() => readPicture('data:image/png;base64,AAAA')).toThrow(/not a PNG/);
  });

  it('place cells in their bright pixels, evenly, the first row at the top', () => {
    // Bright: the left half of the top row, the right half of the bottom row.
    const file = picture(4, 2, (x, y) => [x < 2 === (y === 0) ? 200 : 20]);
    const text = `${HEAD}population: [{ type: a, count: 400, in: { image: { file: "${file}" } } }]\n`;
    const { population } = build(loadScenario(text));
    let left = 0;
    for (let i = 0; i < 400; i++) {
      expect(population.x[i] < 40).toBe(population.y[i] > 20);
      left += Number(population.x[i] < 40);
    }
    expect(Math.abs(left - 200)).toBeLessThan(4 * 10);
    const inverse = text.replace('" }', '", dark: true, from: [40 um, 0 um], to: [80 um, 40 um] }');
    const dark = build(loadScenario(inverse)).population;
    for (let i = 0; i < 400; i++) {
      expect(dark.x[i]).toBeGreaterThanOrEqual(40);
      expect(dark.x[i] < 60).toBe(dark.y[i] < 20);
    }
    expect(() => loadScenario(text.replace('" }', '", threshold: 90% }'))).toThrow(
      /has no pixel that is so bright/,
    );
  });
});

describe('tables of cells', () => {
  const TABLE =
    'x [mm],y [um],type,A,B,axis_x,axis_y\n# a comment\n0.01,5,,,,,\n0.02,6,a,9,,,\n0.03,7,b,,1,3,4\n';
  const text = `${HEAD}population:\n  - { type: a, in: { table: cells.csv } }\n`;
  const load = (table: string) => loadScenario(text, { files: () => table });

  it('say place, type, axis and molecules of every cell, and travel with the scenario', () => {
    const scenario = load(TABLE);
    const again = loadScenario(scenario.text);
    for (const { description } of [scenario, again]) {
      const { population } = build({ ...scenario, description });
      expect(Array.from(population.x.subarray(0, 3), x => Number(x.toFixed(9)))).toEqual([10, 20, 30]);
      expect(Array.from(population.y.subarray(0, 3))).toEqual([5, 6, 7]);
      expect(Array.from(population.type.subarray(0, 3))).toEqual([0, 0, 1]);
      const amounts = [0, 1, 2].map(i => Array.from(population.amounts.subarray(3 * i + 1, 3 * i + 3)));
      expect(amounts).toEqual([
        [3, 4],
        [9, 4],
        [1, 0],
      ]);
      expect([population.rods?.axisX[2], population.rods?.axisY[2]]).toEqual([0.6, 0.8]);
    }
  });

  it('name the line and what is wrong in it', () => {
    const fault = (table: string) => {
      try {
        load(table);
      } catch (error) {
        if (error instanceof ScenarioError) return error.problems[0].message;
        throw error;
      }
      return '';
    };
    expect(fault('x [um],y\n1,2\n')).toMatch(/cells\.csv:1: there is no meaning to the column `y`/);
    expect(fault('x [um],type\n1,a\n')).toMatch(/:1: there is no column `y` with its unit/);
    expect(fault('x [um],y [um]\n1,2\n3,999\n')).toMatch(/:3: y = 999 um is outside the domain/);
    expect(fault('x [um],y [um],type\n1,2,c\n')).toMatch(/:2: `c` is not a cell type/);
    expect(fault('x [um],y [um],A\n1,2,0.5\n')).toMatch(/:2: `0.5` of `A`/);
    expect(fault('x [um],y [um],A,type\n1,2,5,b\n')).toMatch(/no species `A`/);
    expect(fault('x [um],y [um],axis_x\n1,2,1\n')).toMatch(/are no rods/);
    expect(fault('x [um],y [s]\n1,2\n')).toMatch(/`s` is not a unit of length/);
  });

  it('and pictures are read by the command, and recorded', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cells.csv'), TABLE);
    const data = picture(4, 2, () => [255]);
    writeFileSync(join(folder, 'mask.png'), Buffer.from(data.slice(data.indexOf(',') + 1), 'base64'));
    const file = writeScenario(
      folder,
      'run.yaml',
      `${text}interventions:\n  more: { at: 3 s, add: { type: a, count: 5, in: { image: { file: mask.png } } } }\n`,
    );
    const out = join(folder, 'out');
    const run = await cellfield('run', file, '--until', '6 s', '--out', out, '--json', '--quiet');
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout).cells).toEqual({ a: 7, b: 1 });
    expect((await cellfield('resume', out, '--quiet')).status).toBe(0);
    expect((await cellfield('verify', out, '--quiet')).status).toBe(0);
  }, 60_000);
});
