/** The engine in a thread of the command line. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createNodeHost } from './node-host';

if (parentPort === null) throw new Error('this module is a worker');
expose(createNodeHost(), nodeEndpoint(parentPort));
