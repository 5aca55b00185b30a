import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { provenanceOf } from '../../src/renderer/figures/provenance.ts';
import { escapeXml, paint } from '../../src/renderer/figures/svgText.ts';
import { chartSvg } from '../../src/renderer/plots/chartSvg.ts';
import { fieldRaster } from '../../src/renderer/stage/fieldRaster.ts';
import { Lineage } from '../../src/renderer/stage/lineage.ts';
import { stageSvg } from '../../src/renderer/stage/stageSvg.ts';
import type { Shot } from '../../src/renderer/stage/view.ts';
import { INITIAL_VIEW } from '../../src/renderer/state/ui.ts';
import { makeFrame } from './stageFixtures.ts';

const PROVENANCE = provenanceOf({ title: 'A <b> & "c"', seed: '5', file: 'dish.yaml' }, [], 0);

/** Throws where the text is no well-formed XML. */
function parse(svg: string) {
  return new DOMParser({
    onError: (_level, message) => {
      throw new Error(message);
    },
  }).parseFromString(svg, 'image/svg+xml');
}

describe('SVG', () => {
  it('takes any text and any colour', () => {
    expect(escapeXml('a<b>&"\u0001')).toBe('a&lt;b&gt;&amp;&quot;');
    expect(paint('fill', 'rgb(255 0 10 / 0.5)')).toBe('fill="#ff000a" fill-opacity="0.5"');
    expect(paint('stroke', '#abc')).toBe('stroke="#abc"');
  });
});

describe('a drawing of the stage', () => {
  const shot = {
    scenario: {
      title: 'A dish',
      step: 1,
      grid: { dimensions: 2, size: [20, 10, 1], cells: [2, 1, 1], spacing: [10, 10, 1] },
      fields: [{ name: 'dye' }],
      cellTypes: [{ name: 'a<b', species: [] }],
    },
    view: INITIAL_VIEW,
    ranges: { fields: [], cells: null },
    lineage: new Lineage(),
    camera: { x: 10, y: 5, scale: 10 },
    window: { width: 200, height: 100 },
    selected: new Set([3]),
    probes: [{ x: 5, y: 5, z: 0.5 }],
  } as unknown as Shot;
  const ruler = { font: '', measureText: (text: string) => ({ width: 6 * text.length }) };
  const draw = (cells: Parameters<typeof makeFrame>[0]) =>
    stageSvg(shot, makeFrame(cells), ruler as unknown as CanvasRenderingContext2D, {
      legend: true,
      scaleBar: true,
      timeStamp: true,
      fields: null,
      provenance: PROVENANCE,
    });

  it('has a shape for every cell in view, where it is', () => {
    const svg = draw([
      { id: 1, x: 4, y: 3, radius: 1 },
      { id: 2, x: 400, y: 3, radius: 1 },
      { id: 3, x: 15, y: 8, radius: 1 },
    ]);
    const circles = [...parse(svg).getElementsByTagName('circle')].map(circle =>
      ['cx', 'cy'].map(name => circle.getAttribute(name)),
    );
    // The selected one has a ring of two lines.
    expect(circles).toEqual([['40', '70'], ...Array(3).fill(['150', '20'])]);
    expect(svg).toContain('>a&lt;b</text>');
    expect(svg).toContain('<dc:title>A &lt;b&gt; &amp; &quot;c&quot;</dc:title>');
  });

  it('draws rods along their axis', () => {
    const svg = draw([{ id: 1, x: 10, y: 5, radius: 0.8, half: [3, 0, 0] }]);
    const path = /<g id="cells">\s*<path d="([^"]*)"/.exec(svg)?.[1];
    // 10 px per µm; half of the rim of 0.8 px lies within.
    expect(path).toBe('M70 57.6L130 57.6A7.6 7.6 0 0 0 130 42.4L70 42.4A7.6 7.6 0 0 0 70 57.6Z');
  });
});

describe('a field as a picture', () => {
  it('has the top row first, and shows what is no number', () => {
    const grid = { dimensions: 2, size: [2, 2, 1], cells: [1, 2, 1], spacing: [1, 1, 1] } as never;
    const view = {
      ...INITIAL_VIEW,
      fields: [{ field: 0, map: 'viridis', scale: 'linear', range: 'auto' }] as const,
    };
    const raster = (values: number[]) =>
      fieldRaster(makeFrame([], { fields: [Float32Array.from(values)] }), view, [[0, 1]], {
        grid,
        cellTypes: [],
      });
    // Ends of viridis.
    expect([...(raster([0, 1]) ?? [])]).toEqual([253, 231, 37, 255, 68, 1, 84, 255]);
    expect([...(raster([Number.NaN, 0]) ?? [])].slice(4, 7)).toEqual([60, 64, 70]);
    expect(fieldRaster(makeFrame([]), INITIAL_VIEW, [], { grid, cellTypes: [] })).toBeNull();
  });
});

describe('a drawing of a plot', () => {
  const ink = { ground: '#fff', text: '#000', muted: '#555', line: '#ddd', font: 'sans-serif' };
  const rest = { ink, provenance: PROVENANCE, title: 'dye', unit: 'nM', logarithmic: false } as const;

  it('has lines with gaps, bands and ticks', () => {
    const svg = chartSvg({
      ...rest,
      x: [0, 60, 120, 180],
      lines: [
        {
          label: 'mean',
          colour: 'rgb(1 2 3)',
          values: [1, 2, Number.NaN, 4],
          low: [0, 1, Number.NaN, 3],
          high: [2, 3, Number.NaN, 5],
        },
      ],
      time: true,
      bars: false,
      xRange: [0, 180],
      yRange: [0, 5],
    });
    const texts = [...parse(svg).getElementsByTagName('text')].map(text => text.textContent);
    expect(texts).toEqual(expect.arrayContaining(['dye (nM)', 'mean', '0', '1\u202fmin', '3\u202fmin', '5']));
    // 64 px left, 552 px wide, 268 px high from 56 px down: 1 at 270.4, 4 at 109.6.
    expect(svg).toContain('d="M64 270.4L248 216.8M616 109.6"');
  });

  it('has bars, and powers of ten on a logarithmic axis', () => {
    const bars = chartSvg({
      ...rest,
      x: [0, 1, 2],
      lines: [{ label: 'cells', colour: '#123456', values: [3, 0, 0] }],
      time: false,
      bars: true,
      xRange: [0, 2],
      yRange: [0, 4],
    });
    // The ground, the box that clips, and one bar.
    expect(parse(bars).getElementsByTagName('rect')).toHaveLength(3);
    const powers = chartSvg({
      ...rest,
      logarithmic: true,
      x: [0, 1],
      lines: [{ label: 'residual', colour: '#123456', values: [1e-9, 1e-6] }],
      time: true,
      bars: false,
      xRange: [0, 1],
      yRange: [1e-9, 1e-6],
    });
    expect(powers).toContain('>10⁻⁹</text>');
    expect(powers).toContain('d="M64 324L616 56"');
  });
});
