import { type Evaluate, toEvaluate } from './closure.ts';
import { fail, wholeAtStart } from './errors.ts';
import type { Formula } from './formula.ts';
import { type Effect, lowerModel } from './lower.ts';
import type { SbmlModel } from './model.ts';
import { orderOf } from './order.ts';
import { Switches } from './switches.ts';

/** An event, ready to be tested and executed on the values of a system. */
export interface CompiledEvent {
  readonly id: string;
  readonly trigger: Evaluate;
  readonly initialValue: boolean;
  readonly persistent: boolean;
  readonly delay: Evaluate | null;
  readonly priority: Evaluate | null;
  readonly useValuesFromTriggerTime: boolean;
  /** Values of the assignments, in the order of the event. */
  readonly evaluate: (values: Float64Array) => number[];
  /** Sets what the event assigns; the other species keep their amounts where a compartment changes. */
  readonly execute: (values: Float64Array, assigned: readonly number[]) => void;
}

/** A model as numbers in slots: slot 0 is the time, the others are stored quantities and reaction rates. */
export interface SbmlSystem {
  readonly model: SbmlModel;
  readonly size: number;
  /** Slots that change continuously, in the order of `derivative`. */
  readonly states: Int32Array;
  readonly events: readonly CompiledEvent[];
  /** Whether there is anything to be located: triggers, or jumps in rates. */
  readonly changes: boolean;
  /** Fills every slot for time `start`. @throws SbmlError for a state without a value */
  initialise(values: Float64Array, start: number): void;
  /** Assignment rules and reaction rates from the other slots. */
  update(values: Float64Array): void;
  /**
   * The same while what jumps in them (tests, whole parts) keeps the value that `hold` gave it: a smooth function of states and
   * time, as integrators need it.
   */
  updateHeld(values: Float64Array): void;
  /** Gives what jumps its value; `values` are updated. */
  hold(values: Float64Array): void;
  /** Whether what is held has another value by now; `values` are updated as held. */
  hasJumped(values: Float64Array): boolean;
  /** Rates of change of the states, with jumps held; `values` are updated as held. */
  derivative(values: Float64Array, out: Float64Array): void;
  slotOf(name: string): number;
  /** The value of a symbol as SBML defines it, as an amount, as a concentration, or as molecules (where amounts are). */
  observer(name: string, as: 'symbol' | 'amount' | 'concentration' | 'molecules'): Evaluate;
  readonly effects: readonly Effect[];
}

export interface SystemOptions {
  /**
   * Stores amounts as molecules, so many to the model's unit. Those that reactions change are whole: they must be so at the
   * start, and events set them to the nearest whole number. Rates stay in the model's unit.
   */
  readonly molecules: number;
}

/** @throws SbmlError for cyclic assignments */
export function buildSystem(model: SbmlModel, options: SystemOptions | null = null): SbmlSystem {
  const molecules = options?.molecules ?? 1;
  const lowered = lowerModel(model, molecules);
  const { assignments, initials, rates, effects, compartmentOf, isConcentration } = lowered;
  const slots = new Map<string, number>();
  for (const name of initials.keys()) slots.set(name, slots.size + 1);
  const switches = new Switches();
  const heldAssignments = mapValues(assignments, formula => switches.smooth(formula));
  const heldRates = mapValues(rates, formula => switches.smooth(formula));
  const heldOrder = orderOf(heldAssignments);
  for (const name of switches.definitions.keys()) slots.set(name, slots.size + 1);
  const slotOf = (name: string): number => {
    const slot = slots.get(name);
    return slot ?? fail('model', `there is no '${name}'`);
  };
  const compile = (formula: Formula): Evaluate => toEvaluate(formula, slotOf);
  const program = (names: readonly string[], formulas: ReadonlyMap<string, Formula>): [number, Evaluate][] =>
    names.flatMap(name => {
      const formula = formulas.get(name);
      return formula ? [[slotOf(name), compile(formula)] as [number, Evaluate]] : [];
    });
  const initialProgram = program(orderOf(initials), initials);
  const updateProgram = program(orderOf(assignments), assignments);
  const heldProgram = program(heldOrder, heldAssignments);
  const jumps = program([...switches.definitions.keys()], switches.definitions);

  const changed = new Set([...rates.keys(), ...effects.map(effect => effect.species)]);
  const stateNames = [...changed];
  const states = Int32Array.from(stateNames, slotOf);
  const place = new Map(stateNames.map((name, i) => [name, i]));
  const rateProgram = [...heldRates].map(
    ([name, formula]) => [place.get(name) ?? 0, compile(formula)] as [number, Evaluate],
  );
  const flows = effects.map(effect => ({
    state: place.get(effect.species) ?? 0,
    reaction: slotOf(effect.reaction),
    sign: effect.sign,
    stoichiometry: compile(effect.stoichiometry),
    factor: effect.factor === null ? 0 : slotOf(effect.factor),
  }));

  const reacting = new Set(effects.map(({ species }) => species));
  const whole = (name: string, amount: number): number =>
    options !== null && reacting.has(name) && !rates.has(name) ? Math.round(amount) : amount;

  const run = (steps: readonly [number, Evaluate][], values: Float64Array): void => {
    for (let i = 0; i < steps.length; i++) {
      const [slot, evaluate] = steps[i];
      values[slot] = evaluate(values);
    }
  };
  const update = (values: Float64Array): void => run(updateProgram, values);

  return {
    model,
    size: slots.size + 1,
    states,
    effects,
    slotOf,
    update,
    updateHeld: values => run(heldProgram, values),
    hold: values => run(jumps, values),
    hasJumped(values) {
      for (let i = 0; i < jumps.length; i++) {
        const [slot, evaluate] = jumps[i];
        if (!Object.is(evaluate(values), values[slot])) return true;
      }
      return false;
    },
    events: compileEvents(),
    changes: model.events.length > 0 || jumps.length > 0,
    initialise(values, start) {
      values.fill(0);
      values[0] = start;
      for (const [slot, evaluate] of initialProgram) values[slot] = evaluate(values);
      states.forEach((slot, i) => {
        if (!Number.isFinite(values[slot])) {
          fail(`'${stateNames[i]}'`, `its initial value is ${values[slot]}: it is not given or not defined`);
        }
      });
      if (options !== null) {
        for (const name of reacting) values[slotOf(name)] = wholeAtStart(name, values[slotOf(name)]);
      }
      update(values);
    },
    derivative(values, out) {
      out.fill(0);
      for (let i = 0; i < rateProgram.length; i++) out[rateProgram[i][0]] = rateProgram[i][1](values);
      for (let i = 0; i < flows.length; i++) {
        const { state, reaction, sign, stoichiometry, factor } = flows[i];
        const flow = molecules * sign * stoichiometry(values) * values[reaction];
        out[state] += factor === 0 ? flow : flow * values[factor];
      }
    },
    observer(name, as) {
      const slot = slotOf(name);
      const species = model.species.find(({ id }) => id === name);
      if (!species) return values => values[slot];
      const size = slotOf(species.compartment);
      const wanted = as === 'symbol' ? (compartmentOf.has(name) ? 'concentration' : 'amount') : as;
      const factor = lowered.isRuled(name) ? 1 : molecules;
      if (wanted === 'molecules') {
        if (factor === molecules && !isConcentration(name)) return values => values[slot];
        const amount = this.observer(name, 'amount');
        return values => amount(values) * molecules;
      }
      const stored = isConcentration(name) ? 'concentration' : 'amount';
      if (wanted === stored) return factor === 1 ? values => values[slot] : values => values[slot] / factor;
      return wanted === 'amount'
        ? values => values[slot] * values[size]
        : values => values[slot] / factor / values[size];
    },
  };

  function compileEvents(): CompiledEvent[] {
    /** Concentrations under a rate rule, whose amount an event keeps when it changes the compartment. */
    const kept = model.species.flatMap(({ id, compartment }) =>
      isConcentration(id) && rates.has(id) ? [{ id, slot: slotOf(id), size: slotOf(compartment) }] : [],
    );
    return model.events.map((event): CompiledEvent => {
      const math = event.assignments.map(assignment => compile(lowered.lower(assignment.math)));
      const targets = event.assignments.map(({ variable }) => {
        const compartment = isConcentration(variable) ? undefined : compartmentOf.get(variable);
        const isAmount = model.species.some(({ id }) => id === variable) && !lowered.isRuled(variable);
        return {
          variable,
          slot: slotOf(variable),
          size: compartment === undefined ? 0 : slotOf(compartment),
          factor: isAmount ? molecules : 1,
        };
      });
      const touched = new Set(event.assignments.map(({ variable }) => variable));
      const diluted = kept.filter(({ id }) => !touched.has(id));
      const optional = (formula: Formula | null): Evaluate | null =>
        formula && compile(lowered.lower(formula));
      return {
        id: event.id,
        trigger: compile(lowered.lower(event.trigger)),
        initialValue: event.initialValue,
        persistent: event.persistent,
        delay: optional(event.delay),
        priority: optional(event.priority),
        useValuesFromTriggerTime: event.useValuesFromTriggerTime,
        evaluate: values => math.map(evaluate => evaluate(values)),
        execute(values, assigned) {
          const sizes = diluted.map(({ size }) => values[size]);
          targets.forEach(({ variable, slot, size, factor }, i) => {
            if (size === 0) values[slot] = whole(variable, assigned[i] * factor);
          });
          update(values);
          targets.forEach(({ variable, slot, size, factor }, i) => {
            if (size !== 0) values[slot] = whole(variable, assigned[i] * values[size] * factor);
          });
          diluted.forEach(({ slot, size }, i) => {
            if (values[size] !== sizes[i]) values[slot] *= sizes[i] / values[size];
          });
          update(values);
        },
      };
    });
  }
}

function mapValues(formulas: ReadonlyMap<string, Formula>, change: (formula: Formula) => Formula) {
  return new Map([...formulas].map(([name, formula]) => [name, change(formula)]));
}
