import type { LocalGroups, Spread } from '../../engine/scales/local.ts';
import { formatValue } from '../../picture/format/number.ts';

/** What is spread over the voxels, in words. */
const ROWS: readonly (readonly [string, string, (groups: LocalGroups) => Spread | null])[] = [
  [
    'Thiele of a voxel',
    'uptake over diffusion across a voxel, h √(κ/D): above 1 the grid is too coarse for the gradient',
    g => g.voxelThiele,
  ],
  ['Thiele', 'uptake there over diffusion in the colony, R √(κ/D)', g => g.thiele],
  ['Damköhler I', 'uptake there over the flow there, κ R/u', g => g.damkohler1],
  [
    'Depletion',
    'how far cells have emptied the voxel: 1 − c over the largest concentration',
    g => g.depletion,
  ],
];

/** How the dimensionless groups are spread over the voxels in which cells take from a field. */
export function LocalGroupsTable({ local }: { readonly local: readonly LocalGroups[] }) {
  if (local.length === 0) return null;
  return (
    <>
      <h3 className="muted">Voxel by voxel, where cells take</h3>
      {local.map(groups => (
        <div className="scroll-x" key={groups.field}>
          <table className="means">
            <thead>
              <tr>
                <th scope="col">{groups.field}</th>
                {['least', 'median', '90\u202f%', 'most'].map(name => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {ROWS.map(([name, meaning, read]) => {
                const spread = read(groups);
                if (spread === null) return null;
                const { least, median, high, most, at } = spread;
                const place = `largest at ${at.map(x => formatValue(x)).join(', ')}\u202fµm`;
                return (
                  <tr key={name} title={`${meaning}; ${place}`}>
                    <th scope="row">{name}</th>
                    {Object.entries({ least, median, high, most }).map(([column, value]) => (
                      <td key={column} className="num">
                        {formatValue(value, 2)}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ))}
    </>
  );
}
