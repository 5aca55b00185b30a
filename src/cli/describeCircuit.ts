import type { CircuitOverview, PlainStructure, ScheduledCause } from '../engine/index.ts';
import { figure } from './format.ts';

/** Width to which the matrix is broken. */
const COLUMNS = 100;

/** A circuit as text: reactions with rates and who regulates them, the stoichiometric matrix, what follows from it. */
export function describeCircuit(
  name: string,
  overview: CircuitOverview,
  facts: readonly string[] = [],
  more: readonly string[] = [],
): string {
  const { structure: s } = overview;
  const lines = [
    `${name}: ${count(s.substances.length, 'substance')}, ${count(s.reactions.length, 'reaction')}`,
    `  rank ${s.rank}, ${s.complexes} complexes, ${s.linkageClasses} linkage ${s.linkageClasses === 1 ? 'class' : 'classes'}, deficiency ${s.deficiency}`,
    ...s.conserved.map(
      ({ name, total }) => `  conserved: ${name}${total === null ? '' : ` = ${figure(total)}`}`,
    ),
    ...s.open.map(({ name }) => `  changed by sources and sinks alone: ${name}`),
    ...s.reversible.map(([a, b]) => `  reversible: ${a} and ${b}`),
    ...s.deadReactions.map(reaction => `  can never happen: ${reaction}`),
    ...s.absentSpecies.map(species => `  can never be present: ${species}`),
    ...facts.map(fact => `  ${fact}`),
    ...section('reactions', reactions(overview)),
    ...section('stoichiometry, a column for each reaction', matrix(s)),
    ...section('regulation', regulation(overview)),
    ...[...s.warnings, ...more].map(warning => `  warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [`  ${title}:`, ...lines.map(line => `    ${line}`)] : [];
}

function reactions({ reactions }: CircuitOverview): string[] {
  const digits = String(reactions.length).length;
  return reactions.map(({ name, equation, rate, continuous, cause }, r) => {
    const number = String(r + 1).padStart(digits);
    const pace = cause ? when(cause, reactions) : `at ${rate}`;
    return `${number} ${name}: ${equation}${continuous ? ' (continuous)' : ''} ${pace}`;
  });
}

function when(cause: ScheduledCause, reactions: CircuitOverview['reactions']): string {
  if (cause.kind === 'delay') return `${cause.time} after ${reactions[cause.begunBy].name}`;
  return `${cause.time === null ? '' : `${cause.time} after `}when ${cause.when}`;
}

function matrix({ substances, stoichiometry }: PlainStructure): string[] {
  if (substances.length === 0 || stoichiometry[0].length === 0) return [];
  const cells = stoichiometry.map(row => row.map(change => (change === 0 ? '.' : String(change))));
  const widths = cells[0].map((_, r) => Math.max(String(r + 1).length, ...cells.map(row => row[r].length)));
  const margin = Math.max(...substances.map(name => name.length));
  const lines: string[] = [];
  for (let from = 0; from < widths.length; ) {
    let to = from;
    for (let width = margin; to < widths.length; to++) {
      width += widths[to] + 2;
      if (width > COLUMNS && to > from) break;
    }
    const line = (head: string, texts: readonly string[]): string =>
      head.padEnd(margin) +
      texts
        .slice(from, to)
        .map((text, i) => text.padStart(widths[from + i] + 2))
        .join('');
    lines.push(
      line(
        '',
        widths.map((_, r) => String(r + 1)),
      ),
    );
    substances.forEach((name, row) => {
      lines.push(line(name, cells[row]));
    });
    from = to;
  }
  return lines;
}

const VERBS = {
  activates: 'activates',
  represses: 'represses',
  mixed: 'activates and represses',
  unknown: 'acts on',
};

function regulation({ species, fields, reactions }: CircuitOverview): string[] {
  return reactions.flatMap(({ name, influences }) =>
    influences.map(({ in: where, index, role, effect }) => {
      const substance = where === 'cell' ? species[index].name : `field.${fields[index] ?? index}`;
      const how = role === 'catalyst' ? ' (as catalyst)' : role === 'reactant' ? ' (which takes it)' : '';
      return `${substance} ${VERBS[effect]} ${name}${how}`;
    }),
  );
}
