import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { keepsOverlays } from '../../core/deid/keeps-overlays';
import type { Region } from '../../core/detect/types';
import { explain } from '../../locales/explain';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry, type ToolName } from '../../store';
import { stepStack } from '../studies';
import {
  addRegion,
  covers,
  draftOf,
  hitTest,
  idleRegionTool,
  placeRegion,
  regionToolStep,
  type RegionToolEvent,
  type RegionToolState,
} from '../redaction';
import { CornerstoneLayer } from './CornerstoneLayer';
import { defaultWindow, levelRange, narrowestWindow } from './cornerstone-image';
import { dragStep, idle, type DragEvent, type DragKind, type DragState } from './drag-tool';
import { Overlay } from './Overlay';
import { clientPoint, toStage, type StagePoint } from './points';
import { fitScale, mapping, zoomAt, type Size } from './transform';
import { usePreview, type FrameView } from './use-frames';
import { StageFacts } from './StageFacts';
import { PlaneLayer } from './PlaneLayer';
import { RegionBar } from './RegionBar';
import { SwipeLine } from './SwipeLine';
import { useCine } from './use-cine';

/** CSS pixels around a handle that count as on it: a fingertip's worth more than is drawn. */
const handleReach = 9;
const wheelStep = 40;

const noRegions: readonly Region[] = [];

/** Which tool a press starts: the chosen one, or a fixed one of the other buttons and with modifiers held. */
export function toolOfPress(tool: ToolName, button: number, shift: boolean): ToolName {
  if (button === 1) return 'pan';
  if (button === 2) return tool === 'zoom' ? 'window' : 'zoom';
  return shift && tool !== 'region' ? 'pan' : tool;
}

interface StageProps {
  readonly entry: InstanceEntry;
  readonly view: FrameView;
}

export function Stage({ entry, view }: StageProps) {
  const { t } = useWords();
  const root = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<Size>({ width: 0, height: 0 });
  const frameIndex = useApp((s) => s.frame);
  const display = useApp((s) => s.display);
  const tool = useApp((s) => s.tool);
  const compare = useApp((s) => s.compare);
  const swipe = useApp((s) => s.swipe);
  const showRegions = useApp((s) => s.showRegions);
  const playing = useApp((s) => s.playing);
  const selectedId = useApp((s) => s.selectedRegionId);
  const style = useApp((s) => s.profile.pixels.style);
  const overlaysStay = useApp((s) => keepsOverlays(s.profile));
  const regions = useApp((s) => s.regions[entry.id] ?? noRegions);
  const after = usePreview(compare !== 'before' && view.shown !== null, entry.id, frameIndex, regions, style);
  const visible = useMemo(() => regions.filter((r) => covers(r, frameIndex)), [regions, frameIndex]);
  const selected = visible.find((r) => r.id === selectedId);
  const shownFrame = view.shown?.frame ?? null;
  const image = useMemo<Size | null>(
    () => shownFrame && { width: shownFrame.width, height: shownFrame.height },
    [shownFrame],
  );
  const map = useMemo(() => (image ? mapping(display, image, stage) : null), [display, image, stage]);

  const dragState = useRef<DragState>(idle);
  const regionState = useRef<RegionToolState>(idleRegionTool);
  const [regionDraft, setRegionDraft] = useState<ReturnType<typeof draftOf>>(null);
  const wheel = useRef(0);

  useLayoutEffect(() => {
    const element = root.current;
    if (!element) return;
    const measure = () => setStage({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const at = (event: { clientX: number; clientY: number }): StagePoint => {
    const box = root.current?.getBoundingClientRect();
    return toStage(clientPoint(event.clientX, event.clientY), { left: box?.left ?? 0, top: box?.top ?? 0 });
  };

  const drag = (event: DragEvent): boolean => {
    if (!image || !shownFrame) return false;
    const step = dragStep(dragState.current, event, {
      display: useApp.getState().display,
      image,
      stage,
      window: defaultWindow(shownFrame),
      range: levelRange(shownFrame),
      narrowest: narrowestWindow(shownFrame),
    });
    dragState.current = step.state;
    if (step.display) useApp.getState().setDisplay(step.display);
    return step.click === true;
  };

  const regionTool = (event: RegionToolEvent) => {
    if (!image || !map) return;
    const step = regionToolStep(regionState.current, event, { bounds: image, slop: 3 / map.scale });
    regionState.current = step.state;
    setRegionDraft(draftOf(step.state));
    for (const effect of step.effects) {
      if (effect.do === 'select') useApp.getState().selectRegion(effect.id);
      else if (effect.do === 'add') addRegion(entry.id, effect.rect);
      else placeRegion(entry.id, effect.id, effect.rect, effect.do);
    }
  };

  const hitAt = (point: StagePoint) => {
    if (!map || !showRegions || compare === 'after') return { on: 'nothing' } as const;
    return hitTest(map.toImage(point), visible, selectedId, handleReach / map.scale);
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (!map || event.button > 2 || (event.target as Element).closest('.swipe, .region-bar')) return;
    root.current?.focus({ preventScroll: true });
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = at(event);
    const pressed = toolOfPress(tool, event.button, event.shiftKey);
    const hit = hitAt(point);
    // A handle of the selected region is for resizing whatever the tool.
    if (pressed === 'region' || (event.button === 0 && hit.on === 'handle')) {
      regionTool({ type: 'down', at: map.toImage(point), hit });
    } else drag({ type: 'down', kind: pressed satisfies DragKind, at: point });
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const point = at(event);
    if (regionState.current.name !== 'idle' && map) regionTool({ type: 'move', at: map.toImage(point) });
    else if (dragState.current.name !== 'idle') drag({ type: 'move', at: point });
    else if (root.current) {
      const hit = hitAt(point);
      root.current.dataset['over'] = hit.on === 'handle' ? hit.handle : hit.on;
    }
  };

  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    if (regionState.current.name !== 'idle') regionTool({ type: 'up' });
    else if (drag({ type: 'up' }) && event.button === 0) {
      const hit = hitAt(at(event));
      useApp.getState().selectRegion(hit.on === 'nothing' ? null : hit.target.id);
    }
  };

  const cancel = useCallback(() => {
    dragState.current = idle;
    regionState.current = idleRegionTool;
    setRegionDraft(null);
  }, []);

  // React listens to the wheel passively; zooming must keep the page from zooming.
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const state = useApp.getState();
      if (event.ctrlKey || event.metaKey) {
        if (!image) return;
        const box = element.getBoundingClientRect();
        const point = toStage(clientPoint(event.clientX, event.clientY), box);
        state.setDisplay(zoomAt(state.display, image, stage, point, 2 ** (-event.deltaY / 300)));
        return;
      }
      wheel.current += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY;
      const steps = Math.trunc(wheel.current / wheelStep);
      if (steps === 0) return;
      wheel.current -= steps * wheelStep;
      stepStack(steps);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [image, stage]);

  useEffect(() => {
    if (image && stage.width > 0) useApp.getState().setFitScale(fitScale(image, stage, display.rotation));
  }, [image, stage, display.rotation]);

  useCine(entry, playing);

  const failure = view.failure ?? (compare !== 'before' ? after.failure : null);
  const showAfter = compare !== 'before' && after.shown !== null;
  const barShown = map && showRegions && compare !== 'after' && selected && !regionDraft;
  const sides = (entry.summary?.pixels ?? null) !== null;
  return (
    <div
      ref={root}
      className="stage"
      data-tool={tool}
      data-testid="stage"
      data-compare={compare}
      tabIndex={0}
      role="group"
      aria-label={t('viewer.stage')}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={cancel}
      onContextMenu={(event) => event.preventDefault()}
      onDoubleClick={() => useApp.getState().setDisplay({ scale: null, pan: { x: 0, y: 0 } })}
    >
      <CornerstoneLayer
        className="stage__layer"
        shown={view.shown}
        display={display}
        stage={stage}
        label={t('viewer.imageBefore')}
      />
      {map && shownFrame?.overlay && compare !== 'after' && (
        <div
          className="stage__marks"
          style={compare === 'swipe' ? { clipPath: `inset(0 ${(1 - swipe) * 100}% 0 0)` } : {}}
        >
          <PlaneLayer frame={shownFrame} mapping={map} />
        </div>
      )}
      {compare !== 'before' && (
        <div className="stage__after" style={compare === 'swipe' ? { clipPath: `inset(0 0 0 ${swipe * 100}%)` } : {}}>
          <CornerstoneLayer
            className="stage__layer"
            shown={after.shown}
            display={display}
            stage={stage}
            label={t('viewer.imageAfter')}
          />
          {map && overlaysStay && after.shown?.frame.overlay && (
            <div className="stage__marks">
              <PlaneLayer frame={after.shown.frame} mapping={map} />
            </div>
          )}
        </div>
      )}
      {map && showRegions && compare !== 'after' && (
        <div
          className="stage__marks"
          style={compare === 'swipe' ? { clipPath: `inset(0 ${(1 - swipe) * 100}% 0 0)` } : {}}
        >
          <Overlay regions={visible} selectedId={selectedId} draft={regionDraft} mapping={map} stage={stage} />
        </div>
      )}
      {compare === 'swipe' && showAfter && <SwipeLine stage={stage} />}
      {barShown && <RegionBar entry={entry} region={selected} mapping={map} stage={stage} />}
      {sides && compare !== 'before' && (
        <span className="stage__side stage__side--after">
          {after.pending ? t('viewer.preparing') : t('viewer.after')}
        </span>
      )}
      {sides && compare !== 'after' && <span className="stage__side stage__side--before">{t('viewer.before')}</span>}
      {view.pending && !view.shown && <span className="stage__loading">{t('viewer.loading')}</span>}
      {failure && failure.code !== 'cancelled' && (
        <div className="stage__message" role="status">
          <strong>{t('viewer.cannotShow')}</strong>
          <span>{explain(failure.code).message}</span>
          <span>{explain(failure.code).next}</span>
        </div>
      )}
      {entry.summary && !entry.summary.pixels && (
        <div className="stage__message" role="status">
          <strong>{t('viewer.noPixels')}</strong>
          <span>{entry.summary.instance.sopClassName}</span>
        </div>
      )}
      {!entry.summary && entry.problem && (
        <div className="stage__message" role="status">
          <strong>{entry.path}</strong>
          <span>{explain(entry.problem.code).message}</span>
          <span>{explain(entry.problem.code).next}</span>
        </div>
      )}
      {image && map && !barShown && <StageFacts image={image} scale={map.scale} />}
    </div>
  );
}
