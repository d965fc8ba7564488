import { findElement, type DicomElement, type DicomFile, type Encoding } from '../dicom/data-set';

/** Numbers of the Image Pixel, VOI LUT and Cine modules, read with the little that these need to know of VRs. */

/** Words of an element: US, SS, OW, AT, UL and so on are all read as what they are made of. */
export function words(file: DicomFile, element: DicomElement, encoding: Encoding = file.encoding): Uint16Array {
  const bytes = file.bytes(element.valueStart, element.valueEnd);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, i) => view.getUint16(2 * i, encoding.littleEndian));
}

export function text(file: DicomFile, element: DicomElement): string {
  let out = '';
  for (const byte of file.bytes(element.valueStart, element.valueEnd)) out += String.fromCharCode(byte);
  return out.replace(/[\0 ]+$/, '').replace(/^ +/, '');
}

/** One data set or item to look attributes up in. */
export class Attributes {
  constructor(
    private readonly file: DicomFile,
    private readonly elements: readonly DicomElement[] = file.elements,
    private readonly encoding: Encoding = file.encoding,
  ) {}

  element(tag: number): DicomElement | undefined {
    return findElement(this.elements, tag);
  }

  has(tag: number): boolean {
    return this.element(tag) !== undefined;
  }

  /** Numbers as written: US, UL, IS, DS, FL, FD; undefined when absent, empty or not numbers. */
  numbers(tag: number): readonly number[] | undefined {
    const element = this.element(tag);
    if (element === undefined || element.valueEnd === element.valueStart) return undefined;
    const { vr } = element;
    if (vr === 'IS' || vr === 'DS') {
      const values = text(this.file, element)
        .split('\\')
        .map((v) => (v.trim() === '' ? NaN : Number(v)));
      return values.every((v) => Number.isFinite(v)) ? values : undefined;
    }
    const bytes = this.file.bytes(element.valueStart, element.valueEnd);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = this.encoding.littleEndian;
    const list = (size: number, read: (at: number) => number): number[] =>
      Array.from({ length: Math.floor(bytes.byteLength / size) }, (_, i) => read(size * i));
    if (vr === 'SS') return list(2, (at) => view.getInt16(at, little));
    if (vr === 'UL') return list(4, (at) => view.getUint32(at, little));
    if (vr === 'FL') return list(4, (at) => view.getFloat32(at, little));
    if (vr === 'FD') return list(8, (at) => view.getFloat64(at, little));
    if (vr === 'SL') return list(4, (at) => view.getInt32(at, little));
    return list(2, (at) => view.getUint16(at, little));
  }

  number(tag: number): number | undefined {
    return this.numbers(tag)?.[0];
  }

  string(tag: number): string | undefined {
    const element = this.element(tag);
    return element === undefined ? undefined : text(this.file, element);
  }

  strings(tag: number): readonly string[] {
    return (this.string(tag) ?? '').split('\\').map((s) => s.trim());
  }

  words(tag: number): Uint16Array | undefined {
    const element = this.element(tag);
    return element === undefined ? undefined : words(this.file, element, this.encoding);
  }

  /** Item `index` of a sequence. */
  item(tag: number, index = 0): Attributes | undefined {
    const item = this.element(tag)?.items?.[index];
    return item === undefined ? undefined : new Attributes(this.file, item.elements, item.encoding);
  }
}
