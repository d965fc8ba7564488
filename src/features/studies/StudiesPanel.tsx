import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight, FileX2 } from 'lucide-react';
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { SearchField } from '../../components/Fields';
import { StateChip } from '../../components/State';
import { explain } from '../../locales/explain';
import { useWords, type Words } from '../../locales';
import { formatDate, formatNumber, formatPersonName } from '../../locales/format';
import { stateOf, useApp, type InstanceEntry, type StateFilter, type StateKind } from '../../store';
import { Thumbnail } from './Thumbnail';
import { treeRows, worstState, type Counts, type Row, type Tree } from './tree';
import { useTree } from './use-tree';
import './studies.css';

const filters: readonly StateFilter[] = ['all', 'review', 'ready', 'working', 'refused', 'skipped'];

/** Heights of rows in CSS pixels, known ahead so that nothing jumps: dense 24-px lines, two for what has a picture. */
const rowHeights: Readonly<Record<Row['kind'], number>> = {
  patient: 44,
  study: 40,
  series: 52,
  instance: 28,
  aside: 32,
  'aside-file': 44,
};

export function StudiesPanel() {
  const { t, locale } = useWords();
  const tree = useTree();
  const toggled = useApp((s) => s.toggled);
  const search = useApp((s) => s.search);
  const filter = useApp((s) => s.filter);
  const rows = useMemo(() => treeRows(tree, { toggled, search, filter }), [tree, toggled, search, filter]);
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
      <div className="studies__filters" role="radiogroup" aria-label={t('studies.filter')}>
        {filters
          .filter((f) => f === 'all' || f === filter || tree.counts[f] > 0)
          .map((f) => (
            <button
              key={f}
              type="button"
              role="radio"
              aria-checked={f === filter}
              className="filter"
              onClick={() => useApp.getState().setFilter(f)}
            >
              {f === 'all' ? t('studies.all') : t(`state.${f}`)}
              <span className="filter__count">{formatNumber(f === 'all' ? tree.total : tree.counts[f], locale)}</span>
            </button>
          ))}
      </div>
      {rows.length === 0 ? (
        <p className="studies__none">{tree.reading > 0 ? t('studies.reading') : t('studies.noMatch')}</p>
      ) : (
        <TreeList rows={rows} tree={tree} />
      )}
    </section>
  );
}

function TreeList({ rows, tree }: { readonly rows: readonly Row[]; readonly tree: Tree }) {
  const words = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const currentId = useApp((s) => s.currentId);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeights[rows[index]?.kind ?? 'instance'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });

  const currentIndex = useMemo(
    () => rows.findIndex((r) => (r.kind === 'instance' || r.kind === 'aside-file') && r.entry.id === currentId),
    [rows, currentId],
  );
  useEffect(() => {
    if (currentIndex >= 0) virtual.scrollToIndex(currentIndex, { align: 'auto' });
    // Only when another image is shown, not whenever rows come and go.
  }, [currentId]);
  useEffect(() => virtual.measure(), [rows, virtual]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-index]');
    const at = Number(focused?.dataset['index'] ?? -1);
    const row = rows[at];
    const focus = (index: number) => {
      if (index < 0 || index >= rows.length) return;
      virtual.scrollToIndex(index, { align: 'auto' });
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
    };
    const open = row && 'open' in row ? row.open : null;
    switch (event.key) {
      case 'ArrowDown':
        focus(at + 1);
        break;
      case 'ArrowUp':
        focus(at - 1);
        break;
      case 'Home':
        focus(0);
        break;
      case 'End':
        focus(rows.length - 1);
        break;
      case 'ArrowRight':
        if (open === false && row) useApp.getState().toggleNode(row.key);
        else focus(at + 1);
        break;
      case 'ArrowLeft': {
        if (open === true && row) {
          useApp.getState().toggleNode(row.key);
          break;
        }
        let up = at - 1;
        while (row && up >= 0 && (rows[up]?.level ?? 0) >= row.level) up--;
        focus(up);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const items = virtual.getVirtualItems();
  const focusable = Math.max(0, currentIndex);
  return (
    <div ref={scroller} className="tree" onKeyDown={onKeyDown} data-testid="studies-tree">
      <div
        role="tree"
        aria-label={words.t('studies.title')}
        className="tree__space"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              role="treeitem"
              data-index={item.index}
              data-kind={row.kind}
              aria-level={row.level}
              aria-setsize={-1}
              aria-posinset={item.index + 1}
              aria-selected={'entry' in row && row.entry.id === currentId}
              {...('open' in row && { 'aria-expanded': row.open })}
              tabIndex={
                item.index === focusable || (focusable < (items[0]?.index ?? 0) && item.index === items[0]?.index)
                  ? 0
                  : -1
              }
              className={`row row--${row.kind}`}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              onClick={() => activate(row)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                event.stopPropagation();
                activate(row);
              }}
            >
              <RowContent row={row} words={words} tree={tree} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function activate(row: Row): void {
  const app = useApp.getState();
  if (row.kind === 'instance' || row.kind === 'aside-file') {
    app.show(row.entry.id);
    app.setNarrowPanel('viewer');
  } else {
    // A closed series is opened on its first image: a click is what people mean by "show me this".
    if (row.kind === 'series' && !row.open && !row.node.instances.some((e) => e.id === app.currentId)) {
      const first = row.node.instances[0];
      if (first) app.show(first.id);
    }
    app.toggleNode(row.key);
  }
}

const patientName = (name: string, t: Words['t']) => formatPersonName(name) || t('studies.unnamedPatient');
const seriesName = (name: string, t: Words['t']) => name || t('studies.unnamedSeries');

function instanceName(entry: InstanceEntry, index: number, t: Words['t']): string {
  const summary = entry.summary;
  if (summary?.kind !== 'dicom') return entry.path.split('/').at(-1) ?? entry.path;
  return t('studies.instance', { number: summary.instance.number ?? index + 1 });
}

function RowContent({
  row,
  words,
  tree,
}: {
  readonly row: Row;
  readonly words: Words;
  readonly tree: Tree;
}): ReactNode {
  const { t, locale } = words;
  switch (row.kind) {
    case 'patient': {
      const facts = [row.node.id, row.node.birthDate && formatDate(row.node.birthDate, locale), row.node.sex].filter(
        Boolean,
      );
      return (
        <>
          <Chevron open={row.open} />
          <span className="row__words">
            <span className="row__title">{patientName(row.node.name, t)}</span>
            <span className="row__sub">{facts.join(' · ') || t('studies.noId')}</span>
          </span>
          {tree.patients.length > 1 && <CountChip counts={row.node.counts} total={row.node.total} locale={locale} />}
        </>
      );
    }
    case 'study':
      return (
        <>
          <Chevron open={row.open} />
          <span className="row__words">
            <span className="row__title">{row.node.description || t('studies.unnamedStudy')}</span>
            <span className="row__sub">
              {[formatDate(row.node.date, locale), t('studies.seriesCount', { count: row.node.series.length })]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          <CountChip counts={row.node.counts} total={row.node.total} locale={locale} />
        </>
      );
    case 'series': {
      const middle = row.node.instances[row.node.instances.length >> 1];
      return (
        <>
          <Chevron open={row.open} />
          {middle && <Thumbnail entry={middle} />}
          <span className="row__words">
            <span className="row__title">{seriesName(row.node.description, t)}</span>
            <span className="row__sub">
              {[row.node.modality, t('studies.imageCount', { count: row.node.total }), framesOf(row.node.instances, t)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          <CountChip counts={row.node.counts} total={row.node.total} locale={locale} />
        </>
      );
    }
    case 'instance':
      return (
        <>
          <StateChip state={stateOf(row.entry)} bare />
          <span className="row__title">{instanceName(row.entry, row.index, t)}</span>
          <InstanceNotes entry={row.entry} words={words} />
        </>
      );
    case 'aside':
      return (
        <>
          <Chevron open={row.open} />
          <FileX2 size={14} aria-hidden />
          <span className="row__title">{t('studies.aside', { count: row.total })}</span>
        </>
      );
    case 'aside-file':
      return (
        <>
          <StateChip state={stateOf(row.entry)} bare />
          <span className="row__words">
            <span className="row__title">{row.entry.path}</span>
            <span className="row__sub">{row.entry.problem ? explain(row.entry.problem.code).message : ''}</span>
          </span>
        </>
      );
  }
}

function framesOf(instances: readonly InstanceEntry[], t: Words['t']): string {
  const frames = instances.length === 1 ? (instances[0]?.summary?.pixels?.frames ?? 1) : 1;
  return frames > 1 ? t('studies.frameCount', { count: frames }) : '';
}

function InstanceNotes({ entry, words }: { readonly entry: InstanceEntry; readonly words: Words }) {
  const count = useApp((s) => s.regions[entry.id]?.filter((r) => r.action === 'redact').length ?? 0);
  const { t } = words;
  if (entry.excluded) return <span className="row__note">{t('studies.excluded')}</span>;
  if (entry.phase === 'exported') return <span className="row__note row__note--ready">{t('studies.exported')}</span>;
  if (count > 0) return <span className="row__note">{t('studies.textCount', { count })}</span>;
  return null;
}

function Chevron({ open }: { readonly open: boolean }) {
  return <ChevronRight size={14} aria-hidden className={open ? 'chevron chevron--open' : 'chevron'} />;
}

/** How many, in the hue of what needs a person first. */
function CountChip({
  counts,
  total,
  locale,
}: {
  readonly counts: Counts;
  readonly total: number;
  readonly locale: string;
}) {
  const state: StateKind = worstState(counts);
  const count = state === 'ready' || state === 'skipped' ? total : counts[state];
  return <StateChip state={state} text={formatNumber(count, locale)} />;
}
