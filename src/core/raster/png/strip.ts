/**
 * Takes from a PNG everything that decoding and true rendering do not need. What stays, stays byte for byte.
 */
import { Unzlib } from 'fflate';
import { type Result, ok } from '../../result';
import type { RemovedPiece, StrippedRaster } from '../types';
import { crc32 } from './crc';
import { type PngChunk, type PngFile, type PngFrame, isRenderingChunk, pngSignature } from './parse';
import { decodeSamples, encodeSamples, inflateFrame } from './pixels';
import { profileOf } from './profile';

/** Most characters of a removed text that are kept for showing it. */
const shownText = 2_000;

/** A chunk with its length and checksum. */
export function makeChunk(type: string, ...data: readonly Uint8Array[]): Uint8Array {
  const length = data.reduce((n, d) => n + d.length, 0);
  const out = new Uint8Array(length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  let at = 8;
  for (const d of data) {
    out.set(d, at);
    at += d.length;
  }
  view.setUint32(at, crc32(out, 4, at));
  return out;
}

/** New pixel streams by frame; a frame without one keeps its stored bytes. */
export type NewStreams = ReadonlyMap<PngFrame, Uint8Array>;

/**
 * The image without its metadata. A pixel stream that hides bytes (more data than the image has, bytes after the
 * stream's end) is packed anew from its samples. Errors: those of decoding.
 */
export function stripPng(png: PngFile): Result<StrippedRaster> {
  const streams = new Map<PngFrame, Uint8Array>();
  const removed: RemovedPiece[] = [];
  for (const frame of png.frames) {
    const inflated = inflateFrame(png.header, frame);
    if (!inflated.ok) return inflated;
    if (inflated.value.exact) continue;
    const samples = decodeSamples(png.header, frame);
    if (!samples.ok) return samples;
    // The header says how rows are interlaced; one file can't hold both kinds, so all frames are packed anew.
    if (png.header.interlaced) return repack(png);
    streams.set(frame, encodeSamples(png.header, frame.width, frame.height, samples.value));
    removed.push({ name: 'behind the pixels', bytes: 0 });
  }
  return ok(rebuild(png, streams, false, removed));
}

function repack(png: PngFile): Result<StrippedRaster> {
  const streams = new Map<PngFrame, Uint8Array>();
  for (const frame of png.frames) {
    const samples = decodeSamples(png.header, frame);
    if (!samples.ok) return samples;
    streams.set(frame, encodeSamples(png.header, frame.width, frame.height, samples.value));
  }
  return ok(rebuild(png, streams, true, [{ name: 'behind the pixels', bytes: 0 }]));
}

/**
 * Writes the kept chunks with new pixel streams where given. `flatten`: write IHDR as not interlaced; then every frame
 * needs a new stream.
 */
export function rebuild(
  png: PngFile,
  streams: NewStreams,
  flatten: boolean,
  before: readonly RemovedPiece[] = [],
): StrippedRaster {
  const { bytes } = png;
  const out: Uint8Array[] = [pngSignature];
  const removed: RemovedPiece[] = [...before];
  const seen = new Set<string>();
  const byControl = new Map<PngChunk, PngFrame>();
  for (const frame of png.frames) if (frame.control) byControl.set(frame.control, frame);
  const first = png.frames[0] as PngFrame;
  let sequence = 0;
  let current: PngFrame = first;
  let wrote = new Set<PngFrame>();
  for (const chunk of png.chunks) {
    const stored = bytes.subarray(chunk.start, chunk.end);
    const data = bytes.subarray(chunk.dataStart, chunk.dataEnd);
    if (chunk.type === 'IHDR') {
      const header = data.slice();
      if (flatten) header[12] = 0;
      out.push(flatten ? makeChunk('IHDR', header) : stored);
    } else if (chunk.type === 'IDAT') {
      const stream = streams.get(first);
      if (stream === undefined) out.push(stored);
      else if (!wrote.has(first)) out.push(makeChunk('IDAT', stream));
      wrote = wrote.add(first);
    } else if (png.animated && chunk.type === 'fcTL') {
      current = byControl.get(chunk) ?? first;
      out.push(makeChunk('fcTL', numbered(sequence++), data.subarray(4)));
    } else if (png.animated && chunk.type === 'fdAT') {
      const stream = streams.get(current);
      if (stream === undefined) out.push(makeChunk('fdAT', numbered(sequence++), data.subarray(4)));
      else if (!wrote.has(current)) out.push(makeChunk('fdAT', numbered(sequence++), stream));
      wrote = wrote.add(current);
    } else if (chunk.type === 'IEND') {
      out.push(makeChunk('IEND'));
      if (data.length > 0) removed.push({ name: 'IEND', bytes: data.length });
    } else if (chunk.type === 'PLTE' || chunk.type === 'tRNS' || (chunk.type === 'acTL' && !seen.has('acTL'))) {
      seen.add(chunk.type);
      out.push(stored);
    } else if (chunk.type === 'iCCP' && !seen.has('iCCP') && !seen.has('PLTE') && wrote.size === 0) {
      const profile = profileOf(data, png.header);
      seen.add('iCCP');
      if (profile === null) removed.push(describe('iCCP', data));
      else out.push(makeChunk('iCCP', profile.data));
      if (profile !== null && profile.dropped !== null) removed.push({ name: profile.dropped, bytes: data.length });
    } else if (isRenderingChunk(chunk, png.header) && !seen.has(chunk.type)) {
      seen.add(chunk.type);
      out.push(stored);
    } else removed.push(describe(chunk.type, data));
  }
  if (png.end < bytes.length) {
    removed.push({ name: 'after IEND', bytes: bytes.length - png.end, ...latin1(bytes.subarray(png.end)) });
  }
  return { bytes: concat(out), removed };
}

function numbered(n: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, n);
  return out;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Printable Latin-1 text of bytes, where they are text. */
function latin1(bytes: Uint8Array): { text?: string } {
  let text = '';
  for (let i = 0; i < bytes.length && i < shownText; i++) {
    const c = bytes[i] as number;
    if (c === 0) text += ': ';
    else if (c < 9 || (c > 13 && c < 32)) return {};
    else text += String.fromCharCode(c);
  }
  return text === '' ? {} : { text };
}

function describe(type: string, data: Uint8Array): RemovedPiece {
  return { name: type, bytes: data.length, ...textOf(type, data) };
}

function textOf(type: string, data: Uint8Array): { text?: string } {
  if (type === 'tEXt') return latin1(data);
  const keyEnd = data.indexOf(0);
  if (keyEnd < 1) return {};
  const key = latin1(data.subarray(0, keyEnd)).text ?? '';
  if (type === 'zTXt') return { text: `${key}: ${latin1(inflateShort(data.subarray(keyEnd + 2))).text ?? ''}` };
  if (type === 'iTXt') {
    const compressed = data[keyEnd + 1] === 1;
    const languageEnd = data.indexOf(0, keyEnd + 3);
    const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
    if (translatedEnd < 0) return { text: key };
    const body = data.subarray(translatedEnd + 1);
    return {
      text: `${key}: ${new TextDecoder().decode(compressed ? inflateShort(body) : body.subarray(0, shownText))}`,
    };
  }
  return {};
}

/** The first characters of a compressed text; bounded however large it would become. */
function inflateShort(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(shownText);
  let length = 0;
  try {
    const stream = new Unzlib((chunk) => {
      const part = chunk.subarray(0, shownText - length);
      out.set(part, length);
      length += part.length;
    });
    for (let at = 0; at < bytes.length && length < shownText; at += 512) stream.push(bytes.subarray(at, at + 512));
  } catch {
    // A damaged text is removed all the same; there is only less to show of it.
  }
  return out.subarray(0, length);
}
