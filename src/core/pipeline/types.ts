/**
 * The engine's words: what the page's client and the command line ask of core, one Instance at a time.
 * All of it is plain data that survives a structured clone.
 */
import type { BatchFacts } from './batch/types';
import type { ByteSource, Part } from '../bytes';
import type { ImageSigner } from '../cms/rsa';
import type { IdentityFacts } from '../deid/context';
import type { PlanRow } from '../deid/plan';
import type { RetainedValues } from '../deid/retained';
import type { Profile, RedactionStyle, TextPolicy } from '../deid/profile';
import type { DeviceTemplate } from '../detect/device-templates';
import type { Region } from '../detect/types';
import type { Correction, Head } from '../detect/verifier/head';
import type { DecodedFrame, Grayscale, PixelFacts, Rect, RgbaImage } from '../pixels/types';
import type { RasterKind } from '../raster/types';
import type { Failure, Result } from '../result';
import type { ScratchRef } from '../scratch';
import type { Finding } from '../verify/types';
import type { DirectoryFacts } from '../export/directory-record';
import type { PixelRecord } from '../audit/outcome';

/** One input as it was dropped, picked or named. `path` uses '/', relative to what was dropped. */
export interface Input {
  readonly path: string;
  readonly source: ByteSource;
  /** The same id means the same content: lets the engine keep what it parsed between calls. */
  readonly id?: string;
}

export type InputKind = 'dicom' | RasterKind;

/** How every input ends. */
export type InstanceStatus = 'exported' | 'needs-review' | 'refused' | 'skipped';

/** What the page shows of an Instance before anything is changed. Holds identity: memory only. */
export interface InstanceSummary {
  readonly path: string;
  readonly kind: InputKind;
  /** Of the output's name, with its dot: '.dcm', '.nii.gz'. */
  readonly extension: string;
  readonly size: number;
  readonly patient: {
    readonly key: string;
    readonly name: string;
    readonly id: string;
    readonly birthDate: string;
    readonly sex: string;
  };
  readonly study: {
    readonly key: string;
    readonly date: string;
    readonly time: string;
    readonly description: string;
    readonly accession: string;
  };
  readonly series: {
    readonly key: string;
    readonly number: number | null;
    readonly modality: string;
    readonly description: string;
  };
  readonly instance: {
    readonly uid: string;
    readonly number: number | null;
    readonly sopClass: string;
    readonly sopClassName: string;
  };
  readonly device: { readonly manufacturer: string; readonly model: string };
  readonly transferSyntax: string;
  readonly transferSyntaxName: string;
  /** (0028,0301) as stored; '' when absent. */
  readonly burnedIn: string;
  /** Whether `auto` asks for text detection, and why, as a code the page has a sentence for. */
  readonly pixelRisk: { readonly check: boolean; readonly reason: string };
  /** null: an object without pixels (a report, a plan). */
  readonly pixels: PixelFacts | null;
  /** Overlay Planes lie over the frames. */
  readonly overlays: boolean;
  readonly grayscale: Grayscale | null;
  readonly identity: IdentityFacts;
  /** Of an index (DICOMDIR): the files that it lists, relative to its folder. It is never exported. */
  readonly fileset?: readonly string[];
  readonly warnings: readonly string[];
}

/** A decoded Frame with what the viewer needs to show it right. */
export interface ViewFrame extends DecodedFrame {
  readonly grayscale: Grayscale;
  /** Exact extremes of `data` (of the finite values, for float). */
  readonly min: number;
  readonly max: number;
  /** Palette applied already: then samples is 3 and photometric 'RGB'. YBR is turned into RGB for the eye. */
  readonly display: 'gray' | 'rgb';
  /** What Overlay Planes draw over it: 1 where they do, a byte a pixel. It leaves only where the profile keeps overlays. */
  readonly overlay?: Uint8Array;
}

export interface ProcessSettings {
  readonly profile: Profile;
  /** Project key, 32 bytes. */
  readonly key: Uint8Array;
  /** The patient's identity merged over the session; absent: that of this file alone. */
  readonly identity?: IdentityFacts;
  readonly pseudonym?: string;
  /**
   * Regions decided by a person. Present (even empty): they are what is redacted, detection is not run again.
   * Absent: the pixel policy decides whether to detect.
   */
  readonly regions?: readonly Region[];
  /** Hash input and output for the record. Default false: it means reading all of both. */
  readonly hash?: boolean;
  /** Template of the output path (core/export/path-template); absent: the default one. */
  readonly pathTemplate?: string;
  /** Also tells what a DICOMDIR says of the output. */
  readonly indexed?: boolean;
  /** Templates of devices: where text is searched, the places of this one's are looked at closely. */
  readonly templates?: readonly DeviceTemplate[];
  /** Signs DICOM Instances (PS3.15 C.2). Plain images have no place for a signature. */
  readonly signer?: ImageSigner;
  /** Overridable findings that a person accepted, by check and place. */
  readonly accepted?: readonly { readonly check: string; readonly where?: string; readonly reason: string }[];
}

/** A finished Instance: parts to write in order, ranges into the input's source. It has passed the gate. */
export interface ProcessedInstance {
  readonly parts: readonly Part[];
  readonly kind: InputKind;
  /** Suggested place below the output folder: 'pseudonym/study/series/instance.dcm'; made of pseudonyms alone. */
  readonly outputPath: string;
  readonly regions: readonly Region[];
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<string, number>>;
  /** Length of the output in bytes. */
  readonly size: number;
  readonly pixels: PixelRecord;
  /** Ranges of the parts beyond the input's length are in here (`chained`). The host's scratch store opens and releases it. */
  readonly scratch?: ScratchRef;
  /** Where the settings ask for it and the standard has a record for this kind of object. */
  readonly directory?: DirectoryFacts;
  /** Hexadecimal; present when the settings ask for hashes. */
  readonly sha256In?: string;
  readonly sha256Out?: string;
}

/** Where an Instance stands that cannot leave by itself: the reason, and what was found. */
export interface Held extends Failure {
  readonly findings?: readonly Finding[];
  readonly regions?: readonly Region[];
}

/** The one engine behind page and command line. Every method returns failures as values and honours the signal. */
export interface Engine {
  inspect(input: Input): Promise<Result<InstanceSummary>>;
  /** What a batch has to know of an input: much less than `inspect` tells, and faster. */
  facts(input: Input): Promise<Result<BatchFacts>>;
  /** Rows of the tag diff (DICOM) or of removed chunks, segments, tags and fields (plain images). */
  plan(input: Input, settings: ProcessSettings): Promise<Result<readonly PlanRow[]>>;
  /** What stays of the quasi-identifiers under the plan. Plain images keep nothing. */
  retained(input: Input, settings: ProcessSettings): Promise<Result<RetainedValues>>;
  frame(input: Input, index: number): Promise<Result<ViewFrame>>;
  /** Longest side at most `size` pixels; of the middle frame. */
  thumbnail(input: Input, size: number): Promise<Result<RgbaImage>>;
  /** Finds and judges text on the frames the policy asks for. */
  detect(
    input: Input,
    options: {
      readonly frames: readonly number[] | 'policy' | 'all';
      readonly policy: TextPolicy;
      readonly keep: readonly string[];
      readonly identity?: IdentityFacts;
      /** Overlays are searched too, since they stay. */
      readonly overlays?: boolean;
      /** Places where text is known to stand on images of this device (core/detect/priors). */
      readonly priors?: readonly Rect[];
    },
    signal?: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<Result<readonly Region[]>>;
  /** The frame as it will be after redaction, for the before | after toggle. */
  preview(input: Input, index: number, regions: readonly Region[], style: RedactionStyle): Promise<Result<ViewFrame>>;
  /** Plan, pixels, write, gate. */
  process(
    input: Input,
    settings: ProcessSettings,
    signal?: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<{ readonly ok: true; readonly value: ProcessedInstance } | Held>;
  /** SHA-256 of the input, hexadecimal. */
  hash(input: Input): Promise<Result<string>>;
  /** Loads the text model; its backend: 'wasm', 'webgpu'… */
  warmUp(): Promise<Result<string>>;
  /** What a person said of places of a frame, as the region verifier can learn it. */
  corrections(
    input: Input,
    index: number,
    said: readonly SaidRegion[],
    signal?: AbortSignal,
  ): Promise<Result<readonly Correction[]>>;
  /** What the corrections make of the region verifier; it is not used before `useHead`. */
  learn(corrections: readonly Correction[]): Promise<Result<Head>>;
  /** The region verifier as it was learnt here; null: as it was made. */
  useHead(head: Head | null): void;
  /** Drops what is kept of parsed inputs. */
  forget(): void;
  dispose(): void;
}

/** A place of an image and a person's word whether text is there. */
export interface SaidRegion {
  readonly rect: Rect;
  readonly text: boolean;
}
