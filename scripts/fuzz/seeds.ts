/** What is mutated: described cases, the planted corpus, and real files where they lie beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildDicom } from '../../fixtures/build';
import { readableCases } from '../../fixtures/cases';
import { dicomCases } from '../../fixtures/planted/dicom-cases';
import { parseDicomBytes } from '../../src/core/dicom/parse';

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Bytes before the pixels: where damage is done. */
  readonly header: number;
  /** Values that no output may hold; empty for real files, whose values are nobody's secret and may be anywhere. */
  readonly planted: readonly string[];
}

/** Long pixel data teaches nothing and costs time: files beyond this are left out. */
const MAX_BYTES = 200_000;

/** What the described cases plant. */
const casePlanted = ['Patricia', 'Planted', 'PID-774411', 'ACC20190412', 'Referrer'];

function seed(name: string, bytes: Uint8Array, planted: readonly string[]): Seed[] {
  const result = parseDicomBytes(bytes);
  if (!result.ok || bytes.length > MAX_BYTES) return [];
  const pixels = result.value.elements.find((e) => e.tag >>> 16 === 0x7fe0);
  const header = result.value.deflated
    ? bytes.length
    : Math.min(bytes.length, (pixels?.valueStart ?? bytes.length) + 64);
  return [{ name, bytes, header, planted }];
}

export function seeds(real: boolean): Seed[] {
  const all = readableCases.flatMap((c) => seed(c.name, buildDicom(c), casePlanted));
  for (const file of dicomCases()) {
    all.push(
      ...seed(
        file.name,
        file.bytes,
        file.planted.map((p) => p.text).filter((t) => t.length > 3),
      ),
    );
  }
  const folder = resolve(process.cwd(), '../shared/data');
  const manifest = join(folder, 'manifest.json');
  if (!real || !existsSync(manifest)) return all;
  const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files: { file: string; kind: string }[] };
  for (const entry of files) {
    if (entry.kind === 'dicom')
      all.push(...seed(entry.file, new Uint8Array(readFileSync(join(folder, entry.file))), []));
  }
  return all;
}
