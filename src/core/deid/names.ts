/** Person names taken apart: what of a name identifies by itself, and what only together with the rest of it. */
import { fold, foldSpelledOut, isIdeographic } from './fold';
import { syllabications } from './pinyin';
import { isVocabulary } from './vocabulary';

/**
 * 'strong' goes wherever it stands; 'weak' (vocabulary, two letters, a syllable) only next to another part of the same name or
 * after a title or cue; 'initial' only next to another part.
 */
export type Strength = 'strong' | 'weak' | 'initial';

export interface NameParts {
  readonly parts: ReadonlyMap<string, Strength>;
  /** Parts written as one word: 'johndoe', 'jdoe'. */
  readonly joined: readonly string[];
  /** East Asian spellings: the whole name, and parts of two characters and more that stand alone. */
  readonly ideographic: readonly string[];
  /** East Asian surnames, which go before a title only. */
  readonly ideographicSurnames: readonly string[];
}

/** Words between the parts of a name, never a part by themselves. */
const particles = new Set(
  'van von der den de del della di da do dos das du la le el al bin binti ibn abu ben bat ter ten te zu zur af av of y e and jr sr ii iii iv phd md dr prof mr mrs ms miss rt rn'.split(
    ' ',
  ),
);

export const isParticle = (folded: string): boolean => particles.has(folded);

function strengthOf(folded: string): Strength {
  if (folded.length === 1) return 'initial';
  if (folded.length === 2 || isVocabulary(folded)) return 'weak';
  return 'strong';
}

const rank: Readonly<Record<Strength, number>> = { strong: 2, weak: 1, initial: 0 };

function splitLatin(component: string): string[][] {
  const words = component.split(/[^\p{L}\p{M}'’ʼ`]+/u).filter((w) => w !== '');
  return words.map((word) => {
    const variants = new Set<string>();
    for (const folded of [fold(word), foldSpelledOut(word)]) {
      variants.add(folded.replace(/['’ʼ`]/g, ''));
      for (const part of folded.split(/['’ʼ`]/)) if (part.length > 3) variants.add(part);
    }
    return [...variants].filter((v) => v !== '');
  });
}

/** One name as written: PN with its groups and components, 'Family, Given', or plain words. */
export function nameParts(raw: string): NameParts {
  const parts = new Map<string, Strength>();
  const joined = new Set<string>();
  const ideographic = new Set<string>();
  const surnames = new Set<string>();
  const add = (folded: string, strength: Strength): void => {
    if (isParticle(folded)) return;
    const known = parts.get(folded);
    if (known === undefined || rank[known] < rank[strength]) parts.set(folded, strength);
  };
  for (const group of raw.split('=')) {
    const components = group.includes('^') ? group.split('^').slice(0, 3) : group.split(',').slice(0, 3);
    if (isIdeographic(group)) {
      addIdeographic(components, ideographic, surnames, add, joined);
      continue;
    }
    const words = components.map(splitLatin);
    for (const variants of words.flat()) for (const v of variants) add(v, strengthOf(v));
    addInitialsAndJoined(words, group.includes('^') || group.includes(','), add, joined);
  }
  return {
    parts,
    joined: [...joined].filter((j) => j.length >= 4 && !isVocabulary(j)),
    ideographic: [...ideographic],
    ideographicSurnames: [...surnames],
  };
}

function addInitialsAndJoined(
  words: readonly (readonly string[][])[],
  ordered: boolean,
  add: (folded: string, strength: Strength) => void,
  joined: Set<string>,
): void {
  const plain = words.map((component) => component.map((variants) => variants[0] ?? '').filter((w) => !isParticle(w)));
  const family = ordered ? (plain[0] ?? []) : plain.flat().slice(-1);
  const given = ordered ? plain.slice(1).flat() : plain.flat().slice(0, -1);
  for (const word of given) add(word.charAt(0), 'initial');
  // 'Doe JM': the initials written together.
  if (given.length > 1) add(given.map((w) => w.charAt(0)).join(''), 'initial');
  const surname = family.join('');
  const first = given[0] ?? '';
  if (surname === '') return;
  for (const other of [first, given.join(''), first.charAt(0), given.map((w) => w.charAt(0)).join('')]) {
    if (other === '' || (surname + other).length < 4) continue;
    joined.add(surname + other);
    joined.add(other + surname);
  }
  if (family.length > 1) joined.add(surname);
}

function addIdeographic(
  components: readonly string[],
  ideographic: Set<string>,
  surnames: Set<string>,
  add: (folded: string, strength: Strength) => void,
  joined: Set<string>,
): void {
  const clean = components.map((c) => c.replace(/[\s·・\u3000]/g, ''));
  const whole = clean.join('');
  if (whole.length < 2) return;
  ideographic.add(whole);
  // A name without components: the first character is the surname, or the first two of a long one.
  const cut = whole.length >= 4 && /^[\u4e00-\u9fff]/u.test(whole) ? 2 : 1;
  const family = clean.length > 1 ? (clean[0] ?? '') : whole.slice(0, cut);
  const given = clean.length > 1 ? clean.slice(1).join('') : whole.slice(cut);
  if (family !== '') surnames.add(family);
  if (family.length >= 2) ideographic.add(family);
  if (given.length >= 2) ideographic.add(given);
  if (family !== '' && given !== '') ideographic.add(given + family);
  if (!/^[\u4e00-\u9fff]+$/u.test(whole)) return;
  for (const surname of syllabications(family, true)) {
    const spelled = surname.join('');
    add(spelled, strengthOf(spelled));
    for (const syllables of syllabications(given)) {
      for (const syllable of syllables) {
        add(syllable, 'weak');
        add(syllable.charAt(0), 'initial');
      }
      const name = syllables.join('');
      if (syllables.length > 1) {
        add(name, strengthOf(name));
        add(syllables.map((s) => s.charAt(0)).join(''), 'initial');
      }
      joined.add(spelled + name);
      joined.add(name + spelled);
    }
  }
}
