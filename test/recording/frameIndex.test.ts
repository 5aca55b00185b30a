import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRAME_HEADER,
  type FrameEntry,
  frameRow,
  parseFrames,
} from '../../src/engine/recording/frameIndex.ts';

/** An index as a run writes it: cells and fields on schedules of their own. */
function entries(kinds: readonly ('cells' | 'fields' | 'both')[]): FrameEntry[] {
  let offset = 2080;
  let field = 0;
  return kinds.map((kind, i) => {
    const bytes = kind === 'fields' ? 0 : 100 + i;
    const entry = {
      step: 3 * i,
      time: 0.1 * 3 * i,
      cells: kind === 'fields' ? null : i,
      offset: kind === 'fields' ? 0 : offset,
      bytes,
      field: kind === 'cells' ? null : field++,
    };
    offset += bytes;
    return entry;
  });
}

const kinds = fc.array(fc.constantFrom('cells' as const, 'fields' as const, 'both' as const), {
  maxLength: 20,
});

describe('the index of frames', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(kinds, list => {
        const written = entries(list);
        expect(parseFrames(FRAME_HEADER + written.map(frameRow).join(''))).toEqual(written);
      }),
    );
  });

  it('cut off anywhere gives the frames whose rows are whole', () => {
    fc.assert(
      fc.property(kinds, fc.nat(), (list, cut) => {
        const written = entries(list);
        const text = FRAME_HEADER + written.map(frameRow).join('');
        const end = cut % (text.length + 1);
        const whole = text.slice(0, end).split('\n').length - 2;
        expect(parseFrames(text.slice(0, end))).toEqual(written.slice(0, Math.max(0, whole)));
      }),
    );
  });

  it('ends at the first row that does not follow from those before it', () => {
    const written = entries(['both', 'cells', 'both', 'fields']);
    const rows = written.map(frameRow);
    const with1 = (row: string) => FRAME_HEADER + rows[0] + row + rows.slice(1).join('');
    for (const row of [
      '0,0,1,2180,5,\n',
      'x\n',
      '3,0.3,1,99999,5,\n',
      '3,0.3,,0,0,7\n',
      '3,NaN,,0,0,1\n',
      '3,1e999,,0,0,1\n',
    ]) {
      expect(parseFrames(with1(row))).toEqual(written.slice(0, 1));
    }
    expect(parseFrames('step,time\n')).toEqual([]);
  });
});
