import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { ROOT } from '../../scripts/app/build.ts';

/** A video as a decoder gives it back. */
export interface Decoded {
  readonly codec: string | null;
  readonly mime: string;
  readonly tags: Readonly<Record<string, unknown>>;
  /** s of each frame, in order. */
  readonly times: readonly number[];
  readonly durations: readonly number[];
  /** Each frame as a PNG. */
  readonly frames: readonly Buffer[];
}

/** Decodes a video in a page of its own: demuxed by mediabunny, decoded by the browser. */
export async function decodeVideo(browser: Browser, bytes: Buffer): Promise<Decoded> {
  const context = await browser.newContext();
  const bundle = join(ROOT, 'node_modules', 'mediabunny', 'dist', 'bundles', 'mediabunny.cjs');
  try {
    const page = await context.newPage();
    await page.route('http://localhost/**', route => {
      const name = new URL(route.request().url()).pathname;
      if (name === '/video') return route.fulfill({ body: bytes });
      return route.fulfill({ body: '<!doctype html><title>decoder</title>', contentType: 'text/html' });
    });
    // Decoders are there only in a secure context, which localhost is.
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: readFileSync(bundle, 'utf8') });
    const result = (await page.evaluate(DECODE)) as Omit<Decoded, 'frames'> & { frames: string[] };
    return { ...result, frames: result.frames.map(url => Buffer.from(url.split(',')[1], 'base64')) };
  } finally {
    await context.close();
  }
}

const DECODE = `(async () => {
  const { ALL_FORMATS, BlobSource, Input, VideoSampleSink } = Mediabunny;
  const blob = await (await fetch('/video')).blob();
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(blob) });
  const track = await input.getPrimaryVideoTrack();
  const { title, description, comment } = await input.getMetadataTags();
  const result = { codec: track.codec, mime: await input.getMimeType(), tags: { title, description, comment }, times: [], durations: [], frames: [] };
  for await (const sample of new VideoSampleSink(track).samples()) {
    const canvas = document.createElement('canvas');
    canvas.width = sample.displayWidth;
    canvas.height = sample.displayHeight;
    sample.draw(canvas.getContext('2d'), 0, 0);
    result.times.push(sample.timestamp);
    result.durations.push(sample.duration);
    result.frames.push(canvas.toDataURL('image/png'));
    sample.close();
  }
  return result;
})()`;

/**
 * Peak signal-to-noise ratio of two pictures, dB: 10 log₁₀(255² / mean squared difference) over red, green and blue.
 * @throws Error where they differ in size
 */
export function psnr(a: Buffer, b: Buffer): number {
  const [first, second] = [PNG.sync.read(a), PNG.sync.read(b)];
  if (first.width !== second.width || first.height !== second.height) {
    throw new Error(
      `a picture of ${first.width} × ${first.height} against one of ${second.width} × ${second.height}`,
    );
  }
  let sum = 0;
  for (let i = 0; i < first.data.length; i++) {
    if (i % 4 !== 3) sum += (first.data[i] - second.data[i]) ** 2;
  }
  const mean = sum / (0.75 * first.data.length);
  return mean === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(255 ** 2 / mean);
}
