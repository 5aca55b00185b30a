import type { CellType } from '../cells/cellType.ts';
import { type CellEvent, type Circuit, netChange, type Reaction, type Term } from '../circuits/circuit.ts';
import { gatedPropensity } from '../circuits/propensity.ts';
import { reads, variableKey } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { Problems } from './errors.ts';
import { writeEvents } from './writeEvents.ts';
import { writeMath } from './writeMath.ts';

const CORE = 'http://www.sbml.org/sbml/level3/version2/core';
const MATHML = 'http://www.w3.org/1998/Math/MathML';
const TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>';

/**
 * A cell type's circuit as SBML Level 3 Version 2 core: species are amounts in items, the compartment `cell` has the volume of a
 * new cell in litres (1 µm³ = 10⁻¹⁵ l), the parameter `volume` that in µm³ where a rate reads it. A kinetic law is the propensity
 * in 1/s, with the gate that keeps a reaction from firing without its reactants. Biomass is a species where anything touches it.
 * Events keep their order as priorities. Division and death are not part of a circuit.
 * @throws SbmlError for what SBML cannot say: fields, positions, delayed reactions, delays that are drawn, replication
 */
export function toSbml(type: CellType): string {
  const { circuit } = type;
  const problems = new Problems();
  refuse(circuit, problems);
  problems.check();
  const read = new Map([
    ...circuit.reactions.flatMap(({ rate }) => [...reads(rate)]),
    ...(circuit.events ?? []).flatMap(event => expressionsOf(event).flatMap(e => [...reads(e)])),
  ]);
  const volume = circuit.species[0].initial / type.dryDensity;
  const growing = circuit.reactions.some(reaction =>
    netChange(reaction, 'cell').some(([index]) => index === 0),
  );
  const hasBiomass = growing || read.has(variableKey({ of: 'species', index: 0 }));
  const hasVolume = read.has('volume');

  const taken = new Set<string>(['cell', ...(hasVolume ? ['volume'] : [])]);
  const claim = (wanted: string): string => {
    let id = wanted;
    while (taken.has(id)) id += '_';
    taken.add(id);
    return id;
  };
  const ids = circuit.species.map(({ name }, index) => (index > 0 || hasBiomass ? claim(name) : ''));
  const variable = (of: Variable): string => {
    if (of.of === 'species') return `<ci>${ids[of.index]}</ci>`;
    return of.of === 'volume' ? '<ci>volume</ci>' : TIME;
  };

  const species = circuit.species.flatMap(({ name, initial }, index) =>
    ids[index] === ''
      ? []
      : [
          `<species id="${ids[index]}"${nameAttribute(name, ids[index])} compartment="cell" initialAmount="${initial}" ` +
            'hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>',
        ],
  );
  const firing = circuit.reactions.filter(({ scheduled }) => !scheduled);
  const reactions = firing.map(reaction => writeReaction(circuit, reaction, ids, claim, variable));
  // The volume follows the biomass: an assignment where that changes, a constant elsewhere.
  const ratio: Expression = {
    kind: 'binary',
    operator: '/',
    left: { kind: 'variable', variable: { of: 'species', index: 0 } },
    right: { kind: 'number', value: type.dryDensity },
  };
  const parameters = hasVolume
    ? [`<parameter id="volume"${growing ? '' : ` value="${volume}"`} constant="${!growing}"/>`]
    : [];
  const rules =
    hasVolume && growing
      ? [`<assignmentRule variable="volume">${math(writeMath(ratio, variable, 'volume'))}</assignmentRule>`]
      : [];
  const events = writeEvents(circuit, { ids, claim, variable, nameAttribute });
  const id = /^[A-Za-z_]\w*$/.test(type.name) ? type.name : 'circuit';
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<sbml xmlns="${CORE}" level="3" version="2">`,
    `  <model id="${id}" substanceUnits="item" timeUnits="second" volumeUnits="litre" extentUnits="item">`,
    '    <listOfCompartments>',
    `      <compartment id="cell" spatialDimensions="3" size="${volume * 1e-15}" constant="true"/>`,
    '    </listOfCompartments>',
    ...list('listOfSpecies', species),
    ...list('listOfParameters', parameters),
    ...list('listOfRules', rules),
    ...list('listOfReactions', reactions),
    ...list('listOfEvents', events),
    '  </model>',
    '</sbml>',
  ].join('\n')}\n`;
}

function refuse({ reactions, events = [] }: Circuit, problems: Problems): void {
  for (const event of events) {
    const where = `event '${event.name}'`;
    if (event.delay && event.delay.kind !== 'fixed')
      problems.add(where, 'its delay is drawn, which SBML core has not');
    const exchanges = event.actions.some(({ reaction }) => touchesField(reactions[reaction]));
    if (exchanges) problems.add(where, 'it exchanges with a field, which SBML core has not');
    refuseReading(expressionsOf(event), where, 'it', problems);
  }
  for (const { name, rate, delay, scheduled, ...sides } of reactions) {
    const where = `reaction '${name}'`;
    if (delay) problems.add(where, 'it is delayed, which SBML core has not');
    if (scheduled) continue;
    if (touchesField(sides)) problems.add(where, 'it exchanges with a field, which SBML core has not');
    refuseReading([rate], where, 'its rate', problems);
  }
}

function touchesField({ reactants, products }: Pick<Reaction, 'reactants' | 'products'>): boolean {
  return [...reactants, ...products].some(term => term.in === 'field');
}

function expressionsOf({ trigger, actions }: CellEvent): Expression[] {
  return [trigger, ...actions.flatMap(action => ('value' in action ? [action.value] : []))];
}

function refuseReading(
  expressions: readonly Expression[],
  where: string,
  what: string,
  problems: Problems,
): void {
  for (const expression of expressions) {
    for (const variable of reads(expression).values()) {
      if (variable.of === 'field') problems.add(where, `${what} reads a field, which SBML core has not`);
      if (variable.of === 'position')
        problems.add(where, `${what} reads a position, which SBML core has not`);
      if (variable.of === 'pressure')
        problems.add(where, `${what} reads the pressure on a cell, which SBML has not`);
      if (['birthVolume', 'stage', 'elapsed', 'quiescent'].includes(variable.of))
        problems.add(where, `${what} reads the phase of the cycle`);
    }
  }
}
function list(name: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [`    <${name}>`, ...items.map(item => `      ${item}`), `    </${name}>`];
}

function math(content: string): string {
  return `<math xmlns="${MATHML}">${content}</math>`;
}

function nameAttribute(name: string, id: string): string {
  return name === id ? '' : ` name="${escapeXml(name)}"`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}

function writeReaction(
  circuit: Circuit,
  reaction: Reaction,
  ids: readonly string[],
  claim: (wanted: string) => string,
  variable: (of: Variable) => string,
): string {
  const id = claim(reaction.name);
  const propensity = reaction.continuous ? reaction.rate : gatedPropensity(circuit, reaction);
  const terms = (name: string, side: readonly Term[]): string =>
    side.length === 0
      ? ''
      : `<${name}>${side
          .map(
            ({ index, coefficient }) =>
              `<speciesReference species="${ids[index]}" stoichiometry="${coefficient}" constant="true"/>`,
          )
          .join('')}</${name}>`;
  const inReaction = new Set([...reaction.reactants, ...reaction.products].map(term => term.index));
  const modifiers = [...reads(propensity).values()].flatMap(of =>
    of.of === 'species' && !inReaction.has(of.index) ? [ids[of.index]] : [],
  );
  const modifierList =
    modifiers.length === 0
      ? ''
      : `<listOfModifiers>${modifiers.map(m => `<modifierSpeciesReference species="${m}"/>`).join('')}</listOfModifiers>`;
  const law = writeMath(propensity, variable, `reaction '${reaction.name}'`);
  return (
    `<reaction id="${id}"${nameAttribute(reaction.name, id)} reversible="false">` +
    terms('listOfReactants', reaction.reactants) +
    terms('listOfProducts', reaction.products) +
    `${modifierList}<kineticLaw>${math(law)}</kineticLaw></reaction>`
  );
}
