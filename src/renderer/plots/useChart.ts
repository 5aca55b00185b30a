import { type RefObject, useEffect, useRef } from 'react';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { type Chart, type ChartOptions, createChart } from './chart.ts';

/** A chart in an element, made once and drawn anew when the theme changes. `key` rebuilds it. */
export function useChart(
  options: ChartOptions,
  key: string,
): { readonly container: RefObject<HTMLDivElement | null>; readonly chart: RefObject<Chart | null> } {
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const chosen = useRef(options);
  chosen.current = options;
  const { view } = useWorkbench();
  const theme = useStore(view, state => state.theme);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key means a new chart
  useEffect(() => {
    if (!container.current) return;
    const made = createChart(container.current, chosen.current);
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew when the theme changes
  useEffect(() => chart.current?.retheme(), [theme]);
  return { container, chart };
}

/** Calls back at most once per interval (ms) after something changed, and at once at the start and for a new `key`. */
export function useThrottled(
  subscribe: (listener: () => void) => () => void,
  update: () => void,
  interval: number,
  key: string,
): void {
  const latest = useRef(update);
  latest.current = update;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key means that other things are read
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let last = 0;
    const call = () => {
      timer = null;
      last = performance.now();
      latest.current();
    };
    const stop = subscribe(() => {
      if (timer === null) timer = setTimeout(call, Math.max(0, last + interval - performance.now()));
    });
    call();
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [subscribe, interval, key]);
}
