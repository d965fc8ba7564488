import {
  CircleHelp,
  Command as CommandIcon,
  FilePlus2,
  FolderPlus,
  Moon,
  PanelLeft,
  PanelRight,
  PackageCheck,
  ShieldCheck,
  Sun,
  X,
} from 'lucide-react';
import { useMemo } from 'react';
import { Button, IconButton } from '../components/Button';
import { pickFiles, pickFolder } from '../features/import';
import { RoleButton } from '../features/kiosk/RoleButton';
import { takeUpdate, useOffline } from '../features/settings';
import { isLocale, localeNames, locales } from '../locales/locale';
import { useWords } from '../locales';
import { isIncluded, useApp, type AppState } from '../store';
import { isCovered, kioskTitle } from '../store/kiosk';
import { Logo } from './Logo';
import { keyLabel } from './shortcuts';

function anyIncluded(instances: AppState['instances']): boolean {
  for (const entry of instances.values()) if (isIncluded(entry)) return true;
  return false;
}

export function Header() {
  const { t } = useWords();
  const settings = useApp((s) => s.settings);
  const instances = useApp((s) => s.instances);
  const offline = useOffline();
  const title = useApp(kioskTitle);
  const covered = useApp(isCovered);
  const any = instances.size > 0 && !covered;
  const exportable = useMemo(() => anyIncluded(instances), [instances]);
  const app = useApp.getState();
  return (
    <header className="header">
      <span className="brand">
        <Logo />
        <span className="brand__name">{title ?? t('app.name')}</span>
      </span>
      {any && (
        <div className="header__group">
          <Button look="ghost" icon={FolderPlus} onClick={() => void pickFolder()}>
            <span className="header__wide">{t('header.addFolder')}</span>
            <span className="header__narrow sr-only">{t('header.addFolder')}</span>
          </Button>
          <IconButton
            icon={FilePlus2}
            label={t('header.addFiles')}
            keys={keyLabel('Mod+O')}
            onClick={() => void pickFiles()}
          />
          <IconButton
            icon={X}
            label={t('command.close')}
            data-testid="close-session"
            onClick={() => app.openDialog('close-session')}
          />
        </div>
      )}
      <span className="header__space" />
      <button type="button" className="proof-badge" data-testid="proof-badge" onClick={() => app.openDialog('proof')}>
        <ShieldCheck size={14} aria-hidden />
        <span className="proof-badge__long">{t('proof.badge')}</span>
        <span className="proof-badge__short">{t('proof.badgeShort')}</span>
      </button>
      <span className="header__space" />
      {offline === 'update-waiting' && (
        <Button size="small" onClick={takeUpdate}>
          {t('offline.update')}
        </Button>
      )}
      <RoleButton />
      <div className="header__group">
        <IconButton
          icon={CommandIcon}
          label={t('command.palette')}
          keys={keyLabel('Mod+K')}
          data-testid="open-palette"
          onClick={() => app.openDialog('palette')}
        />
        <IconButton
          icon={CircleHelp}
          label={t('command.help')}
          keys="?"
          data-testid="open-help"
          onClick={() => app.openDialog('help')}
        />
        <IconButton
          icon={settings.theme === 'dark' ? Sun : Moon}
          label={settings.theme === 'dark' ? t('header.light') : t('header.dark')}
          keys={keyLabel('Shift+D')}
          data-testid="theme"
          onClick={() => app.setSettings({ theme: settings.theme === 'dark' ? 'light' : 'dark' })}
        />
        <select
          className="field header__language"
          aria-label={t('header.language')}
          value={settings.locale}
          data-testid="language"
          onChange={(event) => {
            if (isLocale(event.target.value)) app.setSettings({ locale: event.target.value });
          }}
        >
          {locales.map((locale) => (
            <option key={locale} value={locale} lang={locale}>
              {localeNames[locale]}
            </option>
          ))}
        </select>
        {any && (
          <>
            <IconButton
              icon={PanelLeft}
              label={t('command.toggleStudies')}
              keys={keyLabel('Mod+B')}
              aria-pressed={settings.studiesOpen}
              className="header__panels"
              onClick={() => app.setSettings({ studiesOpen: !settings.studiesOpen })}
            />
            <IconButton
              icon={PanelRight}
              label={t('command.toggleInspector')}
              keys={keyLabel('Mod+J')}
              aria-pressed={settings.inspectorOpen}
              className="header__panels"
              onClick={() => app.setSettings({ inspectorOpen: !settings.inspectorOpen })}
            />
            <Button
              look="primary"
              icon={PackageCheck}
              disabled={!exportable}
              data-testid="open-export"
              onClick={() => app.openDialog('export')}
            >
              {t('header.export')}
            </Button>
          </>
        )}
      </div>
    </header>
  );
}
