import type { RecordingInfo, RecordingPlace } from '../../session/contract.ts';
import { type Bookmark, type BookmarkHome, BookmarkKeeper } from '../replay/bookmarks.ts';
import type { Engine } from './engine.ts';
import type { SessionState } from './machine.ts';
import { createStore, type Store } from './store.ts';

/** How an opened recording is looked at. */
export interface ReplayState {
  readonly framesPerSecond: number;
  readonly backwards: boolean;
  /** The stretch that is played again and again, s. */
  readonly loop: readonly [from: number, to: number] | null;
  readonly bookmarks: readonly Bookmark[];
  /** Where the bookmarks were last kept; null before. */
  readonly home: BookmarkHome | null;
}

export const INITIAL_REPLAY: ReplayState = {
  framesPerSecond: 25,
  backwards: false,
  loop: null,
  bookmarks: [],
  home: null,
};

/** What a person can do with an opened recording, beside what the engine's commands do. */
export interface Replay {
  readonly state: Store<ReplayState>;
  /** A recording is being opened. */
  begin(place: RecordingPlace): void;
  /** It is there; null: a live scenario is instead. */
  loaded(recording: RecordingInfo | null): void;
  toggle(): void;
  play(backwards: boolean): void;
  setRate(framesPerSecond: number): void;
  setLoop(loop: ReplayState['loop']): void;
  loopFrom(): void;
  loopTo(): void;
  addBookmark(note?: string): void;
  noteBookmark(index: number, note: string): void;
  removeBookmark(index: number): void;
}

interface Around {
  readonly engine: Engine;
  readonly session: Store<SessionState>;
  readonly say: (text: string, kind?: 'info' | 'error') => void;
}

export function createReplay({ engine, session, say }: Around): Replay {
  const state = createStore<ReplayState>(INITIAL_REPLAY);
  let opening: RecordingPlace | null = null;
  let keeper: BookmarkKeeper | null = null;

  const tell = (): void => {
    const { framesPerSecond, backwards, loop } = state.get();
    engine.playback({ framesPerSecond: backwards ? -framesPerSecond : framesPerSecond, loop });
  };
  const now = () => session.get().status?.time ?? 0;
  const end = () => session.get().scenario?.recording?.times.at(-1) ?? 0;
  const play = (backwards: boolean): void => {
    state.set({ backwards });
    tell();
    engine.run();
  };
  const setLoop = (loop: ReplayState['loop']): void => {
    state.set({ loop: loop && loop[1] > loop[0] ? loop : null });
    tell();
  };
  const keep = (bookmarks: readonly Bookmark[]): void => {
    const sorted = bookmarks.toSorted((a, b) => a.time - b.time);
    state.set({ bookmarks: sorted });
    const to = keeper;
    to?.save(sorted).then(
      home => {
        if (to !== keeper) return;
        if (home === 'browser' && state.get().home !== 'browser')
          say('This folder cannot be written: bookmarks are kept in this browser');
        state.set({ home });
      },
      () => say('The bookmarks could not be kept', 'error'),
    );
  };

  return {
    state,
    begin(place) {
      opening = place;
    },
    loaded(recording) {
      const place = recording && opening;
      state.set(({ framesPerSecond }) => ({ ...INITIAL_REPLAY, framesPerSecond }));
      keeper = null;
      if (!place) return;
      const found = new BookmarkKeeper(place, `${recording.scenarioHash.slice(0, 16)}.${recording.started}`);
      keeper = found;
      tell();
      void found.load().then(bookmarks => {
        if (keeper === found) state.set({ bookmarks });
      });
    },
    toggle() {
      if (session.get().phase === 'running') engine.pause();
      else play(false);
    },
    play,
    setRate(framesPerSecond) {
      state.set({ framesPerSecond });
      tell();
    },
    setLoop,
    loopFrom() {
      const { loop } = state.get();
      setLoop([now(), loop && loop[1] > now() ? loop[1] : end()]);
    },
    loopTo() {
      const { loop } = state.get();
      setLoop([loop && loop[0] < now() ? loop[0] : 0, now()]);
    },
    addBookmark(note = '') {
      const time = now();
      const { bookmarks } = state.get();
      if (!bookmarks.some(bookmark => bookmark.time === time)) keep([...bookmarks, { time, note }]);
    },
    noteBookmark(index, note) {
      keep(state.get().bookmarks.map((bookmark, i) => (i === index ? { ...bookmark, note } : bookmark)));
    },
    removeBookmark(index) {
      keep(state.get().bookmarks.filter((_, i) => i !== index));
    },
  };
}
