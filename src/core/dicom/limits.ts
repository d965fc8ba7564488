/** What a file may cost. A real file stays far below; a hostile one is refused with 'limit-exceeded'. */
export interface ParseLimits {
  /** Nesting of sequences. */
  readonly depth: number;
  /** Elements, items and fragments that are read, retries of unknown sequences included. */
  readonly elements: number;
  /** Bytes of header that may be held in memory, Pixel Data left in the source not counted. */
  readonly headerBytes: number;
  /** Bytes of an inflated data set. */
  readonly inflatedBytes: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: ParseLimits = {
  depth: 100,
  elements: 2_000_000,
  headerBytes: 512 * MiB,
  inflatedBytes: 512 * MiB,
};

/** Files up to this many bytes are read whole: one read costs less than two (see docs on reading in the browser). */
export const WHOLE_FILE_BYTES = 4 * MiB;
