import type { Models } from './contract.ts';

/** The models that came with a command, for a scenario that names them. Workers read no files. */
export function readerOf(models: Models = {}): (path: string) => string {
  return path => {
    if (Object.hasOwn(models, path)) return models[path];
    throw new Error(
      `${path} was not beside the scenario when it was opened; open the scenario again, or drop the model onto the window`,
    );
  };
}
