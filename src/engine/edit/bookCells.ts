import { auditCells } from '../coupling/audit.ts';
import { speciesCount } from '../diagnostics/totals.ts';
import type { Model } from '../model/model.ts';

/**
 * Books what was added to the cells (+1) or taken from them (−1) by the cause whose first substance is `cause`: `contents` holds
 * [type * stride + species] (molecules; fg for biomass). The difference to what the totals really changed by goes to the
 * operator `edits`.
 */
export function bookCells(
  model: Model,
  contents: Float64Array,
  sign: 1 | -1,
  cause = model.ledger.causes.edit,
): void {
  const { substances, ledger, balance, work, population, description } = model;
  work.totals.set(balance.totals);
  work.named.fill(0);
  for (let t = 0; t < description.cellTypes.length; t++) {
    for (let s = 0; s < speciesCount(substances, t); s++) {
      const amount = sign * contents[t * population.stride + s];
      const substance = substances.typeOffset[t] + s;
      ledger.pending[cause + substance] += amount;
      work.named[substance] = amount;
    }
  }
  auditCells(model, 'edits', work.named);
  balance.totals.set(work.totals);
}
