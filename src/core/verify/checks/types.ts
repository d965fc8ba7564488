import type { Part } from '../../bytes';
import type { IdentityFacts } from '../../deid/context';
import type { Plan } from '../../deid/plan';
import type { Profile } from '../../deid/profile';
import type { Region } from '../../detect/types';
import type { DicomFile } from '../../dicom/data-set';
import type { ByteSource } from '../../bytes';
import type { ByteRange } from '../../signature/random';
import type { SoughtValues } from '../needles';
import type { OutputBytes } from '../output';
import type { Finding } from '../types';

/** What the gate is told of an Instance before it was changed, and what was decided. */
export interface GateInput {
  readonly file: DicomFile;
  readonly source: ByteSource;
  readonly path: string;
  readonly identity: IdentityFacts;
  readonly plan: Plan;
  readonly regions: readonly Region[];
  readonly profile: Profile;
  /** Certificate (DER) of who signs the Instance; absent: nobody does. */
  readonly signedBy?: Uint8Array | undefined;
  /** The pixel stage wrote Pixel Data anew (any frame). */
  readonly pixelsChanged: boolean;
  /** Told with every frame that is looked at. */
  readonly onFrame?: ((done: number, total: number) => void) | undefined;
  /** Once aborted, frames are left unseen: whoever aborts must not believe the findings. */
  readonly signal?: AbortSignal | undefined;
}

export interface GateOutput {
  readonly parts: readonly Part[];
  readonly outputPath: string;
}

/** Everything a check may look at. */
export interface CheckContext {
  readonly input: GateInput;
  readonly output: GateOutput;
  /** The output parsed anew. */
  readonly file: DicomFile;
  readonly bytes: OutputBytes;
  /** Identity and removed values, made once for all checks that look for them. */
  readonly sought: SoughtValues;
  /** Of the certificate of who signs: what in it is random. */
  readonly random?: readonly ByteRange[];
}

/** One thing that must be true of an output. Checks are independent of each other and of the order they run in. */
export interface Check {
  readonly name: Finding['check'];
  /** A sentence for the documentation: what it proves. */
  readonly proves: string;
  run(context: CheckContext): readonly Finding[] | Promise<readonly Finding[]>;
}
