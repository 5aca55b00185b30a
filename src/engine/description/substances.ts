import type { Description } from './description.ts';

/**
 * Every substance of a model under one index, the row order of the stoichiometric matrix: first the species of each
 * cell type (type after type), then the fields, then what their reservoirs hold (field after field). The balance is kept for each of them.
 */
export interface Substance {
  /** `sender.A`, `field.AHL` or `reactor.AHL`. */
  readonly name: string;
  readonly unit: 'molecules' | 'fg';
  readonly in: 'cell' | 'field' | 'bulk';
}

export interface SubstanceIndex {
  readonly all: readonly Substance[];
  /** Number of cell substances; fields follow. */
  readonly cellCount: number;
  /** Index of species 0 of each cell type. */
  readonly typeOffset: readonly number[];
  /** Index of the first reservoir of each field. */
  readonly bulkOffset: readonly number[];
}

export function indexSubstances(description: Description): SubstanceIndex {
  const all: Substance[] = [];
  const typeOffset: number[] = [];
  for (const type of description.cellTypes) {
    typeOffset.push(all.length);
    type.circuit.species.forEach((species, index) => {
      all.push({ name: `${type.name}.${species.name}`, unit: index === 0 ? 'fg' : 'molecules', in: 'cell' });
    });
  }
  const cellCount = all.length;
  for (const field of description.fields) {
    all.push({ name: `field.${field.name}`, unit: 'molecules', in: 'field' });
  }
  const bulkOffset: number[] = [];
  for (const field of description.fields) {
    bulkOffset.push(all.length);
    for (const { name } of field.reservoirs ?? []) {
      all.push({ name: `${name}.${field.name}`, unit: 'molecules', in: 'bulk' });
    }
  }
  return { all, cellCount, typeOffset, bulkOffset };
}

/** Index of the substance that a reaction term of cell type `type` names. */
export function substanceOf(
  index: SubstanceIndex,
  type: number,
  term: { readonly in: 'cell' | 'field'; readonly index: number },
): number {
  return term.in === 'cell' ? index.typeOffset[type] + term.index : index.cellCount + term.index;
}
