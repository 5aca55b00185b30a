import type { CellType } from '../cells/cellType.ts';
import { children, reads, substitute } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { add, field, multiply, subtract, variable } from '../expression/build.ts';
import type { Action, Circuit } from './circuit.ts';

/**
 * Cells that see every field on a line in time through a window, c(t) = c₀ + c′ (t − t₀). The line is written into the expressions, so
 * that all that knows how rates follow time (timed hazards, times of switches, ∂f/∂t of stiff solvers) follows fields too. What cells see
 * then has 2F + 1 columns by cell: F concentrations c₀, F slopes c′, and t₀.
 */
export function lineColumns(fieldCount: number): number {
  return 2 * fieldCount + 1;
}

/**
 * A line that falls is this much (relative) less steep, or as much as t − t₀ may be rounded late in a run, so that nothing that ends at 0
 * comes out below it and leaves a rate negative. Far below any tolerance of an iteration.
 */
const SHORTFALL = 1e-9;

/** Writes what the cell in row `row` sees of fields that go from `start` to `end` [row * fieldCount + f] within `duration`. */
export function drawLine(
  start: Float64Array,
  end: Float64Array,
  row: number,
  fieldCount: number,
  time: number,
  duration: number,
  into: Float64Array,
): void {
  const base = row * lineColumns(fieldCount);
  const falling = 1 - SHORTFALL - (4 * Number.EPSILON * Math.abs(time)) / duration;
  for (let f = 0; f < fieldCount; f++) {
    const from = start[row * fieldCount + f];
    const change = end[row * fieldCount + f] - from;
    into[base + f] = from;
    into[base + fieldCount + f] = (change < 0 ? change * falling : change) / duration;
  }
  into[base + 2 * fieldCount] = time;
}

/** The type with lines in place of fields wherever its circuit reads one. */
export function alongLines(type: CellType, fieldCount: number): CellType {
  const elapsed = subtract(variable({ of: 'time' }), field(2 * fieldCount));
  const onLine = (v: Variable): Expression | null =>
    v.of === 'field' ? add(field(v.index), multiply(field(fieldCount + v.index), elapsed)) : null;
  const follow = (e: Expression): Expression => (readsField(e) ? substitute(e, onLine) : e);
  const act = (action: Action): Action =>
    'value' in action ? { ...action, value: follow(action.value) } : action;
  const { circuit } = type;
  const moved: Circuit = {
    ...circuit,
    reactions: circuit.reactions.map(reaction => ({ ...reaction, rate: follow(reaction.rate) })),
    ...(circuit.events && {
      events: circuit.events.map(event => ({
        ...event,
        trigger: follow(event.trigger),
        actions: event.actions.map(act),
      })),
    }),
  };
  return { ...type, circuit: moved };
}

/** Whether an expression reads time, or age, otherwise than along a line. */
export function readsClock(expression: Expression, fieldCount: number): boolean {
  if (expression.kind === 'variable') return ['time', 'age'].includes(expression.variable.of);
  if (isElapsed(expression, fieldCount)) return false;
  return children(expression).some(child => readsClock(child, fieldCount));
}

function isElapsed(e: Expression, fieldCount: number): boolean {
  if (e.kind !== 'binary' || e.operator !== '-' || e.right.kind !== 'variable') return false;
  const { variable: start } = e.right;
  return start.of === 'field' && start.index >= fieldCount;
}

function readsField(expression: Expression): boolean {
  return [...reads(expression).values()].some(({ of }) => of === 'field');
}
