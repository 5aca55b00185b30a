import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { VERSION } from '../engine/index.ts';
import { EXIT, explain } from './exit.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { validate } from './validate.ts';

const STATUS_HELP = `
Exit status: 0 done; 1 internal fault; 2 bad usage or bad scenario;
3 the run failed (balance, convergence, non-finite); 130 interrupted (what was recorded is readable).`;

/** Parses the command line, runs the verb and returns the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = new Command('cellfield')
    .description(
      'Agent cells with stochastic gene circuits, coupled conservatively to reaction–diffusion fields.',
    )
    .version(VERSION)
    .addHelpText('after', STATUS_HELP)
    .showHelpAfterError('(cellfield --help shows the usage)')
    .exitOverride();

  program
    .command('run')
    .description('simulate a scenario to its end')
    .argument('<scenario>', 'scenario file (YAML or JSON)')
    .option('--until <time>', 'stop at this simulated time instead, e.g. "90 min"')
    .option('--seed <seed>', 'seed instead of the scenario’s')
    .option(
      '--set <path=value>',
      'replace a value of the scenario, e.g. parameters.k_tx="0.1 /s" (repeatable)',
      collect,
      [],
    )
    .option('--out <folder>', 'record into this folder: scenario, provenance, time series, last state')
    .option('--force', 'replace an existing recording')
    .option('--json', 'print one machine-readable summary')
    .option('--quiet', 'no progress bar')
    .action(async (file: string, options) => {
      status = await run(file, options);
    });

  program
    .command('resume')
    .description('continue a recording from its last state, to the bit as if it had never stopped')
    .argument('<folder>', 'recording made with run --out')
    .option('--until <time>', 'stop at this simulated time instead of the scenario’s end')
    .option('--json', 'print one machine-readable summary')
    .option('--quiet', 'no progress bar')
    .action(async (folder: string, options) => {
      status = await resume(folder, options);
    });

  program
    .command('validate')
    .description('check a scenario and say what it would simulate')
    .argument('<scenario>', 'scenario file (YAML or JSON)')
    .option('--seed <seed>', 'seed instead of the scenario’s')
    .option('--set <path=value>', 'replace a value of the scenario (repeatable)', collect, [])
    .option('--json', 'print one machine-readable object')
    .action((file: string, options) => {
      status = validate(file, options);
    });

  try {
    await program.parseAsync(argv as string[]);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const { message, status: failure } = explain(error);
    process.stderr.write(`cellfield: ${message}\n`);
    return failure;
  }
}

function collect(value: string, previous: readonly string[]): string[] {
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError('expected path=value, e.g. time.end="2 h".');
  return [...previous, value];
}
