/** An archive as one file of the file system: written under a temporary name, flushed, renamed. Never replaces a file. */
import { open, rename, unlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { temporarySuffix } from '../core/export/directory';
import type { ArchiveTarget } from '../core/export';
import { UsageError } from './usage';

export function archiveTarget(file: string): { readonly target: ArchiveTarget; readonly discard: () => Promise<void> } {
  if (existsSync(file)) throw new UsageError(`'${file}' exists. Nothing is overwritten: choose another name.`);
  const temporary = file + temporarySuffix;
  return {
    target: async (archive) => {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        for await (const piece of archive as unknown as AsyncIterable<Uint8Array>) await handle.writeFile(piece);
        await handle.sync();
      } catch (error) {
        await handle.close();
        await unlink(temporary).catch(() => undefined);
        throw error;
      }
      await handle.close();
      await rename(temporary, file);
    },
    discard: async () => {
      await unlink(temporary).catch(() => undefined);
    },
  };
}
