import { readSbml } from '../../src/engine/sbml/read.ts';
import { type Observable, simulateSbml } from '../../src/engine/sbml/simulate.ts';
import { assignmentRule, document, math, parameters } from './document.ts';

/** Corners of the specification, each in a small model whose solution is worked out by hand. */

export const symbolOf = (name: string): Observable => ({ name, as: 'symbol' });
export const amountOf = (name: string): Observable => ({ name, as: 'amount' });

/** Values at the times, by observable. */
export function course(text: string, times: readonly number[], ...observables: Observable[]): number[][] {
  const rows = simulateSbml(readSbml(text), { times, observables });
  return observables.map((_, i) => rows.map(row => row[i]));
}

export function last(text: string, end: number, ...observables: Observable[]): number[] {
  return course(text, [0, end], ...observables).map(column => column[1]);
}

/** The value of an expression, as the value of a parameter under an assignment rule. */
export function worthOf(content: string, time = 0): number {
  const text = document(
    `${parameters({ p: 0, q: 3 })}<listOfRules>${assignmentRule('p', content)}</listOfRules>`,
  );
  const [values] = course(text, [time], symbolOf('p'));
  return values[0];
}

export const CELL =
  '<listOfCompartments><compartment id="c" spatialDimensions="3" size="2" constant="true"/></listOfCompartments>';

export function species(id: string, attributes: string): string {
  return `<species id="${id}" compartment="c" boundaryCondition="false" constant="false" ${
    /hasOnly/.test(attributes) ? '' : 'hasOnlySubstanceUnits="false"'
  } ${attributes}/>`;
}

export function reaction(id: string, from: string, to: string, law: string, locals = ''): string {
  return (
    `<reaction id="${id}" reversible="false"><listOfReactants>${from}</listOfReactants><listOfProducts>${to}</listOfProducts>` +
    `<kineticLaw>${math(law)}${locals}</kineticLaw></reaction>`
  );
}

export function reference(species: string, attributes = 'stoichiometry="1"'): string {
  return `<speciesReference species="${species}" constant="${/id=/.test(attributes) ? 'false' : 'true'}" ${attributes}/>`;
}
