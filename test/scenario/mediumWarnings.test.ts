import { describe, expect, it } from 'vitest';
import { build, simulate } from '../../src/engine/index.ts';
import { solversOf } from '../../src/engine/run/summary.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { BASE, edited } from './base.ts';

const GRID = 'domain: { size: [100 um, 50 um], grid: [20, 10], thickness: 1 um';
const AHL = 'decay: 0.01 /s, initial: 0 nM';
const warningsOf = (text: string) =>
  loadScenario(text)
    .warnings.map(({ path, message }) => `${path}: ${message}`)
    .join('\n');
const inFlow = (flow: string, more = '', boundary = '') =>
  edited(GRID, `${GRID}, flow: ${flow}${more}`)
    .replaceAll('top: { value: 5 mM }', 'all: outflow')
    .replace(AHL, `${AHL}${boundary}`);
const BOX = ', obstacles: [{ box: { from: [10 um, 10 um], to: [20 um, 20 um] } }]';

describe('what a medium does to fields unasked', () => {
  it('a face closed to a field, through which the flow runs, is named', () => {
    expect(warningsOf(inFlow('{ x: 1 um/s }'))).toMatch(
      /fields\.AHL: the flow crosses `left` and `right`, where this field is closed/,
    );
    expect(warningsOf(inFlow('{ x: 1 um/s }', '', ', boundary: { x: outflow }'))).not.toMatch(/flow/);
  });

  it('a flow that makes or loses water is named, also where an obstacle stops it', () => {
    const open = ', boundary: { all: outflow }';
    expect(warningsOf(inFlow('{ x: 1 um/s * sin(x / (25 um)) }', '', open))).toMatch(
      /domain\.flow: the flow (makes|loses) water/,
    );
    expect(warningsOf(inFlow('{ x: 1 um/s }', BOX, open))).toMatch(
      /domain\.flow: the flow loses water: in voxel \(1, 2\)/,
    );
    expect(warningsOf(inFlow('{ x: 1 um/s, project: true }', BOX, open))).not.toMatch(/flow/);
  });

  it('a flow is not followed through a million voxels in a step, but solved for', () => {
    const fast = inFlow('{ x: 10 m/s }', '', ', boundary: { all: outflow }');
    expect(() => loadScenario(fast)).not.toThrow();
    expect(() =>
      loadScenario(fast.replace('{ x: 10 m/s }', '{ x: 10 m/s, factor: 1 + sin(time / (1 s)) / 2 }')),
    ).toThrow(/domain\.flow: crosses 2,000,000 voxels in a step/);
  });

  it('a flow from a file must go round obstacles', () => {
    const faces = JSON.stringify({ unit: 'um/s', faces: { x: Array(210).fill(1), y: Array(220).fill(0) } });
    const given = (more: string) =>
      inFlow(`{ file: '${faces}'${more} }`, BOX, ', boundary: { all: outflow }');
    expect(() => loadScenario(given(''))).toThrow(/the flow loses water: in voxel \(1, 2\) 100 %/);
    expect(() => loadScenario(given(', project: true'))).not.toThrow();
  });

  it('patches and reservoirs that touch nothing are named', () => {
    const patched = (from: string, to: string) =>
      edited(
        AHL,
        `${AHL}, boundary: { patches: [{ face: left, from: [${from}], to: [${to}], condition: { value: 1 nM } }] }`,
      );
    expect(warningsOf(patched('3 um', '7 um'))).toMatch(/patches\[0\]: holds no voxel centre/);
    expect(warningsOf(patched('60 um', '70 um'))).toMatch(/holds no voxel centre/);
    expect(warningsOf(patched('2 um', '3 um'))).toBe('');
    expect(warningsOf(`${BASE}bulk: { R: { face: left, volume: 1 nL } }`)).toMatch(/bulk\.R: holds no field/);
  });

  it('a reservoir may have no layer in words', () => {
    const behind = (layer: string) =>
      loadScenario(`${BASE}bulk: { R: { face: left, volume: 1 nL, influent: { AHL: 1 nM }${layer} } }`)
        .description.fields[0];
    expect(behind(', layer: 0 um')).toEqual(behind(''));
    expect(() => behind(', layer: -1 um')).toThrow(/bulk\.R\.layer: must be greater than 0/);
  });

  it('an override is named for what it put in place of a value', () => {
    const override = 'fields.food.boundary.top=periodic';
    expect(() => loadScenario(BASE, { set: [override] })).toThrow(
      /--set fields\.food\.boundary\.top=periodic /,
    );
  });

  it('a given flux that takes more than there is is blamed, not the cells that are not there', () => {
    const drained = edited(
      AHL,
      `${AHL}, boundary: { left: { flux: 0 nM * 1 um/s - 1 mM * 9 um/s } }`,
    ).replace(/population:\n.*\n/, '');
    expect(() => simulate(build(loadScenario(drained)))).toThrow(
      /^the flux given at a face would take more AHL than there is/,
    );
  });

  it('transforms do not claim the steps in which cells take from the field', () => {
    const even = edited('top: { value: 5 mM }', 'top: { flux: 1 nM * 1 um/s }');
    expect(solversOf(loadScenario(even).description).food).toEqual({
      solver: 'spectral',
      reason:
        'a flux is given at a face; its coefficients are constant; multigrid in steps in which cells take it up',
    });
  });
});
