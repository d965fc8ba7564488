import { deinterleave, interleave, nativeFrameBits, packNative, unpackNative } from '../native';
import type { PixelFacts } from '../types';
import type { CodedImage } from './types';

/** Frames in fragments that hold what a native frame would: little-endian, each from a byte of its own. */

export const frameLength = (facts: PixelFacts): number => Math.ceil(nativeFrameBits(facts) / 8);

export function imageOf(raw: Uint8Array, facts: PixelFacts): CodedImage {
  return {
    width: facts.columns,
    height: facts.rows,
    samples: facts.samplesPerPixel,
    precision: facts.bitsAllocated,
    signed: false,
    data: interleave(unpackNative(raw, 0, facts, true), facts),
    photometric: facts.photometric.replace(/_422$/, ''),
  };
}

export const nativeBytes = (image: CodedImage, facts: PixelFacts): Uint8Array =>
  packNative(deinterleave(image.data, facts), facts, true);
