import { closeSync, openSync } from 'node:fs';
import type { CellFrame } from '../../engine/recording/cellColumns.ts';
import { writeAll } from '../files.ts';
import { shortest } from './csv.ts';
import { cellEntries, type Source } from './source.ts';
import { TYPE } from './tables.ts';

/** How an agent is drawn: by the geometry of its type, or as a fibre through points. */
const SHAPE = 1000;
const FIBRE = 1001;

/** Okabe & Ito's colours, as the app gives them to cell types. */
const COLOURS = ['#56b4e9', '#e69f00', '#cc79a7', '#d55e00', '#009e73', '#f0e442', '#0072b2'];

/**
 * A trajectory for the Simularium viewer of the Allen Institute as JSON, version 3
 * (https://github.com/simularium/simulariumio/blob/main/file_format.md): a sphere per cell, a fibre from cap to cap where its
 * type is a rod, places relative to the middle of the domain in µm, times in s, and the number of cells as a plot.
 */
export function exportSimularium(source: Source, path: string): void {
  const { description, reader, tick, about, opened } = source;
  const { grid, cellTypes, title } = description;
  const entries = cellEntries(source);
  const [width, height, depth] = grid.size;
  const types = cellTypes.map(({ name, shape }, t) => {
    const displayType = shape.kind === 'rod' ? 'FIBER' : 'SPHERE';
    return [String(t), { name, geometry: { displayType, color: COLOURS[t % COLOURS.length], url: '' } }];
  });
  const between =
    entries.length > 1 ? (entries[entries.length - 1].time - entries[0].time) / (entries.length - 1) : 0;
  const info = {
    version: 3,
    timeUnits: { magnitude: 1, name: 's' },
    timeStepSize: between || description.time.step,
    totalSteps: entries.length,
    spatialUnits: { magnitude: 1, name: 'um' },
    size: { x: width, y: height, z: depth },
    cameraDefault: {
      position: { x: 0, y: 0, z: 1.1 * Math.max(width, height) + depth / 2 },
      lookAtPosition: { x: 0, y: 0, z: 0 },
      upVector: { x: 0, y: 1, z: 0 },
      fovDegrees: 50,
    },
    typeMapping: Object.fromEntries(types),
    trajectoryTitle: title,
    modelInfo: {
      title,
      version: opened.provenance.scenarioHash,
      description: `Seed ${about.seed}, Cellfield ${about.cellfield}`,
    },
  };
  const file = openSync(path, 'wx');
  const write = (text: string) => writeAll(file, Buffer.from(text));
  const middle = [width / 2, height / 2, depth / 2];
  const counts = cellTypes.map((): number[] => []);
  try {
    write(`{"trajectoryInfo":${JSON.stringify(info)},\n`);
    write(
      `"spatialData":{"version":1,"msgType":1,"bundleStart":0,"bundleSize":${entries.length},"bundleData":[`,
    );
    entries.forEach((entry, frameNumber) => {
      const frame = reader.cells(entry);
      if (!frame) return;
      for (const list of counts) list.push(0);
      for (const type of frame.values[TYPE]) counts[type][frameNumber]++;
      const data = agents(source, frame, middle);
      write(
        `${frameNumber > 0 ? ',' : ''}\n{"frameNumber":${frameNumber},"time":${entry.time},"data":[${data}]}`,
      );
      tick();
    });
    const x = entries.map(({ time }) => time);
    const traces = cellTypes.map(({ name }, t) => ({
      name,
      type: 'scatter',
      mode: 'lines',
      x,
      y: counts[t],
    }));
    const layout = { title: 'Number of cells', xaxis: { title: 'time (s)' }, yaxis: { title: 'cells' } };
    write(`]},\n"plotData":{"version":1,"data":${JSON.stringify([{ layout, data: traces }])}}}\n`);
  } finally {
    closeSync(file);
  }
}

/** Kind, id, type, place, rotation, radius, number of values that follow, and these, of each agent. */
function agents(
  { reader, description }: Source,
  { values, count }: CellFrame,
  middle: readonly number[],
): string {
  const at = (name: string) => values[reader.columns.findIndex(column => column.name === name)];
  const [id, x, y, z, radius] = ['id', 'x', 'y', 'z', 'radius'].map(at);
  const [length, ...axis] = ['length', 'axis_x', 'axis_y', 'axis_z'].map(at);
  const isRod = description.cellTypes.map(({ shape }) => shape.kind === 'rod');
  const parts: string[] = [];
  for (let i = 0; i < count; i++) {
    const type = values[TYPE][i];
    const place = [x[i] - middle[0], y[i] - middle[1], z[i] - middle[2]];
    const size = shortest(radius[i]);
    if (isRod[type] && length) {
      const half = length[i] / 2 - radius[i];
      const ends = [-1, 1].flatMap(sign => place.map((value, k) => near(value + sign * half * axis[k][i])));
      parts.push(`${FIBRE},${id[i]},${type},0,0,0,0,0,0,${size},6,${ends.join()}`);
    } else parts.push(`${SHAPE},${id[i]},${type},${place.map(near).join()},0,0,0,${size},0`);
  }
  return parts.join();
}

/** Differences of single-precision places: no more digits than those have. */
function near(value: number): string {
  return shortest(Math.fround(value));
}
