import { ChevronRight, FileX2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { StateChip } from '../../components/State';
import { explain } from '../../locales/explain';
import type { Words } from '../../locales';
import { formatDate, formatNumber, formatPersonName } from '../../locales/format';
import { stateOf, useApp, type InstanceEntry, type StateKind } from '../../store';
import { Thumbnail } from './Thumbnail';
import { asideKinds, type AsideKind, type Row } from './rows';
import { worstState, type Counts } from './tree';

const patientName = (name: string, t: Words['t']) => formatPersonName(name) || t('studies.unnamedPatient');
const seriesName = (name: string, t: Words['t']) => name || t('studies.unnamedSeries');

function instanceName(entry: InstanceEntry, index: number, t: Words['t']): string {
  const summary = entry.summary;
  if (summary?.kind !== 'dicom') return entry.path.split('/').at(-1) ?? entry.path;
  return t('studies.instance', { number: String(summary.instance.number ?? index + 1) });
}

export function TreeRow({
  row,
  words,
  several,
}: {
  readonly row: Row;
  readonly words: Words;
  readonly several: boolean;
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
            <Line text={patientName(row.node.name, t)} />
            <Line sub text={facts.join(' · ') || t('studies.noId')} />
          </span>
          {several && <CountChip counts={row.node.counts} total={row.node.total} locale={locale} />}
        </>
      );
    }
    case 'study':
      return (
        <>
          <Chevron open={row.open} />
          <span className="row__words">
            <Line text={row.node.description || t('studies.unnamedStudy')} />
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
            <Line text={seriesName(row.node.description, t)} />
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
          <span className="row__words">
            <Line text={t('studies.aside', { count: row.total })} />
            <Line sub text={kindsAside(row.kinds, words)} />
          </span>
        </>
      );
    case 'aside-file':
      return (
        <>
          <StateChip state={stateOf(row.entry)} bare />
          <span className="row__words">
            <Line text={fileName(row.entry.path)} title={row.entry.path} />
            <Line sub text={whyAside(row.entry, t)} />
          </span>
        </>
      );
  }
}

/** One line of a row: cut off where there is no room, whole when pointed at. */
function Line({
  text,
  sub = false,
  title = text,
}: {
  readonly text: string;
  readonly sub?: boolean;
  readonly title?: string;
}) {
  return (
    <span className={sub ? 'row__sub' : 'row__title'} title={title}>
      {text}
    </span>
  );
}

/** What tells one file from the next: folders come first in a path, and would be all that there is room for. */
const fileName = (path: string): string => path.split('/').at(-1) ?? path;

/** '2 copies · 3 no images': what the files set aside are. */
function kindsAside(kinds: Readonly<Record<AsideKind, number>>, { t }: Words): string {
  return asideKinds
    .filter((kind) => kinds[kind] > 0)
    .map((kind) => t(`aside.${kind}`, { count: kinds[kind] }))
    .join(' · ');
}

function whyAside({ problem }: InstanceEntry, t: Words['t']): string {
  if (!problem) return '';
  if (problem.code === 'duplicate' && problem.where !== undefined) return t('studies.sameAs', { path: problem.where });
  return explain(problem.code).message;
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
