import { useMemo } from 'react';
import { Dialog } from '../components/Dialog';
import { StateChip } from '../components/State';
import { explain } from '../locales/explain';
import { useWords } from '../locales';
import { stateOf, useApp } from '../store';

const most = 500;

/** Files that stay behind or wait, each with what happened, what it means, and what to do. */
export function ProblemsDialog() {
  const { t } = useWords();
  const instances = useApp((s) => s.instances);
  const problems = useMemo(() => [...instances.values()].filter((e) => e.problem !== null), [instances]);
  return (
    <Dialog
      title={t('problems.title', { count: problems.length })}
      testId="problems-dialog"
      wide
      onClose={() => useApp.getState().openDialog(null)}
    >
      {problems.length === 0 ? (
        <p>{t('problems.none')}</p>
      ) : (
        <ul className="problems">
          {problems.slice(0, most).map((entry) => {
            const explanation = explain(entry.problem?.code ?? '');
            return (
              <li key={entry.id}>
                <StateChip state={stateOf(entry)} bare />
                <div>
                  <strong className="problems__path">{entry.path}</strong>
                  <p>{explanation.message}</p>
                  <p className="dim">{explanation.next}</p>
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {problems.length > most && <p className="dim">{t('problems.more', { count: problems.length - most })}</p>}
    </Dialog>
  );
}
