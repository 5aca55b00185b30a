import { parentPort } from 'node:worker_threads';
import { createMember } from '../engine/index.ts';

/** A thread of startThreads: waits for a model to help with. */
const receive = createMember();
parentPort?.on('message', receive);
