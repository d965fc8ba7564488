/** Loads what the stage shows. The image before stays until the next one is there: nothing jumps. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RedactionStyle } from '../../core/deid/profile';
import type { Region } from '../../core/detect/types';
import type { Failure } from '../../core/result';
import { cachedFrame, loadFrame, loadPreview, regionsRevision } from '../session';
import type { InstanceId } from '../../store';
import type { Shown } from './CornerstoneLayer';

export interface FrameView {
  readonly shown: Shown | null;
  readonly failure: Failure | null;
  /** The image asked for is not the one on the screen yet. */
  readonly pending: boolean;
}

const nothing: FrameView = { shown: null, failure: null, pending: false };
/** How many frames are made ready on both sides of the one shown. */
const ahead = 3;

const frameId = (id: InstanceId, index: number) => `lethe:${id}/${index}/0`;

export function useFrame(id: InstanceId | null, index: number, frames: number): FrameView {
  const [view, setView] = useState<FrameView>(nothing);
  const wanted = id === null || frames === 0 ? null : frameId(id, index);

  useEffect(() => {
    if (id === null || wanted === null) {
      setView(nothing);
      return;
    }
    const cached = cachedFrame(id, index);
    const abort = new AbortController();
    const prefetch = () => {
      for (let step = 1; step <= ahead; step++) {
        for (const near of [index + step, index - step]) {
          if (near >= 0 && near < frames && !cachedFrame(id, near)) {
            void loadFrame(id, near, { signal: abort.signal, ahead: true });
          }
        }
      }
    };
    if (cached) {
      setView({ shown: { frame: cached, imageId: wanted }, failure: null, pending: false });
      prefetch();
    } else {
      setView((before) => ({ ...before, pending: true }));
      void loadFrame(id, index, { signal: abort.signal }).then((result) => {
        if (abort.signal.aborted) return;
        if (result.ok) {
          setView({ shown: { frame: result.value, imageId: wanted }, failure: null, pending: false });
          prefetch();
        } else setView({ shown: null, failure: result, pending: false });
      });
    }
    return () => abort.abort();
  }, [id, index, frames, wanted]);

  return view;
}

/** The frame as it will be after redaction. */
export function usePreview(
  wanted: boolean,
  id: InstanceId | null,
  index: number,
  regions: readonly Region[],
  style: RedactionStyle,
): FrameView {
  const [view, setView] = useState<FrameView>(nothing);
  const revision = regionsRevision(regions, index, style);
  const latest = useRef(regions);
  useLayoutEffect(() => {
    latest.current = regions;
  });

  useEffect(() => {
    if (!wanted || id === null) {
      setView(nothing);
      return;
    }
    const abort = new AbortController();
    setView((before) => ({ ...before, pending: true }));
    void loadPreview(id, index, latest.current, style, abort.signal).then((result) => {
      if (abort.signal.aborted) return;
      if (result.ok) {
        const imageId = `lethe:${id}/${index}/${revision}`;
        setView({ shown: { frame: result.value, imageId }, failure: null, pending: false });
      } else setView({ shown: null, failure: result, pending: false });
    });
    return () => abort.abort();
    // `regions` is new with every edit; `revision` says whether the pixels change.
  }, [wanted, id, index, revision, style]);

  return view;
}
