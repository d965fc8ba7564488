import type { Rect } from '../pixels/types';

/** What a found text is taken for (detection.md). */
export type TextClass = 'identifying' | 'technical' | 'marker' | 'unknown';

/** A text found in pixels. */
export interface TextRegion extends Rect {
  /** 0..1: how sure the detector is that this is text. */
  readonly score: number;
  /** What it says, where recognised. */
  readonly text?: string;
  /** 0..1: mean character probability of the recogniser. */
  readonly textScore?: number;
  readonly textClass?: TextClass;
  /** Why it is taken for that, as a code the page has a sentence for. */
  readonly reason?: string;
  /** What the policy decides; people can turn it round. */
  readonly action: 'redact' | 'keep';
}

/** A region as the workspace holds it: found or drawn, on one frame or on all. */
export interface Region extends Rect {
  readonly id: string;
  readonly origin: 'found' | 'drawn' | 'template';
  /** Frame index from 0, or 'all'. */
  readonly frame: number | 'all';
  readonly score?: number;
  readonly text?: string;
  readonly textScore?: number;
  readonly textClass?: TextClass;
  readonly reason?: string;
  readonly action: 'redact' | 'keep';
}
