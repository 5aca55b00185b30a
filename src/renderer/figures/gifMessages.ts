/** To the worker that makes GIFs. */
export type GifCommand =
  | { readonly type: 'start'; readonly width: number; readonly height: number; readonly comment: string }
  /** r, g, b, a bytes; for how many hundredths of a second it is shown. */
  | { readonly type: 'frame'; readonly pixels: ArrayBuffer; readonly delay: number }
  | { readonly type: 'finish' };

/** From it: one answer per command. */
export type GifEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly bytes: ArrayBuffer }
  | { readonly type: 'failed'; readonly message: string };
