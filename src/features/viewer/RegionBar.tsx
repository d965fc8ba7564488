import { Copy, Film, Trash2, X } from 'lucide-react';
import { IconButton } from '../../components/Button';
import { Segments } from '../../components/Fields';
import type { Region } from '../../core/detect/types';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry } from '../../store';
import { copyRegions, copyTargets, deleteRegion, setAction, setFrames, useRegionWords } from '../redaction';
import { boxOf, corners } from './Overlay';
import type { Mapping, Size } from './transform';

interface RegionBarProps {
  readonly entry: InstanceEntry;
  readonly region: Region;
  readonly mapping: Mapping;
  readonly stage: Size;
}

/** Room that the bar takes at the edge of the stage, CSS pixels. */
const reach = 72;

/**
 * What the selected region says, why, and what can be done with it, without leaving the image. It stays at the lower edge, so that
 * it does not jump from box to box, and gives way to the upper one where the box itself lies below.
 */
export function RegionBar({ entry, region, mapping, stage }: RegionBarProps) {
  const { t } = useWords();
  const frame = useApp((s) => s.frame);
  const frames = entry.summary?.pixels?.frames ?? 1;
  const { title, said, facts, reason } = useRegionWords(region, frames);
  const box = boxOf(corners(region, mapping));
  const above = box.bottom > stage.height - reach && box.top > reach;
  const series = copyTargets(entry, 'series').length;
  return (
    <div
      className={`region-bar${above ? ' region-bar--above' : ''}`}
      role="group"
      aria-label={t('regions.selected')}
      data-testid="region-bar"
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <span className="region-bar__words">
        <span className={said === '' ? 'region-bar__text' : 'region-bar__text mono'}>{title}</span>
        <span className="region-bar__facts">{[...facts, reason].filter(Boolean).join(' · ')}</span>
      </span>
      <Segments
        label={t('regions.decision', { text: title })}
        value={region.action}
        choices={[
          { value: 'redact', label: t('regions.redact') },
          { value: 'keep', label: t('regions.keep') },
        ]}
        onChange={(action) => setAction(entry.id, region.id, action)}
      />
      {frames > 1 && (
        <IconButton
          icon={Film}
          label={t('regions.allFrames')}
          aria-pressed={region.frame === 'all'}
          onClick={() => setFrames(entry.id, region.id, region.frame === 'all' ? frame : 'all')}
        />
      )}
      {series > 0 && (
        <IconButton
          icon={Copy}
          label={t('regions.copyToSeries', { count: series })}
          onClick={() => copyRegions(entry, [region.id], 'series')}
        />
      )}
      <IconButton
        icon={Trash2}
        label={t('regions.delete', { text: title })}
        keys="Del"
        onClick={() => deleteRegion(entry.id, region.id)}
      />
      <IconButton
        icon={X}
        label={t('command.unselect')}
        keys="Esc"
        onClick={() => useApp.getState().selectRegion(null)}
      />
    </div>
  );
}
