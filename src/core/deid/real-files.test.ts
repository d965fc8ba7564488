import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deidentified, newErrors } from '../../../scripts/conformance';
import { findElement } from '../dicom/data-set';
import { parseDicomBytes } from '../dicom/parse';
import { stringOf } from '../dicom/values';
import { readyProfiles } from './profiles';

const data = `${process.cwd()}/../shared/data`;
const python = '/usr/bin/python3';
const folder = mkdtempSync(join(tmpdir(), 'lethe-real-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files: readonly string[] = existsSync(`${data}/manifest.json`)
  ? (JSON.parse(readFileSync(`${data}/manifest.json`, 'utf8')) as { files: { file: string; bytes: number }[] }).files
      .filter((f) => /^(?:dicom|filesets)\//.test(f.file) && f.bytes < 4_000_000)
      .map((f) => f.file)
  : [];

const has = (program: string): boolean => {
  try {
    execFileSync('which', [program]);
    return true;
  } catch {
    return false;
  }
};

/** An independent reader: what pydicom finds in the outputs, one line of JSON each. */
const reader = `
import sys, json, warnings
warnings.simplefilter('ignore')
import pydicom
from pydicom.errors import InvalidDicomError
for line in sys.stdin:
    path = line.strip()
    out = {'path': path}
    try:
        ds = pydicom.dcmread(path, stop_before_pixels=False)
        private = 0
        def look(d, e):
            global private
            if e.tag.is_private: private += 1
        ds.walk(look)
        out.update(name=str(ds.get('PatientName', '')), id=str(ds.get('PatientID', '')), private=private,
                   birth=str(ds.get('PatientBirthDate', '')), removed=str(ds.get('PatientIdentityRemoved', '')),
                   sop=str(ds.file_meta.get('MediaStorageSOPInstanceUID', '')), sopds=str(ds.get('SOPInstanceUID', '')),
                   codes=[str(i.CodeValue) for i in ds.DeidentificationMethodCodeSequence])
    except Exception as error:
        out['error'] = type(error).__name__ + ': ' + str(error)
    print(json.dumps(out))
`;

interface Read {
  readonly path: string;
  readonly error?: string;
  readonly name: string;
  readonly id: string;
  readonly private: number;
  readonly birth: string;
  readonly removed: string;
  readonly sop: string;
  readonly sopds: string;
  readonly codes: readonly string[];
}

describe.skipIf(files.length === 0)('real files', () => {
  const outputs: { file: string; name: string; id: string; path: string }[] = [];

  it.each(['basic', 'research', 'maximum'] as const)(
    '%s: every file that parses is planned, written and read back',
    (profile) => {
      let done = 0;
      for (const file of files) {
        const bytes = new Uint8Array(readFileSync(`${data}/${file}`));
        const output = deidentified(bytes, file, readyProfiles[profile]);
        if (output === undefined) continue;
        const before = parseDicomBytes(bytes);
        const after = parseDicomBytes(output);
        expect(after.ok, file).toBe(true);
        if (!before.ok || !after.ok) continue;
        done++;
        const name = stringOf(before.value, 0x00100010);
        const head = Buffer.from(
          output.subarray(0, findElement(after.value.elements, 0x7fe00010)?.start ?? output.length),
        );
        if (name.length > 6 && name.includes('^')) expect(head.toString('latin1'), file).not.toContain(name);
        if (profile !== 'basic') continue;
        const path = join(folder, `${done}.dcm`);
        writeFileSync(path, output);
        outputs.push({ file, name, id: stringOf(before.value, 0x00100020), path });
      }
      expect(done).toBeGreaterThan(250);
    },
  );

  it.skipIf(!existsSync(python))('pydicom reads what was written', () => {
    const text = execFileSync(python, ['-c', reader], {
      input: outputs.map((o) => o.path).join('\n'),
      maxBuffer: 1 << 26,
    });
    const read = text
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Read);
    expect(read).toHaveLength(outputs.length);
    read.forEach((r, i) => {
      const file = outputs[i]?.file ?? '';
      expect(r.error, file).toBeUndefined();
      expect(r.private, file).toBe(0);
      expect(r.birth, file).toBe('');
      expect(r.removed, file).toBe('YES');
      expect(r.codes, file).toEqual(['113100', '113101']);
      expect(r.sopds, file).toBe(r.sop);
      expect(r.name, file).toMatch(/^(ANON-\w{12})?$/);
      expect(r.id, file).toMatch(/^(ANON-\w{12})?$/);
    });
  });

  it.skipIf(!has('dciodvfy'))('dciodvfy finds no error that the input did not have', async () => {
    for (const [i, { file, path }] of outputs.entries()) {
      // A part of them: all are compared by scripts/conformance.ts. Bare data sets gain a SOP class, and with it demands.
      if (i % 9 !== 0 || /chrSQEncoding|priv_SQ/.test(file)) continue;
      expect(await newErrors(`${data}/${file}`, path), file).toEqual([]);
    }
  });
});
