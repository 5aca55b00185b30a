import { CELL_MAP } from '../../picture/colour/maps.ts';
import type { CellTypeInfo } from '../../session/contract.ts';
import type { CellColouring } from '../stage/view.ts';

/** Colourings in the order that `c` goes through: types, then every species of every type, then the rest. */
export function colourings(types: readonly CellTypeInfo[]): CellColouring[] {
  const species = types.flatMap((type, t) =>
    type.species.map(
      (_, s): CellColouring => ({
        by: 'species',
        type: t,
        species: s,
        as: 'amount',
        map: CELL_MAP,
        range: 'auto',
      }),
    ),
  );
  return [{ by: 'type' }, ...species, { by: 'lineage' }, { by: 'age' }, { by: 'growth' }, { by: 'phase' }];
}

/** A colouring as the value of a menu. */
export function colouringKey(colouring: CellColouring): string {
  return colouring.by === 'species' ? `species ${colouring.type} ${colouring.species}` : colouring.by;
}
