/** Groups the rows of a table by their codes at chosen steps: the equivalence classes. Fast, since a search does it hundreds of times. */
import type { CohortTable } from './table';

/** Class of each row, and for each class its rows and the different persons in it. Valid until the grouper is used again. */
export interface Partition {
  readonly classOf: Int32Array;
  readonly classes: number;
  readonly rowsIn: Int32Array;
  readonly personsIn: Int32Array;
}

/** Products of sizes stay below this, so that a key is an exact integer. */
const mostKey = 2 ** 52;

export class Grouper {
  private readonly keys: Float64Array;
  private readonly classOf: Int32Array;
  private readonly slots: Int32Array;
  private readonly slotKeys: Float64Array;
  private readonly mask: number;
  private readonly rowsIn: Int32Array;
  private readonly personsIn: Int32Array;
  private readonly lastPerson: Int32Array;

  constructor(private readonly table: CohortTable) {
    const { rows } = table;
    let capacity = 16;
    while (capacity < rows * 2) capacity *= 2;
    this.mask = capacity - 1;
    this.keys = new Float64Array(rows);
    this.classOf = new Int32Array(rows);
    this.slots = new Int32Array(capacity);
    this.slotKeys = new Float64Array(capacity);
    this.rowsIn = new Int32Array(rows);
    this.personsIn = new Int32Array(rows);
    this.lastPerson = new Int32Array(rows);
  }

  /** @param levels step of each attribute */
  group(levels: readonly number[]): Partition {
    const { attributes, rows, persons } = this.table;
    const { keys, classOf, rowsIn, personsIn, lastPerson } = this;
    keys.fill(0);
    let most = 1;
    attributes.forEach((attribute, a) => {
      const level = levels[a] ?? 0;
      const size = attribute.sizes[level] ?? 1;
      const codes = attribute.codes[level];
      if (size <= 1 || codes === undefined) return;
      if (most * size > mostKey) {
        // Numbered anew by what was told apart so far.
        most = this.number();
        for (let i = 0; i < rows; i++) keys[i] = classOf[i] ?? 0;
      }
      for (let i = 0; i < rows; i++) keys[i] = (keys[i] ?? 0) * size + (codes[i] ?? 0);
      most *= size;
    });
    const classes = this.number();
    rowsIn.fill(0, 0, classes);
    personsIn.fill(0, 0, classes);
    lastPerson.fill(-1, 0, classes);
    for (let i = 0; i < rows; i++) {
      const c = classOf[i] ?? 0;
      const person = persons[i] ?? 0;
      rowsIn[c] = (rowsIn[c] ?? 0) + 1;
      if (lastPerson[c] !== person) {
        lastPerson[c] = person;
        personsIn[c] = (personsIn[c] ?? 0) + 1;
      }
    }
    return { classOf, classes, rowsIn, personsIn };
  }

  /** Numbers equal keys alike, by open addressing; returns how many there are. */
  private number(): number {
    const { keys, classOf, slots, slotKeys, mask } = this;
    slots.fill(-1);
    let classes = 0;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0;
      const low = key % 4294967296;
      let at = (Math.imul(low, 0x9e3779b1) ^ Math.imul((key - low) / 4294967296 + 0x7f4a7c15, 0x85ebca6b)) >>> 0;
      at = (at ^ (at >>> 15)) & mask;
      while (slots[at] !== -1 && slotKeys[at] !== key) at = (at + 1) & mask;
      if (slots[at] === -1) {
        slots[at] = classes++;
        slotKeys[at] = key;
      }
      classOf[i] = slots[at] ?? 0;
    }
    return classes;
  }
}
