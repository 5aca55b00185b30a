import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatPower,
  formatShare,
  formatValue,
  parseNumber,
} from '../../src/picture/format/number.ts';
import { decimalsOfStep, formatClock, formatDuration, parseClock } from '../../src/picture/format/time.ts';
import {
  concentrationUnit,
  formatConcentration,
  formatLength,
  NANOMOLAR,
} from '../../src/picture/format/units.ts';
import { fileNameOf } from '../../src/renderer/format/fileName.ts';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('numbers', () => {
  it('groups counts by threes with a narrow space', () => {
    expect(plain(formatCount(1284))).toBe('1 284');
    expect(plain(formatCount(1_234_567))).toBe('1 234 567');
    expect(formatCount(999)).toBe('999');
    expect(plain(formatCount(-12_000))).toBe('−12 000');
    expect(formatCount(-0.2)).toBe('0');
  });

  it('writes powers of ten with superscripts and without needless zeros', () => {
    expect(formatPower(3e-15)).toBe('3·10⁻¹⁵');
    expect(formatPower(-9.12e-13)).toBe('−9.1·10⁻¹³');
    expect(formatPower(1e-10)).toBe('10⁻¹⁰');
    expect(formatPower(0)).toBe('0');
    expect(formatPower(Number.NaN)).toBe('not a number');
  });

  it('keeps whole numbers whole below a million and turns to powers beyond', () => {
    expect(plain(formatValue(41_790))).toBe('41 790');
    expect(formatValue(1_234_567)).toBe('1.23·10⁶');
    expect(formatValue(999_999.7)).toBe('10⁶');
    expect(formatValue(0.0004)).toBe('4·10⁻⁴');
    expect(formatValue(-0.674)).toBe('−0.674');
  });

  it('reads back what it wrote, to the digits written', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 999_999, noNaN: true }), fc.boolean(), (size, negative) => {
        const value = negative ? -size : size;
        const back = parseNumber(formatValue(value, 4)) ?? Number.NaN;
        expect(Math.abs(back - value)).toBeLessThanOrEqual(5.1e-4 * size);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('reads numbers as people write them, and nothing else', () => {
    expect(parseNumber('1 284')).toBe(1284);
    expect(parseNumber('0,07')).toBe(0.07);
    expect(parseNumber('−3')).toBe(-3);
    expect(parseNumber('2e-3')).toBe(0.002);
    expect(parseNumber('.5')).toBe(0.5);
    for (const text of ['', 'k_tx', '1/2', '5 nM', '1e999', '--1', '0x10'])
      expect(parseNumber(text)).toBeNull();
  });

  it('does not round a little to nothing', () => {
    expect(plain(formatShare(0.001))).toBe('<1 %');
    expect(plain(formatShare(0))).toBe('0 %');
    expect(plain(formatShare(0.995))).toBe('100 %');
  });
});

describe('times', () => {
  it('shows hours, minutes and seconds, with the decimals of the step', () => {
    expect(formatClock(22_350)).toBe('6:12:30');
    expect(formatClock(2.35, decimalsOfStep(0.05))).toBe('0:00:02.35');
    expect(formatClock(59.9999)).toBe('0:01:00');
    expect(formatClock(360_000)).toBe('100:00:00');
    expect(decimalsOfStep(2)).toBe(0);
    expect(decimalsOfStep(0.1)).toBe(1);
    expect(decimalsOfStep(1 / 3)).toBe(6);
  });

  it('reads times in the ways people write them', () => {
    expect(parseClock('1:30:00')).toBe(5400);
    expect(parseClock('90:00')).toBe(5400);
    expect(parseClock('90 min')).toBe(5400);
    expect(parseClock('1.5h')).toBe(5400);
    expect(parseClock('5400')).toBe(5400);
    expect(parseClock('250 ms')).toBe(0.25);
    for (const text of ['', '1:75', '-5', 'soon', '3 parsecs']) expect(parseClock(text)).toBeNull();
  });

  it('reads back every whole second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e7 }), seconds => {
        expect(parseClock(formatClock(seconds))).toBe(seconds);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('picks the natural unit of a length of time', () => {
    expect(plain(formatDuration(3240))).toBe('54 min');
    expect(plain(formatDuration(5400))).toBe('1.5 h');
    expect(plain(formatDuration(3600))).toBe('1 h');
    expect(plain(formatDuration(0.05))).toBe('50 ms');
    expect(plain(formatDuration(0))).toBe('0 s');
  });
});

describe('quantities', () => {
  it('choose the unit in which a concentration reads well', () => {
    const texts = [1, 5e6, 12.345, 0.02, 0].map(nanomolar =>
      plain(formatConcentration(nanomolar * NANOMOLAR)),
    );
    expect(texts).toEqual(['1 nM', '5 mM', '12.3 nM', '20 pM', '0 nM']);
    expect(concentrationUnit(1000 * NANOMOLAR).name).toBe('µM');
    expect(formatConcentration(Number.NaN)).toBe('not a number');
  });

  it('write lengths in their unit', () => {
    expect([0.5, 20, 2000].map(formatLength).map(plain)).toEqual(['500 nm', '20 µm', '2 mm']);
  });
});

describe('file names', () => {
  it('are made of plain letters', () => {
    expect(fileNameOf('Quorum sensing in a growing microcolony')).toBe(
      'quorum-sensing-in-a-growing-microcolony',
    );
    expect(fileNameOf('../Größe: 5 %')).toBe('gro-e-5');
    expect(fileNameOf('…')).toBe('scenario');
  });
});
