import type { Drawing, Gradient } from '../drawing.ts';
import { textWidth } from '../raster/text.ts';

/** Coordinates in SVG: a hundredth of a pixel. */
export function digits(value: number): string {
  return String(Number(value.toFixed(2)));
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A colour as attributes: `rgb(r g b / a)` is not known to every reader of SVG. */
export function colourAttributes(kind: 'fill' | 'stroke', colour: string): string {
  const parts = /^rgb\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(colour);
  if (!parts) return `${kind}="${colour}"`;
  const [red, green, blue, alpha] = parts.slice(1);
  const opacity = alpha === undefined ? '' : ` ${kind}-opacity="${alpha}"`;
  return `${kind}="rgb(${red},${green},${blue})"${opacity}`;
}

class SvgGradient implements Gradient {
  readonly id: string;
  readonly #ends: string;
  #stops = '';

  constructor(id: string, x0: number, x1: number) {
    this.id = id;
    this.#ends = `gradientUnits="userSpaceOnUse" x1="${digits(x0)}" y1="0" x2="${digits(x1)}" y2="0"`;
  }

  addColorStop(at: number, colour: string): void {
    this.#stops += `<stop offset="${digits(at)}" ${colourAttributes('fill', colour).replaceAll('fill', 'stop-color')}/>`;
  }

  get element(): string {
    return `<linearGradient id="${this.id}" ${this.#ends}>${this.#stops}</linearGradient>`;
  }
}

/** Draws plates as elements of SVG; `id` makes names of gradients unique in a document. */
export class SvgDrawing implements Drawing {
  font = '12px sans-serif';
  textAlign = 'left';
  textBaseline = 'alphabetic';
  fillStyle: string | object = '#000000';
  strokeStyle: string | object = '#000000';
  lineWidth = 1;
  readonly #id: string;
  readonly #gradients: SvgGradient[] = [];
  #shapes: string[] = [];
  #elements = '';

  constructor(id: string) {
    this.#id = id;
  }

  /** Everything drawn. */
  get elements(): string {
    return this.#gradients.map(({ element }) => element).join('') + this.#elements;
  }

  measureText(text: string): { readonly width: number } {
    return { width: textWidth(text, Number.parseFloat(this.font)) };
  }

  fillText(text: string, x: number, y: number): void {
    const anchor = { center: 'middle', right: 'end' }[this.textAlign] ?? 'start';
    const [, size, family] = /^([\d.]+)px (.*)$/.exec(this.font) ?? ['', '12', 'sans-serif'];
    this.#elements += `<text x="${digits(x)}" y="${digits(y)}" font-size="${size}" font-family="${family.replaceAll('"', "'")}" text-anchor="${anchor}" ${this.#paint('fill')}>${escaped(text)}</text>`;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#elements += `<rect ${box(x, y, width, height)} ${this.#paint('fill')}/>`;
  }

  beginPath(): void {
    this.#shapes = [];
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    this.#shapes.push(`<rect ${box(x, y, width, height)} rx="${digits(radius)}"`);
  }

  /** Whole circles only: all that plates have. */
  arc(x: number, y: number, radius: number): void {
    this.#shapes.push(`<circle cx="${digits(x)}" cy="${digits(y)}" r="${digits(radius)}"`);
  }

  fill(): void {
    for (const shape of this.#shapes) this.#elements += `${shape} ${this.#paint('fill')}/>`;
  }

  stroke(): void {
    for (const shape of this.#shapes) {
      this.#elements += `${shape} fill="none" ${this.#paint('stroke')} stroke-width="${this.lineWidth}"/>`;
    }
  }

  createLinearGradient(x0: number, _y0: number, x1: number): SvgGradient {
    const gradient = new SvgGradient(`${this.#id}-${this.#gradients.length}`, x0, x1);
    this.#gradients.push(gradient);
    return gradient;
  }

  #paint(kind: 'fill' | 'stroke'): string {
    const style = kind === 'fill' ? this.fillStyle : this.strokeStyle;
    return style instanceof SvgGradient
      ? `${kind}="url(#${style.id})"`
      : colourAttributes(kind, String(style));
  }
}

function box(x: number, y: number, width: number, height: number): string {
  return `x="${digits(x)}" y="${digits(y)}" width="${digits(width)}" height="${digits(height)}"`;
}
