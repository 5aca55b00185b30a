import { closeSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../exit.ts';
import { writeAll } from '../files.ts';

/** Bytes read at a time. */
const CHUNK = 2 ** 20;
const NEWLINE = 10;

/** A table that is appended row by row, the step first: what was written stays readable whatever happens to the run. */
export class RowFile {
  readonly #file: number;
  #length: number;

  private constructor(file: number, length: number) {
    this.#file = file;
    this.#length = length;
  }

  static create(path: string, header: string): RowFile {
    const rows = new RowFile(openSync(path, 'wx'), 0);
    rows.append(header);
    return rows;
  }

  /**
   * Continues a table after the row of the last step for which `isKept`. Later rows and a row that was cut off are
   * dropped. @throws UsageError if the columns are not those of `header`
   */
  static reopen(path: string, header: string, isKept: (step: number) => boolean): RowFile {
    const file = openSync(path, 'r+');
    const kept = keptBytes(file, header, isKept);
    if (kept < 0) {
      closeSync(file);
      throw new UsageError(`${path} is not that of this scenario: its columns differ`);
    }
    ftruncateSync(file, kept);
    closeSync(file);
    return new RowFile(openSync(path, 'a'), kept);
  }

  /** Adds whole lines; if the disk takes only a part of them, that part is removed before the error goes on. */
  append(lines: string): void {
    const bytes = Buffer.from(lines);
    try {
      writeAll(this.#file, bytes);
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
    this.#length += bytes.length;
  }

  /** Waits until what was written is on the disk. */
  flush(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Length of header and kept rows in bytes; −1 where the file does not begin with the header. */
function keptBytes(file: number, header: string, isKept: (step: number) => boolean): number {
  const chunk = Buffer.alloc(CHUNK);
  let kept = 0;
  let line = '';
  for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
    for (let start = 0; start < read; ) {
      const newline = chunk.subarray(0, read).indexOf(NEWLINE, start);
      const end = newline < 0 ? read : newline + 1;
      line += chunk.toString('latin1', start, end);
      start = end;
      if (newline < 0) break;
      const whole = kept === 0 ? line === Buffer.from(header).toString('latin1') : isRow(line, isKept);
      if (!whole) return kept === 0 ? -1 : kept;
      kept += line.length;
      line = '';
    }
  }
  return kept === 0 ? -1 : kept;
}

function isRow(line: string, isKept: (step: number) => boolean): boolean {
  const step = /^(\d+),/.exec(line);
  return step !== null && isKept(Number(step[1]));
}
