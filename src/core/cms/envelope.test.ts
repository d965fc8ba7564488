import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasProgram, inFolder, makeIdentity, run, type Identity } from '../../../fixtures/crypto-readers';
import { readCertificates, readRecipients } from './certificates';
import { seal, unseal } from './envelope';
import { readPrivateKey } from './private-key';

const text = (s: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(s);

describe.skipIf(!hasProgram('openssl'))('CMS envelopes', () => {
  const kinds = ['rsa', 'P-256', 'P-384', 'P-521'] as const;
  const people = new Map<string, Identity>();
  beforeAll(() => {
    for (const kind of kinds) people.set(kind, makeIdentity(kind, `Dr ${kind}`));
  });
  const person = (kind: string): Identity => people.get(kind) as Identity;
  const certificates = (...names: string[]) => {
    const read = readCertificates(names.map((n) => person(n).certificate));
    if (!read.ok) throw new Error(read.message);
    return read.value;
  };
  const key = async (pem: string, passphrase?: string) => {
    const read = await readPrivateKey(pem, passphrase);
    if (!read.ok) throw new Error(read.message);
    return read.value;
  };

  it.each(kinds)('OpenSSL opens what was sealed for %s, and so do we', async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (data) => {
        const content = new Uint8Array(data);
        const sealed = await seal(content, certificates(kind));
        const opened = inFolder((folder) => {
          writeFileSync(join(folder, 'in'), sealed);
          writeFileSync(join(folder, 'key'), person(kind).key);
          run('openssl', ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', join(folder, 'in'), '-inkey', join(folder, 'key'), '-out', join(folder, 'out')]);
          return new Uint8Array(readFileSync(join(folder, 'out')));
        });
        expect(opened).toEqual(content);
        expect(await unseal(new Uint8Array(sealed), await key(person(kind).key))).toEqual({ ok: true, value: content });
      }),
      { numRuns: 6 },
    );
  });

  it.each(kinds)('opens what OpenSSL sealed for %s', async (kind) => {
    const sealed = inFolder((folder) => {
      writeFileSync(join(folder, 'cert'), person(kind).certificate);
      const oaep = kind === 'rsa' ? ['-keyopt', 'rsa_padding_mode:oaep'] : ['-keyopt', 'ecdh_kdf_md:sha256'];
      return run('openssl', ['cms', '-encrypt', '-binary', '-outform', 'DER', '-aes256', '-recip', join(folder, 'cert'), ...oaep], text('from OpenSSL'));
    });
    expect(await unseal(new Uint8Array(sealed), await key(person(kind).key))).toEqual({ ok: true, value: text('from OpenSSL') });
  });

  it('each of several recipients opens it, nobody else', async () => {
    const sealed = new Uint8Array(await seal(text('x'), certificates('rsa', 'P-256', 'P-384')));
    for (const kind of ['rsa', 'P-256', 'P-384']) {
      expect((await unseal(sealed, await key(person(kind).key))).ok, kind).toBe(true);
    }
    expect(await unseal(sealed, await key(person('P-521').key))).toMatchObject({ ok: false, code: 'wrong-key' });
    const other = makeIdentity('rsa', 'Other');
    expect(await unseal(sealed, await key(other.key))).toMatchObject({ ok: false, code: 'wrong-key' });
  });

  it('what is cut off, foreign or old ends with a code', async () => {
    const sealed = new Uint8Array(await seal(text('x'.repeat(100)), certificates('P-256')));
    const mine = await key(person('P-256').key);
    for (let length = 0; length < sealed.byteLength; length += 7) {
      const opened = await unseal(sealed.slice(0, length), mine);
      expect(opened.ok, `${length} bytes`).toBe(false);
    }
    expect(await unseal(text('hello'), mine)).toMatchObject({ code: 'bad-envelope' });
    const old = inFolder((folder) => {
      writeFileSync(join(folder, 'cert'), person('rsa').certificate);
      return run('openssl', ['cms', '-encrypt', '-binary', '-outform', 'DER', '-aes256', '-recip', join(folder, 'cert')], text('x'));
    });
    expect(await unseal(new Uint8Array(old), await key(person('rsa').key))).toMatchObject({ code: 'bad-envelope' });
  });

  it('never throws, whatever byte is changed', async () => {
    const sealed = new Uint8Array(await seal(text('content'), certificates('P-256')));
    const mine = await key(person('P-256').key);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.byteLength - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const harmed = sealed.slice();
        harmed[at] = (harmed[at] as number) ^ by;
        const opened = await unseal(harmed, mine);
        if (!opened.ok) expect(['wrong-key', 'bad-envelope']).toContain(opened.code);
      }),
      { numRuns: 150 },
    );
  });

  it('reads keys in every form that OpenSSL writes', async () => {
    const forms = inFolder((folder) => {
      writeFileSync(join(folder, 'rsa'), person('rsa').key);
      writeFileSync(join(folder, 'ec'), person('P-256').key);
      const out = (...words: string[]): string => new TextDecoder().decode(run('openssl', words));
      return {
        pkcs1: out('rsa', '-in', join(folder, 'rsa'), '-traditional'),
        sec1: out('ec', '-in', join(folder, 'ec')),
        shrouded: out('pkcs8', '-topk8', '-in', join(folder, 'rsa'), '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA256', '-passout', 'pass:geheim'),
        old: out('rsa', '-in', join(folder, 'rsa'), '-traditional', '-aes128', '-passout', 'pass:geheim'),
      };
    });
    const rsa = new Uint8Array(await seal(text('y'), certificates('rsa')));
    const ec = new Uint8Array(await seal(text('y'), certificates('P-256')));
    expect((await unseal(rsa, await key(forms.pkcs1))).ok).toBe(true);
    expect((await unseal(ec, await key(forms.sec1))).ok).toBe(true);
    expect((await unseal(rsa, await key(forms.shrouded, 'geheim'))).ok).toBe(true);
    for (const wrong of [undefined, '', 'falsch']) {
      expect(await readPrivateKey(forms.shrouded, wrong)).toMatchObject({ code: 'wrong-passphrase' });
    }
    expect(await readPrivateKey(forms.old, 'geheim')).toMatchObject({ code: 'bad-key' });
    expect(await readPrivateKey(person('rsa').certificate)).toMatchObject({ code: 'bad-key' });
    expect(await readPrivateKey('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')).toMatchObject({ code: 'bad-key' });
  });

  it('tells of certificates what people compare, and refuses those of no use', () => {
    const read = readRecipients([person('rsa').certificate], new Date());
    expect(read).toMatchObject({ ok: true, value: [{ name: 'Dr rsa', key: 'RSA 3072' }] });
    const wanted = inFolder((folder) => {
      writeFileSync(join(folder, 'cert'), person('rsa').certificate);
      return new TextDecoder().decode(run('openssl', ['x509', '-in', join(folder, 'cert'), '-noout', '-fingerprint', '-sha256']));
    });
    const told = read.ok ? read.value[0]?.fingerprint.toUpperCase() : '';
    expect(wanted.replaceAll(':', '')).toContain(told);
    expect(readRecipients([person('rsa').certificate], new Date('2099-01-01'))).toMatchObject({ code: 'bad-certificate' });
    expect(readRecipients([], new Date())).toMatchObject({ code: 'bad-certificate' });
    expect(readRecipients(['no certificate'], new Date())).toMatchObject({ code: 'bad-certificate' });
    expect(readRecipients([makeIdentity('rsa-1024', 'Weak').certificate], new Date())).toMatchObject({ code: 'bad-certificate' });
    expect(readRecipients([makeIdentity('ed25519', 'Other').certificate], new Date())).toMatchObject({ code: 'bad-certificate' });
  });
}); // prettier-ignore
