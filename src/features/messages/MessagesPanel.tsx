import { X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { IconButton } from '../../components/Button';
import { StateChip } from '../../components/State';
import { indexes, useWindow } from '../../components/use-window';
import { explain, explainWhere } from '../../locales/explain';
import { useWords } from '../../locales';
import { stateOf, useApp, type InstanceEntry } from '../../store';
import { goTo } from '../studies/navigate';
import { MessageRows, type MessageRow } from './message-rows';
import './messages.css';

/**
 * Files that stay behind or wait, each with what happened, what it means, and what to do. It opens above the status bar and
 * leaves the rest of the page to work with: a press on a file shows it.
 */
export function MessagesPanel() {
  const { t } = useWords();
  const instances = useApp((s) => s.instances);
  const currentId = useApp((s) => s.currentId);
  const panel = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => new MessageRows(instances.values()), [instances]);
  const count = useMemo(() => [...instances.values()].filter((e) => e.problem !== null).length, [instances]);
  const shown = useWindow(scroller, rows);
  const close = () => {
    useApp.getState().setMessagesOpen(false);
    document.querySelector<HTMLElement>('[data-testid="open-problems"]')?.focus();
  };
  useEffect(() => panel.current?.querySelector('h2')?.focus(), []);
  return (
    <section
      ref={panel}
      className="messages"
      aria-labelledby="messages-title"
      data-testid="problems"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="messages__head">
        <h2 id="messages-title" tabIndex={-1}>
          {t('problems.title', { count })}
        </h2>
        <IconButton icon={X} small label={t('action.close')} keys="Esc" onClick={close} />
      </header>
      {count === 0 && <p className="messages__none">{t('problems.none')}</p>}
      <div ref={scroller} className="messages__body" tabIndex={0} role="group" aria-label={t('problems.list')}>
        <div role="list" className="messages__space" style={{ height: rows.height }}>
          {indexes(shown).map((index) => {
            const row = rows.at(index);
            if (!row) return null;
            return (
              <div
                key={row.kind === 'file' ? row.entry.id : row.code}
                role="listitem"
                className={`messages__row messages__row--${row.kind}`}
                style={{ transform: `translateY(${rows.top(index)}px)` }}
              >
                <MessageLine row={row} current={row.kind === 'file' && row.entry.id === currentId} />
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function MessageLine({ row, current }: { readonly row: MessageRow; readonly current: boolean }) {
  const { t } = useWords();
  if (row.kind === 'cause') {
    const { message, next } = explain(row.code);
    return (
      <>
        <span className="messages__count">{t('problems.files', { count: row.count })}</span>
        <span className="messages__words">
          <strong>{message}</strong>
          <span>{next}</span>
        </span>
      </>
    );
  }
  return (
    <button type="button" className="messages__file" aria-current={current} onClick={() => goTo(row.entry)}>
      <StateChip state={stateOf(row.entry)} bare />
      <span className="messages__path">{row.entry.path}</span>
      <Detail entry={row.entry} />
    </button>
  );
}

/** Of a second copy which file it is a copy of; else where in the file it went wrong. */
function Detail({ entry: { problem } }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  if (problem?.where === undefined) return null;
  return (
    <span className="messages__where">
      {problem.code === 'duplicate' ? t('studies.sameAs', { path: problem.where }) : explainWhere(problem.where)}
    </span>
  );
}
