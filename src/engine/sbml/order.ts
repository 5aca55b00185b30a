import { fail } from './errors.ts';
import { type Formula, visitLeaves } from './formula.ts';

/** The names in an order in which each comes after those its formula reads. @throws SbmlError that shows a cycle */
export function orderOf(formulas: ReadonlyMap<string, Formula>): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of formulas.keys()) {
    if (state.has(start)) continue;
    // Depth first with a stack of its own: chains may be long.
    const path: { name: string; waiting: string[] }[] = [];
    const enter = (name: string): void => {
      state.set(name, 'open');
      const read = new Set<string>();
      const formula = formulas.get(name);
      if (formula) {
        visitLeaves(formula, leaf => {
          if (leaf.kind === 'symbol' && formulas.has(leaf.name)) read.add(leaf.name);
        });
      }
      path.push({ name, waiting: [...read] });
    };
    enter(start);
    while (path.length > 0) {
      const top = path[path.length - 1];
      const next = top.waiting.shift();
      if (next === undefined) {
        state.set(top.name, 'done');
        order.push(top.name);
        path.pop();
      } else if (state.get(next) === 'open') {
        const from = path.findIndex(({ name }) => name === next);
        const cycle = [...path.slice(from).map(({ name }) => name), next];
        fail('model', `its assignments form a cycle: ${cycle.join(' → ')}`);
      } else if (!state.has(next)) enter(next);
    }
  }
  return order;
}
