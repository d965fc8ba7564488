import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyLookup, findIn, lookupFromCsv, mergeLookups, type Lookup } from './table';
import { openLookup, sealLookup } from './vault';

const table = (...rows: [id: string, pseudonym: string][]): Lookup => ({
  ...emptyLookup,
  patients: rows.map(([id, pseudonym]) => ({ id, name: `Name^${id}`, pseudonym })),
});

describe('lookup tables', () => {
  it('merge to the union, whatever the order, and refuse what contradicts', () => {
    const id = fc.stringMatching(/^[A-Z]{2}\d{2}$/);
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 20 }), fc.nat(20), (ids, cut) => {
        const rows = ids.map((i): [string, string] => [i, `P-${i}`]);
        const [a, b] = [table(...rows.slice(0, cut)), table(...rows.slice(Math.max(0, cut - 3)))];
        const [ab, ba] = [mergeLookups(a, b), mergeLookups(b, a)];
        if (!ab.ok || !ba.ok) throw new Error('not merged');
        const sorted = (l: Lookup) => [...l.patients].sort((x, y) => (x.id < y.id ? -1 : 1));
        expect(sorted(ab.value)).toEqual(sorted(ba.value));
        expect(ab.value.patients).toHaveLength(ids.length);
      }),
    );
    expect(mergeLookups(table(['a', 'P1']), table(['A', 'P2']))).toMatchObject({ code: 'bad-profile' });
    expect(mergeLookups(table(['a', 'P1']), table(['b', 'p1']))).toMatchObject({ code: 'bad-profile' });
  });

  it('find a patient by either name, or by a study', () => {
    const lookup: Lookup = { ...table(['77', 'P-1'], ['78', 'P-2']), studies: [{ pseudonym: 'P-2', original: '1.2', replacement: '2.25.9' }] };
    expect(findIn(lookup, ' p-1 ').map((p) => p.id)).toEqual(['77']);
    expect(findIn(lookup, '78').map((p) => p.pseudonym)).toEqual(['P-2']);
    expect(findIn(lookup, '2.25.9').map((p) => p.id)).toEqual(['78']);
    expect(findIn(lookup, '')).toEqual([]);
    expect(lookupFromCsv('old,new\n77,P-1\n')).toMatchObject({ ok: true, value: { patients: [{ id: '77', pseudonym: 'P-1' }] } });
  });

  it('open with their passphrase alone; any change is noticed; nothing of them can be read', { timeout: 120_000 }, async () => {
    const lookup = table(['MRN-4711', 'P-1']);
    const sealed = await sealLookup(lookup, 'a long passphrase');
    expect(await openLookup(`${sealed}\n`, 'a long passphrase')).toEqual({ ok: true, value: lookup });
    expect(await openLookup(sealed, 'another one')).toMatchObject({ code: 'wrong-passphrase' });
    expect(await openLookup('hello', 'x')).toMatchObject({ code: 'bad-envelope' });
    const inside = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1')).join('\n');
    expect(inside).not.toContain('4711');
    expect(inside).toContain('600000');
    for (let at = 0; at < sealed.length; at += 41) {
      if (sealed.charAt(at) === '.') continue;
      const other = sealed.charAt(at) === 'A' ? 'B' : 'A';
      const opened = await openLookup(sealed.slice(0, at) + other + sealed.slice(at + 1), 'a long passphrase');
      expect(opened.ok, `character ${at}`).toBe(false);
    }
  });

  it.skipIf(spawnSync('/usr/bin/python3', ['-c', 'import jwcrypto']).status !== 0)('open in another program', { timeout: 60_000 }, async () => {
    const sealed = await sealLookup(table(['MRN-4711', 'P-1']), 'a long passphrase');
    const program = `
import sys
from jwcrypto import jwe, jwk, jwa
jwa.default_max_pbkdf2_iterations = 10**7
t = jwe.JWE(algs=['PBES2-HS512+A256KW', 'A256GCM'])
t.deserialize(sys.stdin.read(), jwk.JWK.from_password('a long passphrase'))
print(t.payload.decode())`;
    const done = spawnSync('/usr/bin/python3', ['-c', program], { input: sealed, encoding: 'utf8' });
    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout)).toMatchObject({ patients: [{ id: 'MRN-4711' }] });
  });
}); // prettier-ignore
