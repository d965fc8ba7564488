/** dicom-parser's low-level readers, the part of it that the parser stands on. */
import * as module from 'dicom-parser';
import type { ByteArrayParser } from 'dicom-parser';

/** The library is a CommonJS bundle: Node gives its exports as `default`, bundlers as names. */
const library = 'littleEndianByteArrayParser' in module ? module : (module as { default: typeof module }).default;

export const littleEndian: ByteArrayParser = library.littleEndianByteArrayParser;
export const bigEndian: ByteArrayParser = library.bigEndianByteArrayParser;

export type { ByteArrayParser };
