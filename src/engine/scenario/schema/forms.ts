import Type, { type TObject, type TProperties } from 'typebox';
import { NAME_PATTERN } from '../names.ts';

/** What the schemas of the sections of a scenario file are written with. */

/** A mapping with exactly these keys. */
export function keys<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** A mapping from names that the scenario chooses. */
export function named<T extends Type.TSchema>(value: T, description: string) {
  return Type.Record(Type.String({ pattern: NAME_PATTERN }), value, {
    additionalProperties: false,
    description,
  });
}

/** Exactly one of the keys. */
export function oneOf<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return keys(properties, {
    oneOf: Object.keys(properties).map(key => ({ required: [key] })),
    ...options,
  });
}

export function quantity(description: string, example: string) {
  return Type.Union([Type.String(), Type.Number()], {
    title: `a quantity such as \`${example}\``,
    description: `${description}. A number with a unit, or an expression of parameters, such as \`${example}\`.`,
  });
}

export function vector(description: string, example: string) {
  return Type.Array(quantity(description, example), {
    minItems: 2,
    maxItems: 3,
    title: 'a list of 2 or 3 lengths',
  });
}

export function word<const W extends string[]>(
  words: readonly [...W],
  description: string,
  byDefault: W[number],
) {
  return Type.Enum([...words], { description, default: byDefault });
}

export const Text = (description: string) => Type.String({ title: 'text', description });

export const Rate = (description: string, example: string) =>
  Type.Union([Type.String(), Type.Number()], {
    title: `an expression such as \`${example}\``,
    description: `${description}. Such as \`${example}\`.`,
  });

export const Equation = (description: string) =>
  Type.String({ title: 'an equation such as `A -> B`', description });
