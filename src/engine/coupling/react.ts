import { total } from '../fields/total.ts';
import { RunFailure } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import type { Reactor, ReactorFault } from '../reactions/reactor.ts';

/**
 * Lets the fields react with one another for `duration` s from `time` on, and books it: the extent of every reaction as its
 * cause, what the totals changed by beyond that as residual of the operator `reactions`. @throws RunFailure
 */
export function react(model: Model, reactor: Reactor, time: number, duration: number): void {
  const { fields, work, profile, ledger, balance, substances, description } = model;
  const { voxelVolume } = description.grid;
  profile.enter('fields');
  const fault = reactor.advance(fields, work.next, time, duration);
  if (fault) throw failure(model, reactor, fault);
  profile.enter('diagnostics');
  const { named } = work;
  named.fill(0);
  reactor.extents.forEach((sum, r) => {
    const cause = ledger.causes.fieldReaction + r;
    const extent = sum * voxelVolume;
    ledger.pending[cause] += extent;
    for (const { substance, amount } of ledger.causes.all[cause].changes) {
      named[substance] += amount * extent;
    }
  });
  for (const f of reactor.changed) {
    const current = fields[f];
    fields[f] = work.next[f];
    work.next[f] = current;
    const substance = substances.cellCount + f;
    const after = total(fields[f]) * voxelVolume;
    balance.note('reactions', substance, after - balance.totals[substance] - named[substance]);
    balance.totals[substance] = after;
    work.totals[substance] = after;
  }
  named.fill(0);
  balance.commit();
}

function failure({ description, step }: Model, reactor: Reactor, { voxel, fault, field }: ReactorFault) {
  const { grid, fields, reactions = [] } = description;
  const [nx, ny] = grid.cells;
  const at = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
  const where = `in voxel (${at.slice(0, grid.dimensions).join(', ')})`;
  const when = `at ${Number(fault.time.toPrecision(9))} s`;
  switch (fault.kind) {
    case 'rate': {
      const { name } = reactions[fault.reaction];
      return new RunFailure(
        'rate',
        `reaction ${name}: its rate is ${fault.value} ${where} ${when}`,
        fault.time,
        step,
      );
    }
    case 'negative': {
      const takers = reactions.filter((_, r) => reactor.takes(r, field)).map(({ name }) => name);
      const what = `would leave ${fields[field].name} negative ${where} ${when}`;
      return new RunFailure(
        'rate',
        `${takers.length > 1 ? 'the reactions' : 'reaction'} ${takers.join(', ')} ${what}: a rate that takes a field must vanish with it`,
        fault.time,
        step,
      );
    }
    case 'steps': {
      const names = reactions.map(({ name }) => name).join(', ');
      return new RunFailure(
        'convergence',
        `the field reactions (${names}) cannot be followed ${where} ${when}: they need more than 100,000 steps, or ever shorter ones`,
        fault.time,
        step,
      );
    }
  }
}
