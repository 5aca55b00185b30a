import { Command, CommanderError } from 'commander';
import { VERSION } from '../engine/version.ts';
import { EXIT } from './exit.ts';
import { printJson } from './output.ts';
import { addCircuitVerbs } from './verbs/circuitVerbs.ts';
import type { Run } from './verbs/options.ts';
import { addRecordingVerbs } from './verbs/recordingVerbs.ts';
import { addScenarioVerbs } from './verbs/scenarioVerbs.ts';

const STATUS_HELP = `
Exit status: 0 done; 1 internal fault; 2 bad usage or bad scenario;
3 the run failed (balance, convergence, non-finite, recording);
130 interrupted (what was recorded is readable, and resume continues it).`;

/**
 * Parses the command line, runs the verb and returns the exit status. The engine is loaded with the verb, so that the version,
 * the help and a slip of the keyboard are answered at once.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = new Command('cellfield')
    .description(
      'Agent cells with stochastic gene circuits, coupled conservatively to reaction–diffusion fields.',
    )
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ minWidthToWrap: 30 })
    .addHelpText('after', STATUS_HELP)
    .showHelpAfterError('(cellfield --help shows the usage)')
    .exitOverride();

  const run: Run = async (verb, json) => {
    status = await attempt(verb, json);
  };
  addScenarioVerbs(program, run);
  addRecordingVerbs(program, run);
  addCircuitVerbs(program, run);

  // The command that reports an error is the verb, so that its usage is the one pointed to.
  for (const verb of program.commands) {
    verb.showHelpAfterError(`(cellfield ${verb.name()} --help shows the usage)`);
    verb.helpOption('-h, --help', 'print this help');
  }

  try {
    await program.parseAsync([...argv]);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

/** Runs a verb; what it throws becomes a message on stderr, with `--json` an object on stdout too, and a status. */
async function attempt(verb: () => Promise<number> | number, json: boolean | undefined): Promise<number> {
  try {
    return await verb();
  } catch (error) {
    const { explain } = await import('./explain.ts');
    const explanation = explain(error);
    process.stderr.write(`${explanation.message}\n`);
    if (json) printJson(explanation.json);
    return explanation.status;
  }
}
