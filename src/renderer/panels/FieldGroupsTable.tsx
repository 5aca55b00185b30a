import type { FieldGroups } from '../../engine/scales/fieldGroups.ts';
import { formatShare, formatValue } from '../../picture/format/number.ts';

interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly read: (groups: FieldGroups) => number | null;
  readonly format?: (value: number) => string;
}

const ROWS: readonly Row[] = [
  { name: 'Thiele', meaning: 'uptake over diffusion in the colony: R √(κ/D)', read: g => g.thiele },
  { name: 'Damköhler I', meaning: 'uptake over flow: κ R/u', read: g => g.damkohler1 },
  { name: 'Damköhler II', meaning: 'uptake over diffusion: κ R²/D', read: g => g.damkohler2 },
  { name: 'Péclet', meaning: 'flow over diffusion: u R/D', read: g => g.peclet },
  { name: 'Biot', meaning: 'transfer at the faces over diffusion in the domain', read: g => g.biot },
  {
    name: 'Coupling share',
    meaning: 'share of what the field loses that cells take',
    read: g => g.couplingStrength,
    format: formatShare,
  },
];

/** Dimensionless groups, a column per field; groups that no field has are left out. */
export function FieldGroupsTable({ fields }: { readonly fields: readonly FieldGroups[] }) {
  const rows = ROWS.filter(({ read }) => fields.some(groups => read(groups) !== null));
  if (rows.length === 0) return <p className="muted small">No field has any here.</p>;
  return (
    <div className="scroll-x">
      <table className="means">
        <thead>
          <tr>
            <th scope="col">Group</th>
            {fields.map(({ field }) => (
              <th scope="col" key={field}>
                {field}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, meaning, read, format = formatValue }) => (
            <tr key={name} title={meaning}>
              <th scope="row">{name}</th>
              {fields.map(groups => {
                const value = read(groups);
                return (
                  <td key={groups.field} className="num">
                    {value === null ? '–' : format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
