import { FRAME_FILES } from './frameFiles.ts';

/** The files of a recording; docs/recording.md says what is in them. */
export const FILES = {
  provenance: 'provenance.json',
  scenario: 'scenario.yaml',
  timeSeries: 'timeseries.csv',
  events: 'events.csv',
  edits: 'edits.json',
  state: 'state.cellfield',
  /** Written by the app. */
  bookmarks: 'bookmarks.json',
  frames: FRAME_FILES.index,
  cells: FRAME_FILES.cells,
} as const;

/** Its folders. */
export const FOLDERS = { fields: FRAME_FILES.fields, checkpoints: 'checkpoints' } as const;
