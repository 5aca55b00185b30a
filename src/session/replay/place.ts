/** A file as browsers hand it over: a Blob, of which any stretch can be read without reading the rest. */
export interface FileLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

/** A folder to read from; paths are relative to it, with `/` between names. */
export interface ReadFolder {
  readonly name: string;
  /** Null where there is no such file. */
  file(path: string): Promise<FileLike | null>;
  /** Names of the files directly in a folder; none where it is not there. */
  list(path: string): Promise<readonly string[]>;
}

/** A folder of files that came all at once: chosen as a list, dropped, or out of an archive. Their paths may begin with its name. */
export function folderOfFiles(name: string, files: ReadonlyMap<string, FileLike>): ReadFolder {
  return {
    name,
    file: path => Promise.resolve(files.get(path) ?? null),
    list(path) {
      const names: string[] = [];
      for (const key of files.keys()) {
        if (key.startsWith(`${path}/`) && !key.includes('/', path.length + 1))
          names.push(key.slice(path.length + 1));
      }
      return Promise.resolve(names);
    },
  };
}
