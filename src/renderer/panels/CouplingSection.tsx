import type { CouplingChoice } from '../../engine/description/description.ts';
import { formatCount, formatPower, formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';
import type { Status } from '../../session/contract.ts';
import { Section } from '../controls/Section.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

/** How this run is computed, and what its steps had to decide. */
export function CouplingSection() {
  const { session } = useWorkbench();
  const scenario = useStore(session, state => state.scenario);
  const counts = useStore(session, state => state.status?.counts ?? null);
  const iteration = useStore(session, state => state.status?.iteration ?? null);
  if (!scenario) return null;
  const { grid, coupling, mechanics } = scenario;
  const isMonolithic = coupling.schedule === 'monolithic';
  const size = grid.size.slice(0, grid.dimensions).map(side => formatValue(side));
  const cells = grid.cells.slice(0, grid.dimensions).map(formatCount);
  const facts: (readonly [string, string])[] = [
    ...describeSchedule(coupling),
    ...(coupling.chosen ? ([['Chosen because', coupling.chosen]] as const) : []),
    ['Kernel', coupling.kernel],
    ['Step', `${formatDuration(scenario.step)}, ${formatCount(scenario.steps)} steps`],
    ...(scenario.ownSteps.length > 0
      ? ([
          ['Own steps', scenario.ownSteps.map(own => `${own.of} ${formatDuration(own.step)}`).join(', ')],
        ] as const)
      : []),
    ['Domain', `${size.join(' × ')}\u202fµm`],
    ['Grid', `${cells.join(' × ')} voxels`],
    ['Contacts', mechanics ? `${mechanics.repulsion}, ${formatValue(mechanics.rate)}\u202f/s` : 'none'],
    ['Seed', scenario.seed],
    ['Balance within', formatPower(scenario.balanceTolerance)],
  ];
  const decisions: (readonly [string, number])[] = counts
    ? [
        ['Positive field steps', counts.positiveFields],
        ['First-order windows', counts.firstOrderWindows],
        ['Iterated windows', counts.iteratedWindows],
        [isMonolithic ? 'Newton iterations' : 'Passes over them', counts.iterations],
        ['Halved windows', counts.halvedWindows],
        ['Guarded windows', counts.guardedWindows],
        ['Field substeps', counts.fieldSubsteps],
        ['Contact substeps', counts.mechanicsSubsteps],
      ]
    : [];
  return (
    <Section name="coupling" title="How it is computed" aside={coupling.schedule}>
      {scenario.description && <p className="muted small">{scenario.description}</p>}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {(iteration ? describeIteration(iteration, isMonolithic ? 'iteration' : 'pass') : []).map(
          ([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ),
        )}
        {decisions
          .filter(([, count]) => count > 0)
          .map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{formatCount(count)}</dd>
            </div>
          ))}
      </dl>
      {scenario.warnings.length > 0 && (
        <ul className="warnings small">
          {scenario.warnings.map(({ path, message }) => (
            <li key={path + message}>
              {path}: {message}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function describeSchedule(coupling: CouplingChoice): readonly (readonly [string, string])[] {
  if (coupling.schedule === 'weak') return [['Schedule', `weak, ${coupling.splitting} splitting`]];
  if (coupling.schedule === 'joint') return [['Schedule', 'joint: each voxel with its cells']];
  if (coupling.schedule === 'monolithic')
    return [
      ['Schedule', 'monolithic: cells and fields as one implicit system'],
      ['Residual within', formatPower(coupling.tolerance)],
    ];
  return [
    ['Schedule', 'strong'],
    [
      'Cells see',
      coupling.sees === 'linear' ? 'a line from start to end of a step' : `the ${coupling.sees} of a step`,
    ],
    ['Acceleration', coupling.acceleration],
    ['Agree within', formatPower(coupling.tolerance)],
  ];
}

function describeIteration(
  { passes, contraction }: Status['iteration'],
  word: 'pass' | 'iteration',
): readonly (readonly [string, string])[] {
  if (passes === 0) return [];
  const many = word === 'pass' ? 'passes' : 'iterations';
  const count = `${formatCount(passes)} ${passes === 1 ? word : many}`;
  if (contraction === 0) return [['Last step', count]];
  return [
    ['Last step', count],
    [`Error after ${word === 'pass' ? 'a pass' : 'an iteration'}`, `× ${formatValue(contraction)} at worst`],
  ];
}
