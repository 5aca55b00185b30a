import { type Document, isMap, isScalar, Scalar, type YAMLMap } from 'yaml';
import { isFlowText } from './flowFile.ts';
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
  /** The mapping that names the file. */
  readonly parent: YAMLMap;
  /** The mapping around that one, which may be in braces too. */
  readonly outer?: YAMLMap;
  readonly scalar: Scalar;
  readonly file: string;
}

/** Every `circuit: { sbml: FILE }` of a document and its `flow: { file: FILE }`, whatever else is wrong with it. */
function references(document: Document): Reference[] {
  return [...circuitFiles(document), ...flowFiles(document)];
}

function flowFiles(document: Document): Reference[] {
  const domain = document.get('domain');
  const flow = isMap(domain) ? domain.get('flow') : null;
  if (!isMap(domain) || !isMap(flow)) return [];
  const scalar = flow.get('file', true);
  if (!isScalar(scalar) || typeof scalar.value !== 'string' || isFlowText(scalar.value)) return [];
  return [{ path: 'domain.flow.file', parent: flow, outer: domain, scalar, file: scalar.value.trim() }];
}

function circuitFiles(document: Document): Reference[] {
  const cells = document.get('cells');
  if (!isMap(cells)) return [];
  return cells.items.flatMap(({ key, value }) => {
    const circuit = isMap(value) ? value.get('circuit') : null;
    if (!isMap(circuit)) return [];
    const scalar = circuit.get('sbml', true);
    if (!isScalar(scalar) || typeof scalar.value !== 'string' || isModelText(scalar.value)) return [];
    const type = childPath('cells', isScalar(key) ? String(key.value) : '');
    return [{ path: `${type}.circuit.sbml`, parent: circuit, scalar, file: scalar.value.trim() }];
  });
}

/**
 * Writes the models and the flow that a document names by their files into it, so that it says everything about its runs. Returns whether it
 * named any; what cannot be read is a fault.
 */
export function inlineModels(document: Document, files: FileReader | undefined, source: Source): boolean {
  const found = references(document);
  for (const { path, parent, outer, scalar, file } of found) {
    source.files.set(path, file);
    try {
      if (file === '') throw new Error('the name of a file is missing');
      if (!files) throw new Error('files cannot be read here; write the model itself in its place');
      const text = files(file);
      if (text.length > LIMITS.modelLength) {
        const length = text.length.toLocaleString('en');
        throw new Error(`it has ${length} characters; at most ${LIMITS.modelLength.toLocaleString('en')}`);
      }
      if (outer) {
        if (!isFlowText(text)) throw new Error('it is not a flow: neither lines of numbers nor JSON');
      } else if (!isModelText(text))
        throw new Error('it is not an SBML model: it does not begin with an element');
      scalar.value = text;
      // Line by line, which a mapping in braces has no place for.
      scalar.type = Scalar.BLOCK_LITERAL;
      parent.flow = false;
      if (outer) outer.flow = false;
    } catch (error) {
      source.modelFaults.set(path, error instanceof Error ? error.message : String(error));
    }
  }
  return found.length > 0;
}
