import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { runEnsemble } from '../../src/engine/circuits/ensemble.ts';
import { gatedPropensity } from '../../src/engine/circuits/propensity.ts';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { uniform } from '../../src/engine/random/xoshiro.ts';
import { cellTypeOf, runSbmlEnsemble } from '../../src/engine/sbml/ensemble.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { simulateSbml } from '../../src/engine/sbml/simulate.ts';
import { toCircuit } from '../../src/engine/sbml/toCircuit.ts';
import { toSbml } from '../../src/engine/sbml/toSbml.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { circuitToScenario } from '../../src/engine/scenario/writeCircuit.ts';
import { fixture } from '../circuits/fixtures.ts';
import { dimerisation, immigrationDeath, schlogl, toggle, vilar } from '../circuits/models.ts';

/** Amounts along the first copies, by species name without biomass. */
function paths(type: CellType, end: number): number[] {
  const { trajectories } = runEnsemble(type, {
    runs: 20,
    times: [0, end / 4, end / 2, end],
    seed: 'round trip',
    method: 'direct',
    trajectories: 20,
  });
  const width = type.circuit.species.length;
  return [...trajectories].filter((_, i) => i % width !== 0);
}

function throughSbml(type: CellType): CellType {
  return cellTypeOf(toCircuit(readSbml(toSbml(type)), { inSeconds: true }).circuit);
}

function throughScenario(type: CellType): CellType {
  const { description } = loadScenario(circuitToScenario(type.circuit, 'round trip'));
  return description.cellTypes[0];
}

/** Every operator and function of the engine's expressions in one rate that stays positive. */
function everything(): CellType {
  return fixture(
    { A: 40, B: 3, C: 0 },
    {
      make: ['-> A', '1 + exp(-A / 50) + ln(2 + B) + log10(10 + A) + sqrt(A + 1) + abs(B - A)'],
      join: ['A + B -> C', 'A > 5 and B > 0 ? 0.01 * A * B : 0'],
      more: ['-> B', '2 + sin(A) + cos(B) + min(A, B, 3) + max(A, 1) * 0.01 + hill(A, 20, 2.5)'],
      less: ['A ->', '0.1 * A ^ 1.5'],
      lost: ['B ->', 'not(B > 10) or A < 3 ? 0.5 * B : 2 * B'],
      free: ['C ->', 'C >= 1 and C != 4 ? 1 : (C == 4 ? 2 : -(-C))'],
    },
  );
}

describe('a circuit written and read again fires the same reactions', () => {
  for (const [name, type, end] of [
    ['immigration–death', immigrationDeath(), 20],
    ['dimerisation', dimerisation(), 50],
    ['Schlögl', schlogl(), 2],
    ['toggle', toggle(2), 5],
    ['Vilar', vilar(), 2],
  ] as const) {
    it(`${name}: as SBML and as a scenario, to the bit`, () => {
      const original = paths(type, end);
      expect(new Set(original).size).toBeGreaterThan(5);
      if (name !== 'toggle') expect(paths(throughSbml(type), end)).toEqual(original);
      expect(paths(throughScenario(type), end)).toEqual(original);
      expect(paths(throughScenario(throughSbml(type)), end)).toEqual(paths(throughSbml(type), end));
    });
  }

  it('every operator has its counterpart', () => {
    const type = everything();
    expect(paths(throughScenario(type), 5)).toEqual(paths(type, 5));
    expect(paths(throughSbml(type), 5)).toEqual(paths(type, 5));
  });

  it('hill functions, which SBML has not, keep their values', () => {
    // The same law, rounded differently: rates agree to rounding, and the deterministic course with them.
    const type = fixture({ X: 10 }, { make: ['-> X', '5 * hill(X, 20, 2.5)'] });
    const [, end] = simulateSbml(readSbml(toSbml(type)), {
      times: [0, 3],
      observables: [{ name: 'X', as: 'amount' }],
    });
    // Midpoint rule with 10⁵ steps.
    let x = 10;
    const rate = (y: number): number => (5 * y ** 2.5) / (20 ** 2.5 + y ** 2.5);
    for (let i = 0; i < 100_000; i++) x += 3e-5 * rate(x + 1.5e-5 * rate(x));
    expect(end[0]).toBeCloseTo(x, 7);
  });

  it('a gate is written out: a reaction does not fire without its reactants', () => {
    const type = fixture({ X: 5 }, { drain: ['2 X ->', '3'] });
    expect(paths(type, 100).at(-1)).toBe(1);
    expect(paths(throughSbml(type), 100)).toEqual(paths(type, 100));
  });

  it('growing volume follows biomass', () => {
    const type = fixture(
      { biomass: 2, X: 0 },
      { growth: ['-> biomass', '0.1 * biomass', 'continuous'], make: ['-> X', '3 * volume'] },
    );
    const [, end] = simulateSbml(readSbml(toSbml({ ...type, dryDensity: 4 })), {
      times: [0, 10],
      observables: [
        { name: 'volume', as: 'symbol' },
        { name: 'X', as: 'amount' },
      ],
    });
    expect(end[0]).toBeCloseTo(0.5 * Math.E, 8);
    expect(end[1]).toBeCloseTo(3 * 0.5 * 10 * (Math.E - 1), 7);
  });
});

describe('what a circuit cannot be', () => {
  it('is refused by name on the way out', () => {
    const type = fixture({ A: 1 }, { export: ['A -> f0', '1 * A'], sense: ['-> A', 'f0'] });
    expect(() => toSbml(type)).toThrow(
      /reaction 'export': it exchanges with a field.*\n.*reaction 'sense': its rate reads a field/s,
    );
  });

  it('names that the scenario format claims are changed, and said', () => {
    const type = fixture({ time_: 1, M: 2, s: 3 }, { end: ['M ->', '1 * M'] });
    const text = circuitToScenario(type.circuit, 'names');
    expect(text).toMatch(/# M is written M_/);
    expect(loadScenario(text).description.cellTypes[0].circuit.species.map(s => s.name)).toEqual([
      'biomass',
      'time_',
      'M_',
      's_',
    ]);
  });

  it('a reversible reaction becomes two, with the net rate of the one', () => {
    const law =
      '<apply><times/><ci>c</ci><apply><minus/><apply><times/><cn>2</cn><ci>A</ci></apply><apply><times/><cn>0.5</cn><ci>B</ci></apply></apply></apply>';
    const species = (id: string, amount: number): string =>
      `<species id="${id}" compartment="c" initialAmount="${amount}" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>`;
    const model =
      readSbml(`<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model substanceUnits="item" timeUnits="second">
      <listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
      <listOfSpecies>${species('A', 100)}${species('B', 0)}</listOfSpecies>
      <listOfReactions><reaction id="R" reversible="true"><listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants><listOfProducts><speciesReference species="B" stoichiometry="1" constant="true"/></listOfProducts><kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">${law}</math></kineticLaw></reaction></listOfReactions></model></sbml>`);
    const { circuit } = toCircuit(model, { inSeconds: true });
    expect(circuit.reactions.map(({ equation }) => equation)).toEqual(['A -> B', 'B -> A']);
    // Stationary: A is binomial(100, 0.2).
    const { mean, sd } = runSbmlEnsemble(model, { runs: 2000, times: [10], seed: 'reversible' });
    expect(Math.abs(mean[1] - 20)).toBeLessThan(3.5 * Math.sqrt(16 / 2000));
    expect(Math.abs(sd[1] ** 2 / 16 - 1)).toBeLessThan(3.5 * Math.sqrt(2 / 2000));
  });
});

describe('shipped circuits', () => {
  const folder = new URL('../../scenarios/', import.meta.url);
  const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
  const files = ['', 'circuits/'].flatMap(part =>
    readdirSync(new URL(part, folder))
      .filter(name => name.endsWith('.yaml'))
      .map(name => part + name),
  );
  const types = files.flatMap(file =>
    loadScenario(read(file), { files: read }).description.cellTypes.map(type => ({
      file,
      name: type.name,
      type,
    })),
  );
  const random = rootStream('shipped');

  /** Rates at amounts drawn at random, of the reactions that change anything, with the gate that keeps amounts from going below 0. */
  const rates = ({ circuit, dryDensity }: CellType, amounts: ReadonlyMap<string, number>, volume: number) =>
    new Map(
      circuit.reactions.map(reaction => {
        const state = circuit.species.map(({ name }, i) =>
          i === 0 ? volume * dryDensity : (amounts.get(name) ?? Number.NaN),
        );
        const scope = { amounts: Float64Array.from(state), speciesOffset: 0, volume, time: 3, age: 2 };
        const rate = reaction.continuous ? reaction.rate : gatedPropensity(circuit, reaction);
        return [reaction.name, evaluate(rate, scope)];
      }),
    );

  it.each(types)('$name of $file keeps its rates as SBML, or is refused by name', ({ type }) => {
    let text: string;
    try {
      text = toSbml(type);
    } catch (error) {
      expect(String(error)).toMatch(/field|phase|event|delay/);
      return;
    }
    const model = readSbml(text);
    const own = type.circuit.species.slice(1);
    const grows = model.species.length > own.length;
    if (grows) return;
    const back = cellTypeOf(toCircuit(model, { inSeconds: true, isReal: () => true }).circuit);
    expect(back.circuit.species.slice(1).map(({ name, initial }) => [name, initial])).toEqual(
      own.map(({ name, initial }) => [name, initial]),
    );
    const newborn = type.circuit.species[0].initial / type.dryDensity;
    for (let i = 0; i < 20; i++) {
      const amounts = new Map(own.map(({ name }) => [name, Math.floor(200 * uniform(random, 0))]));
      const [first, second] = [rates(type, amounts, newborn), rates(back, amounts, newborn)];
      expect([...second.keys()]).toEqual([...first.keys()]);
      for (const [name, rate] of first) {
        expect(Math.abs((second.get(name) ?? Number.NaN) - rate)).toBeLessThanOrEqual(1e-12 * Math.abs(rate));
      }
    }
  });

  it('are for the most part exported', () => {
    const exported = types.filter(({ type }) => {
      try {
        return toSbml(type).length > 0;
      } catch {
        return false;
      }
    });
    expect(exported.length).toBeGreaterThanOrEqual(5);
  });
});
