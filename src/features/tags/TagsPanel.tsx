import { ListFilter } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { IconButton } from '../../components/Button';
import { SearchField } from '../../components/Fields';
import { formatPath } from '../../core/dicom/data-set';
import { explain } from '../../locales/explain';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry } from '../../store';
import { actionCounts, diffRows } from './diff';
import { TagDetails } from './TagDetails';
import './tags.css';
import { DiffList } from './DiffList';
import { usePlan } from './use-plan';

export function TagsPanel({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const { rows, failure } = usePlan(entry);
  const [search, setSearch] = useState('');
  const [changedOnly, setChangedOnly] = useState(true);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const selected = useApp((s) => s.tagPath);
  const shown = useMemo(
    () => (rows ? diffRows(rows, { search, changedOnly, folded }) : []),
    [rows, search, changedOnly, folded],
  );
  const counts = useMemo(() => (rows ? actionCounts(rows) : null), [rows]);
  const selectedRow = useMemo(
    () => (selected === null ? null : (rows?.find((r) => formatPath(r.path) === selected) ?? null)),
    [rows, selected],
  );
  // Somebody was sent here: what they came for must not be folded or filtered away.
  useEffect(() => {
    if (selectedRow === null || shown.some((r) => r.kind === 'element' && r.row === selectedRow)) return;
    setFolded(new Set());
    setSearch('');
    if (!selectedRow.changed) setChangedOnly(false);
    // Only when another attribute is asked for: filters may hide it afterwards.
  }, [selected, selectedRow === null]);
  const fold = (key: string) =>
    setFolded((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });

  return (
    <div className="tags">
      <div className="tags__tools">
        <SearchField id="tags-search" label={t('tags.search')} value={search} onChange={setSearch} />
        <IconButton
          icon={ListFilter}
          label={t('tags.changedOnly')}
          aria-pressed={changedOnly}
          data-testid="changed-only"
          onClick={() => setChangedOnly(!changedOnly)}
        />
      </div>
      <p className="tags__counts" data-testid="tag-counts">
        {counts
          ? t('tags.counts', {
              removed: counts.removed,
              changed: counts.changed,
              kept: counts.kept,
            })
          : ' '}
      </p>
      {failure && failure.code !== 'cancelled' ? (
        <p className="tags__none">{explain(failure.code).message}</p>
      ) : rows === null ? (
        entry.summary || entry.phase === 'reading' ? (
          <TagsSkeleton />
        ) : (
          <p className="tags__none">{t('tags.notRead')}</p>
        )
      ) : shown.length === 0 ? (
        <p className="tags__none">{search === '' ? t('tags.nothingChanges') : t('tags.noMatch')}</p>
      ) : (
        <DiffList rows={shown} selected={selected} onFold={fold} />
      )}
      {selectedRow && <TagDetails id={entry.id} row={selectedRow} kind={entry.summary?.kind ?? 'dicom'} />}
    </div>
  );
}

function TagsSkeleton() {
  return (
    <div className="tags__skeleton" aria-hidden="true">
      {Array.from({ length: 14 }, (_, i) => (
        <span key={i} className="skeleton" />
      ))}
    </div>
  );
}
