import { useMemo, useState, type KeyboardEvent } from 'react';
import { Dialog } from '../components/Dialog';
import { useWords } from '../locales';
import { useApp } from '../store';
import { commands, type Command } from './commands';
import { keyLabel, takeTypedAhead } from './shortcuts';

/** Commands whose words hold all that was typed, in any order; earlier matches first. */
export function findCommands(
  query: string,
  list: readonly Command[],
  nameOf: (command: Command) => string,
): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return list
    .map((command) => ({ command, name: nameOf(command).toLowerCase() }))
    .filter(({ name }) => words.every((w) => name.includes(w)))
    .sort((a, b) => (words[0] ? a.name.indexOf(words[0]) - b.name.indexOf(words[0]) : 0))
    .map(({ command }) => command);
}

export function CommandPalette() {
  const { t } = useWords();
  const [query, setQuery] = useState(takeTypedAhead);
  const [at, setAt] = useState(0);
  const [state] = useState(() => useApp.getState());
  const found = useMemo(() => {
    const possible = commands.filter((c) => c.id !== 'palette' && c.keyOnly !== true && (c.enabled?.(state) ?? true));
    return findCommands(query, possible, (c) => `${t(c.label)} ${t(`group.${c.group}`)}`);
  }, [query, state, t]);
  const close = () => useApp.getState().openDialog(null);
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    // After the dialog is gone, so that commands may open another or move the focus.
    requestAnimationFrame(() => command.perform());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (at + step + found.length) % Math.max(1, found.length);
      setAt(next);
      document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <Dialog title={t('palette.title')} testId="palette" onClose={close}>
      <div className="palette" onKeyDown={onKeyDown}>
        <input
          className="field"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found.length > 0 ? `palette-${at}` : undefined}
          aria-label={t('palette.search')}
          placeholder={t('palette.search')}
          data-autofocus
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
        <ul id="palette-list" role="listbox" aria-label={t('palette.title')} className="palette__list">
          {found.map((command, i) => (
            <li
              key={command.id}
              id={`palette-${i}`}
              role="option"
              aria-selected={i === at}
              onPointerMove={() => setAt(i)}
              onClick={() => run(command)}
            >
              <span className="palette__name">{t(command.label)}</span>
              <span className="dim">{t(`group.${command.group}`)}</span>
              <span className="palette__keys">
                {command.keys?.[0] !== undefined && <kbd>{keyLabel(command.keys[0])}</kbd>}
              </span>
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="dim">{t('palette.none')}</p>}
      </div>
    </Dialog>
  );
}
