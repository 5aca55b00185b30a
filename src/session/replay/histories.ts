import type { Trace } from '../contract.ts';
import { ReplayError } from './error.ts';
import type { ReplayFrames } from './frames.ts';
import { Lives } from './lives.ts';
import type { OpenedRecording } from './recording.ts';

/** Frames of a life that are looked at: as many as a small chart can tell apart. */
const MOST_FRAMES = 160;
/** Frames between two messages. */
const AT_A_TIME = 16;

/** The histories of watched cells, from birth to end, read from the frames of their lives while the view goes on. */
export class CellHistories {
  readonly #recording: OpenedRecording;
  readonly #frames: ReplayFrames;
  readonly #tell: (traces: readonly Trace[]) => void;
  readonly #told = new Set<number>();
  #lives: Lives | null = null;
  /** Another choice of cells ends the reading for the one before. */
  #choice = 0;

  constructor(recording: OpenedRecording, frames: ReplayFrames, tell: (traces: readonly Trace[]) => void) {
    this.#recording = recording;
    this.#frames = frames;
    this.#tell = tell;
  }

  get lives(): Lives {
    this.#lives ??= new Lives(this.#recording.events);
    return this.#lives;
  }

  watch(ids: readonly number[]): void {
    this.#choice++;
    for (const id of this.#told) if (!ids.includes(id)) this.#told.delete(id);
    void this.#read(
      ids.filter(id => !this.#told.has(id)),
      this.#choice,
    );
  }

  async #read(ids: readonly number[], choice: number): Promise<void> {
    for (const id of ids) {
      const life = this.lives.of(id);
      const first = life.born === Number.NEGATIVE_INFINITY ? 0 : this.#frames.at(life.born);
      const last =
        life.ended === Number.POSITIVE_INFINITY ? this.#frames.length - 1 : this.#frames.at(life.ended);
      const every = Math.max(1, Math.ceil((last - first + 1) / MOST_FRAMES));
      let rows: number[] = [];
      let columns = 0;
      const tell = () => {
        const alive = life.ended === Number.POSITIVE_INFINITY;
        this.#tell([{ id, alive, daughters: life.daughters, columns, rows: Float64Array.from(rows) }]);
        rows = [];
      };
      let looked = 0;
      try {
        for (let index = first; index <= last; index += every) {
          const row = await this.#row(id, index);
          if (choice !== this.#choice) return;
          if (row) {
            columns = row.length;
            rows.push(...row);
          }
          if (++looked % AT_A_TIME === 0 && rows.length > 0) tell();
        }
      } catch (error) {
        // The stage says so when such a frame is to be shown.
        if (!(error instanceof ReplayError)) throw error;
      }
      this.#told.add(id);
      tell();
    }
  }

  /** Time, volume and amounts of a cell in a frame; null where it is not there. */
  async #row(id: number, index: number): Promise<number[] | null> {
    const cells = await this.#frames.cells(index);
    const slot = cells ? this.#frames.column(cells, 'id').indexOf(id) : -1;
    if (!cells || slot < 0) return null;
    const type = this.#frames.column(cells, 'type')[slot];
    const { species } = this.#recording.scenario.description.cellTypes[type].circuit;
    return [
      cells.time,
      this.#frames.column(cells, 'volume')[slot],
      ...species.map((_, s) => cells.values[this.#frames.speciesColumn(type, s)][slot]),
    ];
  }
}
