import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeText } from '../../fixtures/planted/charsets';
import { plantedCorpus, type PlantedFile } from '../../fixtures/planted';
import type { AuditReport } from '../core/audit/record';
import { anonymize, type Terminal } from './anonymize';
import { parseCommand, type AnonymizeCommand } from './arguments';

const folder = mkdtempSync(join(tmpdir(), 'lethe-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said: string[] = [];
const terminal: Terminal = { note: (text) => void said.push(text), progress: () => undefined };
const key = '0123456789abcdef'.repeat(4);

/** As a shell does it: `--map - > FILE`. */
function run(...words: string[]): Promise<number> {
  said.length = 0;
  const at = words.indexOf('--map') + 1;
  const file = words[at] ?? '';
  const command = parseCommand(['anonymize', ...(at > 0 ? words.with(at, '-') : words)]) as AnonymizeCommand;
  const print = (text: string): Promise<void> => {
    writeFileSync(file, text);
    return Promise.resolve();
  };
  return anonymize(command, { ...terminal, print }, new AbortController().signal);
}

function filesBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .sort();
}

interface MapRow {
  readonly input: string;
  readonly output: string | null;
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

const readMap = (file: string): MapRow[] => JSON.parse(readFileSync(file, 'utf8')) as MapRow[];

describe('lethe anonymize, the planted corpus', () => {
  const corpus = plantedCorpus();
  const input = join(folder, 'planted');
  const out = join(folder, 'planted-out');
  const map = join(folder, 'planted-map.json');
  const report = join(folder, 'planted-report.json');
  let code = -1;

  beforeAll(async () => {
    for (const file of corpus) {
      mkdirSync(dirname(join(input, file.name)), { recursive: true });
      writeFileSync(join(input, file.name), file.bytes);
    }
    code = await run(input, '--out', out, '--key', key, '--pixels', 'off', '--map', map, '--report', report);
  });

  it('exports nearly all, and says of each of the rest why not', () => {
    const rows = readMap(map);
    expect(rows.map((r) => relative(input, r.input)).sort()).toEqual(corpus.map((f) => f.name).sort());
    for (const row of rows) {
      if (row.status === 'exported') expect(existsSync(join(out, row.output ?? '')), row.input).toBe(true);
      else expect(row.message.length, row.input).toBeGreaterThan(20);
    }
    expect(code).toBe(rows.every((r) => r.status === 'exported' || r.status === 'skipped') ? 0 : 2);
    expect(rows.filter((r) => r.status === 'exported').length).toBeGreaterThanOrEqual(corpus.length * 0.9);
    expect(filesBelow(out)).toHaveLength(rows.filter((r) => r.status === 'exported').length);
  });

  it('leaves no planted value in any byte or name of the output, nor in the record and the messages', () => {
    const byInput = new Map(corpus.map((f) => [f.name, f]));
    const leaks: string[] = [];
    for (const row of readMap(map)) {
      if (row.output === null) continue;
      const file = byInput.get(relative(input, row.input));
      if (file === undefined) throw new Error('not of the corpus');
      const bytes = readFileSync(join(out, row.output));
      for (const { text, place } of file.planted) {
        if (spellings(text, file).some((s) => bytes.includes(s))) leaks.push(`${file.name}: ${place}`);
      }
    }
    expect(leaks).toEqual([]);
    const names = filesBelow(out).join('\n') + readFileSync(report, 'utf8') + said.join('\n');
    for (const file of corpus) {
      for (const { text, place } of file.planted) {
        if (text.length > 4) expect(names.includes(text), `${file.name}: ${place} in names or record`).toBe(false);
      }
    }
  });

  it('writes a record whose counts add up', () => {
    const record = JSON.parse(readFileSync(report, 'utf8')) as AuditReport;
    const { inputs, statuses } = record.totals;
    expect(inputs).toBe(corpus.length);
    expect(Object.values(statuses).reduce((a, b) => a + b, 0)).toBe(inputs);
    for (const instance of record.instances.filter((i) => i.status === 'exported')) {
      expect(instance.sha256In).toMatch(/^[0-9a-f]{64}$/);
      expect(instance.sha256Out).toMatch(/^[0-9a-f]{64}$/);
      expect(statSync(join(out, instance.output ?? '')).size).toBe(instance.bytesOut);
    }
  });

  it('gives the same bytes and names again with the same key, whatever the number of jobs', async () => {
    const again = join(folder, 'planted-again');
    await run(input, '--out', again, '--key', key, '--pixels', 'off', '--jobs', '1');
    expect(filesBelow(again)).toEqual(filesBelow(out));
    for (const name of filesBelow(out)) {
      expect(readFileSync(join(again, name)).equals(readFileSync(join(out, name))), name).toBe(true);
    }
  });

  it('reads the same files out of a ZIP, stored or deflated, to the same result', async () => {
    const zip = join(folder, 'planted.zip');
    const entries = corpus.map((f, i) => [f.name, [f.bytes, { level: i % 2 === 0 ? 0 : 6 }]] as const);
    writeFileSync(zip, zipSync(Object.fromEntries(entries) as Zippable));
    const unzipped = join(folder, 'planted-unzipped');
    await run(zip, '--out', unzipped, '--key', key, '--pixels', 'off', '--map', map);
    expect(readMap(map)).toHaveLength(corpus.length);
    expect(filesBelow(unzipped)).toEqual(filesBelow(out));
    for (const name of filesBelow(out)) {
      expect(readFileSync(join(unzipped, name)).equals(readFileSync(join(out, name))), name).toBe(true);
    }
  });

  it('overwrites nothing: the same again is fine, other content is not', async () => {
    const exported = filesBelow(out);
    const first = exported[0] ?? '';
    const original = readFileSync(join(out, first));
    writeFileSync(join(out, first), 'someone else’s file');
    await run(input, '--out', out, '--key', key, '--pixels', 'off', '--map', map);
    expect(readFileSync(join(out, first), 'utf8')).toBe('someone else’s file');
    const rows = readMap(map);
    expect(rows.filter((r) => r.code === 'name-collision')).toHaveLength(1);
    expect(rows.filter((r) => r.status === 'exported')).toHaveLength(exported.length - 1);
    writeFileSync(join(out, first), original);
  });
});

/** The bytes under which a text could stand in an output. */
function spellings(text: string, { codec }: PlantedFile): Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const swapped = Buffer.from(utf16).swap16();
  const own = codec === 'gb18030' ? [Buffer.from(encodeText(text, 'GB18030'))] : [];
  const latin = /^[\u0000-\u00ff]*$/.test(text) ? [Buffer.from(text, 'latin1')] : [];
  return [Buffer.from(text, 'utf8'), utf16, swapped, ...latin, ...own].filter((b) => b.byteLength > 3);
}

const shared = join(process.cwd(), '..', 'shared', 'data');

describe.skipIf(!existsSync(join(shared, 'manifest.json')))('lethe anonymize, real files', () => {
  const out = join(folder, 'real-out');
  const map = join(folder, 'real-map.json');
  interface ManifestFile {
    readonly file: string;
    readonly expect: string;
  }
  const manifest = new Map(
    (JSON.parse(readFileSync(join(shared, 'manifest.json'), 'utf8')) as { files: ManifestFile[] }).files.map((f) => [
      f.file,
      f.expect,
    ]),
  );

  it('ends every file with an outcome, as the manifest asks', { timeout: 180_000 }, async () => {
    await run(shared, '--out', out, '--key', key, '--pixels', 'off', '--map', map);
    const rows = readMap(map);
    expect(rows.length).toBeGreaterThan(390);
    for (const row of rows) {
      const name = relative(shared, row.input);
      expect(row.code, name).not.toBe('internal-error');
      if (row.status !== 'exported') expect(row.code, name).not.toBe('');
      if (manifest.get(name) === 'refuse') expect(row.status, name).toBe('refused');
      if (manifest.get(name) === 'opens-no-image' && /DICOMDIR/.test(name)) {
        expect([row.status, row.code], name).toEqual(['skipped', 'dicomdir']);
      }
    }
    const wanted = rows.filter((r) => manifest.get(relative(shared, r.input)) === 'opens');
    const exported = wanted.filter((r) => r.status === 'exported' || r.code === 'duplicate');
    expect(exported.length / wanted.length).toBeGreaterThan(0.97);
  });

  const dcmdump = spawnSync('dcmdump', ['--version']).status === 0;
  it.skipIf(!dcmdump)('writes DICOM that dcmdump reads without a complaint', { timeout: 60_000 }, () => {
    const files = filesBelow(out).filter((f) => f.endsWith('.dcm'));
    expect(files.length).toBeGreaterThan(300);
    for (let i = 0; i < files.length; i += 50) {
      const some = files.slice(i, i + 50).map((f) => join(out, f));
      const done = spawnSync('dcmdump', ['-q', ...some], { stdio: ['ignore', 'ignore', 'pipe'] });
      expect(done.stderr.toString()).toBe('');
      expect(done.status).toBe(0);
    }
  });

  const pydicom = spawnSync('/usr/bin/python3', ['-c', 'import pydicom']).status === 0;
  it.skipIf(!pydicom)('writes DICOM that pydicom reads to its last element', { timeout: 60_000 }, () => {
    const program = `
import sys, pathlib, pydicom
bad = []
for p in pathlib.Path(sys.argv[1]).rglob('*.dcm'):
    try:
        list(pydicom.dcmread(p).iterall())
    except Exception as e:
        bad.append(f'{p}: {e!r}')
print('\\n'.join(bad))`;
    const done = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', program, out], { encoding: 'utf8' });
    expect(done.stdout.trim()).toBe('');
    expect(done.status).toBe(0);
  });
});
