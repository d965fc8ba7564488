import { Trash2 } from 'lucide-react';
import { IconButton } from '../../components/Button';
import { Segments } from '../../components/Fields';
import type { Region } from '../../core/detect/types';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry } from '../../store';
import { deleteRegion, setAction } from './edits';
import { useRegionWords } from './region-words';

interface RegionItemProps {
  readonly entry: InstanceEntry;
  readonly region: Region;
  readonly frames: number;
  readonly here: boolean;
  readonly selected: boolean;
}

/** One region in the list: what it says, why it goes or stays, and the person's word on it. */
export function RegionItem({ entry, region, frames, here, selected }: RegionItemProps) {
  const { t } = useWords();
  const { kind, said, title, facts, reason } = useRegionWords(region, frames);
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
          <span className="region__facts region__scores">{facts.join(' · ')}</span>
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
