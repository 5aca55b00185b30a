import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { edited } from './base.ts';

const warned = (text: string) =>
  loadScenario(text, { files: path => readFileSync(`scenarios/${path}`, 'utf8') }).warnings.map(
    ({ line, path, message }) => `${line} ${path} ${message}`,
  );

const shipped = readdirSync('scenarios').filter(name => name.endsWith('.yaml'));

describe('a step too long for the field solver', () => {
  it('is warned of with the number, its limit and a step that will do', () => {
    const text = edited('time: { end: 10 min, step: 1 s, record: 10 s }', 'time: { end: 10 h, step: 60 s }');
    expect(warned(text)).toEqual([
      '9 fields.food.diffusivity is high for the step: D step / h² = 1400 exceeds 920, so every step of this ' +
        'field is cut into 2 parts; a step of at most 38 s avoids that',
    ]);
    expect(warned(text.replace('step: 60 s', 'step: 37.5 s'))).toEqual([]);
  });

  it('is one 27 times shorter in 3-D', () => {
    const deep = (step: string) =>
      `cellfield: 1
title: Cube
domain: { size: [100 um, 100 um, 100 um], grid: [20, 20, 20] }
time: { end: 1 h, step: ${step} }
fields: { food: { diffusivity: 600 um^2/s, initial: 5 mM } }
`;
    const message = warned(deep('2 s'));
    expect(message).toHaveLength(1);
    expect(message[0]).toContain('D step / h² = 48 exceeds 33');
    expect(message[0]).toContain('a step of at most 1.3 s');
    expect(warned(deep('1.25 s'))).toEqual([]);
  });

  it.each(shipped)('is not in %s', name => {
    const text = readFileSync(`scenarios/${name}`, 'utf8');
    expect(warned(text).filter(line => line.includes('high for the step'))).toEqual([]);
  });
});
