/** The real files that lie beside the repository on some machines; skipped where they don't. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinParts, listed, parsed, planOf } from '../../../fixtures/support';
import { bytesSource } from '../bytes';
import type { DicomElement } from './data-set';
import { parseDicom, parseDicomBytes } from './parse';
import { keepAll, keptMeta, writeDicom } from './write';

const folder = resolve(process.cwd(), '../shared/data');

interface Entry {
  readonly file: string;
  readonly kind: string;
  readonly expect: string;
}

const present = existsSync(join(folder, 'manifest.json'));
const entries: readonly Entry[] = present
  ? (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: Entry[] }).files.filter(
      (f) => f.kind === 'dicom',
    )
  : [];

/** Files that open elsewhere and are refused here, with the reason. */
const refused: Readonly<Record<string, string>> = {
  // the last item claims 24 bytes more than the file has; other readers stop quietly
  'filesets/pydicom-dicomdir/DICOMDIR-nooffset': 'truncated',
};

/** Written otherwise than they were, as the standard asks: an implicit data set under a JPEG syntax, a blank VR. */
const rewritten = new Set(['dicom/pydicom/SC_rgb_jpeg.dcm', 'dicom/fo-dicom/GH179A.dcm']);

const read = (entry: Entry): Uint8Array => new Uint8Array(readFileSync(join(folder, entry.file)));

describe.skipIf(!present)('real files', () => {
  it('parses every file that opens, and refuses the others with a code', () => {
    const wrong: string[] = [];
    for (const entry of entries) {
      const result = parseDicomBytes(read(entry));
      const code = result.ok ? 'ok' : result.code;
      if (entry.expect.startsWith('opens') && code !== (refused[entry.file] ?? 'ok'))
        wrong.push(`${entry.file}: ${code}`);
      if (entry.expect === 'refuse' && result.ok) wrong.push(`${entry.file}: parsed`);
    }
    expect(wrong).toEqual([]);
    expect(entries.length).toBeGreaterThan(300);
  });

  it('reads the same elements in pieces as in one', async () => {
    for (const entry of entries) {
      const bytes = read(entry);
      const whole = parseDicomBytes(bytes);
      const pieces = await parseDicom(bytesSource(bytes), { wholeFileBytes: 0 });
      expect(pieces.ok, entry.file).toBe(whole.ok);
      if (!whole.ok || !pieces.ok) continue;
      expect(pieces.value.elements, entry.file).toEqual(whole.value.elements);
      expect(pieces.value.warnings, entry.file).toEqual(whole.value.warnings);
    }
  });

  it('writes every data set back as it was', () => {
    for (const entry of entries) {
      const bytes = read(entry);
      const result = parseDicomBytes(bytes);
      if (!result.ok) continue;
      const file = result.value;
      const again = parsed(
        joinParts(writeDicom(file, { dataSet: keepAll(file.elements), meta: keptMeta(file) }), bytes),
      );
      if (rewritten.has(entry.file)) {
        const valuesOf = (list: List): unknown => list.map(({ tag, value, items }) => ({ tag, value, items }));
        expect(valuesOf(strip(listed(again, again.elements))), entry.file).toEqual(
          valuesOf(strip(listed(file, file.elements))),
        );
        expect(again.warnings.some((w) => w.code === 'wrong-transfer-syntax')).toBe(false);
        continue;
      }
      const before = file.bytes(file.dataSetStart, file.elements.at(-1)?.end ?? 0);
      const same = Buffer.compare(before, again.bytes(again.dataSetStart, again.size)) === 0;
      expect(same, entry.file).toBe(true);
    }
  });

  it('takes out one element of every sequence item and leaves all others as they were', () => {
    for (const entry of entries) {
      const bytes = read(entry);
      const result = parseDicomBytes(bytes);
      if (!result.ok || rewritten.has(entry.file)) continue;
      const file = result.value;
      const gone = new Set<DicomElement>();
      const mark = (elements: readonly DicomElement[], depth: number): void => {
        const first = elements.find((e) => depth > 0 && e.items === undefined);
        if (first !== undefined) gone.add(first);
        for (const e of elements) for (const item of e.items ?? []) mark(item.elements, depth + 1);
      };
      mark(file.elements, 0);
      const dataSet = planOf(file.elements, (e) => (gone.has(e) ? 'remove' : 'keep'));
      const again = parsed(joinParts(writeDicom(file, { dataSet, meta: keptMeta(file) }), bytes));
      const expected = listed(file, without(file.elements, gone));
      // group lengths are set right; everything else is byte for byte the same
      expect(strip(listed(again, again.elements)), entry.file).toEqual(strip(expected));
    }
  });
});

type List = ReturnType<typeof listed>;

function strip(list: List): List {
  return list.map((e) => ({
    ...e,
    ...(e.tag.endsWith('0000') ? { value: '' } : {}),
    ...(e.items === undefined ? {} : { items: e.items.map((item) => strip([...item])) }),
  }));
}

function without(elements: readonly DicomElement[], gone: ReadonlySet<DicomElement>): DicomElement[] {
  return elements
    .filter((e) => !gone.has(e))
    .map((e) =>
      e.items === undefined
        ? e
        : { ...e, items: e.items.map((item) => ({ ...item, elements: without(item.elements, gone) })) },
    );
}
