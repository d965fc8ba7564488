/** What a batch is asked to do, by whom it has its work done, and what it answers. */
import type { IdentityFacts } from '../../deid/context';
import type { LookupTable } from '../../deid/lookup-table';
import type { Lookup } from '../../lookup/table';
import type { Profile } from '../../deid/profile';
import type { RetainedValues } from '../../deid/retained';
import type { DeviceTemplate } from '../../detect/device-templates';
import type { Region } from '../../detect/types';
import type { OutputFile, Sink } from '../../export/sink';
import type { IndexRecord } from '../../audit/record';
import type { ImageSigner } from '../../cms/rsa';
import type { ItemOutcome, StatusCounts } from '../../audit/outcome';
import type { KioskDestination } from '../../kiosk/policy';
import type { BatchAccess, KioskSession } from '../../kiosk/session';
import type { Failure, Result } from '../../result';
import type { ScratchStore } from '../../scratch';
import type { CohortOutcome } from '../cohort-stage';
import type { FilesetAccount } from '../filesets';
import type { BatchJournal } from '../journal';
import { codedModality } from './modality';
import type { Held, InputKind, InstanceStatus, InstanceSummary, ProcessedInstance, ProcessSettings } from '../types';

export interface BatchItem {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Regions decided by a person; absent: the pixel policy decides. */
  readonly regions?: readonly Region[];
  readonly accepted?: NonNullable<ProcessSettings['accepted']>;
  /** It can't be read, as is known already. */
  readonly refusal?: Failure;
  /** A person looked at it and decided. */
  readonly reviewed?: boolean;
  /** Taken out by a person. */
  readonly excluded?: boolean;
  /** Waits for a person who has not looked yet: it ends as `needs-review`, unread. */
  readonly waiting?: boolean;
  /** Known to hold the same bytes as another input of this batch, which stands for it: it ends as `duplicate`. */
  readonly copy?: boolean;
}

/** What the batch needs to know of an input before it writes anything. */
export interface BatchFacts {
  readonly kind: InputKind;
  readonly patientKey: string;
  /** As the header has them. Memory only. */
  readonly patient: { readonly name: string; readonly id: string };
  /** The same for two inputs that would get the same name: patient, study, series and instance; '' when only content tells. */
  readonly instanceKey: string;
  readonly identity: IdentityFacts;
  /** (0008,0060), coded; '' for none. Rules of a machine speak of it. */
  readonly modality: string;
  /** Of an index (DICOMDIR): the files that it lists. */
  readonly fileset?: readonly string[];
}

interface Keys {
  readonly patient: string;
  readonly study: string;
  readonly series: string;
}

export const instanceKey = ({ patient, study, series }: Keys, uid: string): string =>
  uid === '' ? '' : [patient, study, series, uid].join('\0');

export function batchFacts(summary: InstanceSummary): BatchFacts {
  const { patient, study, series, instance, fileset } = summary;
  return {
    kind: summary.kind,
    patientKey: summary.patient.key,
    patient: { name: summary.patient.name, id: summary.patient.id },
    instanceKey: instanceKey({ patient: patient.key, study: study.key, series: series.key }, instance.uid),
    identity: summary.identity,
    modality: codedModality(summary.series.modality),
    ...(fileset !== undefined && { fileset }),
  };
}

/** Does the work on single inputs, by their index: in this thread, or in a pool of workers. Never rejects. */
export interface BatchRunner {
  inspect(index: number, signal: AbortSignal): Promise<Result<BatchFacts>>;
  /** SHA-256 of the input, hexadecimal. */
  hash(index: number, signal: AbortSignal): Promise<Result<string>>;
  process(
    index: number,
    settings: ProcessSettings,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly value: ProcessedInstance } | Held>;
  /** What stays of an input's header for the cohort; needed where the profile has a cohort policy. */
  retained?(index: number, settings: ProcessSettings, signal: AbortSignal): Promise<Result<RetainedValues>>;
  /** What the ranges in the parts of a processed input refer to. */
  source(index: number): OutputFile['source'];
  /** Where new data waits that memory could not hold. Absent: there never is any. */
  readonly scratch?: Pick<ScratchStore, 'open' | 'release'>;
}

export type ItemState = 'waiting' | 'reading' | 'working' | 'writing' | InstanceStatus;

export interface BatchOptions {
  readonly items: readonly BatchItem[];
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly runner: BatchRunner;
  readonly sink: Sink;
  /** Inputs in work at a time. */
  readonly concurrency: number;
  /** Bytes that inputs in work may hold together; absent: as many as there are lanes. */
  readonly budget?: number;
  readonly pathTemplate?: string;
  /** The policy of this machine with whoever is at it: asked before anything is read. */
  readonly kiosk?: { readonly session: KioskSession; readonly destination: KioskDestination };
  /** Templates of devices, for the search for text. */
  readonly templates?: readonly DeviceTemplate[];
  /** Names DICOM results as a File-set wants it and adds a DICOMDIR for them; the template is for the others. */
  readonly dicomdir?: boolean;
  /** Asks for the rows of a lookup table; patients that `table` knows get the pseudonyms that it has for them. */
  readonly lookup?: { readonly table?: LookupTable };
  /** Lets the batch go on where an earlier run of it was. */
  readonly journal?: BatchJournal;
  /** Signs every DICOM Instance that is exported. */
  readonly signer?: ImageSigner | undefined;
  /** Hash inputs and outputs for the record. */
  readonly hash: boolean;
  readonly signal: AbortSignal;
  /** Resolves when work may go on (a pause). */
  readonly ready?: () => Promise<void>;
  readonly onState?: (index: number, state: ItemState) => void;
  readonly onOutcome?: (outcome: ItemOutcome) => void;
  readonly onPhase?: (phase: 'reading' | 'working' | 'finishing') => void;
  /** Called when all items have their outcome, before the sink is closed: adds the record to the output. */
  readonly beforeClose?: (
    outcomes: readonly ItemOutcome[],
    more: {
      readonly cohort: CohortOutcome | undefined;
      readonly index: IndexRecord | undefined;
      readonly access: BatchAccess | undefined;
    },
  ) => Promise<Result<null>>;
}

export interface BatchResult {
  /** By index; one for every input. */
  readonly outcomes: readonly ItemOutcome[];
  readonly counts: StatusCounts;
  /** False after a cancel or when the destination was lost. */
  readonly complete: boolean;
  /** The DICOMDIR that was made. */
  readonly index?: IndexRecord;
  /** Where the machine has a policy: who allowed the batch. */
  readonly access?: BatchAccess;
  /** One for each index (DICOMDIR) among the inputs. */
  readonly filesets: readonly FilesetAccount[];
  /** Why the destination was lost. */
  readonly failure?: Failure;
  /** Where the profile has a cohort policy: how the exported set stands to it. */
  readonly cohort?: CohortOutcome;
  /** Where a lookup table was asked for: who became whom. Identity: never to be stored but encrypted. */
  readonly lookup?: Lookup;
}
