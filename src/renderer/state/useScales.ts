import { useEffect, useState } from 'react';
import type { ScaleReport } from '../../engine/scales/analyse.ts';
import { useWorkbench } from './context.ts';

/** Least milliseconds between two analyses while they are looked at. */
const EVERY = 2000;
/** Analyses may take this share of the time. */
const SHARE = 0.05;
/** Milliseconds between looks at whether the run has moved on. */
const LOOK = 250;

/** The time scales as last analysed, and why there are no newer ones. */
export interface Scales {
  readonly report: ScaleReport | null;
  readonly reason: string;
}

/** The time scales of the run, kept up to date as long as the component is shown: anew where the run moved or was edited. */
export function useScales(): Scales {
  const { engine, session } = useWorkbench();
  const [scales, setScales] = useState<Scales>({ report: null, reason: '' });
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seen: readonly unknown[] = [];
    let due = 0;
    const look = async (): Promise<void> => {
      const { scenario, status, log } = session.get();
      const moment = [scenario, status?.step, log];
      const another = moment[0] !== seen[0];
      if (another) setScales({ report: null, reason: '' });
      if (another || (moment.some((part, i) => part !== seen[i]) && performance.now() >= due)) {
        const answer = await engine.scales();
        if (ended) return;
        if (answer) {
          const { report, reason, took } = answer;
          setScales(before => (report ? { report, reason: '' } : { ...before, reason }));
          due = performance.now() + Math.max(EVERY, took / SHARE);
          seen = report ? moment : [scenario];
        }
      }
      timer = setTimeout(look, LOOK);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [engine, session]);
  return scales;
}
