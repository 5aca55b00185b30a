import { projectOntoBalance } from '../diagnostics/projection.ts';
import { total } from '../fields/total.ts';
import type { Model } from '../model/model.ts';

/**
 * Takes the residual of every moiety out of the fields by the least change (diagnostics/projection.ts), and books it: as the
 * cause `FIELD correction`, and against the residuals it cancels. Returns whether the balance then closes to `tolerance`.
 */
export function correctBalance(model: Model, tolerance: number): boolean {
  const { balance, ledger, substances, fields, description } = model;
  const { moieties, totals } = balance;
  const first = substances.cellCount;
  const residuals = Float64Array.from(moieties, (_, m) => balance.residual(m));
  const scale = projectOntoBalance(
    moieties.map(({ weights }) => weights.subarray(first, first + fields.length)),
    totals.slice(first, first + fields.length),
    residuals,
  );
  if (scale === null || !scale.every(Number.isFinite)) return false;
  fields.forEach((values, f) => {
    if (scale[f] === 0) return;
    for (let v = 0; v < values.length; v++) values[v] += values[v] * scale[f];
    const after = total(values) * description.grid.voxelVolume;
    const change = after - totals[first + f];
    ledger.pending[ledger.causes.correction + f] += change;
    balance.note('correction', first + f, change);
    totals[first + f] = after;
  });
  balance.settle();
  return balance.worstRelative() <= tolerance;
}
