import type { DicomFile } from '../dicom/data-set';
import type { Encoder } from './needles';

/** Writes needles in the character sets of the input and of the output. */
export function encoderOf(input: DicomFile, output: DicomFile): Encoder {
  if (input.size + output.size === 0) return () => [];
  return (text) => {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 255) return [];
      bytes[i] = c;
    }
    return [bytes];
  };
}
