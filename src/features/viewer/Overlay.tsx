import { memo, useMemo } from 'react';
import type { Region } from '../../core/detect/types';
import type { Rect } from '../../core/pixels/types';
import { useWords } from '../../locales';
import { formatPercent } from '../../locales/format';
import { classOf, handlePoint, handles } from '../redaction';
import { placeLabels, type Box, type LabelPlace } from './labels';
import { imagePoint, type StagePoint } from './points';
import type { Mapping, Size } from './transform';

interface OverlayProps {
  readonly regions: readonly Region[];
  readonly selectedId: string | null;
  readonly draft: { readonly id: string | null; readonly rect: Rect } | null;
  readonly mapping: Mapping;
  readonly stage: Size;
}

/** Regions over the image: a line of one pixel with a dark halo, so that it is seen on any tissue. */
export const Overlay = memo(function Overlay({ regions, selectedId, draft, mapping, stage }: OverlayProps) {
  const { t, locale } = useWords();
  const shapes = useMemo(() => {
    const all = regions.map((region) => {
      const points = corners(draft?.id === region.id ? draft.rect : region, mapping);
      const selected = region.id === selectedId;
      const text = [
        region.action === 'keep' ? t('region.keepShort') : null,
        t(`class.${classOf(region)}`),
        region.score !== undefined && selected ? formatPercent(region.score, locale) : null,
      ].filter(Boolean);
      return { id: region.id, region, points, box: boxOf(points), text: text.join(' · '), selected };
    });
    // The selected one has the first choice of room.
    return all.sort((a, b) => Number(b.selected) - Number(a.selected));
  }, [regions, selectedId, draft, mapping, t, locale]);
  const labels = useMemo(() => placeLabels(shapes, stage), [shapes, stage]);
  const selected = regions.find((r) => r.id === selectedId);
  return (
    <svg className="overlay" width={stage.width} height={stage.height} aria-hidden="true">
      {shapes.map((shape) => (
        <RegionShape
          key={shape.id}
          region={shape.region}
          selected={shape.selected}
          points={shape.points}
          text={shape.text}
          label={labels.get(shape.id)}
        />
      ))}
      {draft?.id === null && <polygon className="mark mark--draft" points={pointList(corners(draft.rect, mapping))} />}
      {selected && <Handles rect={draft?.id === selected.id ? draft.rect : selected} mapping={mapping} />}
    </svg>
  );
});

export function corners({ x, y, width, height }: Rect, map: Mapping): readonly StagePoint[] {
  return [imagePoint(x, y), imagePoint(x + width, y), imagePoint(x + width, y + height), imagePoint(x, y + height)].map(
    (point) => map.toStage(point),
  );
}

export function boxOf(points: readonly StagePoint[]): Box {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** On half pixels, so that a line of one pixel is sharp. */
const pointList = (points: readonly StagePoint[]): string =>
  points.map((p) => `${Math.round(p.x) + 0.5},${Math.round(p.y) + 0.5}`).join(' ');

interface RegionShapeProps {
  readonly region: Region;
  readonly selected: boolean;
  readonly points: readonly StagePoint[];
  readonly text: string;
  readonly label: LabelPlace | undefined;
}

function RegionShape({ region, selected, points, text, label }: RegionShapeProps) {
  const names = ['mark', `mark--${classOf(region)}`, `mark--${region.action}`, selected && 'mark--selected'];
  const list = pointList(points);
  return (
    <g className={names.filter(Boolean).join(' ')} data-region={region.id}>
      <polygon className="mark__halo" points={list} />
      <polygon className="mark__line" points={list} />
      {label && (
        <text className="mark__label" x={label.x} y={label.y}>
          {text}
        </text>
      )}
    </g>
  );
}

function Handles({ rect, mapping }: { readonly rect: Rect; readonly mapping: Mapping }) {
  const size = 7;
  return handles.map((handle) => {
    const at = handlePoint(rect, handle);
    const point = mapping.toStage(imagePoint(at.x, at.y));
    return (
      <rect
        key={handle}
        className="mark__handle"
        x={Math.round(point.x) - size / 2}
        y={Math.round(point.y) - size / 2}
        width={size}
        height={size}
      />
    );
  });
}
