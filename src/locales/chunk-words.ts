/** Words that load with the panels that need them, not with the page: in all languages at once, since each is small. */
import { setupI18n } from '@lingui/core';
import { useMemo } from 'react';
import { compileCatalogue, valuesFor, type MessageValues } from './compile';
import { useWords } from './index';

export interface ChunkWords<Key extends string> {
  readonly p: (key: Key, values?: MessageValues) => string;
  readonly locale: string;
}

/** A hook for the words of one part of the page, which renders again when the language changes. */
export function chunkWords<Key extends string>(
  catalogues: Readonly<Record<string, Readonly<Record<Key, string>>>>,
): () => ChunkWords<Key> {
  const languages = setupI18n({
    messages: Object.fromEntries(Object.entries(catalogues).map(([l, c]) => [l, compileCatalogue(c)])),
  });
  return () => {
    const { locale } = useWords();
    return useMemo(() => {
      return {
        p: (key, values) => {
          if (languages.locale !== locale) languages.activate(locale);
          return languages._(key, values && valuesFor(values, locale));
        },
        locale,
      };
    }, [locale]);
  };
}
