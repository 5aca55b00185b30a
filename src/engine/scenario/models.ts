import { type Document, isMap, isScalar, Scalar, type YAMLMap } from 'yaml';
import { LIMITS } from './limits.ts';
import { childPath, type Source } from './source.ts';

/** Gives the text of a file that a scenario names, as it is written there; throws an Error that says why it cannot. */
export type FileReader = (path: string) => string;

/** Whether a value is a model itself, not the name of a file. */
export function isModelText(value: string): boolean {
  return /^\s*</.test(value);
}

interface Reference {
  /** In the document, such as `cells.sender.circuit.sbml`. */
  readonly path: string;
  readonly circuit: YAMLMap;
  readonly scalar: Scalar;
  readonly file: string;
}

/** Every `circuit: { sbml: FILE }` of a document, whatever else is wrong with it. */
function references(document: Document): Reference[] {
  const cells = document.get('cells');
  if (!isMap(cells)) return [];
  return cells.items.flatMap(({ key, value }) => {
    const circuit = isMap(value) ? value.get('circuit') : null;
    if (!isMap(circuit)) return [];
    const scalar = circuit.get('sbml', true);
    if (!isScalar(scalar) || typeof scalar.value !== 'string' || isModelText(scalar.value)) return [];
    const type = childPath('cells', isScalar(key) ? String(key.value) : '');
    return [{ path: `${type}.circuit.sbml`, circuit, scalar, file: scalar.value.trim() }];
  });
}

/**
 * Writes the models that a document names by their files into it, so that it says everything about its runs. Returns whether it
 * named any; what cannot be read is a fault.
 */
export function inlineModels(document: Document, files: FileReader | undefined, source: Source): boolean {
  const found = references(document);
  for (const { path, circuit, scalar, file } of found) {
    source.files.set(path, file);
    try {
      if (file === '') throw new Error('the name of a file is missing');
      if (!files) throw new Error('files cannot be read here; write the model itself in its place');
      const text = files(file);
      if (text.length > LIMITS.modelLength) {
        const length = text.length.toLocaleString('en');
        throw new Error(`it has ${length} characters; at most ${LIMITS.modelLength.toLocaleString('en')}`);
      }
      if (!isModelText(text)) throw new Error('it is not an SBML model: it does not begin with an element');
      scalar.value = text;
      // Line by line, which a mapping in braces has no place for.
      scalar.type = Scalar.BLOCK_LITERAL;
      circuit.flow = false;
    } catch (error) {
      source.modelFaults.set(path, error instanceof Error ? error.message : String(error));
    }
  }
  return found.length > 0;
}
