import { type Document, isMap, isScalar, isSeq, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { isTableText } from './cellTable.ts';
import { isFlowText } from './flowFile.ts';
import { LIMITS } from './limits.ts';
import { isPictureText } from './png.ts';
import { childPath, itemPath, type Source } from './source.ts';

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
  /** What is around that one, which may be in braces too. */
  readonly outer: readonly (YAMLMap | YAMLSeq)[];
  /** Whether a text is what is wanted there, and what it is not else. */
  readonly fits: (text: string) => boolean;
  readonly otherwise: string;
  readonly scalar: Scalar;
  readonly file: string;
}

/**
 * Every `circuit: { sbml: FILE }` of a document, its `flow: { file: FILE }`, and the tables and pictures of its placements, whatever else is
 * wrong with it.
 */
function references(document: Document): Reference[] {
  return [...circuitFiles(document), ...flowFiles(document), ...placementFiles(document)];
}

function placementFiles(document: Document): Reference[] {
  const population = document.get('population');
  const interventions = document.get('interventions');
  const placements: { path: string; placement: unknown; around: (YAMLMap | YAMLSeq)[] }[] = [];
  if (isSeq(population)) {
    population.items.forEach((placement, i) => {
      placements.push({ path: itemPath('population', i), placement, around: [population] });
    });
  }
  if (isMap(interventions)) {
    for (const { key, value } of interventions.items) {
      if (!isMap(value)) continue;
      const name = childPath('interventions', isScalar(key) ? String(key.value) : '');
      placements.push({ path: `${name}.add`, placement: value.get('add'), around: [interventions, value] });
    }
  }
  return placements.flatMap(({ path, placement, around }): Reference[] => {
    const region = isMap(placement) ? placement.get('in') : null;
    if (!isMap(placement) || !isMap(region)) return [];
    const outer = [...around, placement];
    const table = region.get('table', true);
    if (isScalar(table) && typeof table.value === 'string' && !isTableText(table.value)) {
      const file = table.value.trim();
      const otherwise = 'it is not a table: it has a single line';
      return [
        {
          path: `${path}.in.table`,
          parent: region,
          outer,
          scalar: table,
          file,
          fits: isTableText,
          otherwise,
        },
      ];
    }
    const image = region.get('image');
    const picture = isMap(image) ? image.get('file', true) : null;
    if (!isMap(image) || !isScalar(picture) || typeof picture.value !== 'string') return [];
    if (isPictureText(picture.value)) return [];
    return [
      {
        path: `${path}.in.image.file`,
        parent: image,
        outer: [...outer, region],
        scalar: picture,
        file: picture.value.trim(),
        fits: isPictureText,
        otherwise: 'it is not a PNG picture',
      },
    ];
  });
}

function flowFiles(document: Document): Reference[] {
  const domain = document.get('domain');
  const flow = isMap(domain) ? domain.get('flow') : null;
  if (!isMap(domain) || !isMap(flow)) return [];
  const scalar = flow.get('file', true);
  if (!isScalar(scalar) || typeof scalar.value !== 'string' || isFlowText(scalar.value)) return [];
  const file = scalar.value.trim();
  const otherwise = 'it is not a flow: neither lines of numbers nor JSON';
  return [
    { path: 'domain.flow.file', parent: flow, outer: [domain], scalar, file, fits: isFlowText, otherwise },
  ];
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
    const file = scalar.value.trim();
    const otherwise = 'it is not an SBML model: it does not begin with an element';
    return [
      {
        path: `${type}.circuit.sbml`,
        parent: circuit,
        outer: [],
        scalar,
        file,
        fits: isModelText,
        otherwise,
      },
    ];
  });
}

/**
 * Writes the models, the flow, the tables and the pictures that a document names by their files into it, so that it says everything about its runs. Returns whether it
 * named any; what cannot be read is a fault.
 */
export function inlineModels(document: Document, files: FileReader | undefined, source: Source): boolean {
  const found = references(document);
  for (const { path, parent, outer, scalar, file, fits, otherwise } of found) {
    source.files.set(path, file);
    try {
      if (file === '') throw new Error('the name of a file is missing');
      if (!files) throw new Error('files cannot be read here; write the model itself in its place');
      const text = files(file);
      if (text.length > LIMITS.modelLength) {
        const length = text.length.toLocaleString('en');
        throw new Error(`it has ${length} characters; at most ${LIMITS.modelLength.toLocaleString('en')}`);
      }
      if (!fits(text)) throw new Error(otherwise);
      scalar.value = text;
      // Line by line, which a mapping in braces has no place for.
      scalar.type = Scalar.BLOCK_LITERAL;
      parent.flow = false;
      for (const one of outer) one.flow = false;
    } catch (error) {
      source.modelFaults.set(path, error instanceof Error ? error.message : String(error));
    }
  }
  return found.length > 0;
}
