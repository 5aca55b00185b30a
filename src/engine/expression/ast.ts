/**
 * The checked expression tree that rates and initial conditions are made of.
 *
 * `scenario/` turns user text into this tree (a library parses; we resolve names, check dimensions and fold
 * parameters into numbers in engine units). Everything after that, compiled or interpreted, sees only these
 * nodes, so no user text ever reaches a code generator.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'negate'; readonly argument: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly function: FunctionName; readonly arguments: readonly Expression[] }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** Comparisons and logic yield 1 or 0, so every expression has a number for its value. */
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '^'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'and'
  | 'or';

/**
 * `ln` is the natural logarithm; `hill(x, K, n)` is xⁿ/(Kⁿ + xⁿ); `mod(x, p)` is x − p ⌊x/p⌋. `min` and `max` take one or more
 * arguments.
 */
export type FunctionName =
  | 'exp'
  | 'ln'
  | 'log10'
  | 'sqrt'
  | 'abs'
  | 'min'
  | 'max'
  | 'hill'
  | 'sin'
  | 'cos'
  | 'mod'
  | 'not';

/** What an expression may read. `species` index 0 is always the cell's biomass (fg); the others count molecules. */
export type Variable =
  | { readonly of: 'species'; readonly index: number }
  /** Concentration of a field sampled at the cell, molecules/µm³. */
  | { readonly of: 'field'; readonly index: number }
  /** Cell volume, µm³. */
  | { readonly of: 'volume' }
  /** Simulated time, s. */
  | { readonly of: 'time' }
  /** Time since the cell was born, s. */
  | { readonly of: 'age' }
  /** Volume of the cell at its birth, µm³. */
  | { readonly of: 'birthVolume' }
  /** Volume at which the cell will divide, µm³; Infinity where it does not. */
  | { readonly of: 'divisionVolume' }
  /** Index of the phase of its cycle that the cell is in. */
  | { readonly of: 'stage' }
  /** Share of that phase that is over, 0 to 1. */
  | { readonly of: 'elapsed' }
  /** 1 in a quiescent cell, else 0. */
  | { readonly of: 'quiescent' }
  /** Pressure of its neighbours on the cell at the start of the step (cells/pressure.ts); no unit. */
  | { readonly of: 'pressure' }
  /** Coordinate, µm: of the cell in a rate, of the voxel centre in an initial condition. */
  | { readonly of: 'position'; readonly axis: 0 | 1 | 2 };
