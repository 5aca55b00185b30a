import type { Drawing } from './drawing.ts';
import type { Size, View } from './viewport.ts';

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** What a card with details takes at most, and what the legend needs below, px. */
const CARD: Size = { width: 320, height: 120 };
const FOOT = 36;

/** The corner of the window where a card hides the least of what is lit; the node itself counts most. */
export function quietCorner(
  { nodes }: Pick<Drawing, 'nodes'>,
  lit: ReadonlySet<string>,
  shown: string,
  view: View,
  window: Size,
): Corner {
  const width = Math.min(CARD.width, 0.48 * window.width);
  const boxes = {
    'top-right': { left: window.width - width, top: 0 },
    'top-left': { left: 0, top: 0 },
    'bottom-left': { left: 0, top: window.height - FOOT - CARD.height },
    'bottom-right': { left: window.width - width, top: window.height - FOOT - CARD.height },
  } as const;
  let best: Corner = 'top-right';
  let least = Number.POSITIVE_INFINITY;
  for (const [corner, { left, top }] of Object.entries(boxes) as [Corner, { left: number; top: number }][]) {
    let hidden = 0;
    for (const { id, x, y, width: w, height: h } of nodes) {
      const [cx, cy] = [view.x + view.scale * x, view.y + view.scale * y];
      const [dx, dy] = [(view.scale * w) / 2, (view.scale * h) / 2];
      const isUnder =
        cx + dx > left && cx - dx < left + width && cy + dy > top && cy - dy < top + CARD.height;
      if (isUnder) hidden += id === shown ? 100 : lit.has(id) ? 10 : 1;
    }
    if (hidden < least) [best, least] = [corner, hidden];
  }
  return best;
}
