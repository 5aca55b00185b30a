import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../controls/Button.tsx';
import type { CreateStage } from '../stage/view.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { toolOf } from '../state/ui.ts';
import { HoverReadout } from './HoverReadout.tsx';
import { StageNotice } from './StageNotice.tsx';

/** Loaded apart, so that the window shows before the drawing code has arrived. */
const loadStage = async (): Promise<CreateStage> => (await import('../stage/stage.ts')).createStage;

/** The stage with what lies over it: notices, zoom buttons, and what is under the pointer. */
export function StageArea() {
  const workbench = useWorkbench();
  const container = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const loaded = useStore(workbench.session, state => state.scenario !== null);

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const { frames, view, tool, selection, session, stage } = workbench;
    let gone = false;
    const stops: (() => void)[] = [];
    const start = async () => {
      const createStage = await loadStage();
      if (gone) return;
      const made = await createStage(element, eventsOf(workbench), view.get());
      if (gone) {
        made.destroy();
        return;
      }
      stage.current = made;
      // A scenario may have come while the stage was made, and its view with it.
      const { scenario } = session.get();
      if (scenario) made.setScenario(scenario);
      made.setView(view.get());
      if (frames.current) made.setFrame(frames.current);
      made.setTool(toolOf(tool.get()));
      made.setSelection(selection.get().ids);
      made.setProbes(selection.get().probes);
      stops.push(
        frames.subscribe(frame => made.setFrame(frame)),
        tool.subscribe(() => made.setTool(toolOf(tool.get()))),
        () => made.destroy(),
      );
    };
    start().catch((error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
    return () => {
      gone = true;
      for (const stop of stops) stop();
      stage.current = null;
    };
  }, [workbench]);

  return (
    <section className="stage-area" aria-label="Stage">
      <div ref={container} className="stage" />
      {fault && (
        <div className="notice bad" role="alert">
          <h2>The stage cannot be drawn</h2>
          <p>{fault}</p>
          <p className="muted">
            It needs WebGL 2. Check that hardware acceleration is on, or start again. The run itself is not
            affected.
          </p>
        </div>
      )}
      <StageNotice />
      {loaded && <HoverReadout />}
      {loaded && (
        <fieldset className="stage-buttons" aria-label="View">
          <IconButton
            icon="plus"
            label="Zoom in"
            keys="+"
            onClick={() => workbench.stage.current?.zoom(1.25)}
          />
          <IconButton
            icon="minus"
            label="Zoom out"
            keys="−"
            onClick={() => workbench.stage.current?.zoom(0.8)}
          />
          <IconButton icon="fit" label="Fit" keys="0" onClick={() => workbench.stage.current?.fit()} />
          <IconButton
            icon="camera"
            label="Save a picture"
            keys="s"
            onClick={() => workbench.ui.set({ overlay: 'snapshot' })}
          />
          <IconButton
            icon="film"
            label="Save a video"
            keys="x"
            onClick={() => workbench.ui.set({ overlay: 'video' })}
          />
        </fieldset>
      )}
    </section>
  );
}

function eventsOf(workbench: ReturnType<typeof useWorkbench>): Parameters<CreateStage>[1] {
  const { readings, ui, engine } = workbench;
  return {
    hover: hover => readings.set({ hover }),
    select: ids => workbench.select(ids),
    edit: edit => engine.edit(edit),
    probe: at => workbench.addProbe(at),
    contextLost: lost => ui.set({ contextLost: lost }),
    ranges: (fields, cells) => readings.set({ fields, cells }),
  };
}
