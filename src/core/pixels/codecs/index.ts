import type { Codec, CodecEntry } from './types';

export type { Codec, CodecEntry, CodedImage } from './types';
export { setCodecLoader, releaseCodecs, type CodecLoader, type WasmCodecName } from './wasm';

const TS = '1.2.840.10008.1.2.';

/** Register a codec here: its syntaxes, and how its module is loaded. */
export const codecs: readonly CodecEntry[] = [
  { transferSyntaxes: [`${TS}5`], load: async () => (await import('./rle')).rle },
  { transferSyntaxes: [`${TS}1.98`], load: async () => (await import('./uncompressed-frame')).uncompressedFrame },
  { transferSyntaxes: [`${TS}8.1`], load: async () => (await import('./deflated-frame')).deflatedFrame },
  {
    // Baseline, extended, the retired progressive ones, lossless
    transferSyntaxes: ['4.50', '4.51', '4.53', '4.55', '4.57', '4.70'].map((s) => TS + s),
    load: async () => (await import('./jpeg')).jpeg,
  },
  { transferSyntaxes: ['4.80', '4.81'].map((s) => TS + s), load: async () => (await import('./jpeg-ls')).jpegLs },
  { transferSyntaxes: ['4.90', '4.91'].map((s) => TS + s), load: async () => (await import('./jpeg-2000')).jpeg2000 },
  {
    transferSyntaxes: ['4.201', '4.202', '4.203'].map((s) => TS + s),
    load: async () => (await import('./ht-jpeg-2000')).htJpeg2000,
  },
];

/** The codec of a transfer syntax; undefined when Lethe has none (native syntaxes, video, unknown ones). */
export function codecFor(transferSyntax: string): Promise<Codec> | undefined {
  return codecs.find((c) => c.transferSyntaxes.includes(transferSyntax))?.load();
}
