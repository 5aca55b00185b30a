import { parentPort, workerData } from 'node:worker_threads';
import { EnsembleError } from '../engine/index.ts';
import { type Answer, prepareEnsemble, runShare, type Share } from './ensembleTask.ts';

/** A thread of `cellfield ensemble`: runs its share of the blocks and ends. */
const { task, first, stride } = workerData as Share;
let answer: Answer;
try {
  answer = { results: runShare(prepareEnsemble(task), first, stride) };
} catch (error) {
  if (!(error instanceof EnsembleError)) throw error;
  answer = { failure: error.message };
}
parentPort?.postMessage(answer);
