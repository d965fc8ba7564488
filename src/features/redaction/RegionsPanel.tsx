import { GraduationCap, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../../components/Button';
import type { Region } from '../../core/detect/types';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry } from '../../store';
import { CheckLine } from './CheckLine';
import { DeviceTemplate } from './DeviceTemplate';
import { addRegionInMiddle, covers, setAllActions } from './edits';
import { RegionCopy } from './RegionCopy';
import { RegionItem } from './RegionItem';
import './regions.css';

const none: readonly Region[] = [];

/** Found and drawn regions of the image: what they say, why they go, and the person's word on each. */
export function RegionsPanel({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const regions = useApp((s) => s.regions[entry.id] ?? none);
  const frame = useApp((s) => s.frame);
  const selectedId = useApp((s) => s.selectedRegionId);
  const decided = useApp((s) => s.decided.has(entry.id));
  const frames = entry.summary?.pixels?.frames ?? 0;
  const sorted = useMemo(
    () => [...regions].sort((a, b) => Number(covers(b, frame)) - Number(covers(a, frame)) || a.y - b.y || a.x - b.x),
    [regions, frame],
  );
  const selected = regions.find((r) => r.id === selectedId);
  if (!entry.summary?.pixels) return <p className="regions__none">{t('viewer.noPixels')}</p>;
  return (
    <div className="regions">
      <CheckLine entry={entry} count={regions.length} />
      <div className="regions__tools">
        <Button size="small" icon={Plus} data-testid="add-region" onClick={addRegionInMiddle}>
          {t('regions.add')}
        </Button>
        <Button
          size="small"
          look="ghost"
          disabled={regions.length === 0}
          onClick={() => setAllActions(entry.id, 'redact')}
        >
          {t('regions.redactAll')}
        </Button>
        <Button
          size="small"
          look="ghost"
          disabled={regions.length === 0}
          onClick={() => setAllActions(entry.id, 'keep')}
        >
          {t('regions.keepAll')}
        </Button>
      </div>
      {regions.length === 0 && entry.check !== 'running' && entry.check !== 'pending' && (
        <p className="regions__none">{t('regions.none')}</p>
      )}
      <ul className="regions__list" aria-label={t('regions.title')} data-testid="region-list">
        {sorted.map((region) => (
          <RegionItem
            key={region.id}
            entry={entry}
            region={region}
            frames={frames}
            here={covers(region, frame)}
            selected={region.id === selectedId}
          />
        ))}
      </ul>
      {regions.length > 0 && <RegionCopy entry={entry} regions={regions} selected={selected} />}
      <DeviceTemplate entry={entry} regions={regions} />
      {decided && (
        <div className="regions__learn">
          <Button
            size="small"
            look="ghost"
            icon={GraduationCap}
            data-testid="open-learning"
            onClick={() => useApp.getState().openDialog('learning')}
          >
            {t('regions.learn')}
          </Button>
        </div>
      )}
    </div>
  );
}
