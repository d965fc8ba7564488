import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ViewFrame } from '../../core/pipeline/types';
import type { Voi } from '../../core/pixels/display';
import type { Display } from '../../store';
import { asTheyAre, coreVoi, cornerstoneImage, defaultWindow } from './cornerstone-image';
import { scaleOf, type Size } from './transform';

type Cornerstone = (typeof import('cornerstone-core'))['default'];

let loading: Promise<Cornerstone> | null = null;
/** cornerstone-core, fetched when the first image is shown. */
function loadCornerstone(): Promise<Cornerstone> {
  loading ??= import('cornerstone-core').then((module) => module.default);
  return loading;
}

/** Fetches what draws images ahead of need. */
export const prepareViewer = (): Promise<unknown> => loadCornerstone();

const voiName = (voi: Voi): string => ('data' in voi ? 'table' : `${voi.center}~${voi.width}`);

export interface Shown {
  readonly frame: ViewFrame;
  readonly imageId: string;
}

interface CornerstoneLayerProps {
  readonly shown: Shown | null;
  readonly display: Display;
  /** CSS pixels. */
  readonly stage: Size;
  readonly className?: string;
  readonly label: string;
  /** Told once the image is on the screen. */
  readonly onDrawn?: (imageId: string) => void;
}

/**
 * One canvas of cornerstone. The element is as many device pixels large as the screen has and scaled back, since cornerstone
 * itself draws in CSS pixels and would be blurred on dense screens.
 */
export function CornerstoneLayer({ shown, display, stage, className, label, onDrawn }: CornerstoneLayerProps) {
  const element = useRef<HTMLDivElement>(null);
  const [cornerstone, setCornerstone] = useState<Cornerstone | null>(null);
  const drawn = useRef<string | null>(null);
  const ratio = typeof window === 'undefined' ? 1 : window.devicePixelRatio;

  useEffect(() => {
    const target = element.current;
    if (!target) return;
    let enabled: Cornerstone | null = null;
    let gone = false;
    void loadCornerstone().then((loaded) => {
      if (gone) return;
      loaded.enable(target);
      enabled = loaded;
      setCornerstone(() => loaded);
    });
    return () => {
      gone = true;
      drawn.current = null;
      setCornerstone(null);
      if (enabled) {
        enabled.disable(target);
        enabled.imageCache.purgeCache();
      }
    };
  }, []);

  useLayoutEffect(() => {
    const target = element.current;
    if (!cornerstone || !target || !shown || stage.width === 0) return;
    const { frame, imageId } = shown;
    cornerstone.resize(target, false);
    const voi = coreVoi(frame, display.window);
    const window = voi === null ? (display.window ?? defaultWindow(frame)) : asTheyAre;
    // Levels that are made here change with the window: to cornerstone each is another image.
    const drawnId = voi === null ? imageId : `${imageId}/${voiName(voi)}`;
    const viewport = {
      scale: scaleOf(display, frame, stage) * ratio,
      translation: { ...display.pan },
      rotation: display.rotation,
      invert: display.invert !== (frame.display === 'gray' && voi === null && frame.grayscale.inverted),
      // Single pixels are shown as they are once they are large enough to be told apart.
      pixelReplication: scaleOf(display, frame, stage) >= 3,
      ...(frame.display === 'gray'
        ? { voi: { windowCenter: window.center, windowWidth: Math.max(window.width, 1) } }
        : { voi: { windowCenter: 127.5, windowWidth: 255 } }),
    };
    if (drawn.current === drawnId) cornerstone.setViewport(target, viewport);
    else {
      cornerstone.displayImage(target, cornerstoneImage(frame, drawnId, voi), viewport);
      drawn.current = drawnId;
    }
    cornerstone.draw(target);
    onDrawn?.(imageId);
  }, [cornerstone, shown, display, stage, ratio, onDrawn]);

  return (
    <div
      ref={element}
      className={className}
      role="img"
      aria-label={label}
      data-image-id={shown?.imageId}
      style={{
        width: stage.width * ratio,
        height: stage.height * ratio,
        transform: `scale(${1 / ratio})`,
        transformOrigin: '0 0',
        visibility: shown ? 'visible' : 'hidden',
      }}
    />
  );
}
