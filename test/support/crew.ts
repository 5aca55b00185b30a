import { type Column, isColumn, shared } from '../../src/engine/crew/column.ts';
import type { Crew } from '../../src/engine/crew/crew.ts';

/** A crew of one thread that does the blocks of a task backwards, in common memory, as if others were faster. */
export function backwards(threads = 2): Crew & { readonly runs: number } {
  let runs = 0;
  return {
    threads,
    get runs() {
      return runs;
    },
    present: () => 1,
    helped: () => 0,
    share(holder, keys) {
      const properties = holder as Record<string | number, unknown>;
      for (const key of keys) {
        if (isColumn(properties[key])) properties[key] = shared(properties[key] as Column);
      }
    },
    task: work => {
      return (blocks, ...numbers) => {
        runs++;
        for (let block = blocks - 1; block >= 0; block--) {
          const fault = work(block, Float64Array.from(numbers));
          if (fault !== null) return fault;
        }
        return null;
      };
    },
  };
}
