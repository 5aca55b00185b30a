/** Where the window was when it was last closed. */
export interface WindowState {
  /** Of the window when it is not maximised; null where it was never placed. */
  readonly bounds: Rectangle | null;
  readonly maximized: boolean;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const SMALLEST = { width: 1024, height: 640 } as const;
const USUAL = { width: 1440, height: 900 } as const;

/** A grip of the title bar that must be on some screen, so that the window can be moved. */
const GRIP = { width: 120, height: 32 } as const;

export function decodeWindowState(json: unknown): WindowState {
  const state = json as { readonly bounds?: unknown; readonly maximized?: unknown } | null;
  const bounds = state?.bounds as Readonly<Record<keyof Rectangle, unknown>> | null | undefined;
  const numbers = [bounds?.x, bounds?.y, bounds?.width, bounds?.height];
  const placed = numbers.every((n): n is number => Number.isSafeInteger(n) && Math.abs(n as number) < 1e6);
  return {
    bounds: placed
      ? {
          x: numbers[0] as number,
          y: numbers[1] as number,
          width: numbers[2] as number,
          height: numbers[3] as number,
        }
      : null,
    maximized: state?.maximized === true,
  };
}

/**
 * Place for the window on the screens there are now: as it was while its title bar can be reached, else centred on the first
 * screen. Never larger than the screen it is on; never smaller than the layout allows.
 *
 * @param workAreas of the screens, the first being the main one
 */
export function placeWindow(state: WindowState, workAreas: readonly Rectangle[]): Rectangle {
  const { bounds } = state;
  const screen = bounds ? workAreas.find(area => showsTitleBar(area, bounds)) : undefined;
  const area = screen ?? workAreas[0];
  const width = Math.max(SMALLEST.width, Math.min(bounds?.width ?? USUAL.width, area.width));
  const height = Math.max(SMALLEST.height, Math.min(bounds?.height ?? USUAL.height, area.height));
  if (bounds && screen) return { x: bounds.x, y: bounds.y, width, height };
  return {
    x: area.x + Math.max(0, Math.round((area.width - width) / 2)),
    y: area.y + Math.max(0, Math.round((area.height - height) / 2)),
    width,
    height,
  };
}

function showsTitleBar(area: Rectangle, bounds: Rectangle): boolean {
  const left = Math.max(area.x, bounds.x);
  const right = Math.min(area.x + area.width, bounds.x + bounds.width);
  return right - left >= GRIP.width && bounds.y >= area.y && bounds.y + GRIP.height <= area.y + area.height;
}
