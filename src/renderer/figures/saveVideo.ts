import { fileNameOf } from '../format/fileName.ts';
import { createPainter } from '../stage/painter.ts';
import type { Workbench } from '../state/workbench.ts';
import type { FilmEncoder } from './encoder.ts';
import { type FilmOptions, makeFilm } from './film.ts';
import { type FrameSource, recordedTimes, timesBetween } from './frameSource.ts';
import { createGifEncoder } from './gifEncoder.ts';
import { createPngSequence } from './pngSequence.ts';
import { type Provenance, provenanceOf } from './provenance.ts';
import { sessionSource } from './sessionSource.ts';
import { chooseVideo, createVideoEncoder } from './videoEncoder.ts';
import { pictureCount, type VideoSettings } from './videoSettings.ts';

/**
 * Makes a video of the open run and saves it; false where it was cancelled. `sourceOf` gives the frames at the times asked for:
 * those of the live run unless told otherwise.
 * @throws Error with a message for people
 */
export async function saveVideo(
  workbench: Workbench,
  settings: VideoSettings,
  options: FilmOptions,
  sourceOf: (times: readonly number[]) => FrameSource = times => sessionSource(workbench, times),
): Promise<boolean> {
  const { session, stage, files } = workbench;
  const shot = stage.current?.shot();
  if (!shot) throw new Error('There is nothing on the stage.');
  const { scenario } = shot;
  const { kind, width, height, from, to } = settings;
  const wanted = timesBetween(from, to, pictureCount(settings), scenario.step);
  // A recording has only the moments that were recorded.
  const times = scenario.recording ? recordedTimes(wanted, scenario.recording.times, scenario.step) : wanted;
  const provenance = provenanceOf(scenario, session.get().log, times[0], times[times.length - 1]);
  const encoder = await encoderOf(settings, times, provenance);
  const painter = await createPainter(shot, { ...settings, size: { width, height } });
  const bytes = await makeFilm(sourceOf(times), painter, encoder, options);
  if (!bytes) return false;
  const name = `${fileNameOf(scenario.title)}${kind === 'zip' ? '-frames' : ''}.${kind}`;
  return files.saveBytes(bytes, name, kind);
}

async function encoderOf(
  { kind, width, height, rate }: VideoSettings,
  times: readonly number[],
  provenance: Provenance,
): Promise<FilmEncoder> {
  const format = { width, height, rate, count: times.length };
  switch (kind) {
    case 'gif':
      return createGifEncoder(format, provenance);
    case 'zip':
      return createPngSequence(times, provenance);
    default: {
      const choice = await chooseVideo(format, kind);
      if (!choice)
        throw new Error(`This browser does not encode ${kind === 'mp4' ? 'H.264' : 'VP9 or VP8'}.`);
      return createVideoEncoder(choice, format, provenance);
    }
  }
}
