/**
 * What plates are drawn with: the part of a canvas's 2-D context that they use, so that a browser's own serves, and so do ours
 * (raster/plateRaster.ts, svg/svgDrawing.ts). Colours are as CSS writes them, fonts too.
 */
export interface Drawing {
  font: string;
  textAlign: string;
  textBaseline: string;
  /** A colour or a gradient of this drawing. */
  fillStyle: string | object;
  strokeStyle: string | object;
  lineWidth: number;
  measureText(text: string): { readonly width: number };
  fillText(text: string, x: number, y: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  beginPath(): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  fill(): void;
  stroke(): void;
  createLinearGradient(x0: number, y0: number, x1: number, y1: number): Gradient;
}

export interface Gradient {
  addColorStop(at: number, colour: string): void;
}
