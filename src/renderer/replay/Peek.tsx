import { useEffect, useMemo, useRef } from 'react';
import type { ScenarioInfo } from '../../session/contract.ts';
import { Lineage } from '../stage/lineage.ts';
import { useWorkbench } from '../state/context.ts';
import { drawThumbnail, thumbnailSize } from './thumbnail.ts';

/** A frame in small above the timeline, under the pointer. */
export function Peek({ time, scenario }: { readonly time: number; readonly scenario: ScenarioInfo }) {
  const { engine, view } = useWorkbench();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = thumbnailSize(scenario, 176, 112);
  const lineage = useMemo(() => {
    const made = new Lineage();
    if (scenario.recording) made.learn(scenario.recording.ancestry);
    return made;
  }, [scenario]);
  useEffect(() => {
    let gone = false;
    void engine.peek(time).then(frame => {
      if (gone || !frame || !canvas.current) return;
      drawThumbnail(canvas.current, frame, scenario, view.get(), lineage);
    });
    return () => {
      gone = true;
    };
  }, [engine, time, scenario, view, lineage]);
  return <canvas ref={canvas} className="peek" width={width} height={height} />;
}
