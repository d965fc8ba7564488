/** The registry of sinks: to add one, write `{open, write, close, abort}` and name it here. */
import { directorySink } from './directory';
import { memorySink } from './memory';
import { bundleSink } from './bundle';
import { encryptedZipSink } from './encrypted-zip';
import { zipSink } from './zip';

export type { OutputFile, Sink } from './sink';
export type { ArchiveTarget } from './zip';
export { bundleSink, directorySink, encryptedZipSink, memorySink, zipSink };

/** Every sink by name; the contract test runs over all of them. The command line adds its own over a file system. */
export const sinks = {
  zip: zipSink,
  encryptedZip: encryptedZipSink,
  bundle: bundleSink,
  directory: directorySink,
  memory: memorySink,
} as const;
