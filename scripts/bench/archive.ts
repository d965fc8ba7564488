/**
 * An archive beyond every limit of old ZIPs, made by the sink of page and command line: an entry of more than 4 GiB, entries that
 * begin beyond 4 GiB, more than 65,535 of them. Real bytes on the disk, judged by Info-ZIP, 7-Zip and Python, then deleted.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveTarget } from '../../src/cli/archive-target';
import type { ByteSource } from '../../src/core/bytes';
import { zipSink } from '../../src/core/export';
import { has, table } from './timing';

const GiB = 2 ** 30;
const large = 4 * GiB + 12_345;
const small = Number(process.env.SMALL ?? 66_000);

const block = new Uint8Array(1 << 20);
for (let i = 0, x = 1; i < block.length; i++) block[i] = (x = (x * 1664525 + 1013904223) >>> 0) >>> 24;

/** Bytes that differ from place to place, made as they are read. */
function pattern(size: number): ByteSource {
  return {
    size,
    read: (start, end) => {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length;) {
        const from = (start + at) % block.length;
        const run = block.subarray(from, Math.min(block.length, from + bytes.length - at));
        bytes.set(run, at);
        at += run.length;
      }
      return Promise.resolve(bytes);
    },
  };
}

const judges: readonly (readonly [string, string, readonly string[]])[] = [
  ['unzip -tq', 'unzip', ['-tq']],
  ['7zz t', '7zz', ['t', '-bso0', '-bsp0']],
  ['Python zipfile', '/usr/bin/python3', ['-c', 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; assert len(z.namelist())==int(sys.argv[2])']],
]; // prettier-ignore

export async function benchArchive(): Promise<string> {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'lethe-archive-'));
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < large + 3 * GiB) return 'Archive: not enough room on the disk.\n';
    const file = join(folder, 'large.zip');
    const start = performance.now();
    let peak = 0;
    let asked = 0;
    const { target, discard } = archiveTarget(file);
    const sink = zipSink(target, discard);
    await sink.open();
    const put = async (path: string, source: ByteSource): Promise<void> => {
      const written = await sink.write({ path, parts: [{ start: 0, end: source.size }], source });
      if (!written.ok) throw new Error(written.message);
      // Asking is slow beside a short file.
      if (source.size > 1000 || ++asked % 1000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    };
    await put('first.dcm', pattern(1000));
    await put('large.dcm', pattern(large));
    for (let i = 0; i < small; i++) await put(`ANON/${i % 100}/${i}.dcm`, pattern(64 + (i % 50)));
    const closed = await sink.close();
    if (!closed.ok) throw new Error(closed.message);
    const seconds = (performance.now() - start) / 1000;
    const lines: (readonly [string, string])[] = [
      ['size', `${statSync(file).size} bytes, ${small + 2} entries`],
      ['written in', `${seconds.toFixed(0)} s, most resident memory ${(peak / 2 ** 20).toFixed(0)} MiB`],
    ];
    for (const [name, tool, words] of judges) {
      if (!has(tool)) {
        lines.push([name, 'not installed']);
        continue;
      }
      const args = tool.startsWith('/') ? [...words, file, String(small + 2)] : [...words, file];
      const done = spawnSync(tool, args, { encoding: 'utf8' });
      lines.push([
        name,
        done.status === 0
          ? 'no complaint'
          : `COMPLAINS (${String(done.status)}): ${(done.stderr || done.stdout).slice(-300)}`,
      ]);
    }
    return table('An archive beyond 4 GiB and 65,535 entries', ['', ''], lines);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
