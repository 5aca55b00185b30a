/** Text as it stands in XML; control characters that XML has no place for are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A length in a drawing: hundredths are finer than any printer. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** `fill` or `stroke` of a CSS colour in the words of SVG 1.1, which knows no `rgb(0 0 0 / 0.5)`. */
export function paint(attribute: 'fill' | 'stroke', colour: string): string {
  const parts = /^rgb\(([\d.]+)[ ,]+([\d.]+)[ ,]+([\d.]+)(?:\s*\/\s*([\d.]+))?\)$/.exec(colour);
  if (!parts) return `${attribute}="${escapeXml(colour)}"`;
  const hex = parts.slice(1, 4).map(part => Math.round(Number(part)).toString(16).padStart(2, '0'));
  const opacity =
    parts[4] === undefined || Number(parts[4]) >= 1 ? '' : ` ${attribute}-opacity="${parts[4]}"`;
  return `${attribute}="#${hex.join('')}"${opacity}`;
}
