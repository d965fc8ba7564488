/** WebP as a list of chunks (RFC 9649): what is a picture, and what is not. Nothing is decoded here. */
import { type Result, fail, ok } from '../../result';
import { cleanProfile } from '../../icc';
import { viewOf } from '../bits';
import { droppedFrom } from '../profile';
import type { RemovedPiece } from '../types';

/** One picture: a still, or a frame of an animation with its place on the canvas. */
export interface WebpFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Milliseconds that it stays. */
  readonly duration: number;
  /** It is laid over what is there instead of replacing it. */
  readonly blend: boolean;
  /** Its place becomes background after it. */
  readonly dispose: boolean;
  /** 'VP8 ' lossy, 'VP8L' lossless. */
  readonly coding: 'VP8 ' | 'VP8L';
  readonly data: Uint8Array;
  /** Opacity of a lossy picture. */
  readonly alpha: Uint8Array | null;
}

export interface WebpFile {
  readonly width: number;
  readonly height: number;
  /** There is a VP8X chunk. */
  readonly extended: boolean;
  readonly animated: boolean;
  /** Background colour and number of loops, as stored. */
  readonly animation: Uint8Array | null;
  readonly frames: readonly WebpFrame[];
  /** Its ICC profile, clean. */
  readonly profile: Uint8Array | null;
  readonly removed: readonly RemovedPiece[];
}

/** A decoded picture takes four bytes a pixel, twice. */
const maxPixels = 2 ** 26;
const maxFrames = 20_000;
const shownText = 2_000;

const bad = (message: string, at?: number) => fail('bad-webp', message, at === undefined ? undefined : `byte ${at}`);

const u24 = (view: DataView, at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

interface Chunk {
  readonly name: string;
  readonly data: Uint8Array;
  readonly at: number;
}

const nameAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Chunks between `from` and `end`; null when one reaches beyond. */
function chunksIn(bytes: Uint8Array, from: number, end: number): readonly Chunk[] | null {
  const view = viewOf(bytes);
  const out: Chunk[] = [];
  let at = from;
  while (at + 8 <= end) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) return null;
    out.push({ name: nameAt(bytes, at), data: bytes.subarray(at + 8, at + 8 + length), at });
    at += 8 + length + (length & 1);
  }
  return at >= end ? out : null;
}

const names: Readonly<Record<string, string>> = { ICCP: 'ICC profile', EXIF: 'Exif', 'XMP ': 'XMP' };

function pieceOf(chunk: Chunk): RemovedPiece {
  const name = names[chunk.name] ?? (/^[A-Za-z0-9 ]{4}$/.test(chunk.name) ? chunk.name.trim() : 'chunk');
  const text = chunk.name === 'XMP ' ? new TextDecoder().decode(chunk.data.subarray(0, shownText)).trim() : '';
  return { name, bytes: chunk.data.length, ...(text !== '' && { text }) };
}

/** Errors: `bad-webp`, `truncated`, `too-large`, `limit-exceeded`. */
export function parseWebp(bytes: Uint8Array): Result<WebpFile> {
  if (bytes.length < 20 || nameAt(bytes, 0) !== 'RIFF' || nameAt(bytes, 8) !== 'WEBP')
    return bad('This is not a WebP image.');
  const end = 8 + viewOf(bytes).getUint32(4, true);
  if (end > bytes.length) return fail('truncated', 'The WebP image ends too early; it was not copied completely.');
  const chunks = chunksIn(bytes, 12, end);
  if (chunks === null || chunks.length === 0) return bad('A part of the WebP image is damaged.');
  const removed: RemovedPiece[] = [];
  if (end < bytes.length) removed.push({ name: 'after the image', bytes: bytes.length - end });
  const first = chunks[0] as Chunk;
  if (first.name !== 'VP8X') return plainWebp(chunks, removed);

  const header = viewOf(first.data);
  if (first.data.length < 10) return bad('The header of the WebP image is damaged.', first.at);
  const width = 1 + u24(header, 4);
  const height = 1 + u24(header, 7);
  const animated = ((first.data[0] as number) & 2) !== 0;
  if (width * height > maxPixels) return tooLarge();
  let animation: Uint8Array | null = null;
  let profile: Uint8Array | null = null;
  const frames: WebpFrame[] = [];
  const picture: Chunk[] = [];
  for (const chunk of chunks.slice(1)) {
    if (chunk.name === 'ANIM' && animated && animation === null && chunk.data.length >= 6)
      animation = chunk.data.subarray(0, 6);
    else if (chunk.name === 'ANMF' && animated) {
      const frame = frameOf(bytes, chunk, removed);
      if (!frame.ok) return frame;
      const { x, y } = frame.value;
      if (x + frame.value.width > width || y + frame.value.height > height)
        return bad('A frame of the WebP image lies outside of it.', chunk.at);
      frames.push(frame.value);
      if (frames.length > maxFrames) return fail('limit-exceeded', 'The WebP image has too many frames.');
    } else if (!animated && (chunk.name === 'VP8 ' || chunk.name === 'VP8L' || chunk.name === 'ALPH'))
      picture.push(chunk);
    else if (chunk.name === 'ICCP' && profile === null) {
      profile = cleanProfile(chunk.data, 3);
      if (profile === null) removed.push(pieceOf(chunk));
      else if (profile.length !== chunk.data.length || profile.some((byte, i) => byte !== chunk.data[i])) {
        removed.push({ name: droppedFrom('ICC profile', chunk.data), bytes: chunk.data.length });
      }
    } else removed.push(pieceOf(chunk));
  }
  if (!animated) {
    const still = pictureOf(picture, removed);
    if (!still.ok) return still;
    if (still.value.width !== width || still.value.height !== height) return bad('The WebP image has two sizes.');
    frames.push(still.value);
  }
  if (frames.length === 0 || (animated && animation === null)) return bad('The WebP image holds no picture.');
  return ok({ width, height, extended: true, animated, animation, frames, profile, removed });
}

const tooLarge = () => fail('too-large', 'The WebP image claims more pixels than Lethe can hold in memory.');

function plainWebp(chunks: readonly Chunk[], removed: RemovedPiece[]): Result<WebpFile> {
  const picture = pictureOf(chunks, removed);
  if (!picture.ok) return picture;
  const { width, height } = picture.value;
  const frames = [picture.value];
  return ok({ width, height, extended: false, animated: false, animation: null, frames, profile: null, removed });
}

function frameOf(bytes: Uint8Array, chunk: Chunk, removed: RemovedPiece[]): Result<WebpFrame> {
  const view = viewOf(chunk.data);
  if (chunk.data.length < 24) return bad('A frame of the WebP image is damaged.', chunk.at);
  const from = chunk.at + 8;
  const inner = chunksIn(bytes, from + 16, from + chunk.data.length);
  if (inner === null) return bad('A frame of the WebP image is damaged.', chunk.at);
  const picture = pictureOf(inner, removed);
  if (!picture.ok) return picture;
  if (picture.value.width !== 1 + u24(view, 6) || picture.value.height !== 1 + u24(view, 9)) {
    return bad('A frame of the WebP image has two sizes.', chunk.at);
  }
  const flags = view.getUint8(15);
  return ok({
    ...picture.value,
    x: 2 * u24(view, 0),
    y: 2 * u24(view, 3),
    duration: u24(view, 12),
    blend: (flags & 2) === 0,
    dispose: (flags & 1) !== 0,
  });
}

function pictureOf(chunks: readonly Chunk[], removed: RemovedPiece[]): Result<WebpFrame> {
  let alpha: Uint8Array | null = null;
  let found: Chunk | null = null;
  for (const chunk of chunks) {
    if ((chunk.name === 'VP8 ' || chunk.name === 'VP8L') && found === null) found = chunk;
    else if (chunk.name === 'ALPH' && alpha === null && found === null) alpha = chunk.data;
    else removed.push(pieceOf(chunk));
  }
  if (found === null) return bad('The WebP image holds no picture.');
  const { data } = found;
  const size = found.name === 'VP8L' ? losslessSize(data) : lossySize(data);
  if (size === null) return bad('The picture in the WebP image is damaged.', found.at);
  if (size.width * size.height > maxPixels) return tooLarge();
  if (found.name === 'VP8L' && alpha !== null) removed.push({ name: 'ALPH', bytes: alpha.length });
  return ok({
    ...size,
    x: 0,
    y: 0,
    duration: 0,
    blend: false,
    dispose: false,
    coding: found.name === 'VP8L' ? 'VP8L' : 'VP8 ',
    data,
    alpha: found.name === 'VP8L' ? null : alpha,
  });
}

/** RFC 6386 9.1: a key frame that is shown. */
function lossySize(data: Uint8Array): { width: number; height: number } | null {
  if (data.length < 10 || data[3] !== 0x9d || data[4] !== 0x01 || data[5] !== 0x2a || ((data[0] as number) & 1) !== 0)
    return null;
  const view = viewOf(data);
  const width = view.getUint16(6, true) & 0x3fff;
  const height = view.getUint16(8, true) & 0x3fff;
  return width > 0 && height > 0 ? { width, height } : null;
}

/** RFC 9649 3.4: signature, 14 bits each of width and height less one, alpha, version 0. */
function losslessSize(data: Uint8Array): { width: number; height: number } | null {
  if (data.length < 5 || data[0] !== 0x2f || (data[4] as number) >> 5 !== 0) return null;
  const bits = viewOf(data).getUint32(1, true);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

function chunkBytes(name: string, ...data: readonly Uint8Array[]): Uint8Array[] {
  const length = data.reduce((n, d) => n + d.length, 0);
  const head = new Uint8Array(8);
  for (let i = 0; i < 4; i++) head[i] = name.charCodeAt(i);
  viewOf(head).setUint32(4, length, true);
  return [head, ...data, ...(length % 2 === 1 ? [new Uint8Array(1)] : [])];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function riff(chunks: readonly Uint8Array[]): Uint8Array {
  const body = join(chunks);
  const head = new Uint8Array(12);
  head.set([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]);
  viewOf(head).setUint32(4, body.length + 4, true);
  return join([head, body]);
}

const pictureChunks = (frame: WebpFrame): Uint8Array[] => [
  ...(frame.alpha === null ? [] : chunkBytes('ALPH', frame.alpha)),
  ...chunkBytes(frame.coding, frame.data),
];

function extendedHeader(width: number, height: number, flags: number): Uint8Array[] {
  const data = new Uint8Array(10);
  const view = viewOf(data);
  data[0] = flags;
  for (let i = 0; i < 3; i++) {
    view.setUint8(4 + i, ((width - 1) >> (8 * i)) & 255);
    view.setUint8(7 + i, ((height - 1) >> (8 * i)) & 255);
  }
  return chunkBytes('VP8X', data);
}

const hasAlpha = (frame: WebpFrame): boolean =>
  frame.alpha !== null || (frame.coding === 'VP8L' && ((frame.data[4] as number) & 0x10) !== 0);

/** One picture as a file of its own: what a decoder takes. */
export function stillFile(frame: WebpFrame): Uint8Array {
  if (frame.alpha === null) return riff(pictureChunks(frame));
  return riff([...extendedHeader(frame.width, frame.height, 0x10), ...pictureChunks(frame)]);
}

/** The file anew from its pictures. It has the extended header only where it needs one. */
export function writeWebp(file: WebpFile, frames: readonly WebpFrame[]): Uint8Array {
  const first = frames[0] as WebpFrame;
  const { profile } = file;
  if (!file.animated && profile === null) return stillFile(first);
  const flags = (file.animated ? 2 : 0) | (frames.some(hasAlpha) ? 0x10 : 0) | (profile === null ? 0 : 0x20);
  const head = [
    ...extendedHeader(file.width, file.height, flags),
    ...(profile === null ? [] : chunkBytes('ICCP', profile)),
  ];
  if (!file.animated) return riff([...head, ...pictureChunks(first)]);
  const out = [...head, ...chunkBytes('ANIM', file.animation ?? new Uint8Array(6))];
  for (const frame of frames) {
    const head = new Uint8Array(16);
    const put = (at: number, value: number): void => {
      for (let i = 0; i < 3; i++) head[at + i] = (value >> (8 * i)) & 255;
    };
    put(0, frame.x / 2);
    put(3, frame.y / 2);
    put(6, frame.width - 1);
    put(9, frame.height - 1);
    put(12, frame.duration);
    head[15] = (frame.blend ? 0 : 2) | (frame.dispose ? 1 : 0);
    out.push(...chunkBytes('ANMF', head, ...pictureChunks(frame)));
  }
  return riff(out);
}
