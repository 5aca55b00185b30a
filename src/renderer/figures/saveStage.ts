import { fileNameOf } from '../format/fileName.ts';
import { fieldRaster } from '../stage/fieldRaster.ts';
import { stageSvg } from '../stage/stageSvg.ts';
import type { Workbench } from '../state/workbench.ts';
import { withText } from './pngText.ts';
import { entriesOf, type Provenance, provenanceOf } from './provenance.ts';

/** Where a figure of the present moment comes from. @throws Error where no scenario is loaded */
export function provenanceNow({ session, frames }: Pick<Workbench, 'session' | 'frames'>): Provenance {
  const { scenario, log, status } = session.get();
  if (!scenario) throw new Error('There is no run.');
  return provenanceOf(scenario, log, frames.current?.time ?? status?.time ?? 0);
}

/** A PNG with where it comes from in its metadata. */
export async function markedPng(blob: Blob, provenance: Provenance): Promise<Uint8Array<ArrayBuffer>> {
  return withText(new Uint8Array(await blob.arrayBuffer()), entriesOf(provenance));
}

/** Saves the stage as PNG (so many times its size) or as SVG; false where the dialog was cancelled. @throws Error */
export async function saveStage(
  workbench: Pick<Workbench, 'session' | 'frames' | 'stage' | 'files' | 'view'>,
  kind: 'png' | 'svg',
  scale: 1 | 2 | 4,
): Promise<boolean> {
  const stage = workbench.stage.current;
  if (!stage) throw new Error('There is nothing on the stage.');
  const provenance = provenanceNow(workbench);
  const bytes =
    kind === 'png'
      ? await markedPng(await stage.snapshot(scale), provenance)
      : new TextEncoder().encode(drawing(workbench, provenance));
  const name = `${fileNameOf(provenance.title)}-${Math.round(provenance.from)}s.${kind}`;
  return workbench.files.saveBytes(bytes, name, kind);
}

/** The stage as SVG. */
function drawing({ stage, view }: Pick<Workbench, 'stage' | 'view'>, provenance: Provenance): string {
  const shot = stage.current?.shot();
  if (!shot?.frame) throw new Error('There is nothing on the stage.');
  const { legend, scaleBar, timeStamp } = view.get();
  const [nx, ny] = shot.scenario.grid.cells;
  const pixels = fieldRaster(shot.frame, shot.view, shot.ranges.fields, shot.scenario);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [nx, ny];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2-D canvas is available');
  if (pixels) context.putImageData(new ImageData(pixels, nx, ny), 0, 0);
  const fields = pixels ? canvas.toDataURL('image/png') : null;
  return stageSvg(shot, shot.frame, context, { legend, scaleBar, timeStamp, fields, provenance });
}
