/** Frames, previews and thumbnails as the screen needs them, kept in memory while they fit a budget. */
import type { RedactionStyle } from '../../core/deid/profile';
import type { Region } from '../../core/detect/types';
import type { ViewFrame } from '../../core/pipeline/types';
import type { RgbaImage } from '../../core/pixels/types';
import { fail, type Result } from '../../core/result';
import type { InstanceId } from '../../store';
import { fileOf, getClient, sessionSignal } from './files';
import { Lru } from './lru';

const megabyte = 1024 * 1024;
const frames = new Lru<ViewFrame>(320 * megabyte, (f) => f.data.byteLength);
const previews = new Lru<ViewFrame>(128 * megabyte, (f) => f.data.byteLength);
const thumbnails = new Lru<RgbaImage>(48 * megabyte, (t) => t.data.byteLength);

const gone = () => fail('cancelled', 'The session was closed.');

function anySignal(signal?: AbortSignal): AbortSignal {
  return signal ? AbortSignal.any([signal, sessionSignal()]) : sessionSignal();
}

export function cachedFrame(id: InstanceId, index: number): ViewFrame | undefined {
  return frames.get(`${id}/${index}`);
}

export async function loadFrame(
  id: InstanceId,
  index: number,
  options: { signal?: AbortSignal; ahead?: boolean } = {},
): Promise<Result<ViewFrame>> {
  const key = `${id}/${index}`;
  const cached = frames.get(key);
  if (cached) return { ok: true, value: cached };
  const input = fileOf(id);
  if (!input) return gone();
  const result = await getClient().frame(input, index, {
    signal: anySignal(options.signal),
    priority: options.ahead === true ? 'soon' : 'now',
  });
  if (result.ok && fileOf(id) === input) frames.set(key, result.value);
  return result;
}

/** The part of the regions that a preview depends on: where, and whether they go. */
export function regionsRevision(regions: readonly Region[], frame: number, style: RedactionStyle): string {
  const parts = regions
    .filter((r) => r.action === 'redact' && (r.frame === 'all' || r.frame === frame))
    .map((r) => `${r.x},${r.y},${r.width},${r.height}`)
    .sort();
  return `${style}:${parts.join(';')}`;
}

/** The frame after redaction. Without anything to redact it is the frame itself. */
export async function loadPreview(
  id: InstanceId,
  index: number,
  regions: readonly Region[],
  style: RedactionStyle,
  signal?: AbortSignal,
): Promise<Result<ViewFrame>> {
  const revision = regionsRevision(regions, index, style);
  if (revision === `${style}:`) return loadFrame(id, index, signal ? { signal } : {});
  const key = `${id}/${index}/${revision}`;
  const cached = previews.get(key);
  if (cached) return { ok: true, value: cached };
  const input = fileOf(id);
  if (!input) return gone();
  const result = await getClient().preview(input, index, regions, style, { signal: anySignal(signal) });
  if (result.ok && fileOf(id) === input) previews.set(key, result.value);
  return result;
}

export const thumbnailSize = 80;

export const cachedThumbnail = (id: InstanceId): RgbaImage | undefined => thumbnails.get(id);

/** Asked for by rows that are on the screen, so it goes before all checking. */
export async function loadThumbnail(id: InstanceId, signal?: AbortSignal): Promise<Result<RgbaImage>> {
  const cached = thumbnails.get(id);
  if (cached) return { ok: true, value: cached };
  const input = fileOf(id);
  if (!input) return gone();
  const result = await getClient().thumbnail(input, thumbnailSize, { signal: anySignal(signal), priority: 'now' });
  if (result.ok && fileOf(id) === input) thumbnails.set(id, result.value);
  return result;
}

export function dropImages(): void {
  frames.clear();
  previews.clear();
  thumbnails.clear();
}
