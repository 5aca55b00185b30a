/**
 * Coefficients of TR-BDF2 (Bank et al. 1985, doi:10.1109/T-ED.1985.22232), 2 W + D = 1. With γ = 2 − √2, D = γ/2 makes it
 * L-stable with equal factors in both stages.
 */
export const D = 1 - Math.SQRT1_2;
export const W = Math.SQRT2 / 4;
