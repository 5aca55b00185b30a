import { describe, expect, it } from 'vitest';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { simulateSbml } from '../../src/engine/sbml/simulate.ts';
import { apply, ci, cn, document, type EventChoices, event, parameters, rateRule, TIME } from './document.ts';

/** Values of parameters at times, under rules and events. */
function course(
  values: Readonly<Record<string, number>>,
  content: { readonly rules?: string; readonly events: string },
  times: readonly number[],
  seed = '1',
): number[][] {
  const { rules, events } = content;
  const text = document(
    `${parameters(values)}${rules ? `<listOfRules>${rules}</listOfRules>` : ''}<listOfEvents>${events}</listOfEvents>`,
  );
  const observables = Object.keys(values).map(name => ({ name, as: 'symbol' as const }));
  return simulateSbml(readSbml(text), { times, observables, seed }).map(row => [...row]);
}

const from = (time: number): string => apply('geq', TIME, cn(time));
const plus1 = (name: string): string => apply('plus', ci(name), cn(1));

describe('triggers', () => {
  it('are located to rounding where a solution crosses a threshold', () => {
    // x = eᵗ reaches 5 at ln 5 and is set to 0 there; s then records the time.
    const [, end] = course(
      { x: 1, s: 0 },
      { rules: rateRule('x', ci('x')), events: event(apply('geq', ci('x'), cn(5)), { x: cn(0), s: TIME }) },
      [0, 10],
    );
    expect(end[0]).toBe(0);
    expect(end[1]).toBeCloseTo(Math.log(5), 8);
  });

  it('fire at each crossing of an oscillation', () => {
    // x = cos t, y = −sin t: x > 0 turns true at 3π/2 + 2πk; five times in [0, 11π].
    const rules = rateRule('x', ci('y')) + rateRule('y', apply('minus', ci('x')));
    const events = event(apply('gt', ci('x'), cn(0)), { n: plus1('n') });
    const [, end] = course({ x: 1, y: 0, n: 0 }, { rules, events }, [0, 11 * Math.PI]);
    expect(end[2]).toBe(5);
  });

  it('at an output time count for it with ≥, and come after it with >', () => {
    const at = (relation: string): number =>
      course({ p: 0 }, { events: event(apply(relation, TIME, cn(5)), { p: cn(1) }) }, [0, 5, 6])[1][0];
    expect(at('geq')).toBe(1);
    expect(at('gt')).toBe(0);
  });

  it('that are true at the start fire only if they are declared to have been false', () => {
    const start = (initialValue: boolean): number =>
      course({ p: 0 }, { events: event('<true/>', { p: cn(1) }, { initialValue }) }, [0, 1])[0][0];
    expect(start(true)).toBe(0);
    expect(start(false)).toBe(1);
  });
});

describe('executions', () => {
  it('wait for the delay, with values of the trigger or of the execution', () => {
    const rules = rateRule('x', cn(1));
    const value = (useValuesFromTriggerTime: boolean): number[] =>
      course(
        { x: 0, p: -1 },
        { rules, events: event(from(2), { p: ci('x') }, { delay: cn(3), useValuesFromTriggerTime }) },
        [0, 4.9, 6],
      ).map(row => row[1]);
    expect(value(true)[1]).toBe(-1);
    expect(value(true)[2]).toBeCloseTo(2, 9);
    expect(value(false)[2]).toBeCloseTo(5, 9);
  });

  it('are withdrawn where an event is not persistent and its trigger turns false', () => {
    const pulse = apply('and', from(2), apply('lt', TIME, cn(4)));
    const value = (choices: EventChoices): number =>
      course({ p: 0 }, { events: event(pulse, { p: cn(1) }, { delay: cn(3), ...choices }) }, [0, 10])[1][0];
    expect(value({ persistent: true })).toBe(1);
    expect(value({ persistent: false })).toBe(0);
  });

  it('of one time go by priority, whatever the order in the file', () => {
    const digit = (d: number): Record<string, string> => ({
      p: apply('plus', apply('times', cn(10), ci('p')), cn(d)),
    });
    const late = { useValuesFromTriggerTime: false };
    const events =
      event(from(1), digit(1), { ...late, priority: cn(1) }) +
      event(from(1), digit(3), { ...late, priority: cn(3) }) +
      event(from(1), digit(2), { ...late, priority: cn(2) });
    expect(course({ p: 0 }, { events }, [0, 2])[1][0]).toBe(321);
  });

  it('of equal priority go in random order, the same for one seed', () => {
    const late = { useValuesFromTriggerTime: false, priority: cn(1) };
    const events = event(from(1), { p: cn(1) }, late) + event(from(1), { p: cn(2) }, late);
    const last = (seed: string): number => course({ p: 0 }, { events }, [0, 2], seed)[1][0];
    const all = Array.from({ length: 40 }, (_, i) => last(`${i}`));
    expect(all).toEqual(Array.from({ length: 40 }, (_, i) => last(`${i}`)));
    // Both orders: 40 equal ones in a row have probability 2⁻³⁹.
    expect(new Set(all)).toEqual(new Set([1, 2]));
  });

  it('trigger each other at the same time', () => {
    const events =
      event(from(1), { a: cn(1) }) +
      event(apply('gt', ci('a'), cn(0)), { b: cn(1) }) +
      event(apply('gt', ci('b'), cn(0)), { c: cn(1) });
    expect(course({ a: 0, b: 0, c: 0 }, { events }, [0, 1])[1]).toEqual([1, 1, 1]);
  });

  it('without end are an error', () => {
    const events =
      event(apply('gt', ci('a'), cn(0)), { a: cn(0) }) + event(apply('leq', ci('a'), cn(0)), { a: cn(1) });
    const restless = events.replaceAll('initialValue="true"', 'initialValue="false"');
    expect(() => course({ a: 1 }, { events: restless }, [0, 1])).toThrow(/more than 100000 executions/);
  });
});

describe('compartments', () => {
  const cell = (onlySubstance: boolean): string =>
    `<listOfCompartments><compartment id="c" size="2" constant="false"/></listOfCompartments><listOfSpecies><species id="S" compartment="c" initialAmount="6" hasOnlySubstanceUnits="${onlySubstance}" boundaryCondition="false" constant="false"/></listOfSpecies>`;
  const observables = [
    { name: 'S', as: 'symbol' },
    { name: 'S', as: 'amount' },
    { name: 'S', as: 'concentration' },
  ] as const;

  it('that an event resizes keep the amounts in them', () => {
    const text = document(`${cell(false)}<listOfEvents>${event(from(1), { c: cn(3) })}</listOfEvents>`);
    const rows = simulateSbml(readSbml(text), { times: [0, 2], observables });
    expect([...rows[0]]).toEqual([3, 6, 3]);
    expect([...rows[1]]).toEqual([2, 6, 2]);
  });

  it('that grow dilute: the amount stays, the concentration falls', () => {
    const text = document(`${cell(false)}<listOfRules>${rateRule('c', cn(1))}</listOfRules>`);
    const [, end] = simulateSbml(readSbml(text), { times: [0, 4], observables });
    expect(end[1]).toBe(6);
    expect(end[2]).toBeCloseTo(1, 9);
  });

  it('do not matter to a species in substance units', () => {
    const text = document(`${cell(true)}<listOfRules>${rateRule('c', cn(1))}</listOfRules>`);
    const [, end] = simulateSbml(readSbml(text), { times: [0, 4], observables });
    expect(end[0]).toBe(6);
  });

  it('set concentration and size at once: the concentration is that of the new size', () => {
    const text = document(
      `${cell(false)}<listOfEvents>${event(from(1), { S: cn(10), c: cn(5) })}</listOfEvents>`,
    );
    const [, end] = simulateSbml(readSbml(text), { times: [0, 2], observables });
    expect([...end]).toEqual([10, 50, 10]);
  });
});
