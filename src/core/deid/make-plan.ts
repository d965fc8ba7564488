/** The plan of one Instance: a pure function of file, profile and context. Nothing else decides what happens to a header. */
import { findElement, type DicomFile } from '../dicom/data-set';
import { isRegisteredUid } from '../dicom/uids';
import { textField } from '../dicom/make-values';
import { uidValue } from '../dicom/values';
import type { DeidContext } from './context';
import { fileMeta, hasValue, methodAttributes } from './file-meta';
import { keyedCode, remapUid } from './identifiers';
import type { NewElement, Plan, PlanRow, Rule } from './plan';
import { OriginalsRecorder, RowRecorder } from './plan-rows';
import { isClassUid } from './judge';
import { Planner } from './planner';
import { rulesOf } from './profile-rules';
import type { Profile } from './profile';
import { sopClassOf } from './refusals';

const SOP_CLASS = 0x00080016;
const SOP_INSTANCE = 0x00080018;
const STUDY = 0x0020000d;
const SERIES = 0x0020000e;
const MEDIA_SOP_INSTANCE = 0x00020003;
const BURNED_IN = 0x00280301;
const ENCRYPTED_ATTRIBUTES = 0x04000500;

/** What was found out and done outside the header. */
export interface PlanFacts {
  /** Text in the pixels was redacted: (0028,0301) becomes NO. */
  readonly regionsRedacted?: boolean;
  /** Attributes that have to be true after the pixels changed; they take the place of the file's own. */
  readonly pixelChanges?: readonly NewElement[];
  /** Attributes that are not true any more. */
  readonly removeTags?: readonly number[];
  /** The Encrypted Attributes Sequence that takes the originals along. */
  readonly vault?: NewElement;
}

const methodTags = [0x00120062, 0x00120063, 0x00120064, 0x00280303];

/**
 * Plans a file. Never fails: what `refusalOf` refuses should not come here, and would lose its contents. About 0.5 ms for a CT;
 * `rows()` and `originals()` plan once more and cost about as much each.
 */
export function makePlan(file: DicomFile, profile: Profile, context: DeidContext, facts: PlanFacts = {}): Plan {
  const rules = rulesOf(profile);
  const sopClass = sopClassOf(file);
  // The pixel stage speaks for its own attributes, (0028,0301) among them: each is written once.
  const changes = facts.pixelChanges ?? [];
  const method = methodAttributes(rules, facts.regionsRedacted === true);
  const insert = [...method.filter((m) => !changes.some((c) => c.tag === m.tag)), ...changes];
  if (facts.vault !== undefined) insert.push(facts.vault);
  const ownTags = new Set([...insert.map((e) => e.tag), ...methodTags, ...(facts.removeTags ?? [])]);

  const uid = (tag: number): string => {
    const original = uidValue(file, findElement(file.elements, tag));
    if (original === '' || isRegisteredUid(original) || rules.has('retainUids')) return original;
    return remapUid(context.key, original);
  };
  let sopUid = uid(SOP_INSTANCE);
  if (sopUid === '') {
    sopUid = inventedUid(file, context);
    // An instance without a UID of its own gets one, so that file meta and data set agree (PS3.10 7.1).
    insert.push({ tag: SOP_INSTANCE, vr: 'UI', value: textField(sopUid, 'UI') });
    ownTags.add(SOP_INSTANCE);
  }
  const mediaClass = isClassUid(sopClass) || rules.has('retainUids') ? sopClass : remapUid(context.key, sopClass);
  if (sopClass !== '' && findElement(file.elements, SOP_CLASS) === undefined) {
    // Only the file meta information says what it is: the data set has to as well.
    insert.push({ tag: SOP_CLASS, vr: 'UI', value: textField(mediaClass, 'UI') });
  }
  insert.sort((a, b) => a.tag - b.tag);

  const planner = new Planner(file, profile, context, sopClass, ownTags);
  const { edits } = planner.run();
  for (const { tag } of insert) {
    const key = `${sourceOf(tag)}:D`;
    planner.counts[key] = (planner.counts[key] ?? 0) + 1;
  }
  return {
    dataSet: { edits, insert },
    meta: fileMeta(file, mediaClass, sopUid),
    identity: {
      patientId: planner.pseudonym,
      studyUid: uid(STUDY),
      seriesUid: uid(SERIES),
      sopUid,
    },
    counts: planner.counts,
    rows: () => makeRows(file, profile, context, sopClass, ownTags, insert),
    originals: () => {
      const recorder = new OriginalsRecorder(file);
      new Planner(file, profile, context, sopClass, ownTags, recorder).run();
      return recorder.originals(context.identity);
    },
  };
}

/** The UID of an instance that has none: of its file meta, else of what its header holds. */
function inventedUid(file: DicomFile, context: DeidContext): string {
  const fromMeta = uidValue(file, findElement(file.meta, MEDIA_SOP_INSTANCE));
  if (fromMeta !== '') return remapUid(context.key, fromMeta);
  const head = file.elements.filter((e) => hasValue(e) && e.valueEnd - e.valueStart < 128 && e.items === undefined);
  const text = head.map((e) => String.fromCharCode(...file.bytes(e.valueStart, e.valueEnd))).join('|');
  return remapUid(context.key, `no-uid:${keyedCode(context.key, `${file.size}|${text}`, 24)}`);
}

function sourceOf(tag: number): Rule['source'] {
  if (methodTags.includes(tag)) return 'deid-method';
  if (tag === ENCRYPTED_ATTRIBUTES) return 'vault';
  return tag === SOP_INSTANCE || tag === SOP_CLASS ? 'uid' : 'pixels';
}

function makeRows(
  file: DicomFile,
  profile: Profile,
  context: DeidContext,
  sopClass: string,
  ownTags: ReadonlySet<number>,
  insert: readonly NewElement[],
): readonly PlanRow[] {
  const recorder = new RowRecorder(file, new Map(insert.map((e) => [e.tag, e])));
  new Planner(file, profile, context, sopClass, ownTags, recorder).run();
  const present = new Set(file.elements.map((e) => e.tag));
  recorder.addMissing(present, (tag) => ({ source: tag === BURNED_IN ? 'pixels' : sourceOf(tag) }), file.encoding);
  return recorder.rows;
}
