/** A Level 3 Version 2 document around the lists of a model. */
export function document(lists: string, attributes = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
<model id="m" substanceUnits="item" timeUnits="second" extentUnits="item" ${attributes}>${lists}</model></sbml>`;
}

export function math(content: string): string {
  return `<math xmlns="http://www.w3.org/1998/Math/MathML">${content}</math>`;
}

export function ci(name: string): string {
  return `<ci> ${name} </ci>`;
}

export function cn(value: number): string {
  return `<cn> ${value} </cn>`;
}

export function apply(operator: string, ...inputs: string[]): string {
  return `<apply><${operator}/>${inputs.join('')}</apply>`;
}

export const TIME =
  '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"> t </csymbol>';

/** Parameters that may change, in a list. */
export function parameters(values: Readonly<Record<string, number>>): string {
  const items = Object.entries(values).map(
    ([id, v]) => `<parameter id="${id}" value="${v}" constant="false"/>`,
  );
  return `<listOfParameters>${items.join('')}</listOfParameters>`;
}

export function rateRule(variable: string, content: string): string {
  return `<rateRule variable="${variable}">${math(content)}</rateRule>`;
}

export function assignmentRule(variable: string, content: string): string {
  return `<assignmentRule variable="${variable}">${math(content)}</assignmentRule>`;
}

export interface EventChoices {
  readonly delay?: string;
  readonly priority?: string;
  readonly persistent?: boolean;
  readonly initialValue?: boolean;
  readonly useValuesFromTriggerTime?: boolean;
}

export function event(
  trigger: string,
  assignments: Readonly<Record<string, string>>,
  choices: EventChoices = {},
): string {
  const {
    delay,
    priority,
    persistent = true,
    initialValue = true,
    useValuesFromTriggerTime = true,
  } = choices;
  const list = Object.entries(assignments).map(
    ([variable, content]) => `<eventAssignment variable="${variable}">${math(content)}</eventAssignment>`,
  );
  return `<event useValuesFromTriggerTime="${useValuesFromTriggerTime}">
<trigger initialValue="${initialValue}" persistent="${persistent}">${math(trigger)}</trigger>
${priority === undefined ? '' : `<priority>${math(priority)}</priority>`}
${delay === undefined ? '' : `<delay>${math(delay)}</delay>`}
<listOfEventAssignments>${list.join('')}</listOfEventAssignments></event>`;
}
