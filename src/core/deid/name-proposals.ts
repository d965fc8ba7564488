/**
 * Possible names in free text that stays, proposed for a person to look at and never removed by themselves: a lexicon knows that
 * Alice is called so, not whom a text means. The lexicon is loaded when a text first has a word that it could know.
 */
import { fold } from './fold';
import { isVocabulary } from './vocabulary';

/** A possible name: offsets in UTF-16 units, and the words. Memory only. */
export interface NameProposal {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Lexicon {
  /** Words that are given names, surnames, or parts of a person's name in their sentence. */
  people(text: string): readonly string[];
}

let lexicon: Promise<Lexicon> | undefined;

function load(): Promise<Lexicon> {
  lexicon ??= import('compromise/two').then(({ default: nlp }) => ({
    people: (text) => {
      const doc = nlp(text);
      const found: unknown[] = [doc.match('#Person+').out('array'), doc.match('#FirstName #LastName?').out('array')];
      return found.flat().filter((entry) => typeof entry === 'string');
    },
  }));
  return lexicon;
}

const capitalised = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}'’-]{2,}(?![\p{N}_])/gu;

/** Given names that are more often a month, a device, a place or a word of reports. */
const rarelyNames = new Set(
  'april may june august summer autumn art bill chase christian dale dawn drew faith frank grace guy hope iris jack joy lance mark max mercedes miles neo norm pat paris penny philips ray rich robin rob rusty siemens sky sonny star toshiba van vera victoria will aera skyra avanto trio verio vida sola prisma espree symphony aurora harmony ingenia achieva intera sigma optima revolution anonymized'.split(
    ' ',
  ),
);

const known = new Map<string, readonly NameProposal[]>();
const none: readonly NameProposal[] = [];
const maxKnown = 4096;
const longest = 20_000;

/** Words that are written as names and are neither vocabulary nor something else more often. */
function candidates(text: string): NameProposal[] {
  const found: NameProposal[] = [];
  for (const match of text.matchAll(capitalised)) {
    const word = fold(match[0]).replace(/['’-]/g, '');
    if (rarelyNames.has(word) || isVocabulary(word)) continue;
    found.push({ start: match.index, end: match.index + match[0].length, text: match[0] });
  }
  return found;
}

/** Proposals that are known without waiting; undefined where the lexicon has to be asked. */
export function knownProposals(text: string): readonly NameProposal[] | undefined {
  const before = known.get(text);
  if (before !== undefined) return before;
  return text.length > longest || candidates(text).length === 0 ? none : undefined;
}

/** Possible names in a text, in its order. A text beyond 20,000 characters is not looked at. */
export async function proposeNames(text: string): Promise<readonly NameProposal[]> {
  const before = knownProposals(text);
  if (before !== undefined) return before;
  // The lexicon reads sentences: words all in capitals are abbreviations to it.
  const plain = text.replace(/\p{Lu}{3,}/gu, (word) => word.charAt(0) + word.slice(1).toLowerCase());
  const people = new Set(
    (await load()).people(plain.replace(/[\^_]/g, ' ')).flatMap((entry) => fold(entry).match(/[\p{L}\p{M}]+/gu) ?? []),
  );
  const found = candidates(text).filter((c) =>
    (fold(c.text).match(/[\p{L}\p{M}]+/gu) ?? []).some((w) => people.has(w)),
  );
  if (known.size >= maxKnown) known.clear();
  known.set(text, found);
  return found;
}
