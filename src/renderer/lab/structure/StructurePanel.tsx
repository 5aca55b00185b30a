import type { CircuitOverview } from '../../../engine/circuits/overview.ts';
import { formatValue } from '../../../picture/format/number.ts';
import { Icon } from '../../controls/Icon.tsx';
import { influenceWords } from '../words.ts';
import { StoichiometricMatrix } from './StoichiometricMatrix.tsx';
import './structure.css';

/** What it says needs mass action (Feinberg 1987, doi:10.1016/0009-2509(87)80099-4). */
const DEFICIENCY =
  'Complexes − linkage classes − rank. If 0, with mass action, and every reaction with a way back: one steady state, which is stable.';

interface StructurePanelProps {
  readonly overview: CircuitOverview;
  /** Warnings from elsewhere, such as of a model that was read. */
  readonly warnings?: readonly string[];
}

/** What is known of a circuit before any simulation: what is kept, what can never happen, the matrix, what looks wrong. */
export function StructurePanel({ overview, warnings = [] }: StructurePanelProps) {
  const { structure, reactions } = overview;
  const { conserved, open, reversible, deadReactions, absentSpecies } = structure;
  // One substance that nothing is converted into or from says nothing.
  const converted = open.filter(({ weights }) => weights.filter(weight => weight !== 0).length > 1);
  const suspicions = [...structure.warnings, ...warnings];
  const regulated = reactions.filter(({ influences }) => influences.length > 0);
  return (
    <div className="structure">
      {suspicions.length > 0 && (
        <ul className="structure-warnings" aria-label="Warnings">
          {suspicions.map(warning => (
            <li key={warning}>
              <Icon name="warning" size={14} />
              <span>{warning}</span>
            </li>
          ))}
        </ul>
      )}
      <dl className="structure-figures">
        <Figure name="Substances" value={structure.substances.length} />
        <Figure name="Reactions" value={structure.reactions.length} />
        <Figure
          name="Rank"
          value={structure.rank}
          title="Independent directions in which the reactions move the amounts"
        />
        <Figure name="Complexes" value={structure.complexes} title="Distinct sides of reactions" />
        <Figure
          name="Linkage classes"
          value={structure.linkageClasses}
          title="Connected parts of the graph of complexes"
        />
        <Figure name="Deficiency" value={structure.deficiency} title={DEFICIENCY} />
      </dl>

      <h3>Kept by every reaction</h3>
      {conserved.length === 0 && <p className="structure-note">Nothing: every sum of amounts can change.</p>}
      <ul>
        {conserved.map(({ name, total }) => (
          <li key={name}>
            <span className="mono">{name}</span>
            <span className="muted">
              {total === null ? ' stays what it is, cell and field together' : ` stays ${formatValue(total)}`}
            </span>
          </li>
        ))}
      </ul>
      {converted.length > 0 && (
        <>
          <h3>Changed by sources and sinks alone</h3>
          <ul>
            {converted.map(({ name }) => (
              <li key={name} className="mono">
                {name}
              </li>
            ))}
          </ul>
        </>
      )}
      {reversible.length > 0 && (
        <>
          <h3>Reversible</h3>
          <ul>
            {reversible.map(([forward, backward]) => (
              <li key={forward}>
                {forward} ⇌ {backward}
              </li>
            ))}
          </ul>
        </>
      )}
      {deadReactions.length + absentSpecies.length > 0 && (
        <>
          <h3>Never, from these initial amounts</h3>
          <ul>
            {deadReactions.map(name => (
              <li key={`r ${name}`}>{name} can never happen</li>
            ))}
            {absentSpecies.map(name => (
              <li key={`s ${name}`}>{name} can never be present</li>
            ))}
          </ul>
        </>
      )}
      {regulated.length > 0 && (
        <>
          <h3>Regulation</h3>
          <ul>
            {regulated.map(({ name, influences }) => (
              <li key={name}>
                <span className="muted">{name}: </span>
                {influences.map(influence => influenceWords(overview, influence)).join('; ')}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>Stoichiometric matrix</h3>
      <StoichiometricMatrix overview={overview} />
    </div>
  );
}

function Figure({
  name,
  value,
  title,
}: {
  readonly name: string;
  readonly value: number;
  readonly title?: string;
}) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
