/**
 * The least lossy way to write the quasi-identifiers so that a cohort holds to its criteria: an exact search of the lattice of all
 * combinations of steps. Candidates come in the order of the loss they have at least, and each is decided by a binary search along
 * a chain up the lattice, whose failing end tags everything below it (predictive tagging, as in OLA and Flash: El Emam et al. 2009,
 * Kohlmayer et al. 2012). It ends when no candidate that is left can lose less than the best one found.
 */
import { Grouper } from './partition';
import { passing, type Criteria } from './criteria';
import { lossTables, type AttributeLoss, type LossMetric } from './loss';
import type { CohortTable } from './table';

export interface SearchOptions {
  /** Largest share of rows that may be left out, 0 to 1. */
  readonly mostLeftOut: number;
  readonly metric: LossMetric;
  /** Nodes decided so far and in all; called now and then. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Solution {
  /** Step of each attribute. */
  readonly levels: readonly number[];
  /** 0: nothing is lost; 1: nothing is left. */
  readonly loss: number;
  /** Rows in classes that do not hold to the criteria: they must be left out. */
  readonly leftOut: number;
}

export interface SearchResult {
  /** null: no combination holds to the criteria. */
  readonly best: Solution | null;
  /** Combinations in the lattice, and how many had to be looked at. */
  readonly nodes: number;
  readonly checked: number;
}

/** More combinations than anyone's quasi-identifiers have; keeps the bookkeeping below 40 MB. */
export const mostNodes = 2_000_000;

interface Verdict {
  readonly holds: boolean;
  /** No step below this one can hold. */
  readonly rulesOutBelow: boolean;
  readonly loss: number;
  readonly leftOut: number;
}

const untagged = 0;
const fails = 1;

/** @throws RangeError for a lattice beyond `mostNodes` */
export function searchCohort(table: CohortTable, criteria: Criteria, options: SearchOptions): SearchResult {
  return new Search(table, criteria, options).run();
}

/** What one combination of steps does to a table. */
export function judgeLevels(
  table: CohortTable,
  criteria: Criteria,
  levels: readonly number[],
  options: Pick<SearchOptions, 'mostLeftOut' | 'metric'>,
): Verdict {
  return new Search(table, criteria, options).judge(levels);
}

class Search {
  private readonly grouper: Grouper;
  private readonly losses: readonly AttributeLoss[];
  private readonly heights: readonly number[];
  /** Weight of each attribute's step in a node's number. */
  private readonly strides: readonly number[];
  private readonly nodes: number;
  private readonly most: number;
  private checked = 0;

  constructor(
    private readonly table: CohortTable,
    private readonly criteria: Criteria,
    private readonly options: SearchOptions,
  ) {
    this.grouper = new Grouper(table);
    this.losses = lossTables(table, options.metric);
    this.heights = table.attributes.map((a) => a.codes.length);
    let nodes = 1;
    this.strides = this.heights.map((height) => {
      const stride = nodes;
      nodes *= height;
      return stride;
    });
    if (nodes > mostNodes) throw new RangeError('too many combinations');
    this.nodes = nodes;
    this.most = Math.floor(options.mostLeftOut * table.rows + 1e-9);
  }

  run(): SearchResult {
    const { nodes } = this;
    const least = this.leastLosses();
    const order = Int32Array.from({ length: nodes }, (_, i) => i).sort(
      (a, b) => (least[a] ?? 0) - (least[b] ?? 0) || a - b,
    );
    const tags = new Uint8Array(nodes);
    const verdicts = new Map<number, Verdict>();
    const state: { best: Solution | null } = { best: null };
    const look = (node: number): Verdict => {
      let verdict = verdicts.get(node);
      if (verdict === undefined) {
        const levels = this.levelsOf(node);
        verdicts.set(node, (verdict = this.judge(levels)));
        if (verdict.holds && (state.best === null || verdict.loss < state.best.loss)) {
          state.best = { levels, loss: verdict.loss, leftOut: verdict.leftOut };
        }
      }
      return verdict;
    };
    const bound = (): number => state.best?.loss ?? Infinity;
    for (let i = 0; i < order.length; i++) {
      const node = order[i] ?? 0;
      if ((least[node] ?? 0) >= bound()) break;
      if (i % 64 === 0) this.options.onProgress?.(i, nodes);
      if (tags[node] === fails) continue;
      this.climb(node, look, tags, least);
    }
    this.options.onProgress?.(nodes, nodes);
    const best = state.best === null ? null : this.finest(state.best);
    return { best, nodes, checked: this.checked };
  }

  /** Of solutions that lose the same, one that writes nothing more coarsely than it has to. */
  private finest(best: Solution): Solution {
    let found = best;
    for (let a = 0; a < this.heights.length; a++) {
      while ((found.levels[a] ?? 0) > 0) {
        const levels = found.levels.map((level, i) => (i === a ? level - 1 : level));
        const verdict = this.judge(levels);
        if (!verdict.holds || verdict.loss > found.loss + 1e-12) break;
        found = { levels, loss: verdict.loss, leftOut: verdict.leftOut };
      }
    }
    return found;
  }

  /** Finds how far up a chain from `node` nodes fail in a way that rules out all below them, and tags those. */
  private climb(node: number, look: (node: number) => Verdict, tags: Uint8Array, least: Float64Array): void {
    const chain = this.chain(node, least);
    let low = 0;
    let high = chain.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = chain[middle] ?? node;
      if (!look(at).rulesOutBelow) high = middle;
      else {
        low = middle + 1;
        this.tagBelow(at, tags);
      }
    }
    // Leaving rows out may cost more than the step up, and some criteria come and go: what is left has to be weighed by itself.
    if (tags[node] !== fails) look(node);
  }

  /** From a node to the top, each time by the step that loses least. */
  private chain(from: number, least: Float64Array): number[] {
    const chain = [from];
    const levels = this.levelsOf(from);
    let node = from;
    for (;;) {
      let next = -1;
      let step = -1;
      levels.forEach((level, a) => {
        if (level + 1 >= (this.heights[a] ?? 1)) return;
        const up = node + (this.strides[a] ?? 0);
        if (next < 0 || (least[up] ?? 0) < (least[next] ?? 0)) {
          next = up;
          step = a;
        }
      });
      if (next < 0) return chain;
      node = next;
      levels[step] = (levels[step] ?? 0) + 1;
      chain.push(node);
    }
  }

  /** All nodes that are coarser nowhere fail as well. */
  private tagBelow(node: number, tags: Uint8Array): void {
    const levels = this.levelsOf(node);
    const visit = (attribute: number, at: number): void => {
      if (attribute === levels.length) {
        tags[at] = fails;
        return;
      }
      const stride = this.strides[attribute] ?? 0;
      for (let level = 0; level <= (levels[attribute] ?? 0); level++) visit(attribute + 1, at + level * stride);
    };
    if (tags[node] === untagged) visit(0, 0);
  }

  private levelsOf(node: number): number[] {
    return this.heights.map((height, a) => Math.floor(node / (this.strides[a] ?? 1)) % height);
  }

  /** Loss of every node with no row left out: the least that it can have. */
  private leastLosses(): Float64Array {
    const least = new Float64Array(this.nodes);
    this.heights.forEach((height, a) => {
      const stride = this.strides[a] ?? 1;
      const totals = this.losses[a]?.totals ?? [];
      for (let node = 0; node < this.nodes; node++) {
        least[node] = (least[node] ?? 0) + (totals[Math.floor(node / stride) % height] ?? 0);
      }
    });
    return least;
  }

  /** `leftOut` is exact where it holds. */
  judge(levels: readonly number[]): Verdict {
    this.checked++;
    const { table, losses } = this;
    const partition = this.grouper.group(levels);
    const { passes, failing, failingByRow } = passing(table, partition, this.criteria, this.most);
    let loss = 0;
    for (let a = 0; a < losses.length; a++) loss += losses[a]?.totals[levels[a] ?? 0] ?? 0;
    // Where no row may be left out, a class that holds to a criterion is made of ones that did: all of them rule out what is below.
    const rulesOutBelow = failing > this.most && (this.most === 0 || failingByRow > this.most);
    if (failing > this.most || failing === table.rows) {
      return { holds: table.rows === 0, rulesOutBelow, loss, leftOut: failing };
    }
    if (failing > 0) {
      for (let i = 0; i < table.rows; i++) {
        if (passes[partition.classOf[i] ?? 0] === 1) continue;
        for (let a = 0; a < losses.length; a++) {
          const own = losses[a];
          if (own !== undefined) loss += (own.leftOut[i] ?? 0) - (own.per[levels[a] ?? 0]?.[i] ?? 0);
        }
      }
    }
    return { holds: true, rulesOutBelow: false, loss, leftOut: failing };
  }
}
