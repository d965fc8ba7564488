/**
 * Masks text that goes with a study: the identity sweep of the headers over reports and tables, with the same pseudonyms, the same
 * date shifts and the same new UIDs as the images have.
 */
import type { IdentityFacts } from '../../deid/context';
import { fold } from '../../deid/fold';
import { dateShift, keyedCode, pseudonym, remapUid } from '../../deid/identifiers';
import { words } from '../../deid/matcher';
import type { Reason } from '../../deid/patterns';
import type { Profile } from '../../deid/profile';
import { rulesOf, type ProfileRules } from '../../deid/profile-rules';
import { spansOf, type TextContext } from '../../deid/text';
import type { Role } from './roles';

/** A patient whose headers were read. Memory only. */
export interface MaskPerson {
  readonly identity: IdentityFacts;
  /** The patient's own name and ID as the header has them: these become the pseudonym. */
  readonly name: string;
  readonly id: string;
  /** The pseudonym that the batch gives, where the key alone does not decide it. */
  readonly pseudonym?: string;
}

export interface MaskSettings {
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly people: readonly MaskPerson[];
  /** Words that a person marked by hand. */
  readonly extra?: readonly string[];
}

/** Why something was masked: a reason of the sweep, or the patient themselves. */
export type MaskReason = Reason | 'patient' | 'marked';

/** A piece of the source and what stands there now. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly reason: MaskReason;
}

const nobody: IdentityFacts = { patientKey: '', names: [], ids: [], dates: [], texts: [], pathNames: [] };

/** What stands for something that has no surrogate of its own. */
const marks: Readonly<Partial<Record<MaskReason, string>>> = {
  date: '[date]',
  email: '[e-mail]',
  phone: '[phone]',
  url: '[address]',
  network: '[address]',
  address: '[address]',
  phrase: '[place]',
  path: '[name]',
  uid: '[uid]',
  age: '[age]',
};

/** Reasons whose surrogate tells equal ones apart from others, so that tables stay linked. */
const numbered: ReadonlySet<MaskReason> = new Set<MaskReason>(['id', 'resident-id', 'ssn', 'nhs-number', 'cue-number']);

/** What wins where two spans overlap: a whole address or UID over a name within it, the patient over whoever stands beside. */
const rank: Readonly<Partial<Record<MaskReason, number>>> = {
  marked: 7,
  email: 6,
  url: 6,
  uid: 6,
  patient: 5,
  id: 4,
  name: 3,
  person: 2,
  date: 1,
};

/** Something to replace; without a text the surrogate of its reason stands for it. */
interface Found {
  readonly start: number;
  readonly end: number;
  readonly reason: MaskReason;
  readonly text?: string | undefined;
  /** Characters of it that are whole words of the patient's own name or ID. */
  readonly exact?: number;
}

interface Known {
  readonly person: MaskPerson;
  readonly own: IdentityFacts;
  /** Folded words and IDs, one of which a text must have before it is searched. */
  readonly cues: ReadonlySet<string>;
  /** The whole words of the own name and ID, folded. */
  readonly whole: ReadonlySet<string>;
}

export class Masker {
  readonly #settings: MaskSettings;
  readonly #rules: ProfileRules;
  readonly #known: readonly Known[];
  readonly #byCue = new Map<string, Set<Known>>();
  readonly #extra: readonly string[];

  constructor(settings: MaskSettings) {
    this.#settings = settings;
    this.#rules = rulesOf(settings.profile);
    this.#extra = (settings.extra ?? []).map((w) => w.trim()).filter((w) => w !== '');
    const key = (person: MaskPerson): string => person.identity.patientKey;
    // In one order always, however their files were read: what a text becomes may not depend on it.
    const people = [...settings.people].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    this.#known = people.map((person) => {
      const { name, id, identity } = person;
      const cues = new Set([...identity.names, ...identity.pathNames, ...identity.ids, name, id].flatMap(cuesOf));
      const own = { ...nobody, patientKey: identity.patientKey, names: name === '' ? [] : [name], ids: id === '' ? [] : [id] };
      return { person, own, cues, whole: new Set(wholeWords(`${name} ${id}`).map((w) => fold(w))) };
    });
    for (const known of this.#known) {
      for (const cue of known.cues) {
        const list = this.#byCue.get(cue);
        if (list === undefined) this.#byCue.set(cue, new Set([known]));
        else list.add(known);
      }
    }
  } // prettier-ignore

  /** The patients that a text names or numbers. */
  subjectsIn(text: string): readonly MaskPerson[] {
    const found = this.#candidates(text).map((known) => ({ known, spans: ownSpans(text, known) }));
    // Who shares but the given name, or but a part of a word, with somebody whose whole name stands there is not meant.
    const covered = (a: Place): boolean =>
      found.some(({ spans }) =>
        spans.some((b) => {
          const longer = b.end - b.start - (a.end - a.start);
          return b.start <= a.start && b.end >= a.end && (longer > 0 || (longer === 0 && b.exact > a.exact));
        }),
      );
    return found.filter(({ spans }) => spans.some((s) => !covered(s))).map(({ known }) => known.person);
  }

  /** The patient of an ID as a header or a table has it, read or not: the pseudonym is the same in both. */
  ofId(id: string): MaskPerson {
    const folded = fold(id.trim());
    const known = this.#known.find((k) => k.person.id !== '' && fold(k.person.id) === folded);
    return known?.person ?? { identity: { ...nobody, patientKey: `id::${folded}`, ids: [id.trim()] }, name: '', id: id.trim() };
  } // prettier-ignore

  pseudonymOf({ identity, pseudonym: given }: MaskPerson): string {
    return given ?? pseudonym(this.#settings.key, identity.patientKey, this.#settings.profile);
  }

  /**
   * What has to be replaced in one text about `subject` (null: nobody knows about whom, so that dates can't be shifted and go).
   */
  replacements(text: string, subject: MaskPerson | null): Replacement[] {
    if (!/[\p{L}\d]/u.test(text)) return [];
    const found: Found[] = [];
    const { identity } = subject ?? { identity: nobody };
    for (const { start, end, reason, replacement } of spansOf(text, identity, this.#context(subject))) {
      found.push({ start, end, reason, text: replacement });
    }
    for (const known of this.#candidates(text, subject)) {
      const { person } = known;
      if (person !== subject) {
        for (const { start, end, reason } of spansOf(text, person.identity, { patterns: false })) {
          if (reason !== 'date') found.push({ start, end, reason });
        }
      }
      for (const { start, end, exact } of ownSpans(text, known)) {
        found.push({ start, end, reason: 'patient', text: this.pseudonymOf(person), exact });
      }
    }
    for (const word of this.#extra) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        found.push({ start: at, end: at + word.length, reason: 'marked' });
      }
    }
    const pieces = clusters(found)
      .flatMap((cluster) => (cluster.length === 1 ? cluster : withoutOverlaps(text, cluster)))
      .map(({ start, end, reason, text: given }): Replacement => ({
        start,
        end,
        reason,
        text: given ?? this.#surrogate(reason, text.slice(start, end)),
      }));
    return joined(text, pieces);
  }

  /** What a whole value becomes that its column or key says to be of a role. */
  byRole(value: string, role: Role, subject: MaskPerson | null): { readonly text: string; readonly reason: MaskReason } {
    switch (role) {
      case 'patient':
        return { text: subject === null ? this.#surrogate('id', value) : this.pseudonymOf(subject), reason: 'patient' };
      case 'id':
        return { text: this.#surrogate('id', value), reason: 'id' };
      case 'person':
        return { text: this.#surrogate('person', value), reason: 'person' };
      case 'birth':
        return { text: '', reason: 'date' };
      case 'contact':
        return { text: '', reason: 'address' };
    }
  } // prettier-ignore

  #context(subject: MaskPerson | null): TextContext {
    const { key, profile } = this.#settings;
    const { dates } = this.#rules;
    const coarse = (profile.cohort?.attributes.studyDate ?? 'full') !== 'full';
    const shift = (of: MaskPerson) => ({ shiftDays: dateShift(key, of.identity.patientKey, profile) });
    const how = coarse ? 'remove' : dates !== 'shift' ? dates : subject === null ? 'remove' : shift(subject);
    return {
      dates: how,
      remapUid: this.#rules.has('retainUids') ? (uid) => uid : (uid) => remapUid(key, uid),
      ...((profile.cohort?.attributes.age ?? 'full') !== 'full' && { ages: 'remove' as const }),
    };
  }

  #surrogate(reason: MaskReason, value: string): string {
    const { key } = this.#settings;
    if (numbered.has(reason)) {
      return `ID-${keyedCode(key, `mask-id:${fold(value).replace(/[^\p{L}\p{N}]/gu, '')}`, 8)}`;
    }
    if (reason === 'name' || reason === 'person' || reason === 'marked') {
      const name = words(value).map((w) => w.folded).filter((w) => !/^(?:dr|prof|mr|mrs|ms|herr|frau)$/.test(w)).sort();
      return `PERSON-${keyedCode(key, `mask-person:${name.join(' ')}`, 6)}`;
    }
    return marks[reason] ?? '[removed]';
  } // prettier-ignore

  #candidates(text: string, subject: MaskPerson | null = null): readonly Known[] {
    const few = this.#known.length <= 50;
    if (few) return this.#known;
    const found = new Set<Known>();
    for (const cue of cuesOf(text)) for (const known of this.#byCue.get(cue) ?? []) found.add(known);
    // Chinese names have no blanks between them: cut out of the text two and three characters at a time.
    for (const known of this.#known) if (known.person === subject) found.add(known);
    return [...found];
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly exact: number;
}

const wholeWords = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** Where a text names or numbers a patient; the parts of one name are one place, so that the fuller name weighs more. */
function ownSpans(text: string, { own, whole }: Known): Place[] {
  const places: { start: number; end: number }[] = [];
  for (const { start, end } of spansOf(text, own, { patterns: false })) {
    const last = places.at(-1);
    const near = last !== undefined && /^[\s,.^_=·・-]*$/.test(text.slice(last.end, start));
    if (near) places[places.length - 1] = { start: last.start, end };
    else places.push({ start, end });
  }
  return places.map(({ start, end }) => {
    const exact = wholeWords(text.slice(start, end)).filter((word) => whole.has(fold(word)));
    return { start, end, exact: exact.reduce((sum, word) => sum + word.length, 0) };
  });
}

/** Words, and for runs of ideographs every two characters in a row. */
function cuesOf(text: string): string[] {
  const cues: string[] = [];
  for (const { folded } of words(text)) {
    cues.push(folded);
    if (/\p{Script=Han}/u.test(folded)) for (let i = 0; i + 2 <= folded.length; i++) cues.push(folded.slice(i, i + 2));
  }
  for (const id of text.match(/[\p{L}\p{N}]+(?:[-_./ ][\p{L}\p{N}]+)*/gu) ?? []) {
    cues.push(fold(id).replace(/[^\p{L}\p{N}]/gu, '').replace(/^0+/, ''));
  }
  return cues;
} // prettier-ignore

/** Spans that overlap, directly or through others, in the order of the text. */
function clusters(found: readonly Found[]): Found[][] {
  const out: Found[][] = [];
  let end = -1;
  for (const span of [...found].sort((a, b) => a.start - b.start)) {
    if (span.start < end) out.at(-1)?.push(span);
    else out.push([span]);
    end = Math.max(end, span.end);
  }
  return out;
}

/** Each place once: the heavier span whole, of lighter ones what is left beside it and has a letter or digit in it. */
function withoutOverlaps(text: string, found: readonly Found[]): Found[] {
  const weight = (f: Found): number => rank[f.reason] ?? 0;
  const sorted = [...found].sort(
    (a, b) => weight(b) - weight(a) || b.end - b.start - (a.end - a.start) || (b.exact ?? 0) - (a.exact ?? 0),
  );
  const placed: Found[] = [];
  for (const span of sorted) {
    let free: { start: number; end: number }[] = [span];
    for (const other of placed) {
      free = free.flatMap((piece) => {
        if (other.end <= piece.start || other.start >= piece.end) return [piece];
        return [
          { start: piece.start, end: other.start },
          { start: other.end, end: piece.end },
        ].filter((p) => p.start < p.end);
      });
    }
    for (const piece of free) {
      const whole = piece.start === span.start && piece.end === span.end;
      if (whole) placed.push(span);
      else if (/[\p{L}\d]/u.test(text.slice(piece.start, piece.end))) {
        // Half of a date can't be moved; of a patient's name every part is the patient.
        placed.push({ ...span, ...piece, text: span.reason === 'patient' ? span.text : undefined });
      }
    }
  }
  return placed.sort((a, b) => a.start - b.start);
}

/** Neighbours with the same surrogate are one: 'Doe, Jane' are two spans and one name. */
function joined(text: string, pieces: readonly Replacement[]): Replacement[] {
  const out: Replacement[] = [];
  for (const next of pieces) {
    const last = out.at(-1);
    const same = last !== undefined && last.text === next.text && last.reason === next.reason;
    if (same && /^[\s,.^_=·・-]*$/.test(text.slice(last.end, next.start)))
      out[out.length - 1] = { ...last, end: next.end };
    else out.push(next);
  }
  return out.filter((r) => text.slice(r.start, r.end) !== r.text);
}
