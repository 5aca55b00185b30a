import type { Attributes } from './attributes.ts';
import type { Problems } from './errors.ts';
import type { SbmlUnits } from './model.ts';
import { childOf, type XmlElement } from './xml.ts';

/** Molecules per mole (SI, 2019). */
const MOLE = 6.02214076e23;
/** µm³ per litre. */
const LITRE = 1e15;

interface Unit {
  readonly dimension: 'substance' | 'volume' | 'time' | 'none' | 'other';
  /** In molecules, µm³ and s. */
  readonly factor: number;
}

const KINDS: Readonly<Record<string, Unit>> = {
  mole: { dimension: 'substance', factor: MOLE },
  item: { dimension: 'substance', factor: 1 },
  dimensionless: { dimension: 'none', factor: 1 },
  litre: { dimension: 'volume', factor: LITRE },
  liter: { dimension: 'volume', factor: LITRE },
  second: { dimension: 'time', factor: 1 },
};

/** Sizes of the units of substance, volume and time of a model: attributes of Level 3, redefinable built-in ones of Level 2. */
export function readUnits(
  model: XmlElement,
  level: number,
  attributes: Attributes,
  problems: Problems,
): SbmlUnits {
  const definitions = new Map<string, Unit>();
  for (const definition of childOf(model, 'listOfUnitDefinitions')?.children ?? []) {
    if (definition.name !== 'unitDefinition') continue;
    const id = attributes.id(definition);
    definitions.set(id, readDefinition(definition, attributes, problems));
  }
  const find = (name: string): Unit | null => definitions.get(name) ?? KINDS[name] ?? null;
  const size = (unit: Unit | null, dimension: Unit['dimension']): number | null =>
    unit && (unit.dimension === dimension || (unit.dimension === 'none' && dimension === 'substance'))
      ? unit.factor
      : null;
  if (level === 2) {
    return {
      substance: size(definitions.get('substance') ?? KINDS.mole, 'substance'),
      volume: size(definitions.get('volume') ?? KINDS.litre, 'volume'),
      time: size(definitions.get('time') ?? KINDS.second, 'time'),
    };
  }
  return {
    substance: size(find(attributes.text(model, 'substanceUnits')), 'substance'),
    volume: size(find(attributes.text(model, 'volumeUnits')), 'volume'),
    time: size(find(attributes.text(model, 'timeUnits')), 'time'),
  };
}

/** A product of one kind and any dimensionless ones; others are of no use here. */
function readDefinition(definition: XmlElement, attributes: Attributes, problems: Problems): Unit {
  let factor = 1;
  let dimension: Unit['dimension'] = 'none';
  for (const unit of childOf(definition, 'listOfUnits')?.children ?? []) {
    if (unit.name !== 'unit') continue;
    const kind = attributes.text(unit, 'kind');
    const exponent = attributes.number(unit, 'exponent') ?? 1;
    const scale = attributes.number(unit, 'scale') ?? 0;
    const multiplier = attributes.number(unit, 'multiplier') ?? 1;
    const prefix = (multiplier * 10 ** scale) ** exponent;
    if (!(prefix > 0 && prefix < Number.POSITIVE_INFINITY)) {
      const id = attributes.text(definition, 'id');
      problems.add(
        `unitDefinition '${id}'`,
        `(${multiplier}·10^${scale})^${exponent} is beyond what a double holds`,
      );
    }
    const base = KINDS[kind];
    if (kind === 'metre' && exponent === 3 && dimension === 'none') {
      dimension = 'volume';
      factor *= prefix * 1e18;
    } else if (base?.dimension === 'none') factor *= prefix;
    else if (base && exponent === 1 && dimension === 'none') {
      dimension = base.dimension;
      factor *= prefix * base.factor;
    } else dimension = 'other';
  }
  return { dimension, factor };
}
