/** About how wide a text is in the interface's font, px: enough to lay out without a page, rather too much than too little. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += size * emOf(character);
  return width;
}

/** The text, shortened with an ellipsis to fit. */
export function cutToFit(text: string, size: number, most: number): string {
  if (textWidth(text, size) <= most) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > most) characters.pop();
  return `${characters.join('')}…`;
}

function emOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0x2e80) return 1.05;
  if (/[mwMW@%]/.test(character)) return 0.95;
  if (/[A-Z_→⇌∅…]/.test(character)) return 0.72;
  return /[iljtfrI1.,:;' ()|]/.test(character) ? 0.42 : 0.62;
}
