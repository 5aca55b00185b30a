import type { Size } from './viewport.ts';

/** What looks of a shape come from style sheets and must go with a file. */
const LOOKS = [
  ...[
    'fill',
    'fill-opacity',
    'stroke',
    'stroke-width',
    'stroke-dasharray',
    'stroke-opacity',
    'stroke-linecap',
  ],
  ...['opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline'],
] as const;
/** Of these only their being there counts for the look of others. */
const SHAPES = 'path, rect, circle, text';

/** The drawing on the page as an SVG file of its own, whole and unscaled, in the colours of the theme. */
export function exportSvg(shown: SVGSVGElement, content: SVGGElement, size: Size, title: string): string {
  const copy = content.cloneNode(true) as SVGGElement;
  const [originals, copies] = [content.querySelectorAll(SHAPES), copy.querySelectorAll(SHAPES)];
  originals.forEach((original, i) => {
    if (original.closest('clipPath')) return;
    const style = getComputedStyle(original);
    for (const look of LOOKS) copies[i].setAttribute(look, style.getPropertyValue(look));
  });
  for (const element of [copy, ...copy.querySelectorAll('*')]) {
    for (const name of ['class', 'tabindex', 'role', 'aria-label', 'aria-pressed', 'data-node']) {
      element.removeAttribute(name);
    }
  }
  copy.removeAttribute('transform');
  const root = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
  root.setAttribute('viewBox', `0 0 ${width} ${height}`);
  root.setAttribute('width', String(width));
  root.setAttribute('height', String(height));
  const name = document.createElementNS(root.namespaceURI, 'title');
  name.textContent = title;
  const ground = document.createElementNS(root.namespaceURI, 'rect');
  ground.setAttribute('width', String(width));
  ground.setAttribute('height', String(height));
  ground.setAttribute('fill', getComputedStyle(shown).backgroundColor);
  root.append(name, ground, copy);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
}
