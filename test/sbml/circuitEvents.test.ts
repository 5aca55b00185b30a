import { describe, expect, it } from 'vitest';
import {
  type CellType,
  type Circuit,
  circuitToScenario,
  loadScenario,
  readSbml,
  runEnsemble,
  simulateSbml,
  toCircuit,
  toSbml,
} from '../../src/engine/index.ts';
import { cellTypeOf, runSbmlEnsemble } from '../../src/engine/sbml/ensemble.ts';
import { apply, ci, cn, document, type EventChoices, event, TIME } from './document.ts';

/** Immigration of A at 8 per second and its decay at 0.4 per second and molecule, with other species and events. */
function model(events: string, species: Readonly<Record<string, number>> = {}, more = ''): string {
  const list = Object.entries({ A: 5, ...species }).map(
    ([id, amount]) =>
      `<species id="${id}" compartment="c" initialAmount="${amount}" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>`,
  );
  return document(`
<listOfCompartments><compartment id="c" size="2" spatialDimensions="3" constant="true"/></listOfCompartments>
<listOfSpecies>${list.join('')}</listOfSpecies>${more}
<listOfReactions>
<reaction id="make" reversible="false"><listOfProducts><speciesReference species="A" stoichiometry="1" constant="true"/></listOfProducts>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">${cn(8)}</math></kineticLaw></reaction>
<reaction id="decay" reversible="false"><listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">${apply('times', cn(0.4), ci('A'))}</math></kineticLaw></reaction>
</listOfReactions><listOfEvents>${events}</listOfEvents>`);
}

const circuitOf = (text: string): Circuit => toCircuit(readSbml(text), { inSeconds: true }).circuit;
const from = (time: number): string => apply('geq', TIME, cn(time));
const typeFrom = (text: string): CellType => loadScenario(text).description.cellTypes[0];

/** Mean and sd by name at the times. */
function moments(
  result: { species: readonly string[]; mean: Float64Array; sd: Float64Array },
  names: readonly string[],
  times: number,
): { mean: number; sd: number }[] {
  return Array.from({ length: times }, (_, t) =>
    names.map(name => {
      const i = t * result.species.length + result.species.indexOf(name);
      return { mean: result.mean[i], sd: result.sd[i] };
    }),
  ).flat();
}

/** What species come to at the times when nothing is left to chance, by the circuit and by the model as it stands. */
function both(text: string, names: readonly string[], times: readonly number[]): [number[], number[]] {
  const options = { runs: 1, times: [...times], seed: 'events' };
  const circuit = runEnsemble(cellTypeOf(circuitOf(text)), options);
  const whole = runSbmlEnsemble(readSbml(text), { ...options, method: 'direct' });
  const means = (result: typeof circuit): number[] =>
    moments(result, names, times.length).map(({ mean }) => mean);
  return [means(circuit), means(whole)];
}

/** Events on species that no reaction touches. */
const still = (
  events: string,
  species: Readonly<Record<string, number>>,
  times: readonly number[],
): [number[], number[]] => both(model(events, species), Object.keys(species), times);

describe('events of a model in a circuit', () => {
  it('mean what they mean in SBML: triggers at the start, delays, withdrawal, values that are set together', () => {
    const pulse = apply('and', from(2), apply('lt', TIME, cn(4)));
    const late = (choices: EventChoices): string => event(pulse, { B: cn(7) }, { delay: cn(3), ...choices });
    const cases: [string, Record<string, number>, number[]][] = [
      [event(apply('lt', TIME, cn(5)), { B: cn(7) }, { initialValue: true }), { B: 1 }, [1]],
      [event(apply('lt', TIME, cn(5)), { B: cn(7) }, { initialValue: false }), { B: 1 }, [7]],
      [event(apply('gt', ci('B'), cn(0)), { B: cn(7) }, { initialValue: true }), { B: 1 }, [1]],
      [event('<true/>', { B: cn(7) }, { initialValue: false }), { B: 1 }, [7]],
      [late({ persistent: true }), { B: 1 }, [7]],
      [late({ persistent: false }), { B: 1 }, [1]],
      // A swap.
      [event(from(1), { B: ci('C'), C: ci('B') }), { B: 3, C: 8 }, [8, 3]],
      // The first takes away the condition of the second, which is persistent or not.
      [
        event(from(1), { C: cn(0) }, { priority: cn(2) }) +
          event(
            apply('and', from(1), apply('gt', ci('C'), cn(0))),
            { B: cn(9) },
            { priority: cn(1), persistent: false },
          ),
        { B: 1, C: 1 },
        [1, 0],
      ],
      [
        event(from(1), { C: cn(0) }, { priority: cn(2) }) +
          event(apply('and', from(1), apply('gt', ci('C'), cn(0))), { B: cn(9) }, { priority: cn(1) }),
        { B: 1, C: 1 },
        [9, 0],
      ],
      // Values of the trigger, before the other one acts, or of the execution; the priority decides, not the file.
      [
        event(from(1), { B: ci('C') }, { priority: cn(1) }) +
          event(from(1), { C: cn(6) }, { priority: cn(5) }),
        { B: 0, C: 4 },
        [4, 6],
      ],
      [
        event(from(1), { B: ci('C') }, { priority: cn(1), useValuesFromTriggerTime: false }) +
          event(from(1), { C: cn(6) }, { priority: cn(5) }),
        { B: 0, C: 4 },
        [6, 6],
      ],
      // What is due after a delay and what comes true then, in the order of priorities.
      [
        event(from(1), { B: cn(1) }, { priority: cn(1), delay: cn(2) }) +
          event(from(3), { B: cn(2) }, { priority: cn(5) }),
        { B: 0 },
        [1],
      ],
      // One sets off another, which goes before those that wait.
      [
        event(from(1), { C: cn(1) }, { priority: cn(5) }) +
          event(apply('gt', ci('C'), cn(0)), { B: cn(1) }, { priority: cn(4) }) +
          event(
            from(1),
            { B: apply('times', ci('B'), cn(2)) },
            { priority: cn(3), useValuesFromTriggerTime: false },
          ),
        { B: 5, C: 0 },
        [2, 1],
      ],
    ];
    for (const [events, species, expected] of cases) {
      const [circuit, whole] = still(events, species, [10]);
      expect(circuit, events).toEqual(expected);
      expect(whole, events).toEqual(expected);
    }
  });

  it('follow the same law as the model itself, and come back from SBML and from a scenario with the same bits', () => {
    const events =
      event(from(3), { A: apply('plus', ci('A'), cn(50)) }, { initialValue: false }) +
      event(
        apply('gt', ci('A'), cn(30)),
        { A: apply('divide', ci('A'), cn(2)), B: apply('plus', ci('B'), cn(1)) },
        {
          delay: cn(0.5),
          useValuesFromTriggerTime: false,
        },
      );
    const text = model(events, { B: 0 });
    const [runs, times] = [4000, [1, 2.9, 3, 3.4, 3.6, 6, 20]];
    const options = { runs, times, seed: 'law' };
    const whole = runSbmlEnsemble(readSbml(text), { ...options, method: 'direct' });
    const method = 'modified-next-reaction';
    const circuit = runSbmlEnsemble(readSbml(text), { ...options, method });
    const names = ['A', 'B'];
    const [a, b] = [moments(whole, names, times.length), moments(circuit, names, times.length)];
    for (const [i, { mean, sd }] of a.entries()) {
      const error = Math.sqrt((sd ** 2 + b[i].sd ** 2) / runs);
      if (error === 0) expect(b[i].mean).toBe(mean);
      else expect(Math.abs(b[i].mean - mean) / error).toBeLessThan(3.5);
    }
    // Half molecules are possible in the model as it stands alone: its spread is that of the circuit but for rounding.
    for (const [i, { sd }] of a.entries()) expect(Math.abs(b[i].sd - sd)).toBeLessThan(0.05 * sd + 0.3);

    const type = cellTypeOf(circuitOf(text));
    const same = { runs: 50, times, seed: 'bits', trajectories: 50 };
    const paths = (one: CellType): number[] => {
      const width = one.circuit.species.length;
      return [...runEnsemble(one, same).trajectories].filter((_, i) => i % width !== 0);
    };
    const expected = paths(type);
    expect(new Set(expected).size).toBeGreaterThan(20);
    expect(paths(cellTypeOf(circuitOf(toSbml(type))))).toEqual(expected);
    expect(paths(typeFrom(circuitToScenario(type.circuit, 'events')))).toEqual(expected);
  });

  it('keep the deterministic course when they are written', () => {
    const events =
      event(from(3), { A: apply('plus', ci('A'), cn(50)) }) +
      event(
        apply('lt', ci('A'), cn(21)),
        { B: apply('plus', ci('B'), cn(2)) },
        { delay: cn(1), useValuesFromTriggerTime: false },
      );
    const course = (text: string): number[] =>
      simulateSbml(readSbml(text), {
        times: [0, 2, 3.5, 10, 20],
        observables: [
          { name: 'A', as: 'amount' },
          { name: 'B', as: 'amount' },
        ],
      }).flatMap(row => [...row]);
    const text = model(events, { B: 3 });
    const type = cellTypeOf(circuitOf(text));
    const expected = course(text);
    expect(expected.at(-1)).toBe(5);
    const again = course(toSbml(type));
    // The rounding of A + 50 to whole molecules is part of the circuit.
    for (const [i, value] of expected.entries())
      expect(Math.abs(again[i] - value)).toBeLessThanOrEqual(i % 2 === 0 ? 0.5 : 0);
    const constant = model(event(from(3), { A: cn(50), B: cn(1) }), { B: 3 });
    const exact = course(constant);
    for (const [i, value] of course(toSbml(cellTypeOf(circuitOf(constant)))).entries())
      expect(value).toBeCloseTo(exact[i], 7);
  });

  it('are refused by name where a circuit cannot say them', () => {
    const parameter = '<listOfParameters><parameter id="p" value="1" constant="false"/></listOfParameters>';
    const named = (id: string, text: string): string => text.replace('<event ', `<event id="${id}" `);
    const cases: [string, string][] = [
      [
        named('E', event(from(1), { p: cn(2) })),
        "event 'E': it sets the parameter 'p'; in a circuit events set species",
      ],
      [
        named('E', event(from(1), { B: cn(2) }, { delay: ci('A') })),
        "event 'E': its delay varies; in a circuit it is a constant",
      ],
      [
        named('E', event(from(1), { B: ci('A') }, { delay: cn(1) })),
        "event 'E': it sets values of the time of its trigger after a delay",
      ],
      [
        named('E', event(from(1), { B: cn(-2) })),
        "event 'E': it sets 'B' to -2; an amount is finite and at least 0",
      ],
      [
        named('E', event(from(1), { B: cn(2) }, { priority: ci('A') })) + event(from(2), { B: cn(2) }),
        "event 'E': its priority varies",
      ],
      [
        named('E', event(from(1), { B: cn(2) }, { priority: cn(1) })) +
          named('F', event(from(1), { B: cn(3) }, { priority: cn(1) })),
        "event 'F': it has the priority of 'E'",
      ],
    ];
    for (const [events, message] of cases) {
      expect(() => circuitOf(model(events, { B: 0 }, parameter)), message).toThrow(message);
    }
    expect(() =>
      circuitOf(model(Array.from({ length: 33 }, (_, i) => event(from(i), { B: cn(i) })).join(''), { B: 0 })),
    ).toThrow('33 events are too many for a circuit, which has at most 32');
  });

  it('act in the cells of a scenario beside those written there, and in moles and minutes', () => {
    const text = model(event(from(1), { B: apply('plus', ci('B'), cn(2e-21)) }), { B: 0 })
      .replace(
        '<listOfCompartments>',
        '<listOfUnitDefinitions><unitDefinition id="min"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="60"/></listOfUnits></unitDefinition></listOfUnitDefinitions><listOfCompartments>',
      )
      .replace('substanceUnits="item"', 'substanceUnits="mole"')
      .replace('timeUnits="second"', 'timeUnits="min"')
      .replace('initialAmount="5"', 'initialAmount="0"')
      .replace(cn(8), cn(0));
    const scenario = loadScenario(`cellfield: 1
title: A model with an event
domain: { size: [10 um, 10 um], grid: [1, 1], thickness: 1 um }
time: { end: 2 min, step: 8 s }
cells:
  cell:
    shape: { disc: { radius: 1 um } }
    growth: 0.1 /h
    circuit:
      sbml: |
${text.replace(/^/gm, '        ')}
    species: { C: 0 }
    events: { more: { when: B > 0, do: "-> 3 C" } }
`);
    const [type] = scenario.description.cellTypes;
    const result = runEnsemble(type, { runs: 2, times: [59.9, 60], seed: '1' });
    const amounts = moments(result, ['B', 'C'], 2).map(({ mean }) => mean);
    // 2e-21 mol are 1204 molecules.
    expect(amounts).toEqual([0, 0, 1204, 3]);
  });
});

describe('events of a circuit in SBML', () => {
  const scenario = (cell: string): CellType =>
    typeFrom(`cellfield: 1
title: Events
domain: { size: [1 mm, 1 mm], grid: [1, 1], thickness: 1 um }
time: { end: 1 min, step: 1 s }
cells:
  cell:
    shape: { disc: { radius: 0.56418958354775628 um } }
${cell.trim().replace(/^/gm, '    ')}
`);

  it('come back with the same outcome: steps in order, whole numbers, as often as reactants allow', () => {
    const type = scenario(`species: { A: 7, B: 3, C: 2, D: 0 }
events:
  half: { when: time >= 1 s, do: ["2 A -> B", { C: "C + B / 2", D: A }, "B -> D"] }
  pairs: { when: time >= 2 s, do: "2 A + C -> D", times: all }
  some: { when: time >= 3 s, do: "B -> D", times: 2 }
  none: { when: time >= 4 s, do: "5 C + 5 B -> 9 D" }
  late: { when: D > 0, do: { A: "D * 1.5" }, delay: 10 s, persistent: false }
  swap: { when: time >= 20 s, do: { A: D, D: A }, values: trigger }
  grow: { when: time >= 20 s, do: { D: D + 100 }, values: trigger, initially: true }`);
    const names = ['A', 'B', 'C', 'D'];
    const times = [0.5, 1, 2, 3, 4, 12, 20, 25];
    const course = (one: CellType): number[] =>
      moments(runEnsemble(one, { runs: 1, times, seed: '1' }), names, times.length).map(({ mean }) => mean);
    const text = toSbml(type);
    const expected = course(type);
    // half: A 5, B 4; C 2 + 2 = 4, D 5; B 3, D 6. pairs: min(5 / 2, 4) = 2 times. some: twice. none: not at all.
    expect(expected.slice(0, 20)).toEqual([7, 3, 2, 0, 5, 3, 4, 6, 1, 3, 2, 8, 1, 1, 2, 10, 1, 1, 2, 10]);
    expect(expected.slice(20)).toEqual([15, 1, 2, 10, 10, 1, 2, 110, 10, 1, 2, 110]);
    expect(course(cellTypeOf(circuitOf(text)))).toEqual(expected);
    expect(course(typeFrom(circuitToScenario(circuitOf(text), 'again')))).toEqual(expected);
    const whole = runSbmlEnsemble(readSbml(text), { runs: 1, times, seed: '1', method: 'direct' });
    expect(moments(whole, names, times.length).map(({ mean }) => mean)).toEqual(expected);
  });

  it('are refused by name where SBML has no word for them', () => {
    const type = scenario(`species: { A: 7 }
reactions: { slow: { equation: "A ->", k: 1 /s, delay: 3 s } }
division: { sizer: { volume: 3 um^3 } }
growth: 1 /h
replication: { A: 0.5 }
events: { late: { when: A < 3, do: "-> A", delay: { mean: 3 s, cv: 0.5 } } }`);
    expect(() => toSbml(type)).toThrow("reaction 'slow': it is delayed, which SBML core has not");
    expect(() => toSbml(type)).toThrow("event 'late': its delay is drawn, which SBML core has not");
    expect(() => toSbml(type)).toThrow("event 'A.replication': it reads the phase of the cycle");
  });
});
