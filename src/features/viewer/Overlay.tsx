import { memo } from 'react';
import type { Region, TextClass } from '../../core/detect/types';
import type { Rect } from '../../core/pixels/types';
import { useWords, type Words } from '../../locales';
import { formatPercent } from '../../locales/format';
import { handlePoint, handles } from '../redaction';
import { imagePoint } from './points';
import type { Mapping, Size } from './transform';

interface OverlayProps {
  readonly regions: readonly Region[];
  readonly selectedId: string | null;
  readonly draft: { readonly id: string | null; readonly rect: Rect } | null;
  readonly mapping: Mapping;
  readonly stage: Size;
}

/** A class is told by its line and its label; the hue only repeats it. */
export const classOf = (region: Region): TextClass | 'drawn' =>
  region.origin === 'found' ? (region.textClass ?? 'unknown') : 'drawn';

/** Regions over the image: a line of one pixel with a dark halo, so that it is seen on any tissue. */
export const Overlay = memo(function Overlay({ regions, selectedId, draft, mapping, stage }: OverlayProps) {
  const words = useWords();
  const selected = regions.find((r) => r.id === selectedId);
  return (
    <svg className="overlay" width={stage.width} height={stage.height} aria-hidden="true">
      {regions.map((region) => (
        <RegionShape
          key={region.id}
          region={draft?.id === region.id ? { ...region, ...draft.rect } : region}
          selected={region.id === selectedId}
          mapping={mapping}
          words={words}
        />
      ))}
      {draft?.id === null && <polygon className="mark mark--draft" points={corners(draft.rect, mapping)} />}
      {selected && <Handles rect={draft?.id === selected.id ? draft.rect : selected} mapping={mapping} />}
    </svg>
  );
});

function corners({ x, y, width, height }: Rect, { toStage }: Mapping): string {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]
    .map(([px = 0, py = 0]) => {
      const point = toStage(imagePoint(px, py));
      return `${Math.round(point.x * 2) / 2},${Math.round(point.y * 2) / 2}`;
    })
    .join(' ');
}

interface RegionShapeProps {
  readonly region: Region;
  readonly selected: boolean;
  readonly mapping: Mapping;
  readonly words: Words;
}

function RegionShape({ region, selected, mapping, words }: RegionShapeProps) {
  const points = corners(region, mapping);
  const kind = classOf(region);
  const names = ['mark', `mark--${kind}`, `mark--${region.action}`, selected && 'mark--selected']
    .filter(Boolean)
    .join(' ');
  const all = [
    [region.x, region.y],
    [region.x + region.width, region.y],
    [region.x + region.width, region.y + region.height],
    [region.x, region.y + region.height],
  ].map(([x = 0, y = 0]) => mapping.toStage(imagePoint(x, y)));
  const left = Math.min(...all.map((p) => p.x));
  const top = Math.min(...all.map((p) => p.y));
  const bottom = Math.max(...all.map((p) => p.y));
  const label = [
    region.action === 'keep' ? words.t('region.keepShort') : null,
    words.t(`class.${kind}`),
    region.score !== undefined && selected ? formatPercent(region.score, words.locale) : null,
  ]
    .filter(Boolean)
    .join(' · ');
  const labelY = top > 18 ? top - 5 : bottom + 14;
  return (
    <g className={names} data-region={region.id}>
      <polygon className="mark__halo" points={points} />
      <polygon className="mark__line" points={points} />
      {(selected || mapping.scale * region.height > 9) && (
        <text className="mark__label" x={Math.max(4, left)} y={labelY}>
          {label}
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
