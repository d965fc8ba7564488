/**
 * Writes a data set by splicing (PS3.5 7, PS3.10 7): elements that stay keep their bytes, in one piece where they adjoin; only what
 * changed is made anew. Pixel Data that nobody touched is passed on as a range, never copied.
 */
import { isSourceRange, partsLength, type Part } from '../bytes';
import type { DataSetEdits, Edit, NewElement } from '../deid/plan';
import { ByteWriter } from './byte-writer';
import { groupOf, type DicomElement, type DicomFile, type DicomItem, type Encoding } from './data-set';
import { writeElementHeader, writeNewElement } from './encode';
import { deflate } from './inflate';
import { writeFileHead } from './write-head';
import {
  hasIrregularHeader,
  holdsIrregularHeader,
  isGroupLength,
  isOpen,
  KEEP,
  keepAll,
  withOffsetTable,
  type PixelReplacement,
} from './write-plan';
import { ITEM, ITEM_END, SEQUENCE_END, UNDEFINED } from './cursor';
import { isPixelTag } from './reader';
import { encodings, transferSyntax } from './transfer-syntaxes';

export { keptMeta } from './write-head';
export { keepAll, type PixelReplacement } from './write-plan';

/** Kept ranges from this size on are parts of their own instead of being copied together with their neighbours. */
const OWN_PART_BYTES = 64 * 1024;

/**
 * The output as a list of parts: bytes made here, views of the input where it is in memory, ranges of the input where it is not.
 * The preamble is 128 zeros, file meta is made of `plan.meta` with its right length. The data set keeps its encoding; a deflated
 * one is deflated again. Zero bytes after the last element are left out: the standard has no place for them.
 *
 * Throws when the plan does not belong to the file (a defect of Lethe).
 */
export function writeDicom(
  file: DicomFile,
  plan: { readonly dataSet: DataSetEdits; readonly meta: readonly NewElement[] },
  pixelValue?: PixelReplacement,
): Part[] {
  const head = new ByteWriter(file.deflated ? 2048 : capacityFor(file));
  writeFileHead(head, plan.meta, file.transferSyntax);
  const writer = new DataSetWriter(file, file.deflated ? new ByteWriter(file.size) : head, pixelValue);
  writer.dataSet(file.elements, plan.dataSet);
  if (!file.deflated) return head.finish();
  head.bytes(deflate(concat(file, writer.out.finish())));
  return head.finish();
}

/** Bytes that are likely to be gathered: the header, as far as it is not passed on in large pieces. */
function capacityFor(file: DicomFile): number {
  let header = 4096;
  for (const element of file.elements) if (!isPixelTag(element.tag)) header += element.end - element.start;
  return Math.min(header, 1024 * 1024);
}

function concat(file: DicomFile, parts: readonly Part[]): Uint8Array {
  const whole = new Uint8Array(partsLength(parts));
  let at = 0;
  for (const part of parts) {
    const bytes = isSourceRange(part) ? file.bytes(part.start, part.end) : part;
    whole.set(bytes, at);
    at += bytes.byteLength;
  }
  return whole;
}

/** Group whose length element was kept: its value is set when the group has been written. */
interface OpenGroup {
  readonly group: number;
  readonly patch: (value: number) => void;
  readonly from: number;
}

class DataSetWriter {
  private readonly changes = new Map<DataSetEdits, boolean>();
  /** Delimiters are missing or headers are irregular: what the standard cannot do without is made right. */
  private readonly repair: boolean;
  /** The data set is implicit although its transfer syntax is explicit: it is made explicit. */
  private makeExplicit: boolean;
  private keptStart = 0;
  private keptEnd = 0;
  private replaced = false;

  constructor(
    private readonly file: DicomFile,
    readonly out: ByteWriter,
    private readonly pixelValue: PixelReplacement | undefined,
  ) {
    this.repair =
      file.warnings.some((w) => w.code === 'missing-delimiter' || w.code === 'vr-mismatch') &&
      file.elements.some((e) => isOpen(e) || holdsIrregularHeader(file, e, file.encoding));
    this.makeExplicit = !file.encoding.explicit && transferSyntax(file.transferSyntax)?.encoding.explicit === true;
  }

  /** The top-level data set. */
  dataSet(elements: readonly DicomElement[], edits: DataSetEdits): void {
    this.elements(elements, withOffsetTable(elements, edits, this.pixelValue), this.file.encoding, 0);
    const pixels = this.pixelValue;
    if (pixels !== undefined && !this.replaced) this.writePixels(pixels);
    this.release();
  }

  /** Whether anything of a data set or of the items below it is different. */
  private changed(edits: DataSetEdits): boolean {
    const known = this.changes.get(edits);
    if (known !== undefined) return known;
    const changed =
      edits.drop === true ||
      edits.insert.length > 0 ||
      edits.edits.some(
        (e) => e.kind !== 'keep' && (e.kind !== 'descend' || e.items.some((item) => this.changed(item))),
      );
    this.changes.set(edits, changed);
    return changed;
  }

  /** Length of the output so far, ranges that wait to be copied included. */
  private get position(): number {
    return this.out.position + this.keptEnd - this.keptStart;
  }

  /** Passes a range of the stream on; ranges that adjoin become one. */
  private keep(start: number, end: number): void {
    if (start === end) return;
    if (this.keptEnd === start && this.keptEnd > this.keptStart) {
      this.keptEnd = end;
      return;
    }
    this.release();
    this.keptStart = start;
    this.keptEnd = end;
  }

  private release(): void {
    const { keptStart: start, keptEnd: end, file } = this;
    if (end === start) return;
    this.keptStart = this.keptEnd = 0;
    if (!file.isLoaded(start, end)) this.out.part({ start, end });
    else if (end - start >= OWN_PART_BYTES) this.out.part(file.bytes(start, end));
    else this.out.bytes(file.bytes(start, end));
  }

  private elements(elements: readonly DicomElement[], plan: DataSetEdits, encoding: Encoding, depth: number): void {
    if (plan.edits.length !== elements.length) throw new Error('the plan does not belong to this data set');
    const insert = [...plan.insert].sort((a, b) => a.tag - b.tag);
    const pixels = depth === 0 ? this.pixelValue : undefined;
    const fixLengths = pixels !== undefined || this.makeExplicit || this.repair || this.changed(plan);
    let open: OpenGroup | undefined;
    const enter = (tag: number): void => {
      if (open === undefined || open.group === groupOf(tag)) return;
      open.patch(this.position - open.from);
      open = undefined;
    };
    let next = 0;
    const insertBelow = (limit: number): void => {
      for (let added = insert[next]; added !== undefined && added.tag < limit; added = insert[++next]) {
        enter(added.tag);
        this.release();
        writeNewElement(this.out, added, this.target(encoding));
      }
    };
    elements.forEach((element, i) => {
      const edit = plan.edits[i] ?? KEEP;
      const replacesThis = pixels?.tag === element.tag && !this.replaced;
      insertBelow(element.tag);
      if (pixels !== undefined && replacesThis) {
        enter(element.tag);
        this.writePixels(pixels);
        return;
      }
      if (edit.kind === 'remove') return;
      enter(element.tag);
      if (edit.kind === 'keep' && fixLengths && isGroupLength(element)) {
        this.release();
        writeElementHeader(this.out, element.tag, 'UL', 4, this.target(encoding));
        const patch = this.out.patch32(encoding.littleEndian);
        open = { group: groupOf(element.tag), patch, from: this.position };
        return;
      }
      this.element(element, edit, encoding, depth);
    });
    insertBelow(Infinity);
    enter(-1);
  }

  private element(element: DicomElement, edit: Edit, encoding: Encoding, depth: number): void {
    const { items } = element;
    if (edit.kind === 'replace') {
      this.release();
      const { tag } = element;
      writeNewElement(this.out, { tag, vr: edit.vr ?? element.vr, value: edit.value }, this.target(encoding));
    } else if (edit.kind === 'descend') {
      if (items?.length !== edit.items.length) throw new Error('the plan does not belong to this sequence');
      const { items: plans } = edit;
      if (plans.some((plan) => this.changed(plan)) || this.mustRebuild(element, encoding)) {
        this.sequence(element, items, plans, encoding);
      } else this.keepElement(element, encoding, depth);
    } else if (items !== undefined && this.mustRebuild(element, encoding)) {
      this.sequence(
        element,
        items,
        items.map((item) => keepAll(item.elements)),
        encoding,
      );
    } else this.keepElement(element, encoding, depth);
  }

  private keepElement(element: DicomElement, encoding: Encoding, depth: number): void {
    const { start, valueStart, valueEnd, end } = element;
    if (this.needsHeader(element, encoding)) {
      this.release();
      const vr = element.fragments === undefined ? element.vr : 'OB';
      const length = element.undefinedLength ? UNDEFINED : valueEnd - valueStart;
      writeElementHeader(this.out, element.tag, vr, length, this.target(encoding));
    } else this.keep(start, valueStart);
    if (depth === 0 && isPixelTag(element.tag)) {
      // a part of its own, so that the samples are never copied and never read
      this.release();
      this.keep(valueStart, end);
      this.release();
    } else this.keep(valueStart, end);
    if (element.undefinedLength && end === valueEnd) this.delimiter(SEQUENCE_END, encoding.littleEndian);
  }

  /** Whether a sequence can't keep its bytes although nothing in it changes. */
  private mustRebuild(element: DicomElement, encoding: Encoding): boolean {
    if (this.makeExplicit && element.vr === 'SQ') return true;
    return this.repair && (isOpen(element) || holdsIrregularHeader(this.file, element, encoding));
  }

  /** Whether an element needs an explicit header in place of what it has. */
  private needsHeader(element: DicomElement, encoding: Encoding): boolean {
    return this.makeExplicit || (this.repair && hasIrregularHeader(this.file, element, encoding));
  }

  private sequence(
    element: DicomElement,
    items: readonly DicomItem[],
    plans: readonly DataSetEdits[],
    encoding: Encoding,
  ): void {
    const { undefinedLength } = element;
    const { makeExplicit } = this;
    let patch: ((value: number) => void) | undefined;
    if (this.needsHeader(element, encoding)) {
      this.release();
      writeElementHeader(this.out, element.tag, element.vr, UNDEFINED, this.target(encoding), true);
      if (undefinedLength) this.out.uint32(UNDEFINED, encoding.littleEndian);
      else patch = this.out.patch32(encoding.littleEndian);
      // the items of a sequence without a known VR stay implicit, as UN asks (PS3.5 6.2.2)
      this.makeExplicit = element.vr === 'SQ';
    } else {
      // the stored header stays; the last four bytes of a sequence's header are its length
      this.keep(element.start, undefinedLength ? element.valueStart : element.valueStart - 4);
      if (!undefinedLength) {
        this.release();
        patch = this.out.patch32(encoding.littleEndian);
      }
    }
    const from = this.position;
    items.forEach((item, i) => {
      const plan = plans[i] ?? keepAll(item.elements);
      if (plan.drop !== true) this.item(item, plan);
    });
    this.makeExplicit = makeExplicit;
    patch?.(this.position - from);
    if (!undefinedLength) return;
    if (element.end > element.valueEnd) this.keep(element.valueEnd, element.end);
    else this.delimiter(SEQUENCE_END, items[0]?.encoding.littleEndian ?? encoding.littleEndian);
  }

  private item(item: DicomItem, plan: DataSetEdits): void {
    const { littleEndian } = item.encoding;
    if (!this.changed(plan) && !this.makeExplicit && !this.repair) {
      this.keep(item.start, item.end);
      return;
    }
    let patch: ((value: number) => void) | undefined;
    if (item.undefinedLength) this.keep(item.start, item.valueStart);
    else {
      this.release();
      this.out.tag(ITEM, littleEndian);
      patch = this.out.patch32(littleEndian);
    }
    const from = this.position;
    this.elements(item.elements, plan, item.encoding, 1);
    patch?.(this.position - from);
    if (!item.undefinedLength) return;
    if (item.end > item.valueEnd) this.keep(item.valueEnd, item.end);
    else this.delimiter(ITEM_END, littleEndian);
  }

  private delimiter(tag: number, littleEndian: boolean): void {
    this.release();
    this.out.tag(tag, littleEndian);
    this.out.uint32(0, littleEndian);
  }

  private writePixels(pixels: PixelReplacement): void {
    this.replaced = true;
    this.release();
    const total = partsLength(pixels.parts);
    const pad = pixels.undefinedLength ? 0 : total & 1;
    const length = pixels.undefinedLength ? UNDEFINED : total + pad;
    writeElementHeader(this.out, pixels.tag, pixels.vr, length, this.target(this.file.encoding));
    for (const part of pixels.parts) {
      if (isSourceRange(part)) this.keep(part.start, part.end);
      else {
        this.release();
        if (part.byteLength >= OWN_PART_BYTES) this.out.part(part);
        else this.out.bytes(part);
      }
    }
    this.release();
    if (pad === 1) this.out.uint8(0);
  }

  /** The encoding in which a data set is written. */
  private target(encoding: Encoding): Encoding {
    return this.makeExplicit ? encodings.explicitLe : encoding;
  }
}
