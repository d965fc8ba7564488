import { Fault } from '../fault';

/**
 * Reads bits of a JPEG entropy-coded segment (ITU-T T.81 F.2.2.5): most significant first, FF00 is a stuffed FF,
 * any other marker ends the segment. Past the end it supplies zeros and counts them, so that a short segment is found out.
 */
export class BitReader {
  private accumulator = 0;
  private available = 0;
  /** Bits handed out that the segment did not have. */
  private missing = 0;
  position: number;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly end: number,
  ) {
    this.position = start;
  }

  private fill(): void {
    while (this.available <= 24) {
      let byte = 0;
      if (this.position < this.end) {
        byte = this.bytes[this.position] ?? 0;
        if (byte === 0xff) {
          if (this.bytes[this.position + 1] === 0 && this.position + 1 < this.end) {
            this.position += 2;
          } else {
            byte = 0;
            this.missing += 8;
          }
        } else {
          this.position++;
        }
      } else {
        this.missing += 8;
      }
      this.accumulator = (this.accumulator << 8) | byte;
      this.available += 8;
    }
  }

  /** The next `count` (1..16) bits without taking them. */
  peek(count: number): number {
    if (this.available < count) this.fill();
    return (this.accumulator >>> (this.available - count)) & ((1 << count) - 1);
  }

  skip(count: number): void {
    this.available -= count;
  }

  /** Takes `count` (0..16) bits. */
  read(count: number): number {
    if (count === 0) return 0;
    const value = this.peek(count);
    this.available -= count;
    return value;
  }

  readBit(): number {
    return this.read(1);
  }

  /** A difference or coefficient of `size` bits (T.81 F.2.2.1 EXTEND). */
  readSigned(size: number): number {
    if (size === 0) return 0;
    const value = this.read(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Whether more bits were taken than the segment holds. */
  get overrun(): boolean {
    return this.missing > this.available;
  }

  /** Drops the rest of the current byte and steps over the expected RSTn marker. */
  restart(index: number): void {
    if (this.overrun) throw new Fault('codec-failed', 'The JPEG data ends too early.');
    // Whatever was buffered before the marker is padding: fill() never reads across a marker.
    this.accumulator = 0;
    this.available = 0;
    this.missing = 0;
    while (this.position < this.end && this.bytes[this.position] !== 0xff) this.position++;
    while (this.bytes[this.position + 1] === 0xff) this.position++;
    if (this.bytes[this.position] !== 0xff || this.bytes[this.position + 1] !== 0xd0 + (index & 7)) {
      throw new Fault('codec-failed', 'A restart marker of the JPEG data is missing or out of turn.');
    }
    this.position += 2;
  }
}

/** Writes bits with the stuffing of T.81 F.1.2.3 into a growing buffer. */
export class BitWriter {
  private bytes: Uint8Array;
  private length = 0;
  private accumulator = 0;
  private used = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.max(1024, capacity));
  }

  private reserve(): void {
    if (this.length + 2 <= this.bytes.length) return;
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  private push(byte: number): void {
    this.reserve();
    this.bytes[this.length++] = byte;
    if (byte === 0xff) this.bytes[this.length++] = 0;
  }

  /** Appends the low `count` (0..16) bits of `value`. */
  write(value: number, count: number): void {
    if (count === 0) return;
    this.accumulator = (this.accumulator << count) | (value & ((1 << count) - 1));
    this.used += count;
    while (this.used >= 8) {
      this.used -= 8;
      this.push((this.accumulator >>> this.used) & 0xff);
    }
    this.accumulator &= (1 << this.used) - 1;
  }

  /** Fills the last byte with ones. */
  align(): void {
    if (this.used > 0) this.write(0x7f, 8 - this.used);
  }

  marker(code: number): void {
    this.align();
    this.reserve();
    this.bytes[this.length++] = 0xff;
    this.bytes[this.length++] = code;
  }

  finish(): Uint8Array {
    this.align();
    return this.bytes.subarray(0, this.length);
  }
}
