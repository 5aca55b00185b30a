import { parse } from 'yaml';

/** What a card of the gallery shows of a scenario's text. */
export interface ScenarioHeader {
  readonly title: string;
  /** The first sentence of the description. */
  readonly caption: string;
  readonly hasCells: boolean;
}

/** Title and caption of a scenario. A text that cannot be read has none; loading it will say why. */
export function readHeader(text: string): ScenarioHeader {
  let content: unknown = null;
  try {
    content = parse(text);
  } catch {
    content = null;
  }
  const record = typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
  return {
    title: typeof record.title === 'string' ? record.title.trim() : '',
    caption: typeof record.description === 'string' ? firstSentence(record.description) : '',
    hasCells: record.cells !== undefined,
  };
}

/** Up to the first full stop that ends a sentence (one before a space and a capital letter, or at the end). */
export function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const end = /[.!?](?= +\p{Lu}|$)/u.exec(line);
  return end ? line.slice(0, end.index + 1) : line;
}
