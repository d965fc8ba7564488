/** `npm start`: sets everything up, builds the page, serves it, prints the address. `npm start -- --port 8080 --host`. */
import { parseArgs } from 'node:util';
import { buildPage, installDependencies, makeModels, makeSamples, root, say } from './lib/setup.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4173' }, host: { type: 'boolean', default: false } },
});

installDependencies();
makeModels();
makeSamples();
buildPage();

const { preview } = await import('vite');
const server = await preview({
  root,
  logLevel: 'warn',
  preview: { port: Number(values.port), host: values.host ? true : 'localhost' },
});
const address = server.resolvedUrls?.local[0] ?? `http://localhost:${values.port}/`;
say('Lethe is ready. Nothing you open there leaves your browser. Stop it with Ctrl+C.');
process.stdout.write(`${address}\n`);
for (const url of server.resolvedUrls?.network ?? []) process.stdout.write(`${url}\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
