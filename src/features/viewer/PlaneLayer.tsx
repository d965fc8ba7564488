import { useLayoutEffect, useRef } from 'react';
import type { ViewFrame } from '../../core/pipeline/types';
import { imagePoint } from './points';
import type { Mapping } from './transform';

/** Overlay Planes over the image: white, each bit a pixel, wherever the image is moved, turned or enlarged. */
export function PlaneLayer({ frame, mapping }: { readonly frame: ViewFrame; readonly mapping: Mapping }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { overlay, width, height } = frame;

  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !overlay) return;
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    overlay.forEach((bit, i) => {
      if (bit === 1) pixels[i] = 0xffffffff;
    });
    context.putImageData(image, 0, 0);
  }, [overlay, width, height]);

  const origin = mapping.toStage(imagePoint(0, 0));
  const right = mapping.toStage(imagePoint(1, 0));
  const down = mapping.toStage(imagePoint(0, 1));
  const matrix = [right.x - origin.x, right.y - origin.y, down.x - origin.x, down.y - origin.y, origin.x, origin.y];
  return (
    <canvas
      ref={canvas}
      className="stage__plane"
      data-testid="overlay-plane"
      width={width}
      height={height}
      style={{ transform: `matrix(${matrix.join(',')})` }}
      aria-hidden="true"
    />
  );
}
