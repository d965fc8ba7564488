import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasProgram, inFolder, makeIdentity, run } from '../../../fixtures/crypto-readers';
import { formatPem, pemBlocks } from './pem';
import { checkSignature, sign } from './signature';
import { adoptSigningKey, makeSigningKey, openSigner, signingKeyFacts, type Signer } from './signing-key';

const content = new TextEncoder().encode('{"a record": true}\n');
const now = new Date(Math.floor(Date.now() / 1000) * 1000);

describe.skipIf(!hasProgram('openssl'))('signatures', () => {
  let keyText: string;
  let rsa: Signer;
  let ec: Signer;
  const opened = async (text: string, passphrase: string): Promise<Signer> => {
    const signer = await openSigner(text, passphrase);
    if (!signer.ok) throw new Error(signer.message);
    return signer.value;
  };
  beforeAll(async () => {
    keyText = await makeSigningKey('Zoë, trial office', 'a long passphrase', now);
    rsa = await opened(keyText, 'a long passphrase');
    const person = makeIdentity('P-256', 'Person');
    ec = await opened(person.key + person.certificate, '');
  });

  it('a key is kept encrypted, by the slow way, and OpenSSL reads it', () => {
    expect(keyText).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(keyText).not.toContain('BEGIN PRIVATE KEY');
    inFolder((folder) => {
      const file = join(folder, 'key.pem');
      writeFileSync(file, keyText);
      expect(new TextDecoder().decode(run('openssl', ['asn1parse', '-in', file]))).toMatch(/INTEGER +:0927C0/);
      expect(new TextDecoder().decode(run('openssl', ['pkey', '-in', file, '-passin', 'pass:a long passphrase', '-noout', '-check']))).toContain('valid');
      expect(() => run('openssl', ['pkey', '-in', file, '-passin', 'pass:another', '-noout'])).toThrow();
      const shown = new TextDecoder().decode(run('openssl', ['x509', '-in', file, '-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus']));
      expect(shown).toContain('Zoë, trial office');
      // Also where the clock is a little behind, as of a checker's machine; DCMTK takes no signature of the first second either.
      for (const seconds of [100, 0, -60]) run('openssl', ['verify', '-CAfile', file, '-attime', String(now.getTime() / 1000 + seconds), file]);
    });
    expect(signingKeyFacts(keyText)).toMatchObject({ ok: true, value: { name: 'Zoë, trial office', key: 'RSA 3072' } });
  });

  it('opens with its passphrase alone, also under a new one', async () => {
    expect(await openSigner(keyText, 'wrong')).toMatchObject({ code: 'wrong-passphrase' });
    const adopted = await adoptSigningKey(keyText, 'a long passphrase', 'quite another one');
    if (!adopted.ok) throw new Error(adopted.message);
    expect(await openSigner(adopted.value, 'a long passphrase')).toMatchObject({ code: 'wrong-passphrase' });
    expect((await opened(adopted.value, 'quite another one')).facts).toEqual(rsa.facts);
    const [one, two] = [makeIdentity('rsa', 'One'), makeIdentity('rsa', 'Two')];
    expect(await openSigner(one.key + two.certificate, '')).toMatchObject({ code: 'bad-certificate' });
    expect(await openSigner(one.key, '')).toMatchObject({ code: 'bad-certificate' });
    await expect(crypto.subtle.exportKey('pkcs8', rsa.key)).rejects.toThrow();
  });

  it.each(['rsa', 'ec'] as const)('OpenSSL verifies what %s signed', async (kind) => {
    const signer = kind === 'rsa' ? rsa : ec;
    const signature = await sign(content, signer, now);
    expect(await checkSignature(content, signature)).toMatchObject({ ok: true, value: { name: signer.facts.name, signed: now.toISOString() } });
    inFolder((folder) => {
      const at = (name: string): string => join(folder, name);
      writeFileSync(at('sig'), signature);
      writeFileSync(at('content'), content);
      writeFileSync(at('ca'), formatPem('CERTIFICATE', signer.certificate));
      const words = ['-inform', 'DER', '-in', at('sig'), '-content', at('content'), '-CAfile', at('ca'), '-purpose', 'any'];
      const verify = (): Uint8Array =>
        run('openssl', ['cms', '-verify', '-binary', '-cades', '-attime', String(now.getTime() / 1000 + 60), ...words]);
      expect(verify()).toEqual(content);
      writeFileSync(at('content'), 'changed');
      expect(verify).toThrow();
    });
  });

  it.each(['rsa', 'P-256'] as const)('verifies what OpenSSL signed with %s', async (kind) => {
    const person = makeIdentity(kind, 'Signer');
    for (const more of [[], ['-cades'], ['-md', 'sha512']]) {
      const signature = inFolder((folder) => {
        writeFileSync(join(folder, 'key'), person.key);
        writeFileSync(join(folder, 'cert'), person.certificate);
        return run('openssl', ['cms', '-sign', '-binary', '-outform', 'DER', '-signer', join(folder, 'cert'), '-inkey', join(folder, 'key'), ...more], content);
      });
      expect(await checkSignature(content, new Uint8Array(signature)), more.join()).toMatchObject({ ok: true, value: { name: 'Signer' } });
      const changed = content.slice();
      changed[3] = 0;
      expect(await checkSignature(changed, new Uint8Array(signature))).toMatchObject({ code: 'bad-signature' });
    }
  });

  it('any changed byte of signature or content is noticed', { timeout: 120_000 }, async () => {
    for (const signer of [rsa, ec]) {
      const signature = await sign(content, signer, now);
      const survived: number[] = [];
      // Each look costs some milliseconds: of the long one every third byte.
      for (let at = 0; at < signature.byteLength; at += signer === rsa ? 3 : 1) {
        // At the end stands the signature itself, which libraries read with forbearance: there every bit.
        const bits = signer === ec && at >= signature.byteLength - 80 ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8];
        for (const bit of bits) {
          const harmed = signature.slice();
          harmed[at] = (harmed[at] as number) ^ (1 << bit);
          const checked = await checkSignature(content, harmed);
          if (checked.ok) survived.push(at);
        }
      }
      expect(survived).toEqual([]);
      for (let length = 0; length < signature.byteLength; length += 41) {
        expect((await checkSignature(content, signature.slice(0, length))).ok).toBe(false);
      }
      expect((await checkSignature(content, new Uint8Array([...signature, 0]))).ok).toBe(false);
    }
    expect(pemBlocks(keyText)).toHaveLength(2);
  });
}); // prettier-ignore
