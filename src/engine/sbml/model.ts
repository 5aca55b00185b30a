import type { Formula } from './formula.ts';

/**
 * An SBML Level 2 or 3 core model as read: function definitions are inlined and local parameters are numbers, defaults of the
 * level are filled in. Numbers are in the model's own units.
 */
export interface SbmlModel {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly version: number;
  readonly units: SbmlUnits;
  readonly compartments: readonly SbmlCompartment[];
  readonly species: readonly SbmlSpecies[];
  readonly parameters: readonly SbmlParameter[];
  readonly initialAssignments: readonly SbmlInitialAssignment[];
  readonly rules: readonly SbmlRule[];
  readonly reactions: readonly SbmlReaction[];
  readonly events: readonly SbmlEvent[];
  /** What is probably not what the author meant, though it can be simulated. */
  readonly warnings: readonly string[];
}

/** Size of the model's units in molecules, µm³ and s; null where the model does not say, or says something else. */
export interface SbmlUnits {
  readonly substance: number | null;
  readonly volume: number | null;
  readonly time: number | null;
}

export interface SbmlCompartment {
  readonly id: string;
  readonly name: string;
  readonly dimensions: number;
  /** Null where it is not given. */
  readonly size: number | null;
  readonly constant: boolean;
}

export interface SbmlSpecies {
  readonly id: string;
  readonly name: string;
  readonly compartment: string;
  readonly initialAmount: number | null;
  readonly initialConcentration: number | null;
  /** Whether its symbol stands for the amount; otherwise for the concentration. */
  readonly onlySubstance: boolean;
  /** Whether reactions leave it as it is. */
  readonly boundary: boolean;
  readonly constant: boolean;
  /** Parameter by which reactions' extents are multiplied for this species. */
  readonly conversionFactor: string | null;
}

export interface SbmlParameter {
  readonly id: string;
  readonly name: string;
  readonly value: number | null;
  readonly constant: boolean;
}

export interface SbmlInitialAssignment {
  readonly symbol: string;
  readonly math: Formula;
}

export interface SbmlRule {
  readonly kind: 'assignment' | 'rate';
  readonly variable: string;
  readonly math: Formula;
}

export interface SbmlReference {
  /** Empty where the file gives none. */
  readonly id: string;
  readonly species: string;
  /** Null where only an assignment says. */
  readonly stoichiometry: number | null;
  /** stoichiometryMath of Level 2. */
  readonly math: Formula | null;
}

export interface SbmlReaction {
  readonly id: string;
  readonly name: string;
  readonly reversible: boolean;
  readonly reactants: readonly SbmlReference[];
  readonly products: readonly SbmlReference[];
  /** Extent per time; null where there is no kinetic law. */
  readonly rate: Formula | null;
}

export interface SbmlEvent {
  readonly id: string;
  readonly trigger: Formula;
  /** Value of the trigger before the start: false lets it fire at once. */
  readonly initialValue: boolean;
  /** Whether a waiting execution survives the trigger's becoming false. */
  readonly persistent: boolean;
  readonly delay: Formula | null;
  readonly priority: Formula | null;
  readonly useValuesFromTriggerTime: boolean;
  readonly assignments: readonly { readonly variable: string; readonly math: Formula }[];
}
