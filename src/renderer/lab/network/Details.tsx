import type { CircuitOverview } from '../../../engine/circuits/overview.ts';
import { formatValue } from '../../../picture/format/number.ts';
import { EFFECT_WORDS, influenceWords, substanceName } from '../words.ts';
import type { NetworkNode } from './graph.ts';

interface DetailsProps {
  readonly overview: CircuitOverview;
  readonly node: NetworkNode;
  readonly amount: number | null;
}

/** What is known of the node under the pointer or the focus. */
export function Details({ overview, node, amount }: DetailsProps) {
  if (node.kind === 'reaction') {
    const { name, equation, rate, continuous, dead, influences, cause } = overview.reactions[node.index];
    return (
      <>
        <h4>{name}</h4>
        <p className="mono">{equation}</p>
        {cause === null ? (
          <p className="mono muted">rate {rate}</p>
        ) : cause.kind === 'delay' ? (
          <p className="muted">
            {cause.time} after {overview.reactions[cause.begunBy].name}
          </p>
        ) : (
          <p className="muted">
            Event: {cause.time !== null && `${cause.time} after `}when {cause.when}
          </p>
        )}
        {influences.map(influence => (
          <p key={`${influence.in}${influence.index}`}>{influenceWords(overview, influence)}</p>
        ))}
        {continuous && <p className="muted">Flows continuously</p>}
        {dead && <p className="warn">Can never happen from the initial amounts</p>}
      </>
    );
  }
  const where = node.kind === 'species' ? 'cell' : 'field';
  const { reactions, structure, species } = overview;
  const acted = reactions.flatMap(({ name, influences }) =>
    influences
      .filter(influence => influence.in === where && influence.index === node.index)
      .map(({ effect }) => `${EFFECT_WORDS[effect]} ${name}`),
  );
  const row = structure.substances.indexOf(substanceName(overview, where, node.index));
  const sums = structure.conserved.filter(({ weights }) => row >= 0 && weights[row] !== 0);
  return (
    <>
      <h4>{node.name}</h4>
      {where === 'cell' ? (
        <p className="muted">
          {formatValue(species[node.index].initial)} at start
          {amount !== null && `, now ${formatValue(amount)} on average`}
          {species[node.index].continuous ? ', real-valued' : ', whole molecules'}
          {species[node.index].hidden && ', firings under way'}
        </p>
      ) : (
        <p className="muted">A field, outside of the cell</p>
      )}
      {acted.length > 0 && <p>{acted.join(', ')}</p>}
      {sums.map(({ name, total }) => (
        <p key={name} className="muted">
          Kept: {name}
          {total === null ? '' : ` = ${formatValue(total)}`}
        </p>
      ))}
      {where === 'cell' && structure.absentSpecies.includes(node.name) && (
        <p className="warn">Can never be present</p>
      )}
    </>
  );
}
