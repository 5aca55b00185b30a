import type { NetworkGraph } from '../renderer/lab/network/graph.ts';
import { layoutNetwork } from '../renderer/lab/network/layout.ts';

/** The module worker that lays out a network too large to do so between two frames: one request, one answer. */
self.onmessage = ({ data }: MessageEvent<{ readonly graph: NetworkGraph; readonly aspect: number }>) => {
  self.postMessage(layoutNetwork(data.graph, data.aspect));
};
