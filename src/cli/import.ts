import { circuitToScenario, toCircuit } from '../engine/index.ts';
import { inFile, readModel } from './circuitFile.ts';
import { EXIT } from './exit.ts';
import { printJson } from './output.ts';

/** `cellfield import`: an SBML model as a scenario on standard output. Returns the exit status. */
export function importModel(file: string, options: { readonly json?: boolean }): number {
  const model = readModel(file);
  const { circuit, warnings } = inFile(file, () => toCircuit(model, { inSeconds: true }));
  const title = model.name || model.id || 'An imported circuit';
  const text = circuitToScenario(circuit, title, ['Imported from SBML', ...warnings]);
  if (options.json) printJson({ title, scenario: text, warnings });
  else process.stdout.write(text);
  return EXIT.done;
}
