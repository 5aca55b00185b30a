import { tasksOf } from '../coupling/tasks.ts';
import type { CrewMessage } from '../crew/boss.ts';
import { createMemberHost } from '../crew/member.ts';
import { type CrewSetup, createReplica } from '../model/model.ts';

/**
 * The other end of createThreads: what a thread does with the messages of its link. A message may keep it for long: in it the
 * thread waits for work.
 */
export function createMember(): (message: CrewMessage) => void {
  return createMemberHost((setup, crew) => {
    tasksOf(createReplica(setup as CrewSetup, crew));
  });
}
