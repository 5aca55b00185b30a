import type { ScaleReport } from './analyse.ts';

/** A process on the axis of the map. */
interface Mark {
  readonly label: string;
  readonly time: number;
}

function marksOf({ processes }: ScaleReport): Mark[] {
  return processes.map(({ name, of, time }) => ({ label: of === 'run' ? name : `${of}: ${name}`, time }));
}

/** Whole powers of ten that enclose all times. */
function decadesOf(marks: readonly Mark[]): [number, number] {
  const logs = marks.map(({ time }) => Math.log10(time));
  const low = Math.floor(Math.min(...logs));
  return [low, Math.max(low + 1, Math.ceil(Math.max(...logs)))];
}

/** The timescale map as lines of text, `width` characters for the axis; the coupling step is the line from top to bottom. */
export function textMap(report: ScaleReport, width: number, figure: (value: number) => string): string[] {
  const marks = marksOf(report);
  if (marks.length === 0) return [];
  const [low, high] = decadesOf(marks);
  const place = (time: number) => Math.round(((Math.log10(time) - low) / (high - low)) * (width - 1));
  const step = report.processes.find(({ of, name }) => of === 'run' && name === 'coupling step');
  const labels = Math.max(...marks.map(({ label }) => label.length));
  const axis = [...' '.repeat(width + 6)];
  const every = Math.max(1, Math.ceil((7 * (high - low)) / width));
  for (let power = low; power <= high; power += every) {
    [...`1e${power}`].forEach((letter, i) => {
      axis[place(10 ** power) + i] = letter;
    });
  }
  const lines = marks.map(({ label, time }) => {
    const row: string[] = [...'·'.repeat(width)].map((_, i) => (step && i === place(step.time) ? '|' : '·'));
    row[place(time)] = '●';
    return `${label.padEnd(labels)}  ${row.join('')}  ${figure(time)} s`;
  });
  return [`${' '.repeat(labels)}  ${axis.join('').trimEnd()}`, ...lines];
}

const ROW = 20;
const LABELS = 330;
const AXIS = 560;

/** The same as an SVG picture. */
export function svgMap(report: ScaleReport, title: string, figure: (value: number) => string): string {
  const marks = marksOf(report);
  const [low, high] = marks.length > 0 ? decadesOf(marks) : [0, 1];
  const x = (time: number) => (LABELS + ((Math.log10(time) - low) / (high - low)) * AXIS).toFixed(1);
  const height = 60 + ROW * marks.length;
  const parts: string[] = [];
  for (let power = low; power <= high; power++) {
    const at = x(10 ** power);
    parts.push(`<line x1="${at}" y1="46" x2="${at}" y2="${height - 8}" stroke="#ddd"/>`);
    parts.push(
      `<text x="${at}" y="40" text-anchor="middle" fill="#666">10<tspan dy="-5" font-size="9">${power}</tspan></text>`,
    );
  }
  const step = report.processes.find(({ of, name }) => of === 'run' && name === 'coupling step');
  if (step) {
    const at = x(step.time);
    parts.push(
      `<line x1="${at}" y1="46" x2="${at}" y2="${height - 8}" stroke="#c33" stroke-dasharray="4 3"/>`,
    );
  }
  marks.forEach(({ label, time }, i) => {
    const y = 60 + ROW * i;
    parts.push(`<text x="${LABELS - 12}" y="${y + 4}" text-anchor="end">${escapeText(label)}</text>`);
    parts.push(`<circle cx="${x(time)}" cy="${y}" r="5" fill="#36c"/>`);
    parts.push(
      `<text x="${Number(x(time)) + 9}" y="${y + 4}" fill="#666" font-size="10">${figure(time)} s</text>`,
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LABELS + AXIS + 90}" height="${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="12" y="20" font-weight="bold">${escapeText(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
