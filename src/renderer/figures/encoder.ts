/** Takes the pictures of a film one after the other and makes a file of them. */
export interface FilmEncoder {
  /** Resolves when it is ready for the next picture. */
  add(picture: HTMLCanvasElement, index: number): Promise<void>;
  finish(): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of everything; may be called at any time, also after a failure. */
  cancel(): Promise<void>;
}

/** What is the same for all pictures of a film. */
export interface FilmFormat {
  readonly width: number;
  readonly height: number;
  /** Pictures per second. */
  readonly rate: number;
  readonly count: number;
}
