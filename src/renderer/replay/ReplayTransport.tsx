import { Clock, PauseShape, PlayShape } from '../app/Transport.tsx';
import { IconButton } from '../controls/Button.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

const RATES = [1, 2, 5, 10, 25, 60, 120, 300, 1000] as const;

/** Play either way, frame by frame, the clock, the rate and the loop of a recording. */
export function ReplayTransport() {
  const { session, engine, replay } = useWorkbench();
  const running = useStore(session, state => state.phase === 'running');
  const { framesPerSecond, backwards, loop } = useStore(replay.state, state => state);
  const end = useStore(session, state => state.scenario?.recording?.times.at(-1) ?? 0);
  return (
    <fieldset className="transport" aria-label="Transport">
      <IconButton icon="restart" label="To the beginning" keys="r" onClick={engine.restart} />
      <IconButton icon="stepBack" label="One frame back" keys="←" onClick={() => engine.step(-1)} />
      <IconButton
        icon="backwards"
        label="Play backwards"
        keys="⇧ space"
        pressed={running && backwards}
        onClick={() => (running && backwards ? engine.pause() : replay.play(true))}
      />
      <button
        type="button"
        className="play"
        aria-label={running ? 'Pause' : 'Play'}
        title={`${running ? 'Pause' : 'Play'} (space)`}
        onClick={replay.toggle}
      >
        {running ? <PauseShape /> : <PlayShape />}
      </button>
      <IconButton icon="step" label="One frame" keys="→" onClick={() => engine.step(1)} />
      <Clock />
      <select
        className="field speed"
        aria-label="Frames per second"
        title="Frames per second"
        value={framesPerSecond}
        onChange={event => replay.setRate(Number(event.target.value))}
      >
        {RATES.map(rate => (
          <option key={rate} value={rate}>
            {rate} frames/s
          </option>
        ))}
      </select>
      <IconButton
        icon="loop"
        label={loop ? 'Do not loop' : 'Loop (shift-drag on the timeline chooses a stretch)'}
        keys="[ ]"
        pressed={loop !== null}
        onClick={() => replay.setLoop(loop ? null : [0, end])}
      />
    </fieldset>
  );
}
