/** Messages made ready once, so that every number in them reads as the language writes numbers. */
import type { Messages } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { formatNumber } from './format';

export type MessageValues = Readonly<Record<string, string | number>>;

/** Plurals need a number itself, a sentence its writing: the latter has the placeholder's name with this behind it. */
const written = ':written';

type Token = string | readonly [name: string, type?: string, format?: unknown];

/** Makes the plain placeholders of a compiled message, those of its plural forms too, ask for what is written. */
function askForWriting(tokens: unknown): unknown {
  if (!Array.isArray(tokens)) return tokens;
  return (tokens as Token[]).map((token) => {
    if (typeof token === 'string') return token;
    const [name, type, format] = token;
    if (type === undefined) return [name + written];
    if (typeof format !== 'object' || format === null) return token;
    const forms = Object.entries(format).map(([form, inner]) => [form, askForWriting(inner)]);
    return [name, type, Object.fromEntries(forms)];
  });
}

/** Compiles once what has placeholders; the rest is taken as it is. */
export function compileCatalogue(catalogue: Readonly<Record<string, string>>): Messages {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, text]) => [
      key,
      text.includes('{') ? (askForWriting(compileMessage(text)) as Messages[string]) : [text],
    ]),
  );
}

/**
 * The values for a message of `compileCatalogue`: each as it is, for plurals, and as it is written.
 * A number is an amount and gets its marks of thousands; one that is none (an image's number, a matrix) is given as a string.
 */
export function valuesFor(values: MessageValues, locale: string): Record<string, string | number> {
  const all: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    all[name] = value;
    all[name + written] = typeof value === 'number' ? formatNumber(value, locale) : value;
  }
  return all;
}
