/** The region verifier as it was learnt here: in use from the first search, in the browser's storage for the next visit. */
import type { Head } from '../../core/detect/verifier/head';
import { readHead, writeHead, type LearntHead } from '../../core/detect/verifier/head-file';
import { useApp } from '../../store';
import { fileOf, getClient, learntKey, restoreLearnt, saveBlob } from '../session';
import type { SaidOfImage } from './corrections';

let learnt: LearntHead | null = restoreLearnt();
const listeners = new Set<() => void>();

export const getLearnt = (): LearntHead | null => learnt;

export function subscribeLearnt(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param next null: what Lethe came with */
export function keepLearnt(next: LearntHead | null): void {
  learnt = next;
  getClient().useHead(next?.head ?? null);
  try {
    // A machine with a policy keeps nothing.
    if (next === null || useApp.getState().kiosk !== null) localStorage.removeItem(learntKey);
    else localStorage.setItem(learntKey, writeHead(next));
  } catch {
    // No storage: it lasts for the session.
  }
  for (const listener of listeners) listener();
}

/** Learns and uses it. @returns null, or why nothing was learnt */
export async function learnFrom(
  said: readonly SaidOfImage[],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<string | null> {
  const items = said.flatMap(({ id, frame, regions }) => {
    const input = fileOf(id);
    return input ? [{ input, frame, regions }] : [];
  });
  const result = await getClient().learn(items, { signal, onProgress });
  if (!result.ok) return result.code === 'cancelled' ? null : result.message;
  const count = said.reduce((sum, { regions }) => sum + regions.length, learnt?.corrections ?? 0);
  keepLearnt({ head: plain(result.value), corrections: count });
  return null;
}

export function exportLearnt(): void {
  if (learnt) saveBlob(new Blob([writeHead(learnt)], { type: 'application/json' }), 'lethe-region-verifier.json');
}

/** @returns whether the file was one of ours */
export function importLearnt(text: string): boolean {
  const read = readHead(text);
  if (read) keepLearnt(read);
  return read !== null;
}

const plain = ({ weights, bias }: Head): Head => ({ weights: Float32Array.from(weights), bias });
