import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync, type Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource, type ByteSource } from '../bytes';
import { ArchiveError } from './error';
import { decodeName, entryPath } from './entry-name';
import { isRefused, listZip, type ListedEntry, type ZipEntry } from './zip-directory';
import { entrySource } from './zip-entry';

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 2654435761) >>> 24);

async function list(archive: Uint8Array): Promise<readonly ListedEntry[]> {
  const result = await listZip(bytesSource(archive));
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

async function contents(archive: Uint8Array): Promise<Record<string, Uint8Array | string>> {
  const all: Record<string, Uint8Array | string> = {};
  for (const entry of await list(archive)) {
    all[entry.path] = isRefused(entry)
      ? entry.code
      : (await entrySource(bytesSource(archive), entry).read(0, entry.size)).slice();
  }
  return all;
}

/** Where the nth central header begins. */
function central(archive: Uint8Array, n = 0): number {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  for (let at = 0; at < archive.length - 4; at++) {
    if (view.getUint32(at, true) === 0x02014b50 && n-- === 0) return at;
  }
  throw new Error('no such header');
}

/** Writes a number into a header of the directory: flags at 8, method at 10, size at 24… */
function lie(archive: Uint8Array, field: number, value: number, bytes: 2 | 4 = 2, n = 0): Uint8Array {
  const lying = archive.slice();
  const view = new DataView(lying.buffer);
  if (bytes === 2) view.setUint16(central(archive, n) + field, value, true);
  else view.setUint32(central(archive, n) + field, value, true);
  return lying;
}

const codeOf = async (archive: Uint8Array): Promise<string> => {
  const entry = (await list(archive))[0];
  return entry !== undefined && isRefused(entry) ? entry.code : 'readable';
};

const readCode = async (archive: Uint8Array): Promise<string> => {
  const entry = (await list(archive))[0] as ZipEntry;
  try {
    await entrySource(bytesSource(archive), entry).read(0, entry.size);
    return 'readable';
  } catch (error) {
    return error instanceof ArchiveError ? error.code : String(error);
  }
};

describe('ZIP, what is in it', () => {
  it('gives stored and deflated files of nested folders with their content', async () => {
    const big = noise(3_000_000);
    const made: Zippable = {
      'study/series/IM1': [text('one'), { level: 0 }],
      'study/series/IM2': [text('two '.repeat(500)), { level: 6 }],
      'study/empty/': new Uint8Array(0),
      'study/big': [big, { level: 1 }],
      'study/nothing': [new Uint8Array(0), { level: 0 }],
    };
    const found = await contents(zipSync(made));
    expect(Object.keys(found)).toEqual(['study/series/IM1', 'study/series/IM2', 'study/big', 'study/nothing']);
    expect(found['study/series/IM1']).toEqual(text('one'));
    expect(found['study/series/IM2']).toEqual(text('two '.repeat(500)));
    expect(Buffer.compare(found['study/big'] as Uint8Array, big)).toBe(0);
    expect(found['study/nothing']).toEqual(new Uint8Array(0));
  });

  it('reads any ranges of a deflated file, forwards and back', async () => {
    const content = noise(9_000_000);
    const archive = zipSync({ a: [content, { level: 1 }] });
    const [entry] = (await list(archive)) as [ZipEntry];
    const source = entrySource(bytesSource(archive), entry);
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length), fc.nat(300_000), async (start, length) => {
        const bytes = await source.read(start, start + length);
        expect(Buffer.compare(bytes, content.subarray(start, start + length))).toBe(0);
      }),
      { numRuns: 25 },
    );
    const several = await Promise.all([source.read(8_999_990, 9_000_000), source.read(0, 5), source.read(5, 9)]);
    expect(several.map((b) => b.length)).toEqual([10, 5, 4]);
  });

  it('reads what other programs write, Zip64 and data descriptors included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lethe-zip-in-'));
    const program = `
import io, sys, zipfile
class Pipe(io.RawIOBase):
    def __init__(self, f): self.f = f
    def writable(self): return True
    def write(self, b): return self.f.write(b)
with open(sys.argv[1], 'wb') as f, zipfile.ZipFile(Pipe(f), 'w', zipfile.ZIP_DEFLATED, allowZip64=True) as z:
    with z.open('a/streamed', 'w', force_zip64=True) as e: e.write(b'x' * 100000)
    z.writestr('M\\u00fcller/\\u5f20\\u4f1f', b'named')
    z.writestr(zipfile.ZipInfo('dir/'), b'')`;
    const file = join(folder, 'p.zip');
    const done = spawnSync('python3', ['-c', program, file], { encoding: 'utf8' });
    expect(done.stderr).toBe('');
    const found = await contents(new Uint8Array(readFileSync(file)));
    expect(Object.keys(found)).toEqual(['a/streamed', 'Müller/张伟']);
    expect((found['a/streamed'] as Uint8Array).length).toBe(100_000);
    rmSync(folder, { recursive: true });
  });

  it.skipIf(spawnSync('7zz', ['--help']).status !== 0)('tells what 7-Zip encrypts or packs otherwise', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lethe-zip-7z-'));
    writeFileSync(join(folder, 'f'), 'x'.repeat(5000));
    const make = (name: string, ...words: string[]): Uint8Array => {
      const done = spawnSync('7zz', ['a', '-tzip', ...words, join(folder, name), join(folder, 'f')]);
      expect(done.status).toBe(0);
      return new Uint8Array(readFileSync(join(folder, name)));
    };
    expect(await codeOf(make('aes.zip', '-psecret', '-mem=AES256'))).toBe('archive-encrypted');
    expect(await codeOf(make('old.zip', '-psecret', '-mem=ZipCrypto'))).toBe('archive-encrypted');
    expect(await codeOf(make('lzma.zip', '-mm=LZMA'))).toBe('archive-unsupported');
    expect(await readCode(make('plain.zip', '-mm=Deflate'))).toBe('readable');
    rmSync(folder, { recursive: true });
  });
});

describe('ZIP, what no honest program writes', () => {
  const honest = zipSync({ a: [text('hello hello hello hello'), { level: 6 }], b: [text('b'), { level: 0 }] });

  it('refuses names that lead out of the archive', async () => {
    for (const name of ['../a', 'x/../../a', '/etc/passwd', 'C:\\a', '..\\a', 'a\0b']) {
      expect(await codeOf(zipSync({ [name]: text('x') })), JSON.stringify(name)).toBe('archive-hostile');
    }
    for (const entry of await list(zipSync({ '../../Doe\n/x': text('x') }))) expect(entry.path).toBe('Doe-/x');
  });

  it('refuses what would unpack to far more than any image, or to more than it says', async () => {
    const zeros = zipSync({ bomb: [new Uint8Array(80 * 1024 * 1024), { level: 9 }] });
    expect(await codeOf(zeros)).toBe('archive-hostile');
    expect(await codeOf(lie(honest, 24, 0x7fffffff, 4))).toBe('archive-hostile');
    expect(await readCode(lie(honest, 24, 5, 4))).toBe('archive-hostile');
    expect(await readCode(lie(honest, 24, 24, 4))).toBe('archive-damaged');
  });

  it('refuses entries that share bytes', async () => {
    const shared = lie(honest, 42, 0, 4, 1);
    expect((await list(shared)).map((e) => (isRefused(e) ? e.code : 'readable'))).toEqual([
      'archive-hostile',
      'archive-hostile',
    ]);
  });

  it('refuses what was changed, in content, checksum or method', async () => {
    expect(await readCode(lie(honest, 16, 12345, 4))).toBe('archive-damaged');
    expect(await readCode(lie(honest, 10, 0))).toMatch(/^archive-/);
    expect(await codeOf(lie(honest, 8, 1))).toBe('archive-encrypted');
    expect(await codeOf(lie(honest, 10, 12))).toBe('archive-unsupported');
    expect(await codeOf(lie(honest, 42, 0x7fffffff, 4))).toMatch(/^archive-/);
  });

  it('never throws anything but its own errors, and never gives wrong content, whatever byte is changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bad = honest.slice();
        bad[at] = (bad[at] ?? 0) ^ change;
        const result = await listZip(bytesSource(bad));
        if (!result.ok) return;
        for (const entry of result.value) {
          if (isRefused(entry)) continue;
          try {
            const got = new TextDecoder().decode(await entrySource(bytesSource(bad), entry).read(0, entry.size));
            expect(['hello hello hello hello', 'b', '']).toContain(got);
          } catch (error) {
            expect(error).toBeInstanceOf(ArchiveError);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('refuses cut-off archives and plain files', async () => {
    for (const bytes of [honest.subarray(0, honest.length - 1), honest.subarray(30), text('PK'), new Uint8Array(0)]) {
      expect(await listZip(bytesSource(bytes))).toMatchObject({ ok: false, code: 'archive-damaged' });
    }
  });

  it('passes a failing medium on as such', async () => {
    const [entry] = (await list(honest)) as [ZipEntry];
    const gone: ByteSource = { size: honest.length, read: () => Promise.reject(new Error('unplugged')) };
    await expect(entrySource(gone, entry).read(0, 5)).rejects.toThrow('unplugged');
  });
});

describe('names of entries', () => {
  it('reads UTF-8, Chinese and old Western names', () => {
    expect(decodeName(text('张伟/Müller'))).toBe('张伟/Müller');
    expect(decodeName(Uint8Array.of(0xd5, 0xc5, 0xce, 0xb0, 0x2f, 0x31))).toBe('张伟/1');
    expect(decodeName(Uint8Array.of(0x4d, 0x81, 0x6c, 0x6c, 0x65, 0x72))).toBe('Müller');
  });

  it('keeps every path inside', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', '\\', 'a', 'C', ':', '\0', ' ') }), (name) => {
        const { path } = entryPath(name);
        expect(path.split('/').every((s) => s !== '..' && s !== '.' && s !== '')).toBe(true);
      }),
    );
  });
});
