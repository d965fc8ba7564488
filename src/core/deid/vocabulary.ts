/** Words that belong to images and reports. A patient may be called Head, Long or White: then the word alone proves nothing. */
import { clinicalWordRows } from '../generated/clinical-words';

let words: ReadonlySet<string> | undefined;

function load(): ReadonlySet<string> {
  const set = new Set<string>();
  let before = '';
  for (const match of clinicalWordRows.matchAll(/([0-9A-Z])([a-z]*)/g)) {
    before = before.slice(0, parseInt(match[1] ?? '0', 36)) + (match[2] ?? '');
    set.add(before);
  }
  return set;
}

/** Whether a folded word is clinical or technical vocabulary; plural and possessive s do not matter. */
export function isVocabulary(folded: string): boolean {
  words ??= load();
  if (words.has(folded)) return true;
  return folded.length > 4 && folded.endsWith('s') && words.has(folded.slice(0, -1));
}
