/** Judges values by their VR, where no table says what to do: the floor under everything that stays. */
import { defaultCharacterSet, isCharacterSetTerm } from '../dicom/character-sets';
import { findElement, type DicomElement, type DicomFile } from '../dicom/data-set';
import { dictionaryVr, mostValues } from '../dicom/dictionary';
import { isRegisteredUid, uidRole } from '../dicom/uids';
import { rawValue, uidValue } from '../dicom/values';
import { unitOf } from '../dicom/vr';
import { cleanProfile } from '../icc';
import { isSampleData } from './beyond-table';
import { keptByDefault, KEEP, removedBy, type Decision, type Scope } from './decision';
import { remapUid } from './identifiers';
import type { Edit } from './plan';
import type { DateMode, ProfileRules } from './profile-rules';
import type { ActionCode } from './profile';
import type { Sweep } from './sweep';
import {
  cappedAge,
  dummied,
  emptied,
  hidesText,
  isNumeric,
  mappedUids,
  movedDates,
  replacedByText,
  swept,
  textOf,
  type TextKind,
} from './values-edit';

const ICC_PROFILE = 0x00282000;
const MEDIA_SOP_INSTANCE = 0x00020003;

export class Judge {
  constructor(
    private readonly file: DicomFile,
    private readonly sweep: Sweep,
    private readonly rules: ProfileRules,
    private readonly key: Uint8Array,
  ) {}

  private instanceUids: ReadonlySet<string> | undefined;

  private readonly mapUid = (uid: string): string => (this.rules.has('retainUids') ? uid : remapUid(this.key, uid));

  /** UIDs mapped, except those of classes and schemes; as they are where the profile retains them. */
  uids(element: DicomElement): Edit {
    const role = uidRole(element.tag);
    if (role === 'classOrScheme') {
      // Whatever the attribute, the UID of an instance stays one.
      const isClass = (uid: string): boolean => isRegisteredUid(uid) || (isClassUid(uid) && !this.instances().has(uid));
      return mappedUids(this.file, element, this.mapUid, isClass);
    }
    return this.rules.has('retainUids') ? KEEP : mappedUids(this.file, element, this.mapUid);
  }

  private instances(): ReadonlySet<string> {
    this.instanceUids ??= instanceUids(this.file);
    return this.instanceUids;
  }

  /** The terms of (0008,0005) that mean a character set stay; anything else in their place is somebody's words. */
  characterSet(element: DicomElement): Decision {
    const text = textOf(this.file, element, 'CS', defaultCharacterSet);
    const terms = text.split('\\');
    if (terms.every(isCharacterSetTerm)) return keptByDefault;
    const known = terms.map((term) => (isCharacterSetTerm(term) ? term : ''));
    if (known.every((term) => term.trim() === '')) return removedBy('sweep');
    return { action: 'C', rule: { source: 'sweep' }, edit: replacedByText(element, known.join('\\'), 'CS') };
  }

  /** Judges a value by its VR: what can hold a person's words is swept, what has a form must have it. */
  byForm(element: DicomElement, vr: string, scope: Scope, kind: TextKind, dates: DateMode): Decision {
    const { file, sweep } = this;
    const found = (edit: Edit, action: ActionCode = 'C'): Decision =>
      edit.kind === 'keep' ? keptByDefault : { action, rule: { source: 'sweep' }, edit };
    switch (vr) {
      case 'UI': {
        const edit = this.uids(element);
        return edit.kind === 'keep' ? keptByDefault : { action: 'U', rule: { source: 'uid' }, edit };
      }
      case 'PN':
        // A name names someone, in whatever attribute it stands.
        return kind === 'kept' && dictionaryVr(element.tag) === 'PN' ? keptByDefault : found(dummied(element, vr), 'D');
      case 'DA':
      case 'DT':
      case 'TM':
        return this.temporal(element, vr, scope, dates);
      case 'AS': {
        const text = textOf(file, element, vr, scope.charset);
        const age = cappedAge(text);
        if (age === undefined) return found(emptied(element), 'Z');
        return age === text ? keptByDefault : found(replacedByText(element, age, vr), 'C');
      }
      case 'DS':
      case 'IS': {
        const text = textOf(file, element, vr, scope.charset);
        if (!isNumeric(text)) return found(replacedByText(element, '0', vr), 'D');
        if (!/\d{5}/.test(text)) return keptByDefault;
        const values = text.split('\\').map((v) => (isIdNumber(v) && sweep.clean(v.trim(), 'fixed').changed ? '0' : v));
        const cleaned = values.join('\\');
        return cleaned === text ? keptByDefault : found(replacedByText(element, cleaned, vr), 'D');
      }
      case 'AE':
      case 'CS':
      case 'LO':
      case 'LT':
      case 'SH':
      case 'ST':
      case 'UC':
      case 'UR':
      case 'UT':
        return found(swept(file, element, vr, scope.charset, sweep, kind));
      default: {
        const tooMany = withoutSurplus(file, element);
        if (tooMany !== undefined) return found(tooMany);
        if (element.tag === ICC_PROFILE) return this.profile(element);
        if (isSampleData(element.tag) || element.fragments !== undefined || !isByteString(vr)) return keptByDefault;
        return hidesText(file, element, sweep) ? removedBy('sweep') : keptByDefault;
      }
    }
  }

  /** Of an ICC profile (PS3.3 C.11.15) the numbers stay that colours need; one that can't be read to its last tag goes. */
  private profile(element: DicomElement): Decision {
    const { file } = this;
    if (element.valueEnd === element.valueStart) return keptByDefault;
    const stored = rawValue(file, element);
    const clean = cleanProfile(stored);
    if (clean === null) return removedBy('sweep');
    const same = clean.length === stored.length && clean.every((byte, i) => byte === stored[i]);
    return same ? keptByDefault : { action: 'C', rule: { source: 'sweep' }, edit: { kind: 'replace', value: clean } };
  }

  private temporal(element: DicomElement, vr: string, scope: Scope, dates: DateMode): Decision {
    if (dates === 'remove') return element.valueEnd === element.valueStart ? keptByDefault : removedBy('sweep');
    const text = textOf(this.file, element, vr, scope.charset);
    const moved = movedDates(text, vr, dates === 'shift' ? this.sweep.shiftDays : 0);
    // Something else than a date in a date's place cannot be moved and is not known to be harmless.
    if (moved === undefined) return { action: 'D', rule: { source: 'sweep' }, edit: dummied(element, vr) };
    if (dates === 'keep' || moved === text) return keptByDefault;
    return { action: 'C', rule: { source: 'sweep' }, edit: replacedByText(element, moved, vr) };
  }
}

/**
 * SOP classes and coding schemes of others than NEMA stay, since the object means nothing without them; only if they have the
 * form of a UID, and no component but a UUID's that is long enough for more than numbering.
 */
export const isClassUid = (uid: string): boolean =>
  isRegisteredUid(uid) || /^(?:2\.25\.[1-9]\d{0,38}|[0-2](?:\.(?:0|[1-9]\d{0,9})){2,})$/.test(uid);

/** UIDs of instances, series, studies and frames of reference that the file tells of, at any depth and in its meta information. */
function instanceUids(file: DicomFile): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (elements: readonly DicomElement[]): void => {
    for (const element of elements) {
      for (const item of element.items ?? []) walk(item.elements);
      if (element.vr !== 'UI' || uidRole(element.tag) === 'classOrScheme') continue;
      for (const uid of textOf(file, element, 'UI', defaultCharacterSet).split('\\')) found.add(uid.trim());
    }
  };
  walk(file.elements);
  const media = findElement(file.meta, MEDIA_SOP_INSTANCE);
  if (media !== undefined) found.add(uidValue(file, media));
  found.delete('');
  return found;
}

const numeric: ReadonlySet<string> = new Set(['US', 'SS', 'US/SS', 'UL', 'SL', 'FL', 'FD', 'AT', 'SV', 'UV']);

/** Numbers beyond those that the attribute can have are no numbers of it: whatever was written there goes. Undefined: there are none. */
function withoutSurplus(file: DicomFile, element: DicomElement): Edit | undefined {
  const vr = dictionaryVr(element.tag);
  if (!numeric.has(vr)) return undefined;
  const unit = vr === 'AT' ? 4 : unitOf(vr.slice(0, 2));
  const length = element.valueEnd - element.valueStart;
  if (length <= unit) return undefined;
  const most = mostValues(element.tag) * unit;
  if (length <= most) return undefined;
  return { kind: 'replace', value: rawValue(file, element).slice(0, most) };
}

const isIdNumber = (value: string): boolean => /^\s*\d{5,}\s*$/.test(value);
const isByteString = (vr: string): boolean => vr === 'OB' || vr === 'UN' || vr === 'OW';
