import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { populate, windowFor } from './fixtures.ts';
import { vilar } from './models.ts';

const SCRIPT = `
import { compileCircuit } from './src/engine/circuits/compile.ts';
import { populate, windowFor } from './test/circuits/fixtures.ts';
import { vilar } from './test/circuits/models.ts';
const type = vilar();
const circuit = compileCircuit(type, 0);
const population = populate(type, 3);
circuit.advance(windowFor(type, population, 1));
console.log(JSON.stringify({ generated: circuit.generated, amounts: [...population.amounts] }));
`;

test('where new Function is forbidden the same trajectory runs from tables', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', SCRIPT],
    { encoding: 'utf8', cwd: new URL('../..', import.meta.url) },
  );
  expect(stdout, stderr).not.toBe('');
  const type = vilar();
  const population = populate(type, 3);
  const circuit = compileCircuit(type, 0);
  circuit.advance(windowFor(type, population, 1));
  expect(circuit.generated).toBe(true);
  expect(JSON.parse(stdout)).toEqual({ generated: false, amounts: [...population.amounts] });
});
