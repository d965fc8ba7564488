/** Opens the encrypted originals of many files, and saves the files with them. Identity: memory alone, until the person saves it. */
import { sealingWorker, type Reidentified } from '../../client/sealing';
import type { FileInput } from '../../client/types';
import { safeName } from '../../core/export/paths';
import { bytesOf, packedSource } from '../../core/pipeline/packed';
import { ok, type ErrorCode, type Result } from '../../core/result';
import { saveBlob } from '../session';

export interface ReopenedFile extends Reidentified {
  readonly input: FileInput;
}

export interface Reopened {
  readonly files: readonly ReopenedFile[];
  /** How many files were not opened, by reason. */
  readonly failures: ReadonlyMap<ErrorCode, number>;
}

export async function reopen(inputs: readonly FileInput[], onDone: (done: number) => void): Promise<Reopened> {
  const files: ReopenedFile[] = [];
  const failures = new Map<ErrorCode, number>();
  for (const [index, input] of inputs.entries()) {
    // The record that lies among the results is no image.
    if (input.path.endsWith('.json') || input.path.endsWith('.p7s')) continue;
    const opened = input.refusal ?? (await sealingWorker().reidentify(bytesOf(input)));
    if (opened.ok) files.push({ input, ...opened.value });
    else failures.set(opened.code, (failures.get(opened.code) ?? 0) + 1);
    onDone(index + 1);
  }
  return { files, failures };
}

/** @returns how many files were saved; null when the person changed their mind */
export async function saveReopened(found: Reopened, to: 'zip' | 'folder'): Promise<Result<number> | null> {
  const [{ directorySink }, { zipSink }] = await Promise.all([
    import('../../core/export/directory'),
    import('../../core/export/zip'),
  ]);
  let blob: Blob | undefined;
  let sink;
  if (to === 'folder') {
    try {
      sink = directorySink(await window.showDirectoryPicker({ id: 'lethe-reidentified', mode: 'readwrite' }));
    } catch {
      return null;
    }
  } else {
    sink = zipSink(async (archive) => {
      blob = await new Response(archive as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
    });
  }
  const opened = await sink.open();
  if (!opened.ok) return opened;
  for (const { input, parts } of found.files) {
    const path = input.path.split('/').map(safeName).join('/');
    const written = await sink.write({ path, parts, source: packedSource(input) });
    if (!written.ok) {
      await sink.abort();
      return written;
    }
  }
  const closed = await sink.close();
  if (!closed.ok) return closed;
  if (blob !== undefined) saveBlob(blob, 'lethe-reidentified.zip');
  return ok(found.files.length);
}
