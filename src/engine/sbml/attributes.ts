import type { Problems } from './errors.ts';
import type { XmlElement } from './xml.ts';

/** Reads the attributes of elements; what is not of its type is a problem of that element. */
export class Attributes {
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  text(element: XmlElement, name: string): string {
    return element.attributes.get(name)?.trim() ?? '';
  }

  /** An identifier that must be there. */
  id(element: XmlElement, name = 'id'): string {
    const value = this.text(element, name);
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return value;
    const what =
      value === '' ? `the attribute ${name} is missing` : `'${value}' is not an identifier (${name})`;
    this.#problems.add(describe(element), what);
    return value;
  }

  /** An xsd:double, or null where there is none. */
  number(element: XmlElement, name: string): number | null {
    const text = this.text(element, name);
    if (text === '') {
      if (element.attributes.has(name))
        this.#problems.add(describe(element), `the attribute ${name} is empty`);
      return null;
    }
    if (text === 'INF') return Number.POSITIVE_INFINITY;
    if (text === '-INF') return Number.NEGATIVE_INFINITY;
    if (text === 'NaN') return Number.NaN;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value)) return value;
    const why = Number.isNaN(value) ? 'is not a number' : 'is beyond what a double holds (1.8e308)';
    this.#problems.add(describe(element), `${name} = '${text}' ${why}`);
    return null;
  }

  boolean(element: XmlElement, name: string, byDefault: boolean): boolean {
    const text = this.text(element, name);
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    if (element.attributes.has(name)) {
      this.#problems.add(describe(element), `${name} = '${text}' is neither true nor false`);
    }
    return byDefault;
  }
}

/** `species 'S1'` for messages. */
export function describe(element: XmlElement): string {
  const id = ['id', 'variable', 'symbol', 'species'].map(name => element.attributes.get(name)).find(Boolean);
  return id ? `${element.name} '${id}'` : element.name;
}
