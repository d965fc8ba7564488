import { FileText, ImageOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { RgbaImage } from '../../core/pixels/types';
import type { InstanceEntry } from '../../store';
import { cachedThumbnail, loadThumbnail } from '../session';

/** A small picture of an Instance, drawn on a canvas: pixels never become URLs or state of the store. */
export function Thumbnail({ entry }: { readonly entry: InstanceEntry }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [image, setImage] = useState<RgbaImage | 'failed' | null>(() => cachedThumbnail(entry.id) ?? null);
  const hasPixels = (entry.summary?.pixels ?? null) !== null;

  useEffect(() => {
    if (!hasPixels) return;
    const cached = cachedThumbnail(entry.id);
    if (cached) {
      setImage(cached);
      return;
    }
    const abort = new AbortController();
    setImage(null);
    // A row that is only scrolled past asks for nothing.
    const timer = window.setTimeout(() => {
      void loadThumbnail(entry.id, abort.signal).then((result) => {
        if (!abort.signal.aborted) setImage(result.ok ? result.value : 'failed');
      });
    }, 60);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [entry.id, hasPixels]);

  useEffect(() => {
    if (!canvas.current || image === null || image === 'failed') return;
    const context = canvas.current.getContext('2d');
    const data = context?.createImageData(image.width, image.height);
    if (!context || !data) return;
    data.data.set(image.data);
    context.putImageData(data, 0, 0);
  }, [image]);

  const drawable = image !== null && image !== 'failed';
  return (
    <span className="thumb" aria-hidden="true">
      {drawable && <canvas ref={canvas} width={image.width} height={image.height} />}
      {image === 'failed' && <ImageOff size={14} />}
      {entry.summary && !hasPixels && <FileText size={16} />}
    </span>
  );
}
