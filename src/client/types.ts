/**
 * What the page may ask of the workers. Plain data in and out; failures are values, no method rejects.
 * Files stay on the machine: they travel to the workers as handles (structured clone of a File copies no bytes).
 */
import type { ListedEntry, ZipEntry } from '../core/archive/zip-directory';
import type { AuditReport } from '../core/audit/record';
import type { PlanRow } from '../core/deid/plan';
import type { RetainedValues } from '../core/deid/retained';
import type { Profile, RedactionStyle, TextPolicy } from '../core/deid/profile';
import type { Region } from '../core/detect/types';
import type { Lookup } from '../core/lookup/table';
import type { Signer } from '../core/cms/signing-key';
import type { KioskSession } from '../core/kiosk/session';
import type { ItemState } from '../core/pipeline/batch';
import type { FilesetAccount } from '../core/pipeline/filesets';
import type { ItemOutcome, StatusCounts } from '../core/audit/outcome';
import type { Head } from '../core/detect/verifier/head';
import type { InstanceSummary, ProcessSettings, SaidRegion, ViewFrame } from '../core/pipeline/types';
import type { Rect, RgbaImage } from '../core/pixels/types';
import type { ErrorCode, Failure, Result } from '../core/result';
import type { Interrupted } from './journal';

export type { ItemState } from '../core/pipeline/batch';
export type { ItemOutcome, OutcomeCode, SkipCode, StatusCounts } from '../core/audit/outcome';

/** One file as it was dropped or picked. The client remembers what it learned of a File by the object itself: keep it. */
export interface FileInput {
  /** Relative to what was dropped, with '/': 'study/series/IM1'. Part of the patient's identity. */
  readonly path: string;
  /** The file, or what of an archive holds it. */
  readonly file: File;
  /** The file lies in an archive, and `file` is the part of the archive that holds it. */
  readonly packed?: ZipEntry;
  /** It can't be read, as is known already: an entry of an archive that is encrypted, say. */
  readonly refusal?: Failure;
}

/** Every call takes a signal. After an abort the call resolves at once with the code `cancelled`. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Calls for what is on the screen come first: 'now' (default for frame, plan, preview), 'soon', 'idle' (thumbnails). */
  readonly priority?: Priority;
}

export type Priority = 'now' | 'soon' | 'idle';

/** `identity` may be left out: the client merges what it inspected, per patient, and adds it to every call. */
export type ClientSettings = Pick<
  ProcessSettings,
  'profile' | 'key' | 'regions' | 'accepted' | 'pseudonym' | 'identity'
>;

export interface DetectRequest {
  readonly frames: readonly number[] | 'policy' | 'all';
  readonly policy: TextPolicy;
  readonly keep: readonly string[];
  /** Overlays are searched too, since they stay. */
  readonly overlays?: boolean;
  /** Places where text is known to stand on images of this device: looked at closely, believed sooner. */
  readonly priors?: readonly Rect[];
}

export interface DetectOptions extends CallOptions {
  /** Frames looked at so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Who can open an archive. The password is held in memory until the archive is done. */
export type Protection =
  | { readonly kind: 'password'; readonly password: string }
  /** For those whose certificates (PEM) these are. */
  | { readonly kind: 'recipients'; readonly certificates: readonly string[] };

/** Where an export goes. The page asks for handles inside the user's click; browsers without them use 'zip-blob'. */
export type Destination =
  /** A ZIP kept by the browser until `ExportOutcome.archive` is saved by a link. */
  | { readonly kind: 'zip-blob'; readonly protection?: Protection }
  /** A ZIP streamed into a file picked by showSaveFilePicker: nothing is held. */
  | { readonly kind: 'zip-file'; readonly handle: FileSystemFileHandle; readonly protection?: Protection }
  /** A folder picked by showDirectoryPicker({mode: 'readwrite'}). */
  | { readonly kind: 'folder'; readonly handle: FileSystemDirectoryHandle };

/** A folder or an archive that can be opened again at another visit. */
export type SourceHandle = FileSystemDirectoryHandle | FileSystemFileHandle;

export interface ExportItem extends FileInput {
  /** Regions decided by a person for this Instance; absent: the profile's pixel policy decides and detects by itself. */
  readonly regions?: readonly Region[];
  readonly accepted?: NonNullable<ProcessSettings['accepted']>;
  /** A person looked at it and decided. */
  readonly reviewed?: boolean;
  /** A person took this Instance out: it ends as `skipped`. */
  readonly excluded?: boolean;
  /** It waits for a person who has not looked yet: it ends as `needs-review`. */
  readonly waiting?: boolean;
  /** It holds the same bytes as another item, and what a person decided about that one holds for both: it ends as `skipped`. */
  readonly copy?: boolean;
}

/** A text that was masked: its name and content hold no identity. */
export interface ExportDocument {
  /** Below the output folder. */
  readonly path: string;
  readonly text: string;
  readonly masked: Readonly<Record<string, number>>;
}

export interface ExportRequest {
  /** Everything that was dropped, also what could not be read: every input gets exactly one outcome. */
  readonly items: readonly ExportItem[];
  readonly profile: Profile;
  /** Project key, 32 bytes. */
  readonly key: Uint8Array;
  readonly destination: Destination;
  /** Template of the output path, see `core/export/path-template.ts`; absent: patient/study/series/instance. */
  readonly pathTemplate?: string;
  /** The policy of this machine, and who is at it. */
  readonly kiosk?: KioskSession;
  /** Names DICOM results as a File-set wants it and adds a DICOMDIR for them. */
  readonly dicomdir?: boolean;
  /** Folders and archives that all inputs came from: with them an interrupted export can go on by itself. */
  readonly sources?: readonly SourceHandle[];
  /** Goes on with an interrupted export; the items are those of then, what was decided about them included. */
  readonly resumed?: Pick<Interrupted, 'salt' | 'finished' | 'created'>;
  /** Masked texts that are written beside the images, and told in the record. */
  readonly documents?: readonly ExportDocument[];
  /** The lookup table that this export continues. */
  readonly lookup?: Lookup;
  /** Signs the record; the signature lies beside it. */
  readonly signer?: Signer;
  /** Signs each DICOM image; both are the same key where both are there. */
  readonly imageSigner?: Signer;
  /** Adds the identity-free record as `lethe-report.json` to the output. Default true. */
  readonly includeReport?: boolean;
}

export interface ExportProgress {
  readonly phase: 'reading' | 'working' | 'finishing' | 'done';
  /** Items with an outcome. */
  readonly done: number;
  readonly total: number;
  /** Bytes of the inputs that have an outcome, and of all. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly counts: StatusCounts;
  /** Items a second over the last half minute; null while unknown. */
  readonly rate: number | null;
  /** null while unknown. */
  readonly secondsLeft: number | null;
}

export interface ExportEvents {
  /** State changes of items, gathered: called at most ten times a second. */
  readonly onItems?: (changes: readonly { readonly index: number; readonly state: ItemState }[]) => void;
  readonly onOutcome?: (outcome: ItemOutcome) => void;
  /** At most four times a second, and once at the end. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

export interface ExportOutcome {
  /** In the order of the request's items; one for each. */
  readonly items: readonly ItemOutcome[];
  readonly counts: StatusCounts;
  /** The record: counts, hashes, rules, regions without their text. No identity. */
  readonly report: AuditReport;
  /** One for each index (DICOMDIR) among the inputs. */
  readonly filesets: readonly FilesetAccount[];
  /** The table with the patients of this export, where one was given. Identity. */
  readonly lookup?: Lookup;
  /** For 'zip-blob'. */
  readonly archive?: Blob;
  readonly archiveName?: string;
  /**
   * False after a cancel or when the destination was lost (full, unplugged, permission withdrawn): a folder then holds whole files
   * only, listed as exported; an archive is gone, and nothing counts as exported.
   */
  readonly complete: boolean;
  /** Why the destination was lost. */
  readonly failure?: Failure;
}

export interface ExportJob {
  /** Fails only when nothing was done: bad profile or key, destination that cannot be opened. A cancelled job resolves with `complete: false`. */
  readonly finished: Promise<Result<ExportOutcome>>;
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  cancel(): void;
}

/** What is known of the text model after it was first loaded. */
export interface ModelStatus {
  readonly state: 'idle' | 'loading' | 'ready' | 'failed';
  /** 'wasm', 'webgpu', 'webgl', 'cpu'. */
  readonly backend?: string;
  readonly code?: ErrorCode;
  readonly message?: string;
}

export interface Client {
  inspect(input: FileInput, options?: CallOptions): Promise<Result<InstanceSummary>>;
  /**
   * Inspects many; `onResult` is called once for each, in the order in which they are done. Resolves when all are.
   * Thousands are fine: files wait for a worker, not in memory.
   */
  inspectAll(
    inputs: readonly FileInput[],
    onResult: (index: number, result: Result<InstanceSummary>) => void,
    options?: CallOptions,
  ): Promise<void>;
  plan(input: FileInput, settings: ClientSettings, options?: CallOptions): Promise<Result<readonly PlanRow[]>>;
  /** What stays of the quasi-identifiers under the plan. */
  retained(input: FileInput, settings: ClientSettings, options?: CallOptions): Promise<Result<RetainedValues>>;
  frame(input: FileInput, index: number, options?: CallOptions): Promise<Result<ViewFrame>>;
  /** Longest side at most `size` pixels. */
  thumbnail(input: FileInput, size: number, options?: CallOptions): Promise<Result<RgbaImage>>;
  detect(input: FileInput, request: DetectRequest, options?: DetectOptions): Promise<Result<readonly Region[]>>;
  /** The frame as it will be after redaction of `regions` (those with action 'redact' that cover this frame). */
  preview(
    input: FileInput,
    index: number,
    regions: readonly Region[],
    style: RedactionStyle,
    options?: CallOptions,
  ): Promise<Result<ViewFrame>>;
  /** SHA-256 of the content, hexadecimal. */
  hash(input: FileInput, signal?: AbortSignal): Promise<Result<string>>;
  /** What a ZIP holds; its files become inputs by `packed`. */
  list(archive: File, options?: CallOptions): Promise<Result<readonly ListedEntry[]>>;
  /** Runs a whole export. Returns at once. */
  export(request: ExportRequest, events?: ExportEvents): ExportJob;
  /** Starts a worker ahead of need, when files are about to come. It ends by itself when none do. */
  prepare(): void;
  /**
   * Makes a region verifier of what people said of regions; nothing is judged by it before `useHead`. `onProgress`: images looked at.
   */
  learn(
    said: readonly { readonly input: FileInput; readonly frame: number; readonly regions: readonly SaidRegion[] }[],
    options?: DetectOptions,
  ): Promise<Result<Head>>;
  /** The region verifier for all searches from now on; null: as it was made. Searches that are running begin anew. */
  useHead(head: Head | null): void;
  /** Loads the text model ahead of need. */
  warmUp(): Promise<ModelStatus>;
  readonly model: ModelStatus;
  onModelStatus(listener: (status: ModelStatus) => void): () => void;
  /** Forgets what was learned of files and patients (a closed session). Workers stay. */
  forget(): void;
  /** Ends all work and all workers. Further calls resolve with `cancelled`. */
  dispose(): void;
}

export interface ClientOptions {
  /** Most workers at a time; default: by cores, 2 to 5. */
  readonly workers?: number;
  /** Where the text model is served; default: 'models/text/' below the page's base. */
  readonly modelBase?: string;
}
