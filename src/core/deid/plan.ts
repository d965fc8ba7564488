import type { ElementPath } from '../dicom/data-set';
import type { ActionCode } from './profile';

/** What decided an action. */
export type RuleSource =
  | 'table' // PS3.15 Table E.1-1, Basic Profile column
  | 'option' // one of its option columns
  | 'private' // private attribute outside the safe list (PS3.15 E.3.10)
  | 'safe-private'
  | 'unknown' // not in the dictionary
  | 'duplicate' // the tag was there before in the same data set
  | 'uid' // UI value that is not a registered UID
  | 'sweep' // the patient's identity, or a pattern, found in text that stays
  | 'structured-content' // PS3.15 Table E.3.4-1
  | 'graphics' // overlays, curves, annotations
  | 'file-meta'
  | 'group-length'
  | 'allow-list'
  | 'pixels' // attributes that must be true after redaction
  | 'deid-method' // (0012,0062), (0012,0063), (0012,0064), (0028,0303)
  | 'cohort' // a quasi-identifier, coarsened for the sake of the whole set
  | 'vault' // (0400,0500): the originals, encrypted
  | 'override' // the user's own decision
  | 'default'; // not listed, harmless: kept

export interface Rule {
  readonly source: RuleSource;
  /** The table's code as printed, e.g. 'X/Z/D'. */
  readonly code?: string;
  /** For 'option': which. */
  readonly option?: string;
}

/**
 * What the writer does with one element. `replace` holds the whole new value field, already padded to even length and in the
 * element's encoding; `vr` is the VR to write when it differs from the stored one.
 */
export type Edit =
  | { readonly kind: 'keep' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'replace'; readonly value: Uint8Array; readonly vr?: string }
  /** A sequence that stays: only its items' own edits apply. */
  | { readonly kind: 'descend'; readonly items: readonly DataSetEdits[] };

/**
 * Edits of one data set or item. `edits[i]` belongs to `elements[i]` of the same data set; `insert` holds elements to add, by
 * tag, written in tag order among the kept ones (an inserted tag replaces nothing: remove the old one by its own edit).
 */
export interface DataSetEdits {
  /** An item that is not written at all: its item tag, its elements and its delimiter go. Only for items of a 'descend'. */
  readonly drop?: true;
  readonly edits: readonly Edit[];
  readonly insert: readonly NewElement[];
}

/** An element made by Lethe. Exactly one of `value` and `items`. */
export interface NewElement {
  readonly tag: number;
  readonly vr: string;
  readonly value?: Uint8Array;
  readonly items?: readonly (readonly NewElement[])[];
}

/** One row of the tag diff, also what the audit counts. */
export interface PlanRow {
  readonly path: ElementPath;
  readonly tag: number;
  readonly vr: string;
  readonly keyword: string;
  readonly name: string;
  readonly action: ActionCode;
  readonly rule: Rule;
  /** Nesting depth, 0 at the top. */
  readonly depth: number;
  /** Printable value before; long and binary values are described ("512 bytes"). Absent for an element that Lethe adds. */
  readonly before?: string;
  /** Printable value after; absent when removed. */
  readonly after?: string;
  readonly changed: boolean;
}

/**
 * The plan of one Instance: decided once by `makePlan`, carried out by the writer, shown by the page, checked by the gate.
 * Rows are made on demand, since a batch never looks at them.
 */
export interface Plan {
  readonly dataSet: DataSetEdits;
  /** File meta is always made anew. */
  readonly meta: readonly NewElement[];
  /** New SOP Instance, Series and Study UIDs and the pseudonym: names of the output are made of these alone. */
  readonly identity: {
    readonly patientId: string;
    readonly studyUid: string;
    readonly seriesUid: string;
    readonly sopUid: string;
  };
  /** Number of elements by rule source and action, for the record. */
  readonly counts: Readonly<Record<string, number>>;
  rows(): readonly PlanRow[];
  /**
   * Original values that must not be found in any output byte: decoded text of removed, emptied, replaced or cleaned elements
   * longer than 3 characters, and the identity's parts. For the gate.
   */
  originals(): readonly string[];
}
