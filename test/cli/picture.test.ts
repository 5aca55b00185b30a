import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { decompressFrames, parseGIF } from 'gifuct-js';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { snapshot } from '../../src/cli/picture/snapshot.ts';
import { video } from '../../src/cli/picture/video.ts';
import { FrameReader } from '../../src/cli/recording/frameReader.ts';
import { loadScenario } from '../../src/engine/index.ts';
import { colourTable } from '../../src/picture/colour/maps.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { cellfield, read, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const [recording, rods, spheres] = ['colony', 'rods', 'spheres'].map(name => join(folder, name));
let reader: FrameReader;

beforeAll(async () => {
  const texts = [
    Object.values(SCENARIOS)[0],
    SCENARIOS['rods and discs, explicit'],
    SCENARIOS['spheres in three dimensions'],
  ];
  const made = await Promise.all(
    [recording, rods, spheres].map((out, i) =>
      cellfield('run', writeScenario(folder, `${i}.yaml`, texts[i]), '--out', out),
    ),
  );
  expect(made.map(({ status }) => status)).toEqual([0, 0, 0]);
  reader = new FrameReader(recording, loadScenario(read(recording, 'scenario.yaml')).description);
}, 60_000);

/** What is printed stays out of the test's output. */
async function quietly(verb: () => number | Promise<number>): Promise<void> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    expect(await verb()).toBe(0);
  } finally {
    out.mockRestore();
    errors.mockRestore();
  }
}

async function png(from: string, options: object = {}): Promise<PNG> {
  const out = join(folder, 'picture.png');
  await quietly(() => snapshot(from, { out, force: true, size: '500x400', ...options }));
  return PNG.sync.read(readFileSync(out), { checkCRC: true });
}

const at = ({ data, width }: PNG, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x)).subarray(0, 3),
];

/** Pixels of a picture of 500 × 400 for a place in the domain of 40 × 30 µm, which takes 94 % of the width. */
const SCALE = (0.94 * 500) / 40;
const place = (x: number, y: number) => [250 + (x - 20) * SCALE, 200 - (y - 15) * SCALE].map(Math.floor);

describe('cellfield snapshot', () => {
  it('draws cells in their places and colours, over the field in the colours of its map', async () => {
    const picture = await png(recording, { fields: 'glucose', legend: false, time: false, scaleBar: false });
    expect([picture.width, picture.height]).toEqual([500, 400]);
    expect(at(picture, 3, 3)).toEqual([13, 16, 21]);
    const cells = reader.cells(reader.entries[12]);
    if (!cells) throw new Error('no cells');
    const column = (name: string) => cells.values[reader.columns.findIndex(one => one.name === name)];
    const [x, y, radius, type] = ['x', 'y', 'radius', 'type'].map(column);
    const covered = (px: number, py: number, but = -1) =>
      [...x].some((cx, i) => i !== but && Math.hypot(cx - px, y[i] - py) < radius[i] + 0.3);
    let seen = 0;
    for (let i = 0; i < cells.count; i++) {
      if (covered(x[i], y[i], i)) continue;
      seen++;
      // Lit from the upper left: a little brighter than its plain colour in the middle.
      const plain = type[i] === 0 ? [86, 180, 233] : [230, 159, 0];
      at(picture, ...(place(x[i], y[i]) as [number, number])).forEach((channel, k) => {
        expect(Math.abs(channel - plain[k])).toBeLessThan(32);
      });
    }
    expect(seen).toBeGreaterThan(3);
    const glucose = reader.fields(reader.entries[12])?.[1] ?? new Float32Array();
    const bare = await png(recording, {
      fields: 'glucose',
      legend: false,
      time: false,
      scaleBar: false,
      theme: 'light',
    });
    expect(at(bare, 3, 3)).toEqual([243, 240, 234]);
    const table = colourTable('viridis');
    const entryOf = (colour: number[]) => {
      const distances = Array.from({ length: 256 }, (_, i) =>
        Math.hypot(...colour.map((c, k) => c - table[3 * i + k])),
      );
      const least = Math.min(...distances);
      expect(least).toBeLessThan(3);
      return distances.indexOf(least);
    };
    // The more there is, the further along the map, in proportion.
    const points = [1, 4, 7, 10]
      .flatMap(j => [1, 9, 18].map(i => [i, j]))
      .filter(([i, j]) => !covered(2 * i + 1, 2.5 * j + 1.25));
    const found = points.map(([i, j]) => ({
      value: glucose[20 * j + i],
      entry: entryOf(at(picture, ...(place(2 * i + 1, 2.5 * j + 1.25) as [number, number]))),
    }));
    const low = found.reduce((a, b) => (b.value < a.value ? b : a));
    const high = found.reduce((a, b) => (b.value > a.value ? b : a));
    expect(high.entry - low.entry).toBeGreaterThan(20);
    for (const { value, entry } of found) {
      const expected =
        low.entry + ((value - low.value) / (high.value - low.value)) * (high.entry - low.entry);
      expect(Math.abs(entry - expected)).toBeLessThan(3);
    }
  });

  it('writes captions, and says in the file what it shows', async () => {
    const [all, none] = [
      await png(recording),
      await png(recording, { legend: false, time: false, scaleBar: false }),
    ];
    const differs = (left: number, top: number, right: number, bottom: number) => {
      let count = 0;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) if (at(all, x, y).join() !== at(none, x, y).join()) count++;
      return count;
    };
    expect(differs(0, 0, 120, 40)).toBeGreaterThan(500);
    expect(differs(0, 350, 150, 400)).toBeGreaterThan(500);
    expect(differs(300, 280, 500, 400)).toBeGreaterThan(5000);
    expect(differs(150, 60, 300, 270)).toBe(0);
    const bytes = readFileSync(join(folder, 'picture.png')).toString('latin1');
    expect(bytes).toContain('tEXtTitle\0A colony in miniature');
    expect(bytes).toContain('tEXtSoftware\0Cellfield 0.1.0');
    expect(bytes).toContain('tEXtDescription\x000:04:00 (step 120), seed 7');
  });

  it('takes any moment, size, colouring and plane, rods and spheres', async () => {
    const large = await png(rods, {
      at: '100 s',
      scale: '2',
      theme: 'light',
      colour: 'lineage',
      contours: true,
    });
    expect([large.width, large.height]).toEqual([1000, 800]);
    const [first, other] = [
      await png(spheres, { slice: '0' }),
      await png(spheres, { slice: '5', colour: 'age' }),
    ];
    expect(first.data.equals(other.data)).toBe(false);
    for (const colour of ['growth', 'phase', 'LuxI', 'sender.LuxI']) {
      const picture = await png(recording, { colour, fields: 'AHL:log,glucose' });
      expect(picture.width).toBe(500);
    }
  });

  it('draws SVG with a circle or a capsule per cell, which reads as XML', async () => {
    for (const from of [recording, rods]) {
      const out = join(folder, 'picture.svg');
      await quietly(() => snapshot(from, { out, force: true }));
      const faults: string[] = [];
      const parser = new DOMParser({ onError: (_level, message) => faults.push(message) });
      const document = parser.parseFromString(readFileSync(out, 'utf8'), 'image/svg+xml');
      expect(faults).toEqual([]);
      const description = loadScenario(read(from, 'scenario.yaml')).description;
      const own = new FrameReader(from, description);
      const cells = own.cells(own.entries[own.entries.length - 1]);
      const drawn = [...document.getElementsByTagName('g')][0];
      // Cells about to divide have a second rim.
      const shapes = [...drawn.getElementsByTagName('*')].filter(one => one.getAttribute('fill') !== 'none');
      expect(shapes).toHaveLength(cells?.count ?? 0);
      const kinds = description.cellTypes.map(({ shape }) => (shape.kind === 'rod' ? 'path' : 'circle'));
      expect(shapes.map(({ nodeName }) => nodeName)).toEqual(
        [...(cells?.values[2] ?? [])].map(type => kinds[type]),
      );
      const texts = [...document.getElementsByTagName('text')].map(({ textContent }) => textContent);
      expect(texts).toEqual(expect.arrayContaining(['0:04:00', 'sender', 'receiver', 'AHL']));
      expect(document.getElementsByTagName('metadata')[0].textContent).toMatch(/seed/);
      expect(document.getElementsByTagName('image')[0].getAttribute('href')).toMatch(
        /^data:image\/png;base64,/,
      );
    }
  });
});

describe('cellfield video', () => {
  it('writes a GIF whose pictures are the snapshots, at the rate asked for', async () => {
    const out = join(folder, 'film.gif');
    await quietly(() =>
      video(recording, { out, size: '320x240', rate: '15', from: '1 min', until: '2 min' }),
    );
    const frames = decompressFrames(parseGIF(Uint8Array.from(readFileSync(out)).buffer), true);
    expect(frames.map(({ dims }) => [dims.width, dims.height])).toEqual(Array(4).fill([320, 240]));
    // 1/15 s in hundredths: 7, 6, 7, 7.
    expect(frames.map(({ delay }) => delay)).toEqual([70, 60, 70, 70]);
    const folderOut = join(folder, 'pictures');
    await quietly(() => video(recording, { out: folderOut, size: '320x240', from: '1 min', until: '2 min' }));
    const names = readdirSync(folderOut).filter(name => name.endsWith('.png'));
    expect(names).toEqual(['frame-00000.png', 'frame-00001.png', 'frame-00002.png', 'frame-00003.png']);
    frames.forEach(({ patch }, f) => {
      const { data } = PNG.sync.read(readFileSync(join(folderOut, names[f])));
      let squares = 0;
      for (let i = 0; i < data.length; i++) squares += (data[i] - patch[i]) ** 2;
      const psnr = 10 * Math.log10(255 ** 2 / (squares / (0.75 * data.length)));
      // 256 colours for all pictures.
      expect(psnr).toBeGreaterThan(36);
    });
  });

  it('says in one line what it cannot do', async () => {
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'thesis.txt'), 'mine');
    const films: [object, RegExp][] = [
      [
        { out: 'x.mp4' },
        /mp4 needs a browser's encoder, which the app's video export uses; here allowed are .gif and a folder of PNGs/,
      ],
      [{ out: 'x.avi' }, /allowed are a name that ends in .gif, and a folder/],
      [{ out: 'x.gif', rate: '0' }, /--rate 0: expected 0.1 to 50 pictures a second/],
      [{ out: taken, force: true }, /holds other files/],
    ];
    for (const [options, message] of films) {
      await expect(video(recording, options as { out: string })).rejects.toThrow(message);
    }
    const pictures: [object, RegExp][] = [
      [{ out: 'x.jpg' }, /allowed are names that end in .png or .svg/],
      [{ at: '2 h', out: 'x.png' }, /--at 2 h lies outside the frames, which go from 0 s to 240 s/],
      [{ theme: 'pink', out: 'x.png' }, /--theme pink: allowed are dark and light/],
      [{ fields: 'salt', out: 'x.png' }, /there is no field 'salt'; there are AHL, glucose, or none/],
      [
        { colour: 'salt', out: 'x.png' },
        /--colour salt: allowed are type, lineage, age, growth, phase, sender.biomass/,
      ],
      [{ slice: '1', out: 'x.png' }, /--slice is for domains in three dimensions/],
      [{ size: '10', out: 'x.png' }, /--size 10: expected WIDTHxHEIGHT/],
      [{ size: '9000x10', out: 'x.png' }, /is not possible; sides have 64 to 8192 pixels/],
    ];
    for (const [options, message] of pictures) expect(() => snapshot(recording, options)).toThrow(message);
    const run = await cellfield('snapshot', recording, '-o', join(folder, 'by-command.png'));
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/by-command\.png: 1024 × 768, .* at 0:04:00\n$/);
  });
});
