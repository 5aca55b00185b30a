import { reads } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { type Circuit, isUptake, netChange, type Reaction } from './circuit.ts';
import { mayBeInvalid } from './propensity.ts';

/** One continuous channel that is integrated with the cell. */
export interface ContinuousChannel {
  readonly reaction: number;
  readonly rate: Expression;
  readonly change: readonly (readonly [index: number, change: number])[];
  /** Molecules given to fields per unit of extent; empty for an uptake channel, whose transfers the field decides. */
  readonly given: readonly (readonly [field: number, amount: number])[];
  /** Position in the circuit's list of uptake channels, −1 for any other. */
  readonly uptake: number;
  /** Whether each evaluation must be tested for being negative or not finite. */
  readonly checked: boolean;
}

export interface ContinuousNetwork {
  readonly channels: readonly ContinuousChannel[];
  /** Species that some channel changes, ascending. */
  readonly changed: readonly number[];
  /** changers[i]: [channel, coefficient] of every channel that changes species changed[i]. */
  readonly changers: readonly (readonly (readonly [channel: number, coefficient: number])[])[];
  /** Channels that change no species of the cell: their error is controlled by their own extent. */
  readonly detached: readonly number[];
}

/** The continuous channels of a circuit, with or without its uptakes; null where there are none. */
export function continuousNetwork(circuit: Circuit, includeUptake: boolean): ContinuousNetwork | null {
  const uptakes = circuit.reactions.flatMap((reaction, index) => (isUptake(reaction) ? [index] : []));
  const channels = circuit.reactions.flatMap((reaction, index): ContinuousChannel[] => {
    const uptake = uptakes.indexOf(index);
    if (!reaction.continuous || (uptake >= 0 && !includeUptake)) return [];
    return [
      {
        reaction: index,
        rate: reaction.rate,
        change: netChange(reaction, 'cell'),
        given: uptake >= 0 ? [] : netChange(reaction, 'field'),
        uptake,
        checked: mayBeInvalid(circuit, reaction.rate),
      },
    ];
  });
  if (channels.length === 0) return null;
  const changed = [...new Set(channels.flatMap(channel => channel.change.map(([species]) => species)))].sort(
    (a, b) => a - b,
  );
  const changers = changed.map(species =>
    channels.flatMap((channel, index) =>
      channel.change.filter(([s]) => s === species).map(([, n]): [number, number] => [index, n]),
    ),
  );
  const detached = channels.flatMap((channel, index) => (channel.change.length === 0 ? [index] : []));
  return { channels, changed, changers, detached };
}

/** The fields that continuous channels take from, give to or read. */
export function fieldsOfContinuous({ reactions }: Circuit): Set<number> {
  const flowing = reactions.filter(({ continuous }) => continuous);
  return new Set(flowing.flatMap(reaction => fieldsMet(reaction)));
}

/** The fields that a reaction takes from, gives to or reads. */
export function fieldsMet(reaction: Reaction): number[] {
  return [
    ...netChange(reaction, 'field').map(([field]) => field),
    ...[...reads(reaction.rate).values()].flatMap(v => (v.of === 'field' ? [v.index] : [])),
  ];
}
