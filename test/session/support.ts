import { stateHash } from '../../src/engine/model/hash.ts';
import { restoreSnapshot } from '../../src/engine/model/snapshot.ts';
import { build } from '../../src/engine/run/build.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import type { Command, Event, ScenarioInfo, Status } from '../../src/session/contract.ts';
import { SessionHost } from '../../src/session/host.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { scenarioHash } from './scenarioHash.ts';

/** A scenario with parameters, exchange, growth, division and death, of 120 steps of 2 s, a row every 10 steps. */
export const COLONY = SCENARIOS['a colony, Strang splitting, linear kernel']
  .replace('domain:', 'parameters:\n  leak: 0.1 # share of the full rate\n  import: 0.5 /s\ndomain:')
  .replace('(0.1 + hill', '(leak + hill')
  .replace('0.5 /s * volume * field.AHL', 'import * volume * field.AHL');

interface Scheduled {
  readonly callback: () => void;
  readonly at: number;
}

export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** A host on a clock of its own: each reading takes `tick` ms, and time passes to what is scheduled next. */
export class Bench {
  readonly events: Event[] = [];
  readonly host: SessionHost;
  clock = 0;
  #queue: Scheduled[] = [];
  #request = 0;

  constructor(options: { tick?: number; memory?: number } = {}) {
    const { tick = 0.01, memory } = options;
    this.host = new SessionHost({
      // What a channel does: the reader gets copies, and gives up what is transferred.
      post: (event, transfer) => this.events.push(structuredClone(event, { transfer: [...transfer] })),
      now: () => {
        this.clock += tick;
        return this.clock;
      },
      schedule: (callback, delay) => this.#queue.push({ callback, at: this.clock + delay }),
      ...(memory === undefined ? {} : { memory }),
    });
  }

  get idle(): boolean {
    return this.#queue.length === 0;
  }

  send(...commands: Command[]): this {
    for (const command of commands) this.host.receive(command);
    return this;
  }

  /** Runs what is scheduled until nothing is, or until the clock passes `until` (ms). */
  settle(until: number = Number.POSITIVE_INFINITY): this {
    for (;;) {
      const next = this.#queue.reduce<Scheduled | null>((a, b) => (a && a.at <= b.at ? a : b), null);
      if (!next || next.at > until) break;
      this.#queue.splice(this.#queue.indexOf(next), 1);
      this.clock = Math.max(this.clock, next.at);
      next.callback();
    }
    if (Number.isFinite(until)) this.clock = Math.max(this.clock, until);
    return this;
  }

  load(text: string = COLONY): ScenarioInfo {
    this.send({ type: 'load', request: ++this.#request, text, file: 'test.yaml' }).settle();
    return this.last('loaded').scenario;
  }

  step(count: number): this {
    return this.send({ type: 'step', count }).settle();
  }

  all<Type extends Event['type']>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  last<Type extends Event['type']>(type: Type): EventOf<Type> {
    const event = this.all(type).at(-1);
    if (!event) throw new Error(`no event ${type} among ${this.events.map(one => one.type).join(', ')}`);
    return event;
  }

  get status(): Status {
    return this.last('status').status;
  }

  /** Hash of the state, by way of a snapshot, which must fit the scenario as edited. */
  hash(edited: string = COLONY): string {
    this.send({ type: 'snapshot', request: ++this.#request });
    const { bytes } = this.last('snapshot');
    const scenario = loadScenario(edited);
    const model = build(scenario);
    restoreSnapshot(model, bytes, scenarioHash(edited));
    return stateHash(model);
  }
}
