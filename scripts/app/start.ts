import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveHttp } from '../../src/serve/httpServer.ts';
import { siteHandler } from '../../src/serve/site.ts';
import { buildWhenStale, ROOT } from './build.ts';
import { findOrInstallElectron } from './electron.ts';

const USAGE = `usage: npm start -- [--serve] [--port N] [--open] [SCENARIO]

Opens the app. Without the Electron runtime, or with --serve, serves the same page on 127.0.0.1.
  --serve    serve the page, whether or not there is a runtime
  --port N   port of the page (default: a free one)
  --open     open the served page in the browser
`;

/** `npm start` */
export async function main(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (options === null) {
    process.stderr.write(USAGE);
    return 2;
  }
  await buildWhenStale();
  const electron = options.serve ? null : await findOrInstallElectron();
  if (electron !== null) return run(electron, options.files);
  if (!options.serve) {
    process.stderr.write(
      'The Electron runtime is not installed and could not be fetched, so the app is served to your browser instead.\n' +
        'It is the same page, without native menus and file dialogs. With a network: npx install-electron\n',
    );
  }
  return serve(options.port, options.open);
}

interface Options {
  readonly serve: boolean;
  readonly open: boolean;
  readonly port: number;
  readonly files: readonly string[];
}

function parse(args: readonly string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { serve: { type: 'boolean' }, open: { type: 'boolean' }, port: { type: 'string' } },
    });
    const port = Number(values.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return null;
    return { serve: values.serve === true, open: values.open === true, port, files: positionals };
  } catch {
    return null;
  }
}

/** Runs the desktop app until it ends. */
function run(electron: string, files: readonly string[]): Promise<number> {
  const child = spawn(electron, [join(ROOT, 'out', 'main', 'main.js'), ...files], { stdio: 'inherit' });
  forwardSignals(signal => child.kill(signal));
  return new Promise(resolve => {
    child.on('error', error => {
      process.stderr.write(`${electron} could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Serves the page until Ctrl-C. The address alone goes to stdout, for other programs to read. */
async function serve(port: number, open: boolean): Promise<number> {
  const handler = siteHandler({ '': join(ROOT, 'out', 'renderer'), scenarios: join(ROOT, 'scenarios') });
  const server = await serveHttp(handler, port);
  process.stdout.write(`${server.url}\n`);
  process.stderr.write('Serving to this machine only. Ctrl-C ends it.\n');
  if (open) openInBrowser(server.url);
  await new Promise<void>(resolve => forwardSignals(() => resolve()));
  await server.close();
  return 0;
}

function openInBrowser(url: string): void {
  const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
    darwin: ['open'],
    win32: ['explorer'],
  };
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => process.stderr.write(`No browser could be opened; the address is ${url}\n`));
  child.unref();
}

function forwardSignals(handle: (signal: NodeJS.Signals) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => handle(signal));
}
