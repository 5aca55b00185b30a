import type { Threads } from '../engine/index.ts';
import { readWhole } from './ensemble.ts';

/** More threads than that are taken for a mistake. */
const MOST_THREADS = 256;

/** Does something with the threads that `--threads` asks for (null: the caller's alone), and ends them. @throws UsageError */
export async function withThreads<T>(
  option: string | undefined,
  act: (threads: Threads | null) => Promise<T>,
): Promise<T> {
  const count = readWhole('--threads', option ?? '1', 1, MOST_THREADS);
  if (count === 1) return act(null);
  const { startThreads } = await import('../threads/index.ts');
  const threads = startThreads(count);
  try {
    return await act(threads);
  } finally {
    await threads.close();
  }
}
