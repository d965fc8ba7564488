import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { hasProgram, makeIdentity, openBundle, unpack7z } from '../../../fixtures/crypto-readers';
import { bytesSource } from '../bytes';
import { checkTemplate, outputPath } from './path-template';
import { isSafePath, safeName, withOrdinal } from './paths';
import { entryCiphers } from './aes-entry';
import { readCertificates, type KnownCertificate } from '../cms/certificates';
import {
  bundleSink,
  directorySink,
  encryptedZipSink,
  memorySink,
  sinks,
  zipSink,
  type ArchiveTarget,
  type Sink,
} from './index';
import { temporarySuffix } from './directory';
import { FakeDirectory } from './fake-directory';

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const source = bytesSource(text('0123456789'));

/** Every sink with a way to read what arrived. */
const contracts: Record<keyof typeof sinks, () => { sink: Sink; files: () => Promise<Record<string, string>> }> = {
  memory: () => {
    const sink = memorySink();
    const decode = new TextDecoder();
    return {
      sink,
      files: () => Promise.resolve(Object.fromEntries([...sink.files].map(([k, v]) => [k, decode.decode(v)]))),
    };
  },
  directory: () => {
    const root = new FakeDirectory();
    return { sink: directorySink(root.handle), files: () => Promise.resolve(root.contents()) };
  },
  zip: () => {
    let archive = new Uint8Array(0);
    const sink = zipSink(async (stream) => {
      archive = new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
    });
    return { sink, files: () => unzip(archive) };
  },
  encryptedZip: () => {
    let archive = new Uint8Array(0);
    const sink = encryptedZipSink(async (stream) => {
      archive = new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
    }, entryCiphers('correct horse battery'));
    return { sink, files: () => unpack7z(archive, 'correct horse battery') };
  },
  bundle: () => {
    const person = makeIdentity('P-256', 'Recipient');
    const read = readCertificates([person.certificate]);
    if (!read.ok) throw new Error(read.message);
    let bundle = new Uint8Array(0);
    const sink = bundleSink(async (stream) => {
      bundle = new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
    }, read.value);
    return { sink, files: () => unzip(openBundle(bundle, person)) };
  },
};

/** By an independent reader. */
async function unzip(archive: Uint8Array): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-zip-'));
  const file = join(folder, 'a.zip');
  await writeFile(file, archive);
  const program = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`;
  const done = spawnSync('python3', ['-c', program, file], { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as Record<string, string>;
}

const judged = Object.entries(contracts).filter(
  ([name]) => ({ encryptedZip: hasProgram('7zz'), bundle: hasProgram('openssl') })[name] ?? true,
);

describe.each(judged)('sink %s', (_, make) => {
  it('holds what was written, ranges of the source included, overlapping writes too', async () => {
    const { sink, files } = make();
    expect(await sink.open()).toMatchObject({ ok: true });
    const results = await Promise.all([
      sink.write({ path: 'a/b/one.dcm', parts: [text('<'), { start: 2, end: 5 }, text('>')], source }),
      sink.write({ path: 'a/two.dcm', parts: [], source }),
      sink.write({ path: 'three.png', parts: [{ start: 0, end: 10 }], source }),
    ]);
    expect(results.every((r) => r.ok)).toBe(true);
    expect(await sink.close()).toMatchObject({ ok: true });
    expect(await files()).toEqual({ 'a/b/one.dcm': '<234>', 'a/two.dcm': '', 'three.png': '0123456789' });
  });

  it('can be aborted at any time', async () => {
    const { sink } = make();
    await sink.open();
    await sink.write({ path: 'a.dcm', parts: [text('a')], source });
    await sink.abort();
  });

  it('tells when the input went away', async () => {
    if (_ === 'memory') return;
    const { sink } = make();
    await sink.open();
    const broken = { size: 10, read: () => Promise.reject(new Error('gone')) };
    const result = await sink.write({ path: 'a.dcm', parts: [{ start: 0, end: 5 }], source: broken });
    expect(result).toMatchObject({ ok: false, code: 'write-failed' });
    await sink.abort();
  });
});

describe('directorySink', () => {
  it('never overwrites and leaves no half file', async () => {
    const root = new FakeDirectory();
    const sink = directorySink(root.handle);
    await sink.write({ path: 'p/a.dcm', parts: [text('first')], source });
    expect(await sink.write({ path: 'p/a.dcm', parts: [text('second')], source })).toMatchObject({
      code: 'name-collision',
    });
    root.failWrites = true;
    expect(await sink.write({ path: 'p/b.dcm', parts: [text('third')], source })).toMatchObject({
      code: 'write-failed',
    });
    expect(root.contents()).toEqual({ 'p/a.dcm': 'first' });
    expect(root.names.some((n) => n.endsWith('a.dcm' + temporarySuffix))).toBe(true);
  });

  it('refuses paths that leave its folder', async () => {
    const sink = directorySink(new FakeDirectory().handle);
    for (const path of ['../a', '/a', 'a/../../b', 'C:/a', 'a\\b', 'con', 'a/.hidden']) {
      expect(await sink.write({ path, parts: [], source })).toMatchObject({ code: 'write-failed' });
    }
  });
});

describe('names', () => {
  it('are safe everywhere', () => {
    expect(isSafePath('ANON-1/2.25.3/a_b~c.dcm')).toBe(true);
    expect(safeName('Müller / Hans')).toBe('M-ller-Hans');
    expect(safeName('...')).toBe('x');
    expect(safeName('nul')).toBe('x-nul');
    expect(withOrdinal('a.b/c', 1)).toBe('a.b/c-2');
    expect(withOrdinal('a/c.dcm', 2)).toBe('a/c-3.dcm');
  });

  it('come from templates without room for identity', () => {
    const facts = {
      patient: 'ANON-7',
      study: '2.25.1',
      series: '2.25.2',
      instance: '2.25.3',
      modality: 'Doe^John',
      seriesNumber: 4,
      instanceNumber: null,
      extension: '.dcm',
    };
    expect(outputPath('{patient}/{modality}{seriesNumber}/{instance}', facts)).toBe('ANON-7/OT0004/2.25.3.dcm');
    expect(checkTemplate('{patient}/{instance}')).toMatchObject({ ok: true });
    for (const bad of [
      '{name}/{instance}',
      '{patient}',
      '../{instance}',
      '/{instance}',
      '{instance}/',
      'a b/{instance}',
    ]) {
      expect(checkTemplate(bad), bad).toMatchObject({ ok: false, code: 'bad-profile' });
    }
  });
});

describe('zipSink', () => {
  it('holds more files than a plain ZIP can (Zip64)', { timeout: 60_000 }, async () => {
    let archive = new Uint8Array(0);
    const sink = zipSink(async (stream) => {
      archive = new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
    });
    await sink.open();
    const count = 66_000;
    for (let i = 0; i < count; i++) await sink.write({ path: `a/${i}`, parts: [], source });
    await sink.close();
    expect(Object.keys(await unzip(archive))).toHaveLength(count);
  });

  it('holds no result that is written, however long the archive is still open', async () => {
    const sink = zipSink((stream) => stream.pipeTo(new WritableStream()));
    await sink.open();
    const held: WeakRef<object>[] = [];
    for (let i = 0; i < 100; i++) {
      const bytes = new Uint8Array(1000);
      held.push(new WeakRef(bytes));
      await sink.write({ path: `a/${i}`, parts: [bytes], source });
    }
    setFlagsFromString('--expose-gc');
    // What a WeakRef gave or was made of stays to the end of the turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
    (runInNewContext('gc') as () => void)();
    expect(held.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
    await sink.close();
  });

  const failing: ArchiveTarget = async (stream) => {
    const reader = stream.getReader();
    for (let i = 0; i < 3; i++) await reader.read();
    throw new DOMException('full', 'QuotaExceededError');
  };
  const recipients = (): readonly KnownCertificate[] => {
    const read = readCertificates([makeIdentity('P-256', 'Recipient').certificate]);
    return read.ok ? read.value : [];
  };
  it.each([
    ['plain', () => zipSink(failing)],
    ['encrypted', () => encryptedZipSink(failing, entryCiphers('correct horse battery'))],
    ['sealed', () => bundleSink(failing, recipients())],
  ] as const)('tells of a target that fails in the middle of a long file, and takes nothing after it: %s', async (kind, make) => {
    if (kind === 'sealed' && !hasProgram('openssl')) return;
    const sink = make();
    await sink.open();
    const long = bytesSource(new Uint8Array(40e6));
    const failed = { ok: false, code: 'write-failed' };
    const [first, second] = await Promise.all(
      ['a', 'b'].map((path) => sink.write({ path, parts: [{ start: 0, end: long.size }], source: long })),
    );
    expect([first, second]).toMatchObject([failed, failed]);
    expect(await sink.write({ path: 'c', parts: [text('c')], source })).toMatchObject(failed);
    expect(await sink.close()).toMatchObject(failed);
  }); // prettier-ignore

  it('waits for its target: nothing is gathered while it is slow', async () => {
    let read = 0;
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const counting = {
      size: 1e9,
      read: (start: number, end: number) => {
        read += end - start;
        return Promise.resolve(new Uint8Array(end - start));
      },
    };
    const sink = zipSink(async (stream) => {
      const reader = stream.getReader();
      await reader.read();
      await slow;
      while (!(await reader.read()).done);
    });
    await sink.open();
    const written = sink.write({ path: 'big', parts: [{ start: 0, end: 60e6 }], source: counting });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(read).toBeLessThan(20e6);
    release();
    expect(await written).toMatchObject({ ok: true });
    expect(read).toBe(60e6);
    await sink.close();
  });
});
