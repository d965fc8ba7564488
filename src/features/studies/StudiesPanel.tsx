import { useDeferredValue, useMemo } from 'react';
import { onRadioKeys, SearchField } from '../../components/Fields';
import { useWords } from '../../locales';
import { formatNumber } from '../../locales/format';
import { useApp, type StateFilter } from '../../store';
import { treeRows } from './rows';
import { useTree } from './use-tree';
import './studies.css';
import { TreeList } from './TreeList';

const filters: readonly StateFilter[] = ['all', 'review', 'ready', 'working', 'refused', 'skipped'];

const setFilter = (filter: StateFilter): void => useApp.getState().setFilter(filter);

export function StudiesPanel() {
  const { t, locale } = useWords();
  const tree = useTree();
  const toggled = useApp((s) => s.toggled);
  const search = useApp((s) => s.search);
  const filter = useApp((s) => s.filter);
  // Typing comes before what is found by it.
  const wanted = useDeferredValue(search);
  const rows = useMemo(() => treeRows(tree, { toggled, search: wanted, filter }), [tree, toggled, wanted, filter]);
  const offered = filters.filter((f) => f === 'all' || f === filter || tree.counts[f] > 0);
  return (
    <section className="studies" aria-label={t('studies.title')}>
      <div className="studies__tools">
        <SearchField
          id="studies-search"
          label={t('studies.search')}
          value={search}
          onChange={(value) => useApp.getState().setSearch(value)}
        />
      </div>
      <div
        className="studies__filters"
        role="radiogroup"
        aria-label={t('studies.filter')}
        onKeyDown={onRadioKeys(offered, filter, setFilter)}
      >
        {offered.map((f) => (
          <button
            key={f}
            type="button"
            role="radio"
            data-value={f}
            aria-checked={f === filter}
            tabIndex={f === filter ? 0 : -1}
            className="filter"
            onClick={() => setFilter(f)}
          >
            {f === 'all' ? t('studies.all') : t(`state.${f}`)}
            <span className="filter__count">{formatNumber(f === 'all' ? tree.total : tree.counts[f], locale)}</span>
          </button>
        ))}
      </div>
      {rows.length === 0 ? (
        <p className="studies__none">{tree.reading > 0 ? t('studies.reading') : t('studies.noMatch')}</p>
      ) : (
        <TreeList rows={rows} several={tree.patients.length > 1} />
      )}
    </section>
  );
}
