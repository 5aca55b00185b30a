import { Worker } from 'node:worker_threads';
import {
  type BlockResult,
  type CellType,
  createEnsemble,
  createSbmlEnsemble,
  type Ensemble,
  EnsembleError,
  type EnsembleOptions,
  type SbmlModel,
} from '../engine/index.ts';

/** What an ensemble is made from; plain data, so that it can be sent to a thread. */
export interface EnsembleTask {
  readonly source:
    | { readonly kind: 'sbml'; readonly model: SbmlModel }
    /** Concentrations of the fields, molecules/µm³, held throughout. */
    | { readonly kind: 'type'; readonly type: CellType; readonly fields: readonly number[] };
  readonly options: EnsembleOptions;
}

/** What a thread is given: every `stride`-th block from `first` on. */
export interface Share {
  readonly task: EnsembleTask;
  readonly first: number;
  readonly stride: number;
}

/** What a thread answers. Errors lose their class on the way, so that the expected one is sent as its message. */
export type Answer = { readonly results: readonly BlockResult[] } | { readonly failure: string };

export function prepareEnsemble({ source, options }: EnsembleTask): Ensemble {
  if (source.kind === 'sbml') return createSbmlEnsemble(source.model, options);
  return createEnsemble(source.type, { ...options, fields: source.fields });
}

export function runShare(ensemble: Ensemble, first: number, stride: number): BlockResult[] {
  const results: BlockResult[] = [];
  for (let block = first; block < ensemble.blocks; block += stride) results.push(ensemble.run(block));
  return results;
}

/** All blocks of an ensemble, on this thread or shared out; the same numbers either way. */
export async function runBlocks(
  task: EnsembleTask,
  prepared: Ensemble,
  threads: number,
): Promise<BlockResult[]> {
  const count = Math.min(threads, prepared.blocks);
  if (count <= 1) return runShare(prepared, 0, 1);
  const shares = Array.from({ length: count }, (_, first) => runInThread({ task, first, stride: count }));
  return (await Promise.all(shares)).flat();
}

function runInThread(share: Share): Promise<readonly BlockResult[]> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./ensembleWorker.${extension}`, import.meta.url), { workerData: share });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: Answer) => {
      if ('failure' in answer) reject(new EnsembleError(answer.failure));
      else resolve(answer.results);
    });
    worker.once('error', reject);
  });
}
