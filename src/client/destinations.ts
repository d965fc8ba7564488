/** The destinations that a person can choose, as sinks of core. What a sink needs is loaded when an export asks for it. */
// By their files: the registry would bring all sinks along.
import { directorySink } from '../core/export/directory';
import type { Sink } from '../core/export/sink';
import { zipSink, type ArchiveTarget } from '../core/export/zip';
import type { KioskDestination } from '../core/kiosk/rules';
import type { Result } from '../core/result';
import { fail, ok } from '../core/result';
import type { Destination, Protection } from './types';

/** How the rules of a machine speak of it. */
export const asRulesSay = (to: Destination): KioskDestination =>
  to.kind === 'folder' ? 'folder' : to.protection === undefined ? 'zip' : 'encrypted-zip';

/** The archive's name tells the day of the export, nothing of what is in it. */
export function archiveName(now: Date, to: Destination): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const suffix = to.kind === 'zip-blob' && to.protection?.kind === 'recipients' ? '.p7m' : '';
  return `lethe-${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}.zip${suffix}`;
}

export interface OpenDestination {
  readonly sink: Sink;
  readonly archive: () => Promise<Blob | undefined>;
}

export function openDestination(destination: Destination, goOn: boolean): OpenDestination {
  switch (destination.kind) {
    case 'folder':
      return { sink: directorySink(destination.handle, { goOn }), archive: () => Promise.resolve(undefined) };
    case 'zip-file': {
      const { handle } = destination;
      // The browser writes beside the file and swaps when the stream is closed: an abort leaves what was there.
      const sink = archiveSink(
        async (archive) => archive.pipeTo(await handle.createWritable()),
        destination.protection,
      );
      return { sink, archive: () => Promise.resolve(undefined) };
    }
    case 'zip-blob': {
      let blob: Blob | undefined;
      // The browser keeps the blob, on disk where it is large.
      const sink = archiveSink(async (archive) => {
        blob = await new Response(archive as ReadableStream<Uint8Array<ArrayBuffer>>, {
          headers: { 'content-type': 'application/zip' },
        }).blob();
      }, destination.protection);
      return { sink, archive: () => Promise.resolve(blob) };
    }
  }
}

/** A ZIP as whoever may open it wants it. What encrypts is loaded when an export asks for it. */
function archiveSink(target: ArchiveTarget, protection: Protection | undefined): Sink {
  if (protection === undefined) return zipSink(target);
  if (protection.kind === 'recipients') {
    return lazySink(async () => {
      const [{ bundleSink }, { readRecipients }] = await Promise.all([
        import('../core/export/bundle'),
        import('../core/cms/certificates'),
      ]);
      const read = readRecipients(protection.certificates, new Date());
      return read.ok ? ok(bundleSink(target, read.value)) : read;
    });
  }
  return lazySink(async () => {
    const [{ encryptedZipSink }, { remoteEntryCiphers }] = await Promise.all([
      import('../core/export/encrypted-zip'),
      import('./sealing'),
    ]);
    return ok(encryptedZipSink(target, remoteEntryCiphers(protection.password)));
  });
}

/** A sink whose code is loaded when it is opened. */
function lazySink(load: () => Promise<Result<Sink>>): Sink {
  let loaded: Sink | undefined;
  const notOpen = fail('write-failed', 'The destination was not opened.');
  return {
    keepsOnAbort: false,
    open: async () => {
      const found = await load();
      if (!found.ok) return found;
      loaded = found.value;
      return loaded.open();
    },
    write: (file) => loaded?.write(file) ?? Promise.resolve(notOpen),
    close: () => loaded?.close() ?? Promise.resolve(notOpen),
    abort: async () => loaded?.abort(),
  };
}
