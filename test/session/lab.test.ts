import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import type { LabCommand, LabEvent, LabRunOptions, LabSource } from '../../src/session/lab/contract.ts';
import { LabHost } from '../../src/session/lab/host.ts';
import { Spread } from '../../src/session/lab/spread.ts';

type EventOf<Type extends LabEvent['type']> = Extract<LabEvent, { type: Type }>;

/** A host on a clock of its own, of which each reading takes `tick` ms. */
class LabBench {
  readonly events: LabEvent[] = [];
  readonly #queue: (() => void)[] = [];
  readonly host: LabHost;
  #clock = 0;
  #request = 0;

  constructor(tick = 5) {
    this.host = new LabHost({
      post: event => this.events.push(structuredClone(event)),
      now: () => {
        this.#clock += tick;
        return this.#clock;
      },
      schedule: callback => this.#queue.push(callback),
    });
  }

  send(command: LabCommand): this {
    this.host.receive(command);
    return this;
  }

  /** Runs so many slices at most. */
  settle(slices = Number.POSITIVE_INFINITY): this {
    for (let i = 0; i < slices; i++) {
      const next = this.#queue.shift();
      if (!next) break;
      next();
    }
    return this;
  }

  ask<Type extends LabEvent['type']>(type: Type, make: (request: number) => LabCommand): EventOf<Type> {
    this.send(make(++this.#request)).settle();
    return this.last(type);
  }

  all<Type extends LabEvent['type']>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  last<Type extends LabEvent['type']>(type: Type): EventOf<Type> {
    const event = this.all(type).at(-1);
    if (!event) throw new Error(`no ${type} among ${JSON.stringify(this.events).slice(0, 2000)}`);
    return event;
  }

  open(text: string, cellType: string | null = null, kind: LabSource['kind'] = 'scenario') {
    const source: LabSource = { kind, text, file: 'test', cellType };
    return this.ask('opened', request => ({ type: 'open', request, source })).circuit;
  }

  run(options: Partial<LabRunOptions>) {
    const all = { runs: 200, end: 10, points: 10, seed: '1', methods: ['direct'], fields: [], ...options };
    return this.ask('progress', request => ({ type: 'run', request, options: all }));
  }
}

const folder = new URL('../../scenarios/circuits/', import.meta.url);
const LIBRARY = readdirSync(folder).map(name => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));
const immigrationDeath = (k = '10 /s') => `cellfield: 1
title: Immigration and death
parameters: { k: ${k}, mu: 0.1 /s }
domain: { size: [10 um, 10 um, 10 um], grid: [1, 1, 1] }
time: { end: 60 s, step: 1 s }
cells:
  cell:
    shape: { sphere: { radius: 0.62 um } }
    species: { X: 0 }
    reactions:
      birth: { equation: "-> X", rate: k }
      death: { equation: "X ->", k: mu }
`;

describe('the library', () => {
  it.each(LIBRARY)('$name opens and runs by every method', ({ text }) => {
    const bench = new LabBench();
    const circuit = bench.open(text);
    expect(circuit.title).not.toBe('');
    expect(circuit.overview?.reactions.length).toBeGreaterThan(1);
    expect(circuit.overview?.structure.deadReactions).toEqual([]);
    const methods = circuit.methods.map(({ name }) => name);
    expect(methods[0]).toBe('auto');
    const end = Math.min(circuit.end ?? 0, 600);
    const { phase, members } = bench.run({ runs: 3, end, points: 2, methods });
    expect(phase).toBe('done');
    for (const { failure, done, mean } of members) {
      expect(failure).toBeNull();
      expect(done).toBeGreaterThan(0);
      expect(mean.every(value => Number.isFinite(value) && value >= 0)).toBe(true);
    }
  });

  it('has a page that names every circuit', () => {
    const page = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');
    for (const { name } of LIBRARY) expect(page).toContain(`circuits/${name}`);
  });
});

describe('a circuit beside scenarios that name models', () => {
  const shipped = (name: string): string =>
    readFileSync(new URL(`../../scenarios/${name}`, import.meta.url), 'utf8');
  const target = shipped('repressilator.yaml');
  const models = { 'repressilator.xml': shipped('repressilator.xml') };
  const source: LabSource = { kind: 'scenario', text: immigrationDeath(), file: 'id.yaml', cellType: null };
  const placing = { to: 'extra', mode: 'replace', clash: 'rename', count: 3 } as const;

  it('is compared with one and sent to it, which keeps the name of its model', () => {
    const bench = new LabBench();
    const { clashes } = bench.ask('clashes', request => ({
      type: 'compare',
      request,
      source,
      target,
      models,
    }));
    expect(clashes.targets.length).toBeGreaterThan(0);
    const { text } = bench.ask('text', request => ({
      type: 'place',
      request,
      source,
      target,
      models,
      placing,
    }));
    expect(text).toContain('sbml: repressilator.xml');
    const placed = loadScenario(text, { files: () => models['repressilator.xml'] });
    expect(placed.description.cellTypes.map(({ name }) => name)).toContain('extra');
    const { problems } = bench.ask('problems', request => ({
      type: 'place',
      request,
      source,
      target,
      placing,
    }));
    expect(problems[0].message).toMatch(/repressilator.xml was not beside the scenario/);
  });

  it('opens from one, runs, and takes its model along to a scenario that has no such file', () => {
    const bench = new LabBench();
    const own = immigrationDeath().replace(
      /^ {4}species:/m,
      '    circuit: { sbml: repressilator.xml }\n    species:',
    );
    const named: LabSource = { kind: 'scenario', text: own, file: 'r.yaml', cellType: null, models };
    const { circuit } = bench.ask('opened', request => ({ type: 'open', request, source: named }));
    expect(circuit.species.length).toBeGreaterThan(6);
    const [member] = bench.run({ runs: 1, end: 60, points: 2, methods: ['auto'] }).members;
    expect(member.failure).toBeNull();
    const { text } = bench.ask('text', request => ({
      ...{ type: 'place', request, source: named, target: immigrationDeath(), placing },
    }));
    expect(loadScenario(text).description.cellTypes[1].circuit.species.map(({ name }) => name)).toEqual(
      expect.arrayContaining(circuit.species.map(({ name }) => name)),
    );
  });
});

describe('an SBML model with events', () => {
  it('has a network, and runs by each method that it is offered', () => {
    const text = `<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
<model substanceUnits="item" timeUnits="second" extentUnits="item">
<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="X" compartment="c" initialAmount="0" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfReactions><reaction id="make" reversible="false"><listOfProducts><speciesReference species="X" stoichiometry="1" constant="true"/></listOfProducts>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>3</cn></math></kineticLaw></reaction></listOfReactions>
<listOfEvents><event id="clear" useValuesFromTriggerTime="true"><trigger initialValue="true" persistent="true"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><geq/><ci>X</ci><cn>5</cn></apply></math></trigger>
<listOfEventAssignments><eventAssignment variable="X"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>1</cn></math></eventAssignment></listOfEventAssignments></event></listOfEvents></model></sbml>`;
    const bench = new LabBench();
    const circuit = bench.open(text, null, 'sbml');
    expect(circuit.overview?.reactions.map(({ name }) => name)).toEqual(['make', 'clear']);
    const methods = circuit.methods.map(({ name }) => name);
    expect(methods).toEqual(['auto', 'direct', 'modified-next-reaction', 'deterministic']);
    const { members } = bench.run({ runs: 400, end: 30, points: 3, methods });
    for (const { failure, species, mean, done } of members) {
      expect(failure).toBeNull();
      const last = mean[mean.length - species.length + species.indexOf('X')];
      // X goes round 1, 2, 3, 4, each as long as the others: variance 1.25.
      if (done > 1) expect(Math.abs(last - 2.5)).toBeLessThan(3.5 * Math.sqrt(1.25 / done));
      expect(Math.max(...mean)).toBeLessThanOrEqual(5);
    }
  });
});

describe('a run', () => {
  it('comes to the ensemble of the command line, to rounding, whatever the slices', () => {
    const text = immigrationDeath();
    const type = loadScenario(text).description.cellTypes[0];
    const times = Array.from({ length: 11 }, (_, i) => i);
    const expected = runEnsemble(type, { runs: 200, times, seed: '1', method: 'direct', trajectories: 12 });
    for (const tick of [0.001, 40]) {
      const bench = new LabBench(tick);
      bench.open(text);
      const [member] = bench.run({}).members;
      expect(member.species).toEqual(expected.species);
      expect([...member.paths]).toEqual([...expected.trajectories]);
      expected.mean.forEach((value, i) => {
        expect(Math.abs(member.mean[i] - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
        expect(Math.abs(member.sd[i] - expected.sd[i])).toBeLessThanOrEqual(1e-12 * (expected.sd[i] + value));
      });
      const firings = expected.extents.reduce((sum, extent) => sum + extent, 0) / 200;
      expect(member.firings).toBeCloseTo(firings, 9);
    }
  });

  it('streams partial results, and stops when told to', () => {
    const bench = new LabBench(40);
    bench.open(immigrationDeath());
    const options = {
      runs: 4000,
      end: 10,
      points: 10,
      seed: '1',
      methods: ['direct', 'tau-leaping'],
      fields: [],
    };
    bench.send({ type: 'run', request: 7, options }).settle(20);
    const first = bench.all('progress')[1];
    expect(first).toMatchObject({ request: 7, phase: 'running' });
    expect(first.members.map(({ done }) => done > 0 && done < 4000)).toEqual([true, true]);
    bench.send({ type: 'cancel' });
    const { phase, members } = bench.last('progress');
    expect(phase).toBe('cancelled');
    const count = bench.events.length;
    bench.settle();
    expect(bench.events.length).toBe(count);
    expect(members[0].done).toBeLessThan(4000);
    // Histograms of what there is can still be asked for.
    bench.send({ type: 'watch', time: 3 });
    expect(bench.last('progress')).toMatchObject({ phase: 'cancelled', members: [{ spreadAt: 3 }, {}] });
  });

  it('runs the deterministic limit once', () => {
    const bench = new LabBench();
    bench.open(immigrationDeath());
    const [, limit] = bench.run({ methods: ['direct', 'deterministic'] }).members;
    expect([limit.runs, limit.done, limit.firings]).toEqual([1, 1, null]);
    const x = limit.species.indexOf('X');
    const last = limit.mean[limit.mean.length - limit.species.length + x];
    expect(last).toBeCloseTo(100 * (1 - Math.exp(-1)), 4);
  });

  it('counts every run in the histogram, at the time that is watched', () => {
    const bench = new LabBench();
    bench.open(immigrationDeath());
    const [member] = bench.run({}).members;
    expect(member.spreadAt).toBe(10);
    const x = member.species.indexOf('X');
    const { counts, first, width } = member.spreads[x];
    expect(width).toBe(1);
    expect(counts.reduce((a, b) => a + b)).toBe(200);
    const mean = counts.reduce((sum, n, i) => sum + n * (first + i), 0) / 200;
    expect(mean).toBeCloseTo(member.mean[member.mean.length - member.species.length + x], 9);
  });

  it('says which rate went wrong, and goes on with the other methods', () => {
    const bench = new LabBench();
    bench.open(immigrationDeath().replace('rate: k }', 'rate: k - X * 3 /s }'));
    const { phase, members } = bench.run({ methods: ['direct', 'no-such'] });
    expect(phase).toBe('done');
    expect(members[0].failure).toMatch(/birth.*-/);
    expect(members[1].failure).toMatch(/unknown circuit method/);
  });
});

describe('reading', () => {
  it('reports the faults of a text, and keeps the circuit that was open', () => {
    const bench = new LabBench();
    bench.open(immigrationDeath());
    const source: LabSource = {
      kind: 'scenario',
      text: immigrationDeath('10 um'),
      file: 'x',
      cellType: null,
    };
    bench.send({ type: 'open', request: 9, source });
    expect(bench.last('problems')).toMatchObject({ request: 9 });
    expect(bench.last('problems').problems[0].line).toBeGreaterThan(1);
    expect(bench.run({}).phase).toBe('done');
    const none = {
      ...source,
      text: 'cellfield: 1\ntitle: x\ndomain: { size: [1 um, 1 um, 1 um], grid: [1, 1, 1] }\ntime: { end: 1 s, step: 1 s }\n',
    };
    bench.send({ type: 'open', request: 10, source: none });
    expect(bench.last('problems').problems[0].message).toMatch(/no cell type/);
  });

  it('offers every method for a type that asks for the deterministic limit', () => {
    const bench = new LabBench();
    const circuit = bench.open(
      immigrationDeath().replace('    species:', '    method: deterministic\n    species:'),
    );
    expect(circuit.method).toBe('deterministic');
    const [direct] = bench.run({ methods: ['direct'] }).members;
    expect(direct.firings).toBeGreaterThan(1);
  });

  it('runs SBML in its own unit of time, and turns it into a scenario', () => {
    const bench = new LabBench();
    const text = `<?xml version="1.0"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m" substanceUnits="item">
<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="X" compartment="c" initialAmount="50" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfReactions><reaction id="decay" reversible="false"><listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><cn>0.1</cn><ci>X</ci></apply></math></kineticLaw></reaction></listOfReactions>
</model></sbml>`;
    const circuit = bench.open(text, null, 'sbml');
    expect(circuit).toMatchObject({ timeUnit: 'model', title: 'm', end: null });
    expect(circuit.species.filter(({ shown }) => shown).map(({ name }) => name)).toEqual(['X']);
    expect(bench.run({ methods: ['auto', 'deterministic'] }).members.map(({ failure }) => failure)).toEqual([
      null,
      null,
    ]);
    const scenario = bench.ask('text', request => ({ type: 'convert', request, text })).text;
    expect(bench.open(scenario).overview?.reactions.map(({ name }) => name)).toEqual(['decay']);
  });

  it('computes the law of a small network, and says why there is none', () => {
    const bench = new LabBench();
    bench.open(immigrationDeath());
    const { law } = bench.ask('law', request => ({ type: 'law', request, time: 10, fields: [] }));
    const [x] = law?.marginals ?? [];
    expect(x.mean).toBeCloseTo(100 * (1 - Math.exp(-1)), 4);
    expect(x.sd).toBeCloseTo(Math.sqrt(100 * (1 - Math.exp(-1))), 3);
    expect(law?.bound).toBeLessThan(1e-5);
    bench.open(immigrationDeath().replace('k: mu }', 'rate: mu * X, continuous: true }'));
    expect(bench.ask('law', request => ({ type: 'law', request, time: 1, fields: [] })).reason).toMatch(
      /real amount/,
    );
  });
});

describe('bins', () => {
  it('end the same whatever the order of values', () => {
    const values = Array.from({ length: 500 }, (_, i) => (i * 7919) % 1009);
    const view = (order: readonly number[]) => {
      const spread = new Spread(1);
      for (const value of order) spread.add(value);
      return spread.view();
    };
    const once = view(values);
    expect(view([...values].reverse())).toEqual(once);
    expect(once.width).toBe(4);
    expect(values.every(value => once.counts[Math.floor(value / 4) - once.first] > 0)).toBe(true);
    expect(once.counts.reduce((a, b) => a + b)).toBe(500);
    expect(view([-3, 2]).counts.length).toBe(6);
  });
});
