/** Why a window was not accepted. */
export interface Rejection {
  /**
   * `overdrawn`: a field would be negative; `exhausted`: a cell would; `correction`: a cell would, by the second-order correction;
   * `diverged`: an iteration did not converge.
   */
  readonly reason: 'overdrawn' | 'exhausted' | 'correction' | 'diverged';
  /** Names the substance and the place. */
  readonly what: string;
  /** Stochastic channels take whole molecules from the overdrawn field. */
  readonly wholeMolecules: boolean;
  /** The overdrawn field is quasi-steady: a shorter window is no help. */
  readonly timeless?: boolean;
}
