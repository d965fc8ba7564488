/** Rows of the tag diff, and the originals that the gate looks for: both made on demand, by planning once more and listening. */
import { isPrivate, type DicomElement, type DicomFile, type Encoding } from '../dicom/data-set';
import { defaultCharacterSet, type CharacterSet } from '../dicom/character-sets';
import { lookup } from '../dicom/dictionary';
import { printable } from '../dicom/values';
import { isTextVr, usesCharacterSet } from '../dicom/vr';
import type { IdentityFacts } from './context';
import type { Decision, Recorder, Scope } from './decision';
import { fold } from './fold';
import { words } from './matcher';
import type { Edit, NewElement, PlanRow, Rule } from './plan';
import { isRegisteredUid } from '../dicom/uids';
import { isVocabulary } from './vocabulary';
import { textOf } from './values-edit';

const describe = (bytes: number): string => (bytes === 1 ? '1 byte' : `${bytes} bytes`);

/** A made value as people read it. */
function printMade(value: Uint8Array, vr: string, charset: CharacterSet, encoding: Encoding): string {
  if (value.length === 0) return '';
  if (isTextVr(vr)) {
    const set = usesCharacterSet(vr) ? charset : defaultCharacterSet;
    return set.decode(value, vr === 'PN').replace(/[\0 ]+$/, '');
  }
  if (vr === 'US' && value.length <= 32) {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    const numbers: number[] = [];
    for (let at = 0; at + 2 <= value.length; at += 2) numbers.push(view.getUint16(at, encoding.littleEndian));
    return numbers.join('\\');
  }
  return describe(value.length);
}

function namesOf(tag: number): { readonly keyword: string; readonly name: string } {
  const entry = lookup(tag);
  if (entry !== undefined) return { keyword: entry.keyword, name: entry.name };
  return isPrivate(tag) ? { keyword: '', name: 'Private attribute' } : { keyword: '', name: 'Unknown attribute' };
}

/** Collects one row for each element, in the order of the file. */
export class RowRecorder implements Recorder {
  readonly rows: PlanRow[] = [];

  constructor(
    private readonly file: DicomFile,
    private readonly added: ReadonlyMap<number, NewElement>,
  ) {}

  element(element: DicomElement, decision: Decision, scope: Scope): void {
    const made = scope.sequences.length === 0 ? this.added.get(element.tag) : undefined;
    const isOurs = decision.rule.source === 'deid-method' || decision.rule.source === 'pixels';
    if (made !== undefined && isOurs && decision.edit.kind === 'remove') {
      this.push(element, scope, 'D', decision.rule, this.madeText(made, scope), true);
      return;
    }
    const { edit } = decision;
    const vr = edit.kind === 'replace' ? (edit.vr ?? element.vr) : element.vr;
    const after =
      edit.kind === 'replace'
        ? printMade(edit.value, vr, scope.charset, scope.encoding)
        : edit.kind === 'remove'
          ? undefined
          : this.before(element, scope);
    this.push(element, scope, decision.action, decision.rule, after, edit.kind !== 'keep' && edit.kind !== 'descend');
  }

  gone(element: DicomElement, rule: Rule, scope: Scope): void {
    this.push(element, scope, 'X', rule, undefined, true);
  }

  /** Rows of attributes that the input did not have. */
  addMissing(present: ReadonlySet<number>, rule: (tag: number) => Rule, encoding: Encoding): void {
    for (const made of this.added.values()) {
      if (present.has(made.tag)) continue;
      const value = made.value ?? new Uint8Array(0);
      this.rows.push({
        path: [{ tag: made.tag }],
        tag: made.tag,
        vr: made.vr,
        ...namesOf(made.tag),
        action: 'D',
        rule: rule(made.tag),
        depth: 0,
        after:
          made.items === undefined
            ? printMade(value, made.vr, defaultCharacterSet, encoding)
            : `${made.items.length} items`,
        changed: true,
      });
    }
    this.rows.sort((a, b) => (a.path[0]?.tag ?? 0) - (b.path[0]?.tag ?? 0));
  }

  private madeText(made: NewElement, scope: Scope): string {
    return made.items !== undefined
      ? `${made.items.length} items`
      : printMade(made.value ?? new Uint8Array(0), made.vr, scope.charset, scope.encoding);
  }

  private before(element: DicomElement, scope: Scope): string {
    return printable(this.file, element, scope.charset, scope.encoding);
  }

  private push(
    element: DicomElement,
    scope: Scope,
    action: PlanRow['action'],
    rule: Rule,
    after: string | undefined,
    changed: boolean,
  ): void {
    const depth = scope.path.length;
    const row: PlanRow = {
      path: [...scope.path, { tag: element.tag }],
      tag: element.tag,
      vr: element.vr,
      ...namesOf(element.tag),
      action,
      rule,
      depth,
      before: this.before(element, scope),
      ...(after === undefined ? {} : { after }),
      changed,
    };
    // A sequence is decided after what it holds, and stands above it.
    let at = this.rows.length;
    while (at > 0 && (this.rows[at - 1]?.depth ?? 0) > depth) at--;
    if (at === this.rows.length) this.rows.push(row);
    else this.rows.splice(at, 0, row);
  }
}

/** Text that removed, emptied, replaced or cleaned elements held, and all text that the output holds. */
export class OriginalsRecorder implements Recorder {
  private readonly gonePieces = new Set<string>();
  private readonly stays = new Set<string>();

  constructor(private readonly file: DicomFile) {}

  element(element: DicomElement, decision: Decision, scope: Scope): void {
    const { edit } = decision;
    if (edit.kind === 'keep' || edit.kind === 'descend') {
      if (edit.kind === 'keep' && element.items === undefined) this.add(this.stays, this.text(element, scope));
      return;
    }
    this.lost(element, scope, edit);
  }

  gone(element: DicomElement, _rule: Rule, scope: Scope): void {
    this.add(this.gonePieces, this.text(element, scope));
  }

  private lost(element: DicomElement, scope: Scope, edit: Edit): void {
    const before = this.text(element, scope);
    if (edit.kind !== 'replace') {
      this.add(this.gonePieces, before);
      return;
    }
    const vr = edit.vr ?? element.vr;
    const after = isTextVr(vr) ? printMade(edit.value, vr, scope.charset, scope.encoding) : '';
    this.add(this.stays, after);
    // Of a value that was cleaned only what went is an original; where most of it went, all of it.
    this.add(this.gonePieces, before, after);
  }

  private text(element: DicomElement, scope: Scope): string {
    const { tag, vr } = element;
    if (element.items !== undefined || element.fragments !== undefined || tag >>> 16 === 0x7fe0) return '';
    const known = vr === 'UN' || vr === 'OB' ? lookup(tag)?.vr : vr;
    if (known !== undefined && known !== 'OB' && isTextVr(known))
      return textOf(this.file, element, known, scope.charset);
    // Private text comes as UN or OB; what is printable is text.
    if ((vr !== 'UN' && vr !== 'OB') || element.valueEnd - element.valueStart > 1024) return '';
    const text = textOf(this.file, element, 'LT', scope.charset);
    return /^[\P{C}\r\n\t]*$/u.test(text) ? text : '';
  }

  private add(to: Set<string>, text: string, without = ''): void {
    for (const value of [text, ...text.split(/[\\=]/)]) {
      const trimmed = value.replace(/\0/g, '').trim();
      if (trimmed !== '' && trimmed !== without) to.add(trimmed);
    }
  }

  /** Originals that have no right to stand in the output: longer than 3 characters, telling, and in no text that stays. */
  originals(identity: IdentityFacts): readonly string[] {
    const staying = [...this.stays].map(fold).join('\u0001');
    const found = new Set<string>();
    for (const value of this.gonePieces) {
      if (isTelling(value) && !staying.includes(fold(value))) found.add(value);
    }
    for (const part of [...identity.names, ...identity.ids, ...identity.texts, ...(identity.birthDates ?? [])]) {
      for (const value of part.split('='))
        if (isTelling(value.trim()) && !staying.includes(fold(value.trim()))) found.add(value.trim());
    }
    return [...found];
  }
}

/**
 * Whether a value would tell something where it is found by chance: not a common word, not a short number (times and counts
 * turn up within other numbers).
 */
function isTelling(value: string): boolean {
  if (value.length <= 3) return false;
  if (/^[\d.:+\-\s]+$/.test(value))
    return value.replace(/\D/g, '').length >= 8 && !/^0+$/.test(value.replace(/\D/g, '')) && !isRegisteredUid(value);
  return words(value).some(({ folded }) => folded.length > 2 && !isVocabulary(folded) && !/^\d{1,4}$/.test(folded));
}
