import type { Drawing } from './drawing.ts';

/** What plates and marks are drawn with: a canvas has it, and so has SVG. */
export interface CaptionContext extends Drawing {
  lineJoin: string;
  lineCap: string;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  setLineDash(dash: number[]): void;
}
