import { Dialog } from '../components/Dialog';
import { Switch } from '../components/Fields';
import { useWords, type MessageKey } from '../locales';
import { useApp } from '../store';
import { commandGroups, commands } from './commands';
import { keyLabel } from './shortcuts';

/** Every shortcut, from the one list of commands. */
export function HelpDialog() {
  const { t } = useWords();
  const letterKeys = useApp((s) => s.settings.letterKeys);
  return (
    <Dialog title={t('help.title')} testId="help-dialog" wide beside onClose={() => useApp.getState().openDialog(null)}>
      <div className="help">
        {commandGroups.map((group) => {
          const rows = new Map<MessageKey, string[]>();
          for (const command of commands) {
            if (command.group !== group || !command.keys) continue;
            rows.set(command.label, [...(rows.get(command.label) ?? []), ...command.keys]);
          }
          if (rows.size === 0) return null;
          return (
            <section key={group}>
              <h3>{t(`group.${group}`)}</h3>
              <dl>
                {[...rows].map(([label, keys]) => (
                  <div key={label}>
                    <dt>{t(label)}</dt>
                    <dd>
                      {withArrowsTogether(keys).map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
        <section>
          <h3>{t('help.mouse')}</h3>
          <ul className="help__mouse">
            {(['wheel', 'zoom', 'right', 'middle', 'double', 'shift'] as const).map((key) => (
              <li key={key}>{t(`help.mouse.${key}`)}</li>
            ))}
          </ul>
        </section>
      </div>
      <div className="help__switch">
        <Switch
          label={t('help.letterKeys')}
          help={t('help.letterKeysHelp')}
          checked={letterKeys}
          onChange={(on) => useApp.getState().setSettings({ letterKeys: on })}
        />
      </div>
    </Dialog>
  );
}

/** Four keys that differ in their arrow alone are one: 'Alt ⇧ ← → ↑ ↓'. */
function withArrowsTogether(keys: readonly string[]): readonly string[] {
  const arrow = /Arrow(Left|Right|Up|Down)$/;
  const [first = ''] = keys;
  const before = first.replace(arrow, '');
  const all = keys.length === 4 && keys.every((key) => arrow.test(key) && key.replace(arrow, '') === before);
  if (!all) return keys.map(keyLabel);
  return [[before === '' ? '' : keyLabel(before.slice(0, -1)), '← → ↑ ↓'].join(' ').trim()];
}
