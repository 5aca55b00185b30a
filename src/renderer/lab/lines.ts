import type { MemberResult } from '../../session/lab/contract.ts';
import type { ChartLine } from '../plots/chartLine.ts';
import type { CsvColumn } from '../plots/csv.ts';

/** Sample paths drawn at most, over all species or methods. */
const MOST_PATHS = 16;

/** What the chart over time needs to know of how it is looked at. */
export interface LineChoice {
  /** Species drawn; with several methods only the first. */
  readonly species: readonly string[];
  readonly paths: boolean;
  readonly band: boolean;
  /** Colour by species, or by method where there are several. */
  readonly colour: (index: number, opacity?: number) => string;
  /** Number of a species, for its colour. */
  readonly indexOf: (species: string) => number;
}

/** One column [time] of a result; empty where the method does not have the species. */
export function columnOf(member: MemberResult, values: Float64Array, species: string): Float64Array {
  const s = member.species.indexOf(species);
  const width = member.species.length;
  if (s < 0 || member.done === 0) return new Float64Array(0);
  return Float64Array.from({ length: values.length / width }, (_, t) => values[t * width + s]);
}

/** Lines of mean ± standard deviation over the sample paths, which come first so that the means lie above. */
export function labLines(members: readonly MemberResult[], choice: LineChoice): ChartLine[] {
  const begun = members.filter(member => member.done > 0);
  const several = members.length > 1;
  const drawn = several
    ? begun.map(member => ({
        member,
        species: choice.species[0] ?? '',
        label: member.method,
        colour: members.indexOf(member),
      }))
    : begun.flatMap(member =>
        choice.species.map(species => ({
          member,
          species,
          label: species,
          colour: choice.indexOf(species),
        })),
      );
  const known = drawn.filter(({ member, species }) => member.species.includes(species));
  // Enough to see how single copies go, few enough to tell the lines apart.
  const each = Math.min(12, Math.max(2, Math.floor(MOST_PATHS / Math.max(1, known.length))));
  const paths = choice.paths ? known.flatMap(one => pathLines(one, choice, each)) : [];
  const means = known.map(({ member, species, label, colour }): ChartLine => {
    const values = columnOf(member, member.mean, species);
    const sd = columnOf(member, member.sd, species);
    const line = { label, colour: choice.colour(colour), values };
    if (!choice.band) return line;
    return {
      ...line,
      low: values.map((value, t) => value - sd[t]),
      high: values.map((value, t) => value + sd[t]),
      wash: choice.colour(colour, several ? 0.12 : 0.18),
    };
  });
  return [...paths, ...means];
}

function pathLines(
  { member, species, colour }: { member: MemberResult; species: string; colour: number },
  choice: LineChoice,
  most: number,
): ChartLine[] {
  const size = member.mean.length;
  const count = Math.min(most, Math.floor(member.paths.length / size));
  return Array.from({ length: count }, (_, copy) => ({
    label: `${species} ${copy + 1}`,
    quiet: true,
    colour: choice.colour(colour, 0.3),
    values: columnOf(member, member.paths.subarray(copy * size, (copy + 1) * size), species),
  }));
}

/** Mean and standard deviation of every species by every method, as columns of a table. */
export function labColumns(
  times: readonly number[],
  members: readonly MemberResult[],
  species: readonly string[],
): CsvColumn[] {
  const several = members.length > 1;
  const columns = members.flatMap(member =>
    species
      .filter(name => member.species.includes(name))
      .flatMap(name => {
        const prefix = several ? `${member.method}: ${name}` : name;
        return [
          { name: `${prefix}-mean`, values: columnOf(member, member.mean, name) },
          { name: `${prefix}-sd`, values: columnOf(member, member.sd, name) },
        ];
      }),
  );
  return [{ name: 'time', values: times }, ...columns];
}
