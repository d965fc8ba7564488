/** How an image lies on the stage: the numbers that cornerstone's viewport wants, from the page's own Display. */
import type { Display } from '../../store/view';
import { imagePoint, stagePoint, type ImagePoint, type StagePoint } from './points';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const smallestScale = 0.02;
export const largestScale = 64;
/** Free room around a fitted image, CSS pixels. */
const fitMargin = 8;

export const clampScale = (scale: number): number => Math.min(largestScale, Math.max(smallestScale, scale));

/** CSS pixels per image pixel at which the whole image is seen. */
export function fitScale(image: Size, stage: Size, rotation: number): number {
  const turned = rotation % 180 !== 0;
  const width = turned ? image.height : image.width;
  const height = turned ? image.width : image.height;
  const room = { width: Math.max(1, stage.width - 2 * fitMargin), height: Math.max(1, stage.height - 2 * fitMargin) };
  return clampScale(Math.min(room.width / width, room.height / height));
}

export const scaleOf = (display: Display, image: Size, stage: Size): number =>
  display.scale ?? fitScale(image, stage, display.rotation);

/** Zooms by a factor; the point of the image under `at` stays where it is. */
export function zoomAt(display: Display, image: Size, stage: Size, at: StagePoint, factor: number): Partial<Display> {
  const from = scaleOf(display, image, stage);
  const to = clampScale(from * factor);
  const x = at.x - stage.width / 2;
  const y = at.y - stage.height / 2;
  return { scale: to, pan: { x: display.pan.x + x / to - x / from, y: display.pan.y + y / to - y / from } };
}

/** Image ↔ stage, the same mapping as cornerstone's (no flips, square pixels): centre, turn, scale, pan unturned. */
export interface Mapping {
  readonly toStage: (point: ImagePoint) => StagePoint;
  readonly toImage: (point: StagePoint) => ImagePoint;
  readonly scale: number;
}

export function mapping(display: Display, image: Size, stage: Size): Mapping {
  const scale = scaleOf(display, image, stage);
  const angle = (display.rotation * Math.PI) / 180;
  const cos = Math.round(Math.cos(angle) * 1e9) / 1e9;
  const sin = Math.round(Math.sin(angle) * 1e9) / 1e9;
  const cx = stage.width / 2;
  const cy = stage.height / 2;
  return {
    scale,
    toStage: ({ x, y }) => {
      const dx = x - image.width / 2;
      const dy = y - image.height / 2;
      return stagePoint(
        cx + scale * (display.pan.x + cos * dx - sin * dy),
        cy + scale * (display.pan.y + sin * dx + cos * dy),
      );
    },
    toImage: ({ x, y }) => {
      const dx = (x - cx) / scale - display.pan.x;
      const dy = (y - cy) / scale - display.pan.y;
      return imagePoint(image.width / 2 + cos * dx + sin * dy, image.height / 2 - sin * dx + cos * dy);
    },
  };
}
