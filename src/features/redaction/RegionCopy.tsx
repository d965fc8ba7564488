import { Copy, MonitorSmartphone } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../components/Button';
import { Segments } from '../../components/Fields';
import type { Region } from '../../core/detect/types';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry } from '../../store';
import { copyRegions, copyTargets, setFrames, type CopyScope } from './edits';

interface RegionCopyProps {
  readonly entry: InstanceEntry;
  readonly regions: readonly Region[];
  readonly selected: Region | undefined;
}

/** On which frames the selected box lies, and where else the boxes of this image go. */
export function RegionCopy({ entry, regions, selected }: RegionCopyProps) {
  const { t } = useWords();
  const instances = useApp((s) => s.instances);
  const frame = useApp((s) => s.frame);
  const [wanted, setWanted] = useState<'one' | 'all'>('one');
  const frames = entry.summary?.pixels?.frames ?? 0;
  const targets = useMemo(
    () => ({ series: copyTargets(entry, 'series').length, device: copyTargets(entry, 'device').length }),
    // The set of possible targets changes with the session only.
    [entry, instances],
  );
  const what = selected === undefined ? 'all' : wanted;
  const ids = what === 'all' ? regions.map((r) => r.id) : [selected?.id ?? ''];
  const copy = (scope: CopyScope) => copyRegions(entry, ids, scope);
  if (targets.series + targets.device === 0 && (frames < 2 || selected === undefined)) return null;
  return (
    <section className="regions__copy" aria-label={t('regions.copyTitle')}>
      {frames > 1 && selected !== undefined && (
        <Segments
          label={t('regions.frames')}
          value={selected.frame === 'all' ? 'all' : 'one'}
          choices={[
            { value: 'one', label: t('regions.thisFrame') },
            { value: 'all', label: t('regions.allFrames') },
          ]}
          onChange={(value) => setFrames(entry.id, selected.id, value === 'all' ? 'all' : frame)}
        />
      )}
      {targets.series + targets.device > 0 && (
        <div className="regions__copy-row">
          {selected !== undefined && regions.length > 1 ? (
            <Segments
              label={t('regions.copyWhat')}
              value={what}
              choices={[
                { value: 'one', label: t('regions.copyOne') },
                { value: 'all', label: t('regions.copyAll', { count: regions.length }) },
              ]}
              onChange={setWanted}
            />
          ) : (
            <span className="dim">{t('regions.copyAll', { count: regions.length })}</span>
          )}
          {targets.series > 0 && (
            <Button size="small" icon={Copy} data-testid="copy-series" onClick={() => copy('series')}>
              {t('regions.toSeries', { count: targets.series })}
            </Button>
          )}
          {targets.device > 0 && (
            <Button size="small" icon={MonitorSmartphone} data-testid="copy-device" onClick={() => copy('device')}>
              {t('regions.toDevice', { count: targets.device })}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
