import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc on Linux (sysconf(_SC_CLK_TCK) is 100 everywhere in practice). */
const TICKS = 100;

/**
 * Processor seconds used so far by all processes that this one started, with theirs; null where there is no /proc. Unlike
 * wall time it hardly depends on what else the machine does.
 */
export function descendantsTime(): number | null {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // The name in brackets may hold spaces: fields count from after it (state, ppid, …, utime, stime).
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        parents.set(pid, Number(fields[1]));
        ticks.set(pid, Number(fields[11]) + Number(fields[12]));
      } catch {
        // A process that ended meanwhile.
      }
    }
  } catch {
    return null;
  }
  let sum = 0;
  for (const [pid, used] of ticks) {
    let ancestor = parents.get(pid);
    while (ancestor !== undefined && ancestor !== process.pid && ancestor > 1)
      ancestor = parents.get(ancestor);
    if (ancestor === process.pid) sum += used;
  }
  return sum / TICKS;
}
