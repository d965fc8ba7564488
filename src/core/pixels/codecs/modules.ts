/** What Lethe calls of the WASM codec packages. Objects live in WASM memory: every one must be `delete()`d. */

/** A view of WASM memory that the next call may move: copy it (as bytes) before going on. */
export type WasmView = Uint8Array | Uint8ClampedArray;

interface CodecObject {
  getEncodedBuffer(length?: number): WasmView;
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
  getDecodedBuffer(): WasmView;
  getFrameInfo(): LsFrameInfo;
  /** 0: planes, 1: by line, 2: by sample. */
  getInterleaveMode(): number;
}

export interface LsEncoder extends CodecObject {
  getDecodedBuffer(info: LsFrameInfo): WasmView;
  setNearLossless(error: number): void;
  setInterleaveMode(mode: number): void;
  encode(): void;
}

export interface J2kFrameInfo extends LsFrameInfo {
  readonly isSigned: boolean;
  /** OpenJPH wants to be told; OpenJPEG decides by the number of components. */
  readonly isUsingColorTransform: boolean;
}

export interface J2kDecoder extends CodecObject {
  decode(): void;
  getDecodedBuffer(): WasmView;
  getFrameInfo(): J2kFrameInfo;
}

export interface J2kEncoder extends CodecObject {
  getDecodedBuffer(info: J2kFrameInfo): WasmView;
  setDecompositions(count: number): void;
  setQuality(lossless: boolean, quality: number): void;
  setProgressionOrder(order: number): void;
  encode(): void;
}

export interface HtEncoder extends J2kEncoder {
  setTLMMarker(wanted: boolean): void;
  setTilePartDivisionsAtResolutions(wanted: boolean): void;
}

/** libwebp, without glue of its own: see `webp-module.ts`. */
export interface WebpModule {
  /** RGBA of one still image, or null when it is damaged. */
  decode(file: Uint8Array): { readonly width: number; readonly height: number; readonly data: Uint8Array } | null;
}

export interface CodecModules {
  readonly webp: WebpModule;
  readonly charls: { readonly JpegLSDecoder: new () => LsDecoder; readonly JpegLSEncoder: new () => LsEncoder };
  readonly openjpeg: { readonly J2KDecoder: new () => J2kDecoder; readonly J2KEncoder: new () => J2kEncoder };
  readonly openjph: { readonly HTJ2KDecoder: new () => J2kDecoder; readonly HTJ2KEncoder: new () => HtEncoder };
}

export type WasmCodecName = keyof CodecModules;
