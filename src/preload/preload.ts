import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { Answer, CellfieldApi, MessageChannel, Messages, RequestChannel, Requests } from './contract.ts';

async function request<C extends RequestChannel>(
  channel: C,
  ...args: Requests[C]['args']
): Promise<Requests[C]['result']> {
  const answer: Answer<Requests[C]['result']> = await ipcRenderer.invoke(channel, ...args);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

/** Messages of one channel: kept until somebody listens, so that none is lost while the page starts. */
function inbox<C extends MessageChannel>(channel: C) {
  const listeners = new Set<(message: Messages[C]) => void>();
  const waiting: Messages[C][] = [];
  const deliver = (message: Messages[C]): void => {
    if (listeners.size === 0) waiting.push(message);
    else for (const listener of listeners) listener(message);
  };
  ipcRenderer.on(channel, (_event: IpcRendererEvent, message: Messages[C]) => deliver(message));
  const listen = (callback: (message: Messages[C]) => void): (() => void) => {
    const listener = (message: Messages[C]): void => callback(message);
    listeners.add(listener);
    for (const message of waiting.splice(0)) listener(message);
    return () => {
      listeners.delete(listener);
    };
  };
  return { deliver, listen };
}

const opened = inbox('scenario:opened');
const menu = inbox('app:menu');
const problems = inbox('app:problem');

const api: CellfieldApi = {
  openScenario: () => request('scenario:open'),
  saveScenario: (text, path) => request('scenario:save', text, path),
  recentFiles: () => request('recent:list'),
  openRecent: path => request('recent:open', path),
  setDirty: async dirty => {
    await request('edits:setDirty', dirty);
  },
  onOpenFile: callback => {
    const stop = opened.listen(callback);
    void request('app:ready');
    return stop;
  },
  onMenu: callback => menu.listen(callback),
  onProblem: callback => problems.listen(callback),
  saveFile: (bytes, suggestedName, kind) => request('file:save', bytes, suggestedName, kind),
  appInfo: () => request('app:info'),
};
contextBridge.exposeInMainWorld('cellfield', Object.freeze(api));

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

// A dropped file comes with its path here (a File made by a script has none), so that it can join the recent files. The page
// then gets it as it gets any file opened from outside; its own drop handler, which only sees text, is for the browser.
window.addEventListener('dragover', event => {
  if (holdsFiles(event)) event.preventDefault();
});
window.addEventListener(
  'drop',
  event => {
    const file = event.dataTransfer?.files[0];
    if (!event.isTrusted || !file) return;
    // A folder is a recording, which the page reads itself.
    if (event.dataTransfer?.items?.[0]?.webkitGetAsEntry()?.isDirectory) return;
    const path = webUtils.getPathForFile(file);
    if (path === '') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target?.dispatchEvent(new DragEvent('dragleave', { bubbles: true }));
    request('scenario:openDropped', path).then(opened.deliver, (error: unknown) =>
      problems.deliver(error instanceof Error ? error.message : String(error)),
    );
  },
  true,
);
