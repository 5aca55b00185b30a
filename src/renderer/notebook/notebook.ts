import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import { markedPng, provenanceNow } from '../figures/saveStage.ts';
import { fileNameOf } from '../format/fileName.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Workbench } from '../state/workbench.ts';
import { exportPage } from './exportPage.ts';
import { joined, NO_PAGE, type Page, readPage, withFigure, writePage } from './page.ts';
import { bookmark, editsAsMarkdown, pageHead } from './parameters.ts';

export interface NotebookState extends Page {
  /** Text as last opened or saved. */
  readonly saved: string;
  /** File name; empty for one that never was a file. */
  readonly name: string;
}

export type Notebook = Store<NotebookState>;

export function createNotebook(): Notebook {
  return createStore<NotebookState>({ ...NO_PAGE, saved: '', name: '' });
}

/** Whether closing would lose notes. */
export function isUnsaved({ text, saved }: NotebookState): boolean {
  return text !== saved;
}

type Bench = Pick<Workbench, 'notebook' | 'session' | 'frames' | 'stage' | 'files' | 'say'>;

/** Gives a page on which nothing was written yet the heading of the run; what says only that need not be saved. */
export function beginPage({ notebook, session, frames }: Bench): void {
  const before = notebook.get();
  if (!session.get().scenario || isUnsaved(before) || before.name !== '') return;
  const text = pageHead(provenanceNow({ session, frames }));
  if (text !== before.text) notebook.set({ text, saved: text });
}

/** The moment on the stage: its picture, and a link that leads back to it. @throws Error with a message for people */
export async function addMoment(bench: Bench): Promise<void> {
  const { notebook, session, stage } = bench;
  const { scenario } = session.get();
  if (!scenario || !stage.current) throw new Error('There is nothing on the stage.');
  const provenance = provenanceNow(bench);
  const png = await markedPng(await stage.current.snapshot(1), provenance);
  const clock = formatClock(provenance.from, decimalsOfStep(scenario.step));
  const link = bookmark(`Go to ${clock}`, provenance.from);
  beginPage(bench);
  notebook.set(state => ({ ...state, ...withFigure(state, clock, dataUrl(png, 'image/png'), link) }));
}

/** A plot as SVG, under its title. */
export function addPlot(bench: Bench, title: string, svg: string): void {
  beginPage(bench);
  const url = dataUrl(new TextEncoder().encode(svg), 'image/svg+xml');
  bench.notebook.set(state => ({ ...state, ...withFigure(state, title, url) }));
}

/** Parameters changed and other edits. */
export function addEdits(bench: Bench): void {
  const { scenario, log } = bench.session.get();
  if (!scenario) return;
  beginPage(bench);
  const edits = editsAsMarkdown(scenario, log, provenanceNow(bench));
  bench.notebook.set(state => ({ ...state, text: joined(state.text, edits) }));
}

/** Saves the page as one Markdown file. */
export async function saveNotebook({ notebook, session, files, say }: Bench): Promise<void> {
  const state = notebook.get();
  const name = state.name || `${fileNameOf(session.get().scenario?.title ?? 'notebook')}.md`;
  if (!(await files.saveBytes(new TextEncoder().encode(writePage(state)), name, 'md'))) return;
  notebook.set({ saved: state.text, name });
  say(`Saved ${name}`);
}

/** Saves the page as one HTML file. */
export async function exportNotebook(bench: Bench): Promise<void> {
  const { notebook, session, files } = bench;
  const { scenario } = session.get();
  const state = notebook.get();
  const name = (state.name || fileNameOf(scenario?.title ?? 'notebook')).replace(/\.md$/i, '');
  const html = exportPage(state, scenario ? provenanceNow(bench) : null);
  await files.saveBytes(new TextEncoder().encode(html), `${name}.html`, 'html');
}

/** More than notes with hundreds of pictures have. */
const MOST_BYTES = 1 << 28;

/** Asks for a Markdown file and opens it. */
export function openNotebook({ notebook, say }: Bench): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.md,.markdown';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > MOST_BYTES) return say(`${file.name} is too large for a notebook`, 'error');
    file.text().then(
      markdown => {
        const page = readPage(markdown);
        notebook.set({ ...page, saved: page.text, name: file.name });
      },
      (error: Error) => say(error.message, 'error'),
    );
  });
  input.click();
}

function dataUrl(bytes: Uint8Array, type: string): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:${type};base64,${btoa(binary)}`;
}
