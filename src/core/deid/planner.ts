/**
 * Decides about every element of a data set at every depth, in one pass and without touching the file. The order of the
 * questions is the order of authority: what cannot be kept (structure), the user, the profile's table, the content of reports,
 * then what the table does not say.
 */
import { isPrivate, type DicomElement, type DicomFile, type DicomItem, type Tag } from '../dicom/data-set';
import { dictionaryVr, lookup } from '../dicom/dictionary';
import { characterSetOf, fileCharacterSet } from '../dicom/values';
import { isTextVr } from '../dicom/vr';
import { restrict } from './allow-list';
import { isDefinedTerm, isDummyBeyondTable, isFixedForm, isRemovedBeyondTable } from './beyond-table';
import type { DeidContext } from './context';
import { KEEP, keptByDefault, REMOVE, removedBy, type Decision, type Recorder, type Scope } from './decision';
import { pseudonym } from './identifiers';
import { coarseRulesOf, type CoarseRules } from './coarse';
import { Judge } from './judge';
import { isPatientTag } from './patient-tags';
import type { DataSetEdits, Edit, Rule, RuleSource } from './plan';
import { isCreator, safePrivateTags } from './private';
import { rulesOf, type ProfileRules, type TableRule } from './profile-rules';
import type { ActionCode, Profile } from './profile';
import {
  contentAction,
  isContentText,
  isContentValue,
  refersByPosition,
  type ContentAction,
} from './structured-content';
import { sweepOf } from './sweep';
import { repeatingKind } from './tables/e11';
import { attributeType, resolveCode } from './tables/types';
import { dummied, emptied, replacedByText, textOf, type TextKind } from './values-edit';

const CHARACTER_SET = 0x00080005;
const CONTENT_SEQUENCE = 0x0040a730;
const SCHEME = 0x00080102;
const ENCRYPTED_ATTRIBUTES = 0x04000500;

/** Attributes that say what was done to the file; Lethe writes them itself. */
const methodTags: ReadonlySet<Tag> = new Set([0x00120062, 0x00120063, 0x00120064, 0x00280303]);

const isTemporal = (vr: string): boolean => vr === 'DA' || vr === 'DT' || vr === 'TM';

/** Overlay Rows, Columns, Number of Frames, Type, Origin, Image Frame Origin, Bits Allocated, Bit Position (PS3.3 C.9.2). */
const overlayGeometry = new Set([0x10, 0x11, 0x15, 0x40, 0x50, 0x51, 0x100, 0x102]);

/** VRs whose form is checked by the dictionary's VR, whatever the file calls them. */
const formed = new Set(['DA', 'DT', 'TM', 'UI', 'DS', 'IS', 'AS', 'PN']);

export class Planner {
  readonly rules: ProfileRules;
  readonly counts: Record<string, number> = {};
  readonly pseudonym: string;
  private readonly judge: Judge;
  private readonly coarse: CoarseRules | null;
  private byPosition: boolean | undefined;
  /** By source of the rule, then by action: no key is put together for each of thousands of elements. */
  private readonly counted: Partial<Record<RuleSource, Record<string, number>>> = {};
  /** Elements kept by default: the most, so counted apart. */
  private kept = 0;

  constructor(
    readonly file: DicomFile,
    profile: Profile,
    private readonly context: DeidContext,
    private readonly sopClass: string,
    /** Tags that are removed because Lethe writes them anew. */
    private readonly ownTags: ReadonlySet<Tag>,
    private readonly recorder?: Recorder,
  ) {
    this.rules = rulesOf(profile);
    this.coarse = coarseRulesOf(this.rules);
    this.judge = new Judge(file, sweepOf(context, this.rules), this.rules, context.key);
    this.pseudonym = context.pseudonym ?? pseudonym(context.key, context.identity.patientKey, profile);
  }

  /** Edits of the whole file's data set. */
  run(): DataSetEdits {
    const scope: Scope = {
      charset: fileCharacterSet(this.file),
      encoding: this.file.encoding,
      sequences: [],
      path: [],
      dummy: false,
      strictContent: false,
      content: undefined,
    };
    const edits = this.dataSet(this.file.elements, scope);
    for (const [source, actions] of Object.entries(this.counted))
      for (const [action, count] of Object.entries(actions)) this.counts[`${source}:${action}`] = count;
    this.counts['default:K'] = (this.counts['default:K'] ?? 0) + this.kept;
    return edits;
  }

  private dataSet(elements: readonly DicomElement[], scope: Scope): DataSetEdits {
    const safe = this.rules.has('retainSafePrivate') ? safePrivateTags(this.file, elements) : undefined;
    const edits = new Array<Edit>(elements.length);
    let highest = -1;
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i];
      if (element === undefined) continue;
      const { tag } = element;
      const again = tag <= highest && hasBefore(elements, i);
      if (tag > highest) highest = tag;
      const decision = again ? removedBy('duplicate') : this.decideCoarsely(element, scope, safe);
      edits[i] = decision.edit;
      this.count(decision);
      this.recorder?.element(element, decision, scope);
      if (decision.edit.kind === 'remove' && element.items !== undefined) this.gone(element, decision.rule, scope);
    }
    return { edits, insert: [] };
  }

  private count({ rule, action }: Pick<Decision, 'rule' | 'action'>): void {
    if (rule === keptByDefault.rule && action === 'K') {
      this.kept++;
      return;
    }
    const ofSource = (this.counted[rule.source] ??= {});
    ofSource[action] = (ofSource[action] ?? 0) + 1;
  }

  /** Reports what goes with a sequence or item. */
  private gone(element: DicomElement, rule: Rule, scope: Scope): void {
    if (this.recorder === undefined) return;
    element.items?.forEach((item, index) => {
      const inner = this.inside(scope, element, item, index, {});
      for (const child of item.elements) {
        this.recorder?.gone(child, rule, inner);
        this.gone(child, rule, inner);
      }
    });
  }

  private inside(scope: Scope, element: DicomElement, item: DicomItem, index: number, over: Partial<Scope>): Scope {
    const [first] = item.elements;
    // Its own character set, where it has one, stands at the head of an item.
    const own = first !== undefined && first.tag <= CHARACTER_SET;
    return {
      charset: own ? characterSetOf(this.file, item.elements, scope.charset) : scope.charset,
      encoding: item.encoding,
      sequences: [...scope.sequences, element.tag],
      path: this.recorder === undefined ? scope.path : [...scope.path, { tag: element.tag, item: index }],
      dummy: over.dummy ?? scope.dummy,
      strictContent: over.strictContent ?? scope.strictContent,
      content: over.content,
    };
  }

  /** Where a cohort policy stands, it has the last word: it only ever takes away from what the rest of the profile keeps. */
  private decideCoarsely(element: DicomElement, scope: Scope, safe: ReadonlySet<Tag> | undefined): Decision {
    const decision = this.decide(element, scope, safe);
    if (this.coarse === null) return decision;
    return this.coarse.apply(this.file, element, this.vrOf(element), scope, decision, this.sopClass);
  }

  private decide(element: DicomElement, scope: Scope, safe: ReadonlySet<Tag> | undefined): Decision {
    const { tag } = element;
    const group = tag >>> 16;
    if (isPrivate(tag)) return this.privateElement(element, scope, safe);
    if ((tag & 0xffff) === 0) return removedBy('group-length');
    if (group <= 6) return removedBy(group === 2 ? 'file-meta' : 'unknown');
    if (scope.sequences.length === 0) {
      if (this.ownTags.has(tag))
        return removedBy(methodTags.has(tag) ? 'deid-method' : tag === ENCRYPTED_ATTRIBUTES ? 'vault' : 'pixels');
    } else if (methodTags.has(tag)) return removedBy('deid-method');
    const kind = repeatingKind(tag);
    const rule = this.rules.ruleOf(tag);
    if (kind === 'overlay' && this.describesKeptOverlay(tag)) return this.decideKnown(element, scope, undefined);
    if (kind !== undefined && rule?.rule.source !== 'override') {
      // Without its data the rest of an overlay or curve describes nothing; what a bitmap shows nobody has read.
      return rule === undefined ? removedBy('graphics') : { action: 'X', rule: rule.rule, edit: REMOVE };
    }
    if (lookup(tag) === undefined && rule === undefined) return removedBy('unknown');
    const decision = this.decideKnown(element, scope, rule);
    return this.rules.profile.allowListOnly
      ? restrict(this.file, element, this.vrOf(element), scope, decision, this.sopClass)
      : decision;
  }

  /** Whether it says where an overlay lies whose data a user decided to keep: without these it can't be drawn. */
  private describesKeptOverlay(tag: Tag): boolean {
    if (!overlayGeometry.has(tag & 0xffff)) return false;
    const own = this.rules.ruleOf(tag);
    const data = this.rules.ruleOf(tag - (tag & 0xffff) + 0x3000);
    return own?.rule.source !== 'override' && data?.rule.source === 'override' && data.code === 'K';
  }

  private decideKnown(element: DicomElement, scope: Scope, rule: TableRule | undefined): Decision {
    const { tag } = element;
    const vr = this.vrOf(element);
    if (scope.content !== undefined && isContentValue(tag) && rule?.rule.source !== 'override') {
      return this.contentValue(element, vr, scope, scope.content);
    }
    if (rule !== undefined) {
      const type = rule.code.includes('/') ? attributeType(tag, scope.sequences, this.sopClass) : '';
      const action = resolveCode(rule.code, type);
      return this.apply(element, vr, scope, action, rule);
    }
    if (isRemovedBeyondTable(tag)) return removedBy('sweep');
    if (tag === CHARACTER_SET) return this.judge.characterSet(element);
    if (isDummyBeyondTable(tag)) return { action: 'D', rule: { source: 'sweep' }, edit: dummied(element, vr) };
    if (vr === 'CS' && isDefinedTerm(tag, textOf(this.file, element, vr, scope.charset))) return keptByDefault;
    return this.unlisted(element, vr, scope);
  }

  /** The VR by which a value is judged: the stored one, or the dictionary's where that is stricter or the stored one says nothing. */
  private vrOf(element: DicomElement): string {
    const { vr, tag } = element;
    const known = dictionaryVr(tag);
    // Whoever wrote PN meant a person.
    if (known === vr || known === '' || vr === 'PN' || element.items !== undefined) return vr;
    if (vr === 'UN') return known.length === 2 ? known : vr;
    if (formed.has(known)) return known;
    return isTextVr(known) && !isTextVr(vr) ? known : vr;
  }

  private privateElement(element: DicomElement, scope: Scope, safe: ReadonlySet<Tag> | undefined): Decision {
    const override = this.rules.profile.overrides.length === 0 ? undefined : this.rules.override(element.tag);
    if (override !== undefined) return this.apply(element, element.vr, scope, override.code as ActionCode, override);
    if (safe?.has(element.tag) !== true) return removedBy('private');
    const rule: Rule = { source: 'safe-private', code: 'C', option: 'retainSafePrivate' };
    // A creator that matched the table is the table's own word, whatever the patient is called.
    if (isCreator(element.tag)) return { action: 'K', rule, edit: KEEP };
    const inner = this.unlisted(element, element.vr, scope);
    return inner.edit.kind === 'keep' || inner.edit.kind === 'descend'
      ? { action: 'K', rule, edit: inner.edit }
      : { action: inner.action, rule: inner.rule.source === 'default' ? rule : inner.rule, edit: inner.edit };
  }

  /** Carries out one resolved action of the table, an option or an override. */
  private apply(element: DicomElement, vr: string, scope: Scope, action: ActionCode, rule: TableRule): Decision {
    const done = (edit: Edit, as: ActionCode = action): Decision => ({ action: as, rule: rule.rule, edit });
    const isSequence = element.items !== undefined || vr === 'SQ';
    if (action === 'X') return done(REMOVE);
    if (rule.value !== undefined && action !== 'K') return done(replacedByText(element, rule.value, vr));
    if (rule.rule.source !== 'override' && isPatientTag(element.tag) && (action === 'Z' || action === 'D')) {
      return done(this.patientIdentifier(element, vr, scope), 'D');
    }
    switch (action) {
      case 'Z':
        return done(isSequence ? emptySequence(element) : emptied(element));
      case 'D':
        if (isSequence) return done(this.dummySequence(element, scope));
        return done(vr === 'UI' ? this.judge.uids(element) : dummied(element, vr));
      case 'U':
        return done(isSequence ? this.descend(element, scope, {}) : this.judge.uids(element));
      case 'K':
        return rule.rule.source === 'override' ? done(KEEP) : this.retained(element, vr, scope, rule);
      case 'C':
        return this.cleaned(element, vr, scope, rule);
    }
  }

  /** Name, ID and subject ID all become the pseudonym; a nested ID of someone else gets a pseudonym of its own. */
  private patientIdentifier(element: DicomElement, vr: string, scope: Scope): Edit {
    if (scope.sequences.length === 0) return replacedByText(element, this.pseudonym, vr);
    const own = textOf(this.file, element, vr, scope.charset).trim();
    if (own === '') return KEEP;
    const { ids, names, patientKey } = this.context.identity;
    const isSame = ids.includes(own) || names.includes(own);
    const other = isSame ? this.pseudonym : pseudonym(this.context.key, `${patientKey}/${own}`, this.rules.profile);
    return replacedByText(element, other, vr);
  }

  /** What an option retains is still no place for the patient's name. */
  private retained(element: DicomElement, vr: string, scope: Scope, { rule }: TableRule): Decision {
    if (element.items !== undefined) return { action: 'K', rule, edit: this.descend(element, scope, {}) };
    if (vr === 'UI') return { action: 'K', rule, edit: KEEP };
    const decision = this.judge.byForm(element, vr, scope, 'kept', 'keep');
    return decision.edit.kind === 'keep'
      ? { action: 'K', rule, edit: KEEP }
      : { ...decision, rule: asOption(decision, rule) };
  }

  private cleaned(element: DicomElement, vr: string, scope: Scope, tableRule: TableRule): Decision {
    const { rule, option } = tableRule;
    if (element.items !== undefined) {
      const strictContent = false;
      return { action: 'C', rule, edit: this.descend(element, scope, { strictContent }) };
    }
    if (vr === 'SQ') return { action: 'C', rule, edit: KEEP };
    if (option === 'retainLongitudinalModified' || isTemporal(vr)) {
      const how = this.rules.dates;
      const decision = this.judge.byForm(element, vr, scope, 'free', how === 'remove' ? 'remove' : how);
      return { action: 'C', rule, edit: decision.edit };
    }
    const kind: TextKind = option === 'retainDeviceIdentity' ? 'kept' : 'free';
    return { action: 'C', rule, edit: this.judge.byForm(element, vr, scope, kind, 'remove').edit };
  }

  /** Action D on a sequence: its structure stays, its text does not. Content trees follow their own table. */
  private dummySequence(element: DicomElement, scope: Scope): Edit {
    if (element.items === undefined) return element.valueEnd === element.valueStart ? KEEP : emptySequence(element);
    return this.descend(element, scope, element.tag === CONTENT_SEQUENCE ? { strictContent: true } : { dummy: true });
  }

  private descend(element: DicomElement, scope: Scope, over: Partial<Scope>): Edit {
    const { items } = element;
    if (items === undefined) return element.valueEnd === element.valueStart ? KEEP : emptySequence(element);
    if (items.length === 0) return KEEP;
    const edits = items.map((item, index) => this.item(element, item, index, scope, over));
    return { kind: 'descend', items: edits };
  }

  private item(
    element: DicomElement,
    item: DicomItem,
    index: number,
    scope: Scope,
    over: Partial<Scope>,
  ): DataSetEdits {
    const inner = this.inside(scope, element, item, index, over);
    const content = contentAction(this.file, item, inner.charset, this.rules, inner.strictContent);
    if (content === undefined) {
      // An item of a content tree that is no content item follows no table: where the tree has to be a dummy, so has it.
      const stray = inner.strictContent && element.tag === CONTENT_SEQUENCE;
      return this.dataSet(item.elements, stray ? { ...inner, dummy: true } : inner);
    }
    if (content.action === 'X' && this.mayDrop()) {
      this.count(content);
      if (this.recorder !== undefined) {
        for (const child of item.elements) {
          this.recorder.gone(child, content.rule, inner);
          this.gone(child, content.rule, inner);
        }
      }
      return { drop: true, edits: item.elements.map(() => REMOVE), insert: [] };
    }
    const action = content.action === 'X' ? 'D' : content.action;
    return this.dataSet(item.elements, { ...inner, content: { ...content, action } });
  }

  private mayDrop(): boolean {
    this.byPosition ??= refersByPosition(this.file.elements);
    return !this.byPosition;
  }

  /** The value of a content item, by Table E.3.4-1. */
  private contentValue(element: DicomElement, vr: string, scope: Scope, content: ContentAction): Decision {
    const { rule } = content;
    const action = content.action === 'C' && scope.strictContent && isContentText(element.tag) ? 'D' : content.action;
    const done = (edit: Edit): Decision => ({ action, rule, edit });
    if (element.items !== undefined)
      return done(this.descend(element, scope, { dummy: scope.dummy || action === 'D' }));
    if (vr === 'UI') return done(action === 'K' && this.rules.has('retainUids') ? KEEP : this.judge.uids(element));
    switch (action) {
      case 'X':
      case 'D':
        return done(dummied(element, vr));
      case 'K':
        return done(this.judge.byForm(element, vr, scope, 'kept', 'keep').edit);
      case 'C':
      case 'U':
        return done(this.judge.byForm(element, vr, scope, 'free', this.rules.dates).edit);
    }
  }

  /** Standard attributes that E.1-1 does not list, and safe private ones. */
  private unlisted(element: DicomElement, vr: string, scope: Scope): Decision {
    if (element.items !== undefined) return { ...keptByDefault, edit: this.descend(element, scope, {}) };
    if (element.valueEnd === element.valueStart) return keptByDefault;
    // A sequence that the parser could not take apart can hold anything.
    if (vr === 'SQ') return removedBy('unknown');
    if (scope.dummy && isTextVr(vr) && vr !== 'CS' && vr !== 'DS' && vr !== 'IS' && vr !== 'UI') {
      const edit = element.tag === SCHEME ? replacedByText(element, '99LETHE', vr) : dummied(element, vr);
      return { action: 'D', rule: { source: 'table', code: 'D' }, edit };
    }
    return this.judge.byForm(element, vr, scope, isFixedForm(element.tag) ? 'fixed' : 'free', this.rules.dates);
  }
}

function hasBefore(elements: readonly DicomElement[], index: number): boolean {
  const tag = elements[index]?.tag;
  for (let i = 0; i < index; i++) if (elements[i]?.tag === tag) return true;
  return false;
}

function emptySequence(element: DicomElement): Edit {
  return element.valueEnd === element.valueStart && !element.undefinedLength
    ? KEEP
    : { kind: 'replace', value: new Uint8Array(0), ...(element.vr === 'SQ' ? {} : { vr: 'SQ' }) };
}

function asOption(decision: Decision, rule: Rule): Rule {
  return decision.rule.source === 'default' ? rule : decision.rule;
}
