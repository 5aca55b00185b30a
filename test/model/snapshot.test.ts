import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  build,
  loadScenario,
  restoreSnapshot,
  SnapshotError,
  saveSnapshot,
  simulate,
  stateHash,
} from '../../src/engine/index.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';

const [TEXT, OTHER] = Object.values(SCENARIOS);
const scenario = loadScenario(TEXT);
const KEY = 'the scenario';
const saved = saveSnapshot(simulate(build(scenario), { untilStep: 10 }), KEY);
/** Where the header begins: after magic, format and header length. */
const HEADER = 14;

/** Restores into one model, which refused bytes must leave as it is. */
const model = build(scenario);
const untouched = stateHash(model);

function refusal(bytes: Uint8Array, key = KEY): string {
  try {
    restoreSnapshot(model, bytes, key);
  } catch (error) {
    expect(error).toBeInstanceOf(SnapshotError);
    expect(stateHash(model)).toBe(untouched);
    expect(model.population.capacity).toBeLessThan(100);
    return (error as SnapshotError).message;
  }
  throw new Error('the snapshot was accepted');
}

/** The same bytes with a digest that fits: damage that no checksum finds. */
function sealed(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 32);
  bytes.set(body);
  bytes.set(sha256(body), body.length);
  return bytes;
}

const body = saved.subarray(0, saved.length - 32);
const headerLength = new DataView(saved.buffer).getUint32(10, true);
const header = JSON.parse(new TextDecoder().decode(saved.subarray(HEADER, HEADER + headerLength)));
const columns = body.subarray(Math.ceil((HEADER + headerLength) / 8) * 8);

/** A snapshot with another header in front of the same columns, its digest right. */
function withHeader(text: string): Uint8Array {
  const encoded = new TextEncoder().encode(text);
  const start = Math.ceil((HEADER + encoded.length) / 8) * 8;
  const bytes = new Uint8Array(start + columns.length);
  bytes.set(saved.subarray(0, 10));
  new DataView(bytes.buffer).setUint32(10, encoded.length, true);
  bytes.set(encoded, HEADER);
  bytes.set(columns, start);
  return sealed(bytes);
}

function withFields(fields: object): Uint8Array {
  return withHeader(JSON.stringify({ ...header, ...fields }));
}

describe('a snapshot', () => {
  it('is restored from an unaligned view of a larger buffer', () => {
    const shifted = new Uint8Array(saved.length + 3);
    shifted.set(saved, 3);
    const fresh = build(scenario);
    restoreSnapshot(fresh, shifted.subarray(3), KEY);
    expect(saveSnapshot(fresh, KEY)).toEqual(saved);
  });

  it('is restored from a Buffer, as files are read', () => {
    const fresh = build(scenario);
    restoreSnapshot(fresh, Buffer.from(saved), KEY);
    expect(saveSnapshot(fresh, KEY)).toEqual(saved);
  });

  it('is accepted with a header of the same content in other words', () => {
    const fresh = build(scenario);
    restoreSnapshot(fresh, withHeader(JSON.stringify(header, null, 1)), KEY);
    expect(saveSnapshot(fresh, KEY)).toEqual(saved);
  });

  it('keeps the count of steps whose balance did not close', () => {
    const breached = build(scenario);
    breached.breaches = 3;
    const fresh = build(scenario);
    restoreSnapshot(fresh, saveSnapshot(breached, KEY), KEY);
    expect(fresh.breaches).toBe(3);
  });

  it('of something else is named so', () => {
    for (const text of [
      '',
      'C',
      'CELLFIELX',
      '{"json": true}',
      'CELLFIEL',
      '\u0000'.repeat(200),
      'CÉLLFIELD…',
    ]) {
      expect(refusal(new TextEncoder().encode(text))).toBe('this is not a Cellfield snapshot');
    }
  });

  it('cut short anywhere is refused', () => {
    for (let length = 0; length < saved.length; length += length < 100 ? 1 : 997) {
      const message = refusal(saved.subarray(0, length));
      if (length >= 9) expect(message).toMatch(/cut short/);
    }
    expect(refusal(saved.subarray(0, saved.length - 1))).toMatch(/damaged or cut short/);
  });

  it('with any bits flipped is refused', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: saved.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, bits) => {
          const bytes = saved.slice();
          bytes[at] ^= bits;
          const message = refusal(bytes);
          expect(message).toMatch(
            at < 9 ? /not a Cellfield/ : at === 9 ? /format/ : /checksum does not match/,
          );
        },
      ),
      { seed: 20260720, numRuns: 200 },
    );
  });

  it('of random bytes behind the magic is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, seal) => {
        const bytes = Uint8Array.from([...saved.subarray(0, 10), ...noise]);
        refusal(seal ? sealed(bytes) : bytes);
      }),
      { seed: 20260721, numRuns: 500 },
    );
  });

  it('of another format, version or scenario says which', () => {
    const format = saved.slice();
    format[9] = 7;
    expect(refusal(format)).toBe('the snapshot has format 7; this version reads format 1');
    expect(refusal(withFields({ engine: '9.9.9' }))).toMatch(
      /was written by version 9\.9\.9; this is version/,
    );
    expect(refusal(saved, 'another')).toBe('the snapshot belongs to another scenario');
    const foreign = saveSnapshot(build(loadScenario(OTHER)), KEY);
    const elsewhere = saveSnapshot(build(loadScenario(TEXT, { set: ['domain.grid=[10, 6]'] })), KEY);
    expect(refusal(elsewhere)).toBe('the snapshot does not have the layout of this scenario');
    // The two colonies differ in schedule and mechanics only: their columns are alike, so the key must tell them apart.
    expect(() => restoreSnapshot(build(scenario), foreign, KEY)).not.toThrow();
    expect(refusal(foreign, 'hash of the first')).toBe('the snapshot belongs to another scenario');
  });
});

describe('a hostile snapshot with a right checksum', () => {
  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"CELLFIELD"'],
    ['deep nesting', '['.repeat(100_000)],
    ['prototype keys', '{"__proto__": {"engine": "0.1.0"}, "constructor": 1}'],
  ])('has a header of %s', (_, text) => {
    expect(refusal(withHeader(text))).toMatch(/header/);
  });

  it('has a header that is not UTF-8', () => {
    const bytes = saved.slice(0, -32);
    bytes.fill(0xff, HEADER, HEADER + 20);
    expect(refusal(sealed(bytes))).toMatch(/header/);
  });

  it.each([0xffffffff, 0x7fffffff, 2 ** 20 + 1, saved.length, 1, 0])(
    'claims a header of %i bytes',
    length => {
      const bytes = saved.slice(0, -32);
      new DataView(bytes.buffer).setUint32(10, length, true);
      expect(refusal(sealed(bytes))).toMatch(/header/);
    },
  );

  it.each([
    ['engine', [1, null, {}]],
    ['scenario', [1, null]],
    ['step', [-1, 0.5, 1e300, '3', null]],
    ['count', [-1, 0.5, 1e300, '3', null, 2 ** 53]],
    ['nextId', [0, -1, 2 ** 32 + 1, null]],
    ['breaches', [-1, 'x']],
    [
      'counts',
      [
        null,
        [],
        {},
        { __proto__: { positiveFields: 1 } },
        { ...header.counts, halvedWindows: -1 },
        { ...header.counts, fieldError: -1 },
      ],
    ],
    ['columns', [null, {}, 'x', 7]],
  ])('has an impossible %s', (name, values) => {
    for (const value of values) expect(refusal(withFields({ [name]: value }))).toMatch(/header/);
    const { [name]: _, ...without } = header;
    expect(refusal(withHeader(JSON.stringify(without)))).toMatch(/header/);
  });

  it.each([0, header.count - 1, header.count + 1, 2 ** 31, 2 ** 40, 2 ** 52])('claims %d cells', count => {
    expect(refusal(withFields({ count }))).toMatch(/layout/);
    // With columns that fit the count, only the size of the file tells.
    const fitting = header.columns.map((column: { name: string; length: number }) =>
      column.name.startsWith('cells.')
        ? { ...column, length: (column.length / header.count) * count }
        : column,
    );
    expect(refusal(withFields({ count, columns: fitting }))).toMatch(/bytes where its layout takes/);
  });

  it('lists other columns', () => {
    const [first, ...rest] = header.columns;
    for (const columns of [
      [],
      rest,
      [...rest, first],
      [...header.columns, first],
      header.columns.map(() => null),
    ]) {
      expect(refusal(withFields({ columns }))).toMatch(/layout/);
    }
    expect(refusal(withFields({ columns: [{ ...first, type: 'f64' }, ...rest] }))).toMatch(/layout/);
    expect(refusal(withFields({ columns: [{ ...first, length: 1e9 }, ...rest] }))).toMatch(/layout/);
    expect(refusal(withFields({ columns: [{ ...first, name: '__proto__' }, ...rest] }))).toMatch(/layout/);
  });

  it('has more bytes than its columns', () => {
    const longer = new Uint8Array(body.length + 8);
    longer.set(body);
    expect(refusal(sealed(longer))).toMatch(/bytes where its layout takes/);
  });

  it.each([
    ['cells.type', Uint16Array.of(2)],
    ['cells.x', Float64Array.of(-1)],
    ['cells.y', Float64Array.of(30.001)],
    ['cells.z', Float64Array.of(Number.NaN)],
    ['cells.x', Float64Array.of(Number.POSITIVE_INFINITY)],
  ])('has a cell with an impossible %s', (name, value) => {
    const bytes = saved.slice(0, -32);
    bytes.set(new Uint8Array(value.buffer), offsetOf(name));
    expect(refusal(sealed(bytes))).toBe(`the snapshot has a cell with an impossible ${name.slice(6)}`);
  });

  it('has a rod without a direction, or of an impossible length', () => {
    const rods = loadScenario(`cellfield: 1
title: A rod
domain: { size: [20 um, 20 um], grid: [1, 1], thickness: 1 um }
time: { end: 10 s, step: 1 s }
cells: { rod: { shape: { rod: { radius: 0.5 um, length: 2 um } } } }
population: [{ type: rod, in: { points: [[10 um, 10 um]] }, axis: [3, 4] }]
`);
    const whole = saveSnapshot(build(rods), KEY);
    const length = new DataView(whole.buffer).getUint32(10, true);
    const { columns: listed } = JSON.parse(new TextDecoder().decode(whole.subarray(HEADER, HEADER + length)));
    restoreSnapshot(build(rods), whole, KEY);
    for (const [name, value] of [
      ['rods.axisX', 0.7],
      ['rods.axisY', Number.NaN],
      ['rods.halfLength', -1],
    ] as const) {
      const bytes = whole.slice(0, -32);
      const at = offsetOf(name, listed, HEADER + length);
      bytes.set(new Uint8Array(Float64Array.of(value).buffer), at);
      expect(() => restoreSnapshot(build(rods), sealed(bytes), KEY)).toThrow(/impossible axis or length/);
    }
  });

  it('has something under way that the circuit of the cell does not know, though another’s does', () => {
    const kinds = loadScenario(`cellfield: 1
title: Two calendars
domain: { size: [1 mm, 1 mm], grid: [1, 1], thickness: 1 um }
time: { end: 10 s, step: 1 s }
cells:
  short:
    shape: { disc: { radius: 0.5 um } }
    species: { A: 0 }
    reactions: { late: { equation: "-> A", rate: 5 /s, delay: 100 s } }
  long:
    shape: { disc: { radius: 0.5 um } }
    species: { A: 0 }
    reactions:
      late: { equation: "-> A", rate: 5 /s, delay: 100 s }
      later: { equation: "-> A", rate: 5 /s, delay: 100 s }
mechanics: none
population: [{ type: short, count: 1 }, { type: long, count: 1 }]
`);
    const whole = saveSnapshot(simulate(build(kinds), { untilStep: 5 }), KEY);
    const length = new DataView(whole.buffer).getUint32(10, true);
    const { columns: listed } = JSON.parse(new TextDecoder().decode(whole.subarray(HEADER, HEADER + length)));
    const counts = offsetOf('calendar.counts', listed, HEADER + length);
    const what = offsetOf('calendar.what', listed, HEADER + length);
    const cells = new Uint32Array(whole.slice(counts, counts + 8).buffer);
    const entries = new Uint16Array(whole.slice(what, what + 2 * (cells[0] + cells[1])).buffer);
    const largest = Math.max(...entries);
    expect(cells[0]).toBeGreaterThan(0);
    expect(Math.max(...entries.subarray(0, cells[0]))).toBeLessThan(largest);
    const changed = (entry: number): Uint8Array => {
      const bytes = whole.slice(0, -32);
      bytes.set(new Uint8Array(Uint16Array.of(largest).buffer), what + 2 * entry);
      return sealed(bytes);
    };
    restoreSnapshot(build(kinds), changed(cells[0]), KEY);
    expect(() => restoreSnapshot(build(kinds), changed(0), KEY)).toThrow(/an impossible what/);
  });

  it('takes the error of a field with a tolerance, which is no whole number', () => {
    const careful = loadScenario(`
cellfield: 1
title: Dye
domain: { size: [8 um, 8 um], grid: [8, 8], thickness: 1 um }
time: { end: 4 s, step: 1 s }
fields:
  dye: { diffusivity: 2 um^2/s, initial: 1 uM * x / (8 um), boundary: { left: { value: 0 uM } }, tolerance: 1e-3 }
`);
    const half = simulate(build(careful), { untilStep: 2 });
    expect(half.profile.counts.fieldError % 1).toBeGreaterThan(0);
    const resumed = build(careful);
    restoreSnapshot(resumed, saveSnapshot(half, KEY), KEY);
    expect(resumed.profile.counts).toEqual(half.profile.counts);
    expect(stateHash(simulate(resumed))).toBe(stateHash(simulate(build(careful))));
  });

  it('does not reach a prototype through the counts', () => {
    const text = JSON.stringify(header).replace('"counts":{', '"counts":{"__proto__":{"polluted":true},');
    const fresh = build(scenario);
    restoreSnapshot(fresh, withHeader(text), KEY);
    expect(Object.getPrototypeOf(fresh.profile.counts)).toBe(Object.prototype);
    expect(saveSnapshot(fresh, KEY)).toEqual(saved);
  });

  it('has any header whatever', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        refusal(withHeader(text));
      }),
      { seed: 20260722, numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(header)), fc.jsonValue(), (name, value) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(header[name]));
        // Any count of steps, ids or breaches is possible: those may be accepted, by a model of their own.
        if (['step', 'nextId', 'breaches'].includes(name)) {
          try {
            restoreSnapshot(build(scenario), withFields({ [name]: value }), KEY);
          } catch (error) {
            expect(error).toBeInstanceOf(SnapshotError);
          }
        } else refusal(withFields({ [name]: value }));
      }),
      { seed: 20260723, numRuns: 300 },
    );
  });
});

type Listed = readonly { readonly name: string; readonly type: string; readonly length: number }[];

function offsetOf(wanted: string, listed: Listed = header.columns, start = HEADER + headerLength): number {
  const sizes: Record<string, number> = { f64: 8, u32: 4, u16: 2 };
  let offset = start;
  for (const { name, type, length } of listed) {
    offset = Math.ceil(offset / 8) * 8;
    if (name === wanted) return offset;
    offset += sizes[type] * length;
  }
  throw new Error(`no column ${wanted}`);
}
