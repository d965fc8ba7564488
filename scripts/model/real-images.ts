/** Real images beside the project (../shared/data), read by Lethe's own decoder; nothing when the folder is not there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { provideCodecs } from '../../src/cli/codec-assets';
import { bytesSource } from '../../src/core/bytes';
import type { GreyFrame } from '../../src/core/detect';
import { parseDicomBytes } from '../../src/core/dicom/parse';
import { openFrames } from '../../src/core/pixels/frames';

export interface RealImage {
  readonly name: string;
  /** The manifest says that text is burned in. */
  readonly hasText: boolean;
  readonly frame: GreyFrame;
}

interface ManifestFile {
  readonly file: string;
  readonly kind?: string;
  readonly expect?: string;
  readonly burnedInAnnotation?: string;
  readonly notes?: readonly string[];
}

/** Looked at by eye: text that the manifest does not mention (test patterns, scales, a laterality letter, product photos). */
const alsoText =
  /TestPattern|test16signed|raw-9bit|vlut_04|seg_image_sm_control|GH538|4AICL142|8323329\.6904|Issue143|RG3_J2K|JPEGwithIcon|ModalitySequenceLUT|RG3_|JLS._RGB_/;

/** The middle frame of every readable DICOM image. */
export async function* realImages(folder = path.resolve('../shared/data')): AsyncGenerator<RealImage> {
  const manifest = path.join(folder, 'manifest.json');
  if (!existsSync(manifest)) return;
  provideCodecs();
  const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files: readonly ManifestFile[] };
  for (const entry of files) {
    if (entry.kind !== 'dicom' || entry.expect !== 'opens') continue;
    // A plain array: slice() of a Buffer would be a view.
    const bytes = new Uint8Array(readFileSync(path.join(folder, entry.file)));
    const file = parseDicomBytes(bytes);
    if (!file.ok) continue;
    const frames = openFrames(file.value, bytesSource(bytes));
    if (!frames.ok) continue;
    const view = await frames.value.view(Math.floor(frames.value.facts.frames / 2));
    if (!view.ok) continue;
    const noted = entry.notes?.some((note) => note.startsWith('burned-in text')) === true;
    if (!noted && (entry.burnedInAnnotation === 'YES' || alsoText.test(entry.file))) continue;
    yield { name: entry.file, hasText: noted, frame: view.value };
  }
}
