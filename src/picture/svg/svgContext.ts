import type { CaptionContext } from '../captionContext.ts';
import type { Drawing, Gradient } from '../drawing.ts';
import { coordinate, escapeXml, paint } from './svgText.ts';

/**
 * What captions need of a 2-D canvas, written as SVG, so that they are drawn by the same code. Text is measured by
 * `ruler`. Names of gradients begin with `prefix`.
 */
export class SvgContext implements CaptionContext {
  fillStyle: string | object = '#000';
  strokeStyle: string | object = '#000';
  lineWidth = 1;
  lineJoin = 'miter';
  lineCap = 'butt';
  textAlign = 'start';
  textBaseline = 'alphabetic';
  font = '10px sans-serif';
  readonly elements: string[] = [];
  readonly #ruler: Pick<Drawing, 'font' | 'measureText'>;
  readonly #gradients = new Map<unknown, string>();
  #path = '';
  #dash: readonly number[] = [];

  constructor(ruler: Pick<Drawing, 'font' | 'measureText'>) {
    this.#ruler = ruler;
  }

  measureText(text: string): { readonly width: number } {
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${coordinate(x)} ${coordinate(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `${this.#path === '' ? 'M' : 'L'}${coordinate(x)} ${coordinate(y)}`;
  }

  closePath(): void {
    this.#path += 'Z';
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const r = coordinate(radius);
    const corner = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${coordinate(dx)} ${coordinate(dy)}`;
    const [w, h] = [coordinate(width - 2 * radius), coordinate(height - 2 * radius)];
    this.#path +=
      `M${coordinate(x + radius)} ${coordinate(y)}h${w}${corner(radius, radius)}v${h}` +
      `${corner(-radius, radius)}h-${w}${corner(-radius, -radius)}v-${h}${corner(radius, -radius)}Z`;
  }

  /** From one angle clockwise to another; a whole circle as two halves. */
  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const at = (angle: number) =>
      `${coordinate(x + radius * Math.cos(angle))} ${coordinate(y + radius * Math.sin(angle))}`;
    const turn = to > from ? to - from : to - from + 2 * Math.PI;
    const halves = turn > Math.PI ? [from + turn / 2, from + turn] : [from + turn];
    this.#path += `${this.#path === '' ? 'M' : 'L'}${at(from)}`;
    for (const end of halves) this.#path += `A${coordinate(radius)} ${coordinate(radius)} 0 0 1 ${at(end)}`;
  }

  setLineDash(dash: number[]): void {
    this.#dash = dash;
  }

  fill(): void {
    this.elements.push(`<path d="${this.#path}" ${this.#fill()}/>`);
  }

  stroke(): void {
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(' ')}"` : '';
    const stroke = paint('stroke', String(this.strokeStyle));
    this.elements.push(
      `<path d="${this.#path}" fill="none" ${stroke} stroke-width="${this.lineWidth}"${dash}/>`,
    );
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const [left, top, w, h] = [x, y, width, height].map(coordinate);
    this.elements.push(`<rect x="${left}" y="${top}" width="${w}" height="${h}" ${this.#fill()}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    const anchor = { center: 'middle', right: 'end', end: 'end' }[this.textAlign] ?? 'start';
    const [, weight, size, family] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    const bold = weight ? ` font-weight="${weight}"` : '';
    this.elements.push(
      `<text x="${coordinate(x)}" y="${coordinate(y)}" text-anchor="${anchor}" font-size="${size ?? 10}" ` +
        `font-family="${escapeXml(family ?? 'sans-serif').replaceAll('&quot;', "'")}"${bold} ${this.#fill()}>${escapeXml(text)}</text>`,
    );
  }

  createLinearGradient(x0: number, y0: number, x1: number, y1: number): Gradient {
    const name = `gradient${this.#gradients.size + 1}`;
    const at = this.elements.push('') - 1;
    const stops: string[] = [];
    const gradient: Gradient = {
      addColorStop: (offset, colour) => {
        stops.push(
          `<stop offset="${coordinate(offset)}" ${paint('fill', colour).replace(/fill/g, 'stop-color')}/>`,
        );
        const [left, top, right, bottom] = [x0, y0, x1, y1].map(coordinate);
        this.elements[at] =
          `<linearGradient id="${name}" gradientUnits="userSpaceOnUse" x1="${left}" y1="${top}" x2="${right}" y2="${bottom}">${stops.join('')}</linearGradient>`;
      },
    };
    this.#gradients.set(gradient, name);
    return gradient;
  }

  #fill(): string {
    const name = this.#gradients.get(this.fillStyle);
    return name ? `fill="url(#${name})"` : paint('fill', String(this.fillStyle));
  }
}
