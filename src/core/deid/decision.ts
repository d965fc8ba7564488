/** What is decided about one element, and where it stands while that is done. */
import type { CharacterSet } from '../dicom/character-sets';
import type { DicomElement, ElementPath, Encoding, Tag } from '../dicom/data-set';
import type { ContentAction } from './structured-content';
import type { Edit, Rule } from './plan';
import type { ActionCode } from './profile';

export interface Decision {
  readonly action: ActionCode;
  readonly rule: Rule;
  readonly edit: Edit;
}

/** The data set or item that an element belongs to. */
export interface Scope {
  readonly charset: CharacterSet;
  readonly encoding: Encoding;
  /** Tags of the sequences that lead here. */
  readonly sequences: readonly Tag[];
  /** Only filled while rows are made. */
  readonly path: ElementPath;
  /** Inside a sequence that has to be a dummy (action D): text and codes become dummies, structure and numbers stay. */
  readonly dummy: boolean;
  /** Inside Content Sequence that has to be a dummy as a whole: text items that no table lists are dummies too. */
  readonly strictContent: boolean;
  /** Inside a private sequence that is safe: its private elements are as safe as itself. */
  readonly content: ContentAction | undefined;
}

/** Told about every element, for rows and originals; absent while only the edits are wanted. */
export interface Recorder {
  element(element: DicomElement, decision: Decision, scope: Scope): void;
  /** An element that is in an item or sequence that goes as a whole. */
  gone(element: DicomElement, rule: Rule, scope: Scope): void;
}

export const KEEP: Edit = { kind: 'keep' };
export const REMOVE: Edit = { kind: 'remove' };

const removals = new Map<Rule['source'], Decision>();

/** Removal by a source that needs no further word. */
export function removedBy(source: Rule['source']): Decision {
  let decision = removals.get(source);
  if (decision === undefined) {
    decision = { action: 'X', rule: { source }, edit: REMOVE };
    removals.set(source, decision);
  }
  return decision;
}

export const keptByDefault: Decision = { action: 'K', rule: { source: 'default' }, edit: KEEP };
