import { BrowserWindow, type IpcMainInvokeEvent, ipcMain, type WebFrameMain } from 'electron';
import type { Answer, MessageChannel, Messages, RequestChannel, Requests } from '../preload/contract.ts';
import { type Home, isHome } from './origin.ts';
import { Refusal } from './refusal.ts';

/** Answers one channel, given whatever came from the other process. */
export type Responder<C extends RequestChannel> = (
  window: BrowserWindow,
  args: readonly unknown[],
) => Requests[C]['result'] | Promise<Requests[C]['result']>;

export type Responders = { readonly [C in RequestChannel]: Responder<C> };

/** Types end where the process does: a request is answered only after its arguments were looked at. */
export function checked<C extends RequestChannel>(
  accepts: (args: readonly unknown[]) => args is Requests[C]['args'],
  answer: (window: BrowserWindow, args: Requests[C]['args']) => ReturnType<Responder<C>>,
): Responder<C> {
  return (window, args) => {
    if (!accepts(args)) throw new Refusal('The desktop shell did not understand the request.');
    return answer(window, args);
  };
}

/** Answers every channel of the contract. A request from anywhere but the window's own page is refused. */
export function setupIpc(home: Home, responders: Responders): void {
  for (const channel of Object.keys(responders) as RequestChannel[]) {
    const respond = responders[channel];
    ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<Answer<unknown>> => {
      const window = trustedWindow(home, event);
      if (window === null) return { ok: false, message: 'This page may not ask that.' };
      try {
        return { ok: true, value: await respond(window, args) };
      } catch (error) {
        if (error instanceof Refusal) return { ok: false, message: error.message };
        console.error(error);
        return { ok: false, message: 'The desktop shell failed; the details are in its log.' };
      }
    });
  }
}

/** The window whose main frame, showing a page of the app itself, sent the request; null for any other sender. */
function trustedWindow(home: Home, event: IpcMainInvokeEvent): BrowserWindow | null {
  const frame: WebFrameMain | null = event.senderFrame;
  // Null once the frame has navigated away or is gone.
  if (frame === null || frame.parent !== null || !isHome(home, frame.url)) return null;
  return BrowserWindow.fromWebContents(event.sender);
}

/** Tells the window something; dropped where the window is gone. */
export function send<C extends MessageChannel>(
  window: BrowserWindow | null,
  channel: C,
  message: Messages[C],
): void {
  if (window && !window.isDestroyed()) window.webContents.send(channel, message);
}
