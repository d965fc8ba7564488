import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasProgram, inFolder, makeIdentity, run, type Identity } from '../../../fixtures/crypto-readers';
import { bytesSource } from '../bytes';
import { readCertificates } from './certificates';
import { seal } from './envelope';
import { envelopeStream } from './envelope-stream';
import { looksLikeEnvelope, openEnvelope } from './open-stream';
import { readPrivateKey, type PrivateKey } from './private-key';

describe.skipIf(!hasProgram('openssl'))('opening envelopes of any length', () => {
  const people = new Map<string, Identity>();
  beforeAll(() => {
    for (const kind of ['rsa', 'P-256', 'P-384'] as const) people.set(kind, makeIdentity(kind, kind));
  });
  const person = (kind: string): Identity => people.get(kind) as Identity;
  const keyOf = async (kind: string): Promise<PrivateKey> => {
    const read = await readPrivateKey(person(kind).key);
    if (!read.ok) throw new Error(read.message);
    return read.value;
  };
  const opened = async (envelope: Uint8Array, kind: string) => {
    const result = await openEnvelope(bytesSource(envelope), await keyOf(kind));
    if (!result.ok) return result;
    const pieces: Uint8Array[] = [];
    for await (const piece of result.value) pieces.push(piece);
    return new Uint8Array(Buffer.concat(pieces));
  };
  const recipients = (...kinds: string[]) => {
    const read = readCertificates(kinds.map((k) => person(k).certificate));
    if (!read.ok) throw new Error(read.message);
    return read.value;
  };
  const streamed = async (content: Uint8Array, ...kinds: string[]): Promise<Uint8Array> => {
    const stream = new Blob([content as Uint8Array<ArrayBuffer>]).stream().pipeThrough(await envelopeStream(recipients(...kinds)));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }; // prettier-ignore

  it('gives back what Lethe sealed, in one piece or in many', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (data) => {
        const content = new Uint8Array(data);
        expect(await opened(await seal(content, recipients('rsa', 'P-256')), 'P-256')).toEqual(content);
        expect(await opened(await streamed(content, 'P-384', 'rsa'), 'rsa')).toEqual(content);
      }),
      { numRuns: 6 },
    );
    const long = new Uint8Array(3_500_001).map((_, i) => (i * 7) & 0xff);
    const envelope = await streamed(long, 'P-384');
    expect(looksLikeEnvelope(envelope)).toBe(true);
    expect(Buffer.compare((await opened(envelope, 'P-384')) as Uint8Array, long)).toBe(0);
  });

  it.each([['-stream'], ['-noindef']])('opens what OpenSSL sealed with %s', async (how) => {
    const content = new Uint8Array(100_003).map((_, i) => i & 0xff);
    for (const [kind, ...more] of [
      ['rsa', '-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'],
      ['P-256', '-keyopt', 'ecdh_kdf_md:sha256'],
    ] as const) {
      const envelope = inFolder((folder) => {
        writeFileSync(join(folder, 'c'), person(kind).certificate);
        const words = ['cms', '-encrypt', '-binary', '-outform', 'DER', '-aes256', how, '-recip', join(folder, 'c')];
        return run('openssl', [...words, ...more], content);
      });
      expect(Buffer.compare((await opened(new Uint8Array(envelope), kind)) as Uint8Array, content), kind).toBe(0);
    }
  });

  it('ends with a code for other keys and other files, and throws on what is cut off', async () => {
    const envelope = await streamed(new Uint8Array(5_000), 'rsa');
    expect(await opened(envelope, 'P-256')).toMatchObject({ ok: false, code: 'wrong-key' });
    expect(await opened(new TextEncoder().encode('PK no envelope'), 'rsa')).toMatchObject({ ok: false, code: 'bad-envelope' });
    await expect(opened(envelope.subarray(0, envelope.byteLength - 600), 'rsa')).rejects.toThrow();
  }); // prettier-ignore
});
