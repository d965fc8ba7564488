import { describe, expect, it } from 'vitest';
import { sniff } from './sniff';
import { isSystemFile } from './system-files';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const at = (offset: number, bytes: Uint8Array, length = 1024): Uint8Array => {
  const head = new Uint8Array(length);
  head.set(bytes, offset);
  return head;
};

describe('sniff', () => {
  it('knows DICOM by its prefix, whatever the preamble holds', () => {
    expect(sniff(at(128, ascii('DICM')))).toMatchObject({ ok: true, value: 'dicom' });
    const tiffInPreamble = at(128, ascii('DICM'));
    tiffInPreamble.set([0x49, 0x49, 0x2a, 0x00]);
    expect(sniff(tiffInPreamble)).toMatchObject({ value: 'dicom' });
  });

  it('knows DICOM without preamble', () => {
    // (0008,0005) CS "ISO_IR 100", then (0008,0016) UI
    const head = new Uint8Array([
      ...[0x08, 0, 0x05, 0, 0x43, 0x53, 10, 0, ...ascii('ISO_IR 100')],
      ...[0x08, 0, 0x16, 0, 0x55, 0x49, 26, 0, ...ascii('1.2.840.10008.5.1.4.1.1.2\0')],
    ]);
    expect(sniff(head)).toMatchObject({ value: 'dicom' });
  });

  it('knows plain images by content', () => {
    expect(sniff(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))).toMatchObject({ value: 'png' });
    expect(sniff(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toMatchObject({ value: 'jpeg' });
  });

  it('says what is wrong with other things', () => {
    expect(sniff(new Uint8Array(0))).toMatchObject({ ok: false, code: 'empty-file' });
    expect(sniff(ascii('Patient: John Doe, seen on Monday, a note of the ward, renamed to x.dcm'))).toMatchObject({
      code: 'not-an-image',
    });
    expect(sniff(ascii('PK\u0003\u0004 and more'))).toMatchObject({ code: 'unsupported-format' });
    expect(sniff(ascii('%PDF-1.7'))).toMatchObject({ code: 'unsupported-format' });
    expect(sniff(new Uint8Array(1024))).toMatchObject({ code: 'not-an-image' });
  });
});

describe('isSystemFile', () => {
  it.each(['.DS_Store', 'a/Thumbs.db', 'a/b/desktop.ini', 'a/._IM1', '__MACOSX/a/IM1'])('%s is one', (path) =>
    expect(isSystemFile(path)).toBe(true),
  );
  it.each(['a/IM1', 'DICOMDIR', 'thumbs', 'Thumbs.db/IM1'])('%s is none', (path) =>
    expect(isSystemFile(path)).toBe(false),
  );
});
