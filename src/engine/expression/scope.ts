/**
 * Where an expression finds the values of its variables: the columns of a population and of the sampled fields,
 * with the place of one cell in them. Mutable, so that a loop over cells moves one scope along.
 */
export interface Scope {
  /** Amount of species s is amounts[speciesOffset + s]. */
  amounts: Float64Array;
  speciesOffset: number;
  /** Concentration of field f is fields[fieldOffset + f], molecules/µm³. */
  fields: Float64Array;
  fieldOffset: number;
  /** µm³ */
  volume: number;
  /** s */
  time: number;
  /** s */
  age: number;
  /** µm³ */
  birthVolume: number;
  /** µm³ */
  divisionVolume: number;
  /** Of the cell's cycle: index of the phase, share of it that is over; whether it is quiescent (1). */
  stage: number;
  elapsed: number;
  quiescent: number;
  /** Of its neighbours on the cell, no unit. */
  pressure: number;
  /** Coordinates, µm. */
  position: [x: number, y: number, z: number];
}

export function createScope(): Scope {
  return {
    amounts: new Float64Array(0),
    speciesOffset: 0,
    fields: new Float64Array(0),
    fieldOffset: 0,
    volume: 0,
    time: 0,
    age: 0,
    birthVolume: 0,
    divisionVolume: 0,
    stage: 0,
    elapsed: 0,
    quiescent: 0,
    pressure: 0,
    position: [0, 0, 0],
  };
}
