/** The DICOMDIR of a batch: names of its files, what it says of each, and the file itself. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ItemOutcome } from '../../audit/outcome';
import type { IndexRecord } from '../../audit/record';
import { bytesSource } from '../../bytes';
import type { DirectoryFacts } from '../../export/directory-record';
import type { Sink } from '../../export/sink';
import { ok, type Result } from '../../result';
import { filesetNames } from './names';
import type { BatchFacts } from './types';

export class IndexFile {
  readonly #names: readonly string[];
  readonly #directory = new Map<number, DirectoryFacts>();
  #written: IndexRecord | undefined;

  constructor(facts: readonly (BatchFacts | undefined)[], takesPart: (index: number) => boolean) {
    this.#names = filesetNames(facts, takesPart);
  }

  /** What became of it, once it is written. */
  get record(): IndexRecord | undefined {
    return this.#written;
  }

  /** The File ID of an input; '' for what is no DICOM. */
  nameOf(index: number): string {
    return this.#names[index] ?? '';
  }

  add(index: number, facts: DirectoryFacts | undefined): void {
    if (facts !== undefined) this.#directory.set(index, facts);
  }

  async write(sink: Sink, settled: readonly ItemOutcome[]): Promise<Result<null>> {
    const files = settled.flatMap(({ index, status, outputPath }) => {
      const facts = this.#directory.get(index);
      return status === 'exported' && outputPath !== null && facts !== undefined ? [{ path: outputPath, facts }] : [];
    });
    if (files.length === 0) return ok(null);
    // Needs dictionary and writer, which the page's own script can do without.
    const { dicomdirName, makeDicomdir } = await import('../../export/dicomdir');
    const bytes = makeDicomdir(files);
    const written = await sink.write({ path: dicomdirName, parts: [bytes], source: bytesSource(bytes) });
    if (written.ok) {
      this.#written = { output: dicomdirName, sha256Out: bytesToHex(sha256(bytes)), bytesOut: bytes.byteLength };
    }
    return written;
  }
}
