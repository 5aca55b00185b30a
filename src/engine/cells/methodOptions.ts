/** How a circuit's method goes about it, where that is not left to the method. What a method does not know it ignores. */
export interface MethodOptions {
  /** `tau-leaping`, `langevin`: relative change of an amount, times the order of its reactions, that a step may make. Default 0.03. */
  readonly epsilon?: number;
  /** `tau-leaping`: keeps to one form of leaps; default: explicit, and implicit where the network is stiff. */
  readonly leap?: 'explicit' | 'implicit';
  /** `hybrid`: reactions that fire, by index in the circuit; all others flow. Default: by amounts and rates, as they go. */
  readonly discrete?: readonly number[];
  /** `deterministic`: error of a step relative to an amount plus one molecule. Default 1e-6. */
  readonly tolerance?: number;
  /** `deterministic`: keeps to one solver; default: explicit, and stiff where need be. */
  readonly solver?: 'explicit' | 'stiff';
}
