/** Where a recording is written: a folder that a person picked, or memory. Calls come one after the other, each awaited. */
export interface RecordingSink {
  /** Adds to the end of a file; what was added need not be in the folder before `commit`. */
  append(path: string, content: Uint8Array | string): Promise<void>;
  /** Writes a file whole, in place of an older one. */
  put(path: string, content: Uint8Array | string): Promise<void>;
  remove(path: string): Promise<void>;
  /** What was appended is in the folder after this. */
  commit(): Promise<void>;
  /** Ends the writing; the archive where there is no folder. */
  close(): Promise<Uint8Array<ArrayBuffer> | null>;
}
