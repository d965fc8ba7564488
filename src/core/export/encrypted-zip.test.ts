import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasProgram, unpack7z } from '../../../fixtures/crypto-readers';
import { entryCiphers, entryKeys, WinZipCounter } from './aes-entry';
import { packEncrypted } from './encrypted-zip';
import type { PackEntry } from './zip';

const password = 'correct horse battery';

async function packed(files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  async function* entries(): AsyncGenerator<PackEntry> {
    await Promise.resolve();
    for (const [path, bytes] of Object.entries(files)) {
      yield { path, size: bytes.byteLength, content: inPieces(bytes) };
    }
  }
  const stream = packEncrypted(entryCiphers(password))(entries());
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.byteLength; at += 70_001) yield bytes.subarray(at, at + 70_001);
}

const test7z = async (archive: Uint8Array, word: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-7z-'));
  const file = join(folder, 'a.zip');
  await writeFile(file, archive);
  const done = spawnSync('7zz', ['t', `-p${word}`, file], { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  return done.status === 0 ? 'good' : done.stdout + done.stderr;
};

describe('WinZip counter mode', () => {
  it('is the same whatever the pieces', () => {
    const key = new Uint8Array(32).fill(7);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 8 }), (lengths) => {
        const whole = new Uint8Array(lengths.reduce((sum, n) => sum + n, 0)).fill(1);
        const atOnce = new WinZipCounter(key).apply(whole);
        const counter = new WinZipCounter(key);
        let at = 0;
        for (const length of lengths) {
          expect(counter.apply(whole.subarray(at, at + length))).toEqual(atOnce.subarray(at, at + length));
          at += length;
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe.skipIf(!hasProgram('7zz'))('encrypted ZIP', () => {
  it('opens in 7-Zip with its password alone, whatever it holds', { timeout: 120_000 }, async () => {
    const file = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 5 }), async (contents) => {
        const files = Object.fromEntries(contents.map((bytes, i) => [`p/s/${i}.dcm`, bytes]));
        const found = await unpack7z(await packed(files), password);
        const wanted = Object.fromEntries(Object.entries(files).map(([n, b]) => [n, new TextDecoder().decode(b)]));
        expect(found).toEqual(
          Object.fromEntries(Object.entries(wanted).map(([n, t]) => [n, t.replace(/^\uFEFF/, '')])),
        );
      }),
      { numRuns: 12 },
    );
  });

  it('is AES-256 as AE-2, and a wrong password is refused', async () => {
    const big = crypto.getRandomValues(new Uint8Array(65_536));
    const archive = await packed({
      'a/one.dcm': new Uint8Array([...big, ...big, ...big]),
      'two.dcm': new Uint8Array(),
    });
    expect(await test7z(archive, password)).toBe('good');
    expect(await test7z(archive, 'correct horse batterz')).toContain('Wrong password');
    const folder = await mkdtemp(join(tmpdir(), 'lethe-7z-'));
    await writeFile(join(folder, 'a.zip'), archive);
    const listed = spawnSync('7zz', ['l', '-slt', join(folder, 'a.zip')], { encoding: 'utf8' }).stdout;
    await rm(folder, { recursive: true });
    expect(listed.match(/Method = AES-256 Store/g)).toHaveLength(2);
    expect(listed.match(/Encrypted = \+/g)).toHaveLength(2);
  });

  it('a flipped bit of the content is found', { timeout: 120_000 }, async () => {
    const archive = await packed({ 'one.dcm': new Uint8Array(100).fill(5) });
    const start = 30 + 'one.dcm'.length + 11;
    for (let at = start; at < start + 28 + 100; at += 9) {
      const harmed = archive.slice();
      harmed[at] = (harmed[at] as number) ^ 1;
      expect(await test7z(harmed, password), `byte ${at}`).not.toBe('good');
    }
  });

  it('holds more files than a plain ZIP can (Zip64)', async () => {
    const nothing = new Uint8Array(0);
    async function* many(): AsyncGenerator<PackEntry> {
      await Promise.resolve();
      for (let i = 0; i < 66_000; i++) yield { path: `f${i}`, size: 0, content: inPieces(nothing) };
    }
    // Making 66,000 keys would take a minute; how entries are told is what is looked at here.
    const cipher = { head: new Uint8Array(18), update: (b: Uint8Array) => b, finish: () => new Uint8Array(10) };
    const stream = packEncrypted(() => Promise.resolve(cipher))(many());
    const archive = new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
    const folder = await mkdtemp(join(tmpdir(), 'lethe-7z-'));
    await writeFile(join(folder, 'a.zip'), archive);
    const listed = spawnSync('7zz', ['l', join(folder, 'a.zip')], { encoding: 'utf8', maxBuffer: 1 << 26 });
    await rm(folder, { recursive: true });
    expect(listed.status).toBe(0);
    expect(listed.stdout).toMatch(/66000 files/);
  });

  it('never uses a salt twice', async () => {
    const make = entryCiphers(password);
    const heads = await Promise.all(Array.from({ length: 20 }, async () => (await make()).head.join()));
    expect(new Set(heads).size).toBe(20);
  });

  it('opens what 7-Zip encrypted: keys, check and counter are those of the format', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lethe-7z-'));
    const text = new TextEncoder().encode('x'.repeat(100_000));
    await writeFile(join(folder, 'f'), text);
    spawnSync('7zz', ['a', '-tzip', '-mx0', '-mem=AES256', `-p${password}`, join(folder, 'a.zip'), join(folder, 'f')]);
    const archive = new Uint8Array(await readFile(join(folder, 'a.zip')));
    await rm(folder, { recursive: true });
    const view = new DataView(archive.buffer);
    const data = 30 + view.getUint16(26, true) + view.getUint16(28, true);
    const { encryption, check } = await entryKeys(password, archive.slice(data, data + 16));
    expect(check).toEqual(archive.slice(data + 16, data + 18));
    const sealed = archive.subarray(data + 18, data + 18 + text.byteLength);
    expect(Buffer.from(new WinZipCounter(encryption).apply(sealed)).equals(Buffer.from(text))).toBe(true);
  });
});
