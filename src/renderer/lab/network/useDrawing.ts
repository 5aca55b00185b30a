import { useEffect, useMemo, useState } from 'react';
import type { Drawing } from './drawing.ts';
import type { NetworkGraph } from './graph.ts';
import { layoutNetwork } from './layout.ts';

/** Up to so many edges a layout takes a few frames at most, and is done at once; beyond, in a worker. */
const AT_ONCE = 48;
/** Beyond so many it would take minutes, and nobody could read it. */
const MOST_EDGES = 1000;

/** `waiting`: a worker is at it; the drawing is the last one of the same graph. `tooLarge`: there will be none. */
export interface DrawingState {
  readonly drawing: Drawing;
  readonly state: 'ready' | 'waiting' | 'tooLarge' | 'failed';
}

const NOTHING: Drawing = { width: 1, height: 1, nodes: [], edges: [] };

/** The network laid out for a window of that aspect. */
export function useDrawing(graph: NetworkGraph, aspect: number): DrawingState {
  const size = graph.edges.length;
  const small = useMemo(() => (size <= AT_ONCE ? layoutNetwork(graph, aspect) : null), [graph, aspect, size]);
  const [large, setLarge] = useState<{ graph: NetworkGraph; aspect: number; drawing: Drawing | null } | null>(
    null,
  );
  useEffect(() => {
    if (size <= AT_ONCE || size > MOST_EDGES) return;
    const worker = new Worker(new URL('../../../worker/network.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Drawing>) => setLarge({ graph, aspect, drawing: data });
    worker.onerror = () => setLarge({ graph, aspect, drawing: null });
    worker.postMessage({ graph, aspect });
    return () => worker.terminate();
  }, [graph, aspect, size]);
  if (small) return { drawing: small, state: 'ready' };
  if (size > MOST_EDGES) return { drawing: NOTHING, state: 'tooLarge' };
  if (large?.graph !== graph) return { drawing: NOTHING, state: 'waiting' };
  if (large.drawing === null) return { drawing: NOTHING, state: 'failed' };
  return { drawing: large.drawing, state: large.aspect === aspect ? 'ready' : 'waiting' };
}
