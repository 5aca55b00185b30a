import { CELL_MAP } from '../../picture/colour/maps.ts';
import { formatValue } from '../../picture/format/number.ts';
import type { ScenarioInfo } from '../../session/contract.ts';
import { colouringKey } from '../app/colourings.ts';
import { IconButton } from '../controls/Button.tsx';
import { Select, Switch } from '../controls/Fields.tsx';
import { Section } from '../controls/Section.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { loadCellType } from '../lab/load.ts';
import { kindColour } from '../plots/palette.ts';
import type { CellColouring, ColourMap } from '../stage/view.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

const PLAIN: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'type', label: 'Type' },
  { value: 'lineage', label: 'Lineage' },
  { value: 'age', label: 'Age' },
  { value: 'growth', label: 'Growth rate' },
  { value: 'phase', label: 'Phase of the cycle' },
];
const MAPS: readonly { readonly value: ColourMap; readonly label: string }[] = [
  { value: 'viridis', label: 'Viridis' },
  { value: 'magma', label: 'Magma' },
  { value: 'cividis', label: 'Cividis' },
  { value: 'diverging', label: 'Diverging' },
];

/** How cells are coloured, and what goes with them. */
export function CellsSection() {
  const { session, view, readings } = useWorkbench();
  const scenario = useStore(session, state => state.scenario);
  const cells = useStore(view, state => state.cells);
  const { trails, legend, scaleBar, timeStamp } = useStore(
    view,
    ({ trails, legend, scaleBar, timeStamp }) => ({
      trails,
      legend,
      scaleBar,
      timeStamp,
    }),
  );
  const range = useStore(readings, state => state.cells);
  if (!scenario) return null;
  const options = colouringOptions(scenario);
  const key = colouringKey(cells);
  const name = options.find(option => option.value === key)?.label ?? '';
  return (
    <Section
      name="cells"
      title="Cells"
      aside={
        scenario.cellTypes.length > 0 ? `by ${cells.by === 'species' ? name : name.toLowerCase()}` : 'none'
      }
    >
      {scenario.cellTypes.length > 0 && (
        <>
          <div className="labelled">
            <span>Colour by</span>
            <Select
              label="Colour cells by"
              value={key}
              options={options}
              onChange={value => view.set({ cells: colouringOf(value, cells) })}
            />
          </div>
          <TypeLegend scenario={scenario} coloured={cells.by === 'type'} />
          {cells.by === 'species' && (
            <>
              <div className="row">
                <Select
                  label="Colour map of cells"
                  value={cells.map}
                  options={MAPS}
                  onChange={map => view.set({ cells: { ...cells, map } })}
                />
                <Segmented
                  label="Measure"
                  value={cells.as}
                  onChange={as => view.set({ cells: { ...cells, as } })}
                  options={[
                    { value: 'amount', label: 'Amount' },
                    { value: 'concentration', label: 'Per volume' },
                  ]}
                />
              </div>
              <div className="row spread">
                <span className="muted">Range</span>
                <span className="num">
                  {range ? `${formatValue(range[0])} – ${formatValue(range[1])}` : 'automatic'}{' '}
                  <span className="muted">{unitOf(cells)}</span>
                </span>
                <button
                  type="button"
                  className="link"
                  onClick={() =>
                    view.set({ cells: { ...cells, range: cells.range === 'auto' && range ? range : 'auto' } })
                  }
                >
                  {cells.range === 'auto' ? 'hold' : 'auto'}
                </button>
              </div>
            </>
          )}
          <Switch label="Trails" checked={trails} onChange={checked => view.set({ trails: checked })} />
        </>
      )}
      <Switch label="Legend" checked={legend} onChange={checked => view.set({ legend: checked })} />
      <Switch label="Scale bar" checked={scaleBar} onChange={checked => view.set({ scaleBar: checked })} />
      <Switch label="Time" checked={timeStamp} onChange={checked => view.set({ timeStamp: checked })} />
    </Section>
  );
}

/** The cell types, with their colours where cells have these, and the way to the lab. */
function TypeLegend({ scenario, coloured }: { readonly scenario: ScenarioInfo; readonly coloured: boolean }) {
  const workbench = useWorkbench();
  return (
    <ul className="type-legend">
      {scenario.cellTypes.map(({ name }, t) => (
        <li key={name} className="row">
          {coloured && <span className="swatch" style={{ background: kindColour(t) }} />}
          <span className="grow ellipsis">{name}</span>
          <IconButton
            icon="lab"
            tiny
            label={`Open ${name} in the circuit lab`}
            onClick={() => loadCellType(workbench, name)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Species 0 is biomass in fg; all others are counted in molecules. */
function unitOf(cells: Extract<CellColouring, { by: 'species' }>): string {
  const amount = cells.species === 0 ? 'fg' : 'molecules';
  return cells.as === 'amount' ? amount : `${amount}/µm³`;
}

function colouringOptions(scenario: ScenarioInfo): { value: string; label: string }[] {
  const several = scenario.cellTypes.length > 1;
  const species = scenario.cellTypes.flatMap((type, t) =>
    type.species.map(({ name }, s) => ({
      value: `species ${t} ${s}`,
      label: several ? `${name} of ${type.name}` : name,
    })),
  );
  return [...PLAIN.slice(0, 1), ...species, ...PLAIN.slice(1)];
}

function colouringOf(value: string, before: CellColouring): CellColouring {
  const [by, type, species] = value.split(' ');
  if (by === 'lineage' || by === 'age' || by === 'growth' || by === 'phase') return { by };
  if (by !== 'species') return { by: 'type' };
  const map = before.by === 'species' ? before.map : CELL_MAP;
  const as = before.by === 'species' ? before.as : 'amount';
  return { by, type: Number(type), species: Number(species), as, map, range: 'auto' };
}
