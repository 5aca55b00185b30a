import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cellfield, temporaryFolder } from './cellfield.ts';

const folder = temporaryFolder();
const colony = fileURLToPath(new URL('../../scenarios/quorum-sensing.yaml', import.meta.url));

describe('cellfield scales', () => {
  it('prints map, numbers, verdicts and advice, and draws the map', async () => {
    const out = join(folder, 'map.svg');
    const { stdout, stderr, status } = await cellfield('scales', colony, '--at', '1 min', '--out', out);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/time scales at 0:01:00/);
    expect(stdout).toMatch(/coupling step +[·●|]+ {2}2 s/);
    expect(stdout).toMatch(/sender: 2 stable of 3 steady states found/);
    expect(stdout).toMatch(/sender and AHL: weak coupling suffices/);
    expect(readFileSync(out, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect((await cellfield('scales', colony, '--out', out)).status).toBe(2);
  });

  it('is the advice that `schedule: auto` follows, as validate says', async () => {
    const long = ['--set', 'time.step=20 s', '--set', 'time.record=1 min', '--json'];
    const { advice } = JSON.parse((await cellfield('scales', colony, ...long)).stdout);
    const auto = await cellfield('validate', colony, '--set', 'coupling.schedule=auto', ...long);
    expect(JSON.parse(auto.stdout).coupling).toEqual(advice);
  });

  it('tells the scales of space with --space: correlation, representative volume, diffusivity', async () => {
    const { stdout, stderr, status } = await cellfield('scales', colony, '--space', '--in-cells', '0.25');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/cells fill [\d.]+ %/);
    expect(stdout).toMatch(/glucose is taken at [\d.e+]+ molecules\/µm³\/s on average/);
    expect(stdout).toMatch(/correlation length +[\d.]+ µm +[\d.]+ µm/);
    expect(stdout).toMatch(/AHL +[\d.]+ µm²\/s/);
    expect(stdout).toMatch(/porosity: no representative volume up to [\d.]+ µm \(spread 5 %\)/);
    const { packing } = JSON.parse((await cellfield('scales', colony, '--space', '--json')).stdout);
    expect(packing).toMatchObject({ inCells: 0, tolerance: 0.05 });
    expect(packing.effective).toHaveLength(2);
    expect(packing.porosity.windows[0].spread).toBeGreaterThan(packing.porosity.windows.at(-1).spread);
  });

  it('adds the local groups of every voxel to --json with --maps, and prints how they are spread', async () => {
    const { stdout } = await cellfield('scales', colony);
    expect(stdout).toMatch(/Voxel by voxel +least +median +90 % +most +at, µm/);
    expect(stdout).toMatch(/glucose +Thiele of a voxel( +[\d.e+-]+){4} +\([\d.]+, [\d.]+\)/);
    const { maps, local } = JSON.parse((await cellfield('scales', colony, '--json', '--maps')).stdout);
    const voxels = maps.cells.reduce((a: number, b: number) => a * b);
    expect(maps.fields.map(({ field }: { field: string }) => field)).toEqual(
      local.map(({ field }: { field: string }) => field),
    );
    for (const [i, { voxelThiele }] of maps.fields.entries()) {
      expect(voxelThiele).toHaveLength(voxels);
      expect(Math.max(...voxelThiele)).toBe(local[i].voxelThiele.most);
    }
    expect((await cellfield('scales', colony, '--maps')).status).toBe(2);
  });

  it('prints the packing as a property of a field that a scenario takes', async () => {
    const { stdout } = await cellfield('scales', colony, '--space', '--in-cells', '0.25');
    const [, film] = /\{ AHL: \{ …, film: (\{.*\}) \} \}/.exec(stdout) ?? [];
    const [, factor] = /factor: ([\d.]+)/.exec(film) ?? [];
    const pasted = join(folder, 'film.yaml');
    writeFileSync(
      pasted,
      readFileSync(colony, 'utf8').replace(/^( +)(decay: .*)$/m, `$1$2\n$1film: ${film}`),
    );
    const { status, stdout: said } = await cellfield('validate', pasted);
    expect([status, said]).toEqual([0, expect.stringContaining('the diffusivity depends on the cells')]);
    expect(Number(factor)).toBeGreaterThan(0.6);
    expect(Number(factor)).toBeLessThan(0.8);
  });

  it('refuses options of space that make no sense', async () => {
    for (const [given, message] of [
      [['--in-cells', '0.5'], /--in-cells goes with --space/],
      [['--space', '--in-cells=-1'], /--in-cells is a number of at least 0, not '-1'/],
      [['--space', '--tolerance', '5%'], /--tolerance is a number between 0 and 1, not '5%'/],
      [['--space', '--out', join(folder, 'space.svg')], /--json has all figures/],
    ] as const) {
      const { stderr, status } = await cellfield('scales', colony, ...given);
      expect(status).toBe(2);
      expect(stderr).toMatch(message);
    }
  });
});
