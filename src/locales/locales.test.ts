import { compileMessage } from '@lingui/message-utils/compileMessage';
import { setupI18n } from '@lingui/core';
import { describe, expect, it } from 'vitest';
import { explanations } from '../core/pipeline/errors';
import { profileOptions } from '../core/deid/options/index';
import { compileCatalogue, valuesFor } from './compile';
import { explanationsZh } from './explanations.zh-CN';
import { en } from './en';
import {
  formatBytes,
  formatDate,
  formatMoment,
  formatPersonName,
  labelled,
  roughDuration,
  sentenceGap,
} from './format';
import { zhCN } from './zh-CN';
import { tCode } from './index';
import { kioskCatalogues } from './kiosk';
import { privacyCatalogues } from './privacy';
import { privacyEn } from './privacy.en';
import { learningCatalogues } from './learning';
import { sealingCatalogues } from './sealing';
import { quasiIdentifiers } from '../core/deid/quasi-identifiers';

const catalogues = { en, 'zh-CN': zhCN } as const;

/** Names of the placeholders of a message, nested ones included. */
function names(message: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(message)) {
    const [name, type] = message as unknown[];
    if (typeof name === 'string' && (message.length === 1 || typeof type === 'string') && /^\w+$/.test(name))
      found.add(name);
    for (const part of message) names(part, found);
  } else if (typeof message === 'object' && message !== null)
    for (const part of Object.values(message)) names(part, found);
  return found;
}

describe('catalogues', () => {
  for (const [locale, catalogue] of Object.entries(catalogues)) {
    it(`${locale} has the keys of English, none empty`, () => {
      expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
      expect(Object.values(catalogue).filter((text) => text.trim() === '')).toEqual([]);
    });

    it(`${locale} compiles, with the placeholders of English`, () => {
      for (const key of Object.keys(en) as (keyof typeof en)[]) {
        const wanted = en[key].includes('{') ? names(compileMessage(en[key])) : new Set();
        const has = catalogue[key].includes('{') ? names(compileMessage(catalogue[key])) : new Set();
        expect([key, [...has].sort()]).toEqual([key, [...wanted].sort()]);
      }
    });
  }

  it('Chinese is Chinese', () => {
    const same = (Object.keys(en) as (keyof typeof en)[]).filter(
      (key) => /[a-z]{4}/.test(en[key].replace(/\{\w+\}/g, '')) && !/\p{Script=Han}/u.test(zhCN[key]),
    );
    expect(same).toEqual(['app.name']);
  });

  it('explains every code in both languages', () => {
    expect(Object.keys(explanationsZh).sort()).toEqual(Object.keys(explanations).sort());
    for (const { message, next } of Object.values(explanationsZh)) expect(message && next).toMatch(/\p{Script=Han}/u);
  });

  it('has a sentence for every option of the profile', () => {
    for (const { name } of profileOptions) expect(tCode('option', name, '')).not.toBe('');
  });
});

describe.each([
  ['privacy', privacyCatalogues],
  ['kiosk', kioskCatalogues],
  ['sealing', sealingCatalogues],
  ['learning', learningCatalogues],
] as readonly (readonly [string, Readonly<Record<string, Readonly<Record<string, string>>>>])[])(
  'words of %s',
  (_, lazy) => {
    const placeholders = (text: string): string[] =>
      text.includes('{') ? [...names(compileMessage(text))].sort() : [];

    const english = lazy['en'] ?? {};
    const keys = Object.keys(english);

    it('are in every language, compile, and have the placeholders of English', () => {
      for (const catalogue of Object.values(lazy)) {
        expect(Object.keys(catalogue).sort()).toEqual([...keys].sort());
        for (const key of keys) {
          expect(catalogue[key]?.trim(), key).not.toBe('');
          expect([key, placeholders(catalogue[key] ?? '')]).toEqual([key, placeholders(english[key] ?? '')]);
        }
      }
      const zh = lazy['zh-CN'];
      expect(keys.filter((key) => !/\p{Script=Han}/u.test(zh?.[key] ?? ''))).toEqual([]);
    });
  },
);

describe('numbers in sentences', () => {
  const all = { page: catalogues, privacyCatalogues, kioskCatalogues, sealingCatalogues, learningCatalogues };

  it.each(Object.entries<Readonly<Record<string, Readonly<Record<string, string>>>>>(all))(
    'have marks of thousands wherever they stand: %s',
    (_, languages) => {
      for (const [locale, catalogue] of Object.entries(languages)) {
        const i18n = setupI18n({ locale, messages: { [locale]: compileCatalogue(catalogue) } });
        for (const [key, text] of Object.entries(catalogue)) {
          const values = text.includes('{') ? [...names(compileMessage(text))] : [];
          const said = i18n._(key, valuesFor(Object.fromEntries(values.map((v) => [v, 10_000])), locale));
          const bare = /10000/.test(said) || (values.length > 0 && !said.includes('10,000'));
          expect(bare ? `${locale} ${key}: ${said}` : null).toBe(null);
        }
      }
    },
  );

  it('are written for plurals inside plurals, and kept as given where they are names', () => {
    const messages = compileCatalogue({ both: '{n, plural, one {# of {m}} other {# of {m}}}', name: 'Image {number}' });
    const i18n = setupI18n({ locale: 'en', messages: { en: messages } });
    expect(i18n._('both', valuesFor({ n: 1, m: 2000 }, 'en'))).toBe('1 of 2,000');
    expect(i18n._('name', valuesFor({ number: '1001' }, 'en'))).toBe('Image 1001');
  });
});

describe('words of the privacy panels', () => {
  it('name every characteristic and every step', () => {
    const keys = Object.keys(privacyEn);
    for (const { name, ladder } of quasiIdentifiers) {
      expect(keys).toContain(`quasi.${name}`);
      for (const step of ladder) expect(keys).toContain(`step.${step}`);
    }
  });
});

describe('formats', () => {
  it('shows names as people write them', () => {
    expect(formatPersonName('Doe^Jane^Q')).toBe('Doe, Jane Q');
    expect(formatPersonName('=王^小明=')).toBe('王小明');
    expect(formatPersonName('Doe')).toBe('Doe');
    expect(formatPersonName('^^')).toBe('');
  });

  it('shows dates that are dates and leaves others alone', () => {
    expect(formatDate('20240131', 'en')).toBe('31 Jan 2024');
    expect(formatDate('2024', 'en')).toBe('2024');
    expect(formatMoment('2026-11-03T09:05:07', 'en')).toBe('3 Nov 2026, 09:05:07');
    expect(formatMoment('2026-11-03T09:05:07', 'zh-CN')).toBe('2026年11月3日 09:05:07');
  });

  it('puts sentences and what belongs together side by side as the language does', () => {
    expect(['One.', 'Two.'].join(sentenceGap('en'))).toBe('One. Two.');
    expect(['一。', '二。'].join(sentenceGap('zh-CN'))).toBe('一。二。');
    expect(labelled('role', 'Operator', 'en')).toBe('role: Operator');
    expect(labelled('角色', '操作员', 'zh-CN')).toBe('角色：操作员');
  });

  it('rounds time and bytes as people do', () => {
    expect(roughDuration(7)).toEqual({ unit: 'second', count: 10 });
    expect(roughDuration(230)).toEqual({ unit: 'minute', count: 4 });
    expect(roughDuration(7300)).toEqual({ unit: 'hour', count: 2 });
    expect(formatBytes(1_440_000, 'en')).toBe('1.4 MB');
    expect(formatBytes(12, 'en')).toBe('12 bytes');
    expect(formatBytes(0, 'zh-CN')).toBe('0 字节');
    expect(formatBytes(593_000, 'zh-CN')).toBe('593 kB');
  });
});
