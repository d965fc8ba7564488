/** What Lethe calls of the WASM codec packages. Objects live in WASM memory: every one must be `delete()`d. */

/** Hands over views of WASM memory that the next call may move: copy before going on. */
interface CodecObject {
  getEncodedBuffer(length?: number): Uint8Array;
  delete(): void;
}

export interface LsFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

export interface LsDecoder extends CodecObject {
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): LsFrameInfo;
  /** 0: planes, 1: by line, 2: by sample. */
  getInterleaveMode(): number;
}

export interface LsEncoder extends CodecObject {
  getDecodedBuffer(info: LsFrameInfo): Uint8Array;
  setNearLossless(error: number): void;
  setInterleaveMode(mode: number): void;
  encode(): void;
}

export interface J2kFrameInfo extends LsFrameInfo {
  readonly isSigned: boolean;
}

export interface J2kDecoder extends CodecObject {
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): J2kFrameInfo;
}

export interface J2kEncoder extends CodecObject {
  getDecodedBuffer(info: J2kFrameInfo): Uint8Array;
  setDecompositions(count: number): void;
  setQuality(lossless: boolean, quality: number): void;
  setProgressionOrder(order: number): void;
  encode(): void;
}

export interface HtEncoder extends J2kEncoder {
  setTLMMarker(wanted: boolean): void;
  setTilePartDivisionsAtResolutions(wanted: boolean): void;
}

export interface CodecModules {
  readonly charls: { readonly JpegLSDecoder: new () => LsDecoder; readonly JpegLSEncoder: new () => LsEncoder };
  readonly openjpeg: { readonly J2KDecoder: new () => J2kDecoder; readonly J2KEncoder: new () => J2kEncoder };
  readonly openjph: { readonly HTJ2KDecoder: new () => J2kDecoder; readonly HTJ2KEncoder: new () => HtEncoder };
}

export type WasmCodecName = keyof CodecModules;
