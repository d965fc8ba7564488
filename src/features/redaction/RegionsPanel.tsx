import { Copy, Film, MonitorSmartphone, Plus, ScanSearch, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { Button, IconButton } from '../../components/Button';
import { Segments } from '../../components/Fields';
import type { Region } from '../../core/detect/types';
import { useWords } from '../../locales';
import { formatPercent } from '../../locales/format';
import { useApp, type InstanceEntry } from '../../store';
import { checkAgain } from '../session';
import {
  addRegionInMiddle,
  copyRegions,
  copyTargets,
  covers,
  deleteRegion,
  setAction,
  setAllActions,
  toAllFrames,
} from './edits';
import { saveTemplate } from './templates';
import './regions.css';

const none: readonly Region[] = [];

/** Found and drawn regions of the image: what they say, why they go, and the person's word on each. */
export function RegionsPanel({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const regions = useApp((s) => s.regions[entry.id] ?? none);
  const frame = useApp((s) => s.frame);
  const selectedId = useApp((s) => s.selectedRegionId);
  const instances = useApp((s) => s.instances);
  const frames = entry.summary?.pixels?.frames ?? 0;
  const sorted = useMemo(
    () => [...regions].sort((a, b) => Number(covers(b, frame)) - Number(covers(a, frame)) || a.y - b.y || a.x - b.x),
    [regions, frame],
  );
  const selected = regions.find((r) => r.id === selectedId);
  const targets = useMemo(
    () => ({ series: copyTargets(entry, 'series').length, device: copyTargets(entry, 'device').length }),
    // The set of possible targets changes with the session only.
    [entry, instances],
  );
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
      {selected && (
        <footer className="regions__copy" aria-label={t('regions.copyTitle')} role="group">
          <span className="dim">{t('regions.copyTitle')}</span>
          {frames > 1 && selected.frame !== 'all' && (
            <Button size="small" icon={Film} onClick={() => toAllFrames(entry.id, selected.id)}>
              {t('regions.allFrames')}
            </Button>
          )}
          <Button
            size="small"
            icon={Copy}
            disabled={targets.series === 0}
            onClick={() => copyRegions(entry, [selected.id], 'series')}
          >
            {t('regions.toSeries', { count: targets.series })}
          </Button>
          <Button
            size="small"
            icon={MonitorSmartphone}
            disabled={targets.device === 0}
            onClick={() => copyRegions(entry, [selected.id], 'device')}
          >
            {t('regions.toDevice', { count: targets.device })}
          </Button>
        </footer>
      )}
      {regions.length > 0 && entry.summary.device.model !== '' && (
        <footer className="regions__copy">
          <Button size="small" look="ghost" onClick={() => saveTemplate(entry)}>
            {t('regions.saveTemplate', {
              device: `${entry.summary.device.manufacturer} ${entry.summary.device.model}`.trim(),
            })}
          </Button>
          <Button size="small" look="ghost" onClick={() => useApp.getState().openDialog('templates')}>
            {t('regions.templates')}
          </Button>
        </footer>
      )}
    </div>
  );
}

/** Whether the image was looked at, why or why not, and a way to look now. */
function CheckLine({ entry, count }: { readonly entry: InstanceEntry; readonly count: number }) {
  const { t, tCode } = useWords();
  const reason = entry.summary?.pixelRisk.reason ?? '';
  const why = tCode('risk', reason, '');
  const line = {
    pending: t('regions.pending'),
    running: t('regions.running'),
    done: t('regions.found', { count }),
    'not-needed': t('regions.notNeeded'),
    failed: t('regions.failed'),
  }[entry.check];
  const idle = entry.check === 'not-needed' || entry.check === 'failed';
  return (
    <div className="regions__check" role="status">
      <span>
        {line} {why !== '' && <span className="dim">{why}</span>}
      </span>
      {idle && (
        <Button size="small" icon={ScanSearch} data-testid="look-now" onClick={() => checkAgain([entry.id])}>
          {t('regions.lookNow')}
        </Button>
      )}
    </div>
  );
}

interface RegionItemProps {
  readonly entry: InstanceEntry;
  readonly region: Region;
  readonly frames: number;
  readonly here: boolean;
  readonly selected: boolean;
}

function RegionItem({ entry, region, frames, here, selected }: RegionItemProps) {
  const { t, tCode, locale } = useWords();
  const kind = region.origin === 'found' ? (region.textClass ?? 'unknown') : 'drawn';
  const said = region.text ?? '';
  const title = said !== '' ? said : region.origin === 'found' ? t('regions.unread') : t('regions.drawn');
  const reason = region.reason === undefined ? '' : tCode('reason', region.reason, region.reason);
  const facts = [
    t(`class.${kind}`),
    region.score === undefined ? null : t('regions.score', { score: formatPercent(region.score, locale) }),
    frames > 1
      ? region.frame === 'all'
        ? t('regions.everyFrame')
        : t('regions.onFrame', { frame: region.frame + 1 })
      : null,
  ].filter(Boolean);
  return (
    <li
      className={`region${selected ? ' region--selected' : ''}${here ? '' : ' region--elsewhere'}`}
      data-region={region.id}
    >
      <button
        type="button"
        className="region__main"
        aria-pressed={selected}
        onClick={() => {
          const app = useApp.getState();
          if (region.frame !== 'all') app.showFrame(region.frame);
          app.selectRegion(selected ? null : region.id);
        }}
      >
        <svg className={`region__line mark--${kind}`} width="14" height="14" aria-hidden="true">
          <rect className="mark__line" x="1.5" y="2.5" width="11" height="9" />
        </svg>
        <span className="region__words">
          <span className={said === '' ? 'region__text dim' : 'region__text mono'}>{title}</span>
          <span className="region__facts">{facts.join(' · ')}</span>
          {reason !== '' && <span className="region__facts">{reason}</span>}
        </span>
      </button>
      <Segments
        label={t('regions.decision', { text: title })}
        value={region.action}
        choices={[
          { value: 'redact', label: t('regions.redact') },
          { value: 'keep', label: t('regions.keep') },
        ]}
        onChange={(action) => setAction(entry.id, region.id, action)}
      />
      <IconButton
        icon={Trash2}
        small
        label={t('regions.delete', { text: title })}
        onClick={() => deleteRegion(entry.id, region.id)}
      />
    </li>
  );
}
