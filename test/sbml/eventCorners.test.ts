import { describe, expect, it } from 'vitest';
import { course, last, symbolOf } from './corners.ts';
import { apply, assignmentRule, ci, cn, document, event, parameters, rateRule, TIME } from './document.ts';

describe('events', () => {
  const model = (events: string, values: Record<string, number>, rules = ''): string =>
    document(
      `${parameters(values)}<listOfRules>${rules}</listOfRules><listOfEvents>${events}</listOfEvents>`,
    );

  it('whose priority is no number go last, and do not hang', () => {
    const text = model(
      event(
        apply('geq', TIME, cn(1)),
        { p: apply('times', ci('p'), cn(10)) },
        { priority: '<notanumber/>', useValuesFromTriggerTime: false },
      ) +
        event(
          apply('geq', TIME, cn(1)),
          { p: apply('plus', ci('p'), cn(1)) },
          { priority: cn(1), useValuesFromTriggerTime: false },
        ),
      { p: 1 },
    );
    expect(last(text, 2, symbolOf('p'))[0]).toBe(20);
  });

  it('whose priorities depend on what the others assign', () => {
    // First b (5 > p = 1), which lifts a's priority above c's.
    const digit = (n: number): string => apply('plus', apply('times', ci('x'), cn(10)), cn(n));
    const choices = { useValuesFromTriggerTime: false };
    const at = apply('geq', TIME, cn(1));
    const text = model(
      event(at, { x: digit(1) }, { ...choices, priority: ci('p') }) +
        event(at, { x: digit(2), p: cn(9) }, { ...choices, priority: cn(5) }) +
        event(at, { x: digit(3) }, { ...choices, priority: cn(4) }),
      { p: 1, x: 0 },
    );
    expect(last(text, 2, symbolOf('x'))[0]).toBe(213);
  });

  it('that are not persistent are withdrawn by another of the same time', () => {
    const at = apply('and', apply('geq', TIME, cn(1)), apply('lt', ci('p'), cn(1)));
    const text = model(
      event(at, { p: cn(1), q: apply('plus', ci('q'), cn(1)) }, { priority: cn(2), persistent: false }) +
        event(at, { p: cn(1), q: apply('plus', ci('q'), cn(10)) }, { priority: cn(1), persistent: false }),
      { p: 0, q: 0 },
    );
    expect(last(text, 2, symbolOf('q'))[0]).toBe(1);
  });

  it('with a delay of 0 still wait for nothing', () => {
    const text = model(event(apply('geq', TIME, cn(1)), { p: cn(3) }, { delay: cn(0), persistent: false }), {
      p: 0,
    });
    expect(course(text, [0, 1, 2], symbolOf('p'))[0]).toEqual([0, 3, 3]);
  });

  it('wait for a delay that depends on the state at the trigger', () => {
    const text = model(
      event(apply('geq', ci('x'), cn(2)), { p: TIME }, { delay: ci('x'), useValuesFromTriggerTime: false }),
      { p: 0, x: 0 },
      rateRule('x', cn(1)),
    );
    expect(last(text, 6, symbolOf('p'))[0]).toBeCloseTo(4, 9);
  });

  it('are triggered by truth that a parameter holds', () => {
    const text = model(
      event(ci('b'), { p: cn(8) }),
      { p: 0, b: 0 },
      assignmentRule('b', apply('gt', TIME, cn(1))),
    );
    expect(last(text, 2, symbolOf('p'))[0]).toBe(8);
  });
});
