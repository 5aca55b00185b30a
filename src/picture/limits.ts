/** Layers of fields blended at most. */
export const MOST_LAYERS = 3;
