import { Images, PanelRight, ScanEye } from 'lucide-react';
import { useEffect } from 'react';
import { Splitter } from '../components/Splitter';
import { TipLayer } from '../components/Tip';
import { DropLayer, Welcome } from '../features/import';
import { ResumeBanner } from '../features/resume';
import { activateLocale, useWords } from '../locales';
import { useApp, type NarrowPanel } from '../store';
import { isCovered, kioskTitle } from '../store/kiosk';
import { inspectorWidth, studiesWidth } from '../store/ui';
import { ErrorBoundary } from './ErrorBoundary';
import { Header } from './Header';
import { LiveRegion, Notices } from './Notices';
import { besideCover, Covered, dialogs, Inspector, MessagesPanel, ReviewBar, StudiesPanel, Viewer } from './parts';
import { useShortcuts } from './shortcuts';
import { StatusBar } from './StatusBar';
import './app.css';
import './header.css';
import './windows.css';
import './narrow.css';

export function App() {
  const { t } = useWords();
  const settings = useApp((s) => s.settings);
  const any = useApp((s) => s.instances.size > 0 || s.collecting > 0);
  const dialog = useApp((s) => s.dialog);
  const messagesOpen = useApp((s) => s.messagesOpen);
  const title = useApp(kioskTitle);
  const covered = useApp(isCovered);
  useShortcuts();

  useEffect(() => {
    document.documentElement.dataset['theme'] = settings.theme;
  }, [settings.theme]);
  useEffect(() => {
    void activateLocale(settings.locale);
  }, [settings.locale]);
  useEffect(() => {
    document.title = title ?? t('app.title');
  }, [t, settings.locale, title]);
  useLeaveGuard();

  const Dialog = dialog && (!covered || besideCover.has(dialog)) ? dialogs[dialog] : null;
  const working = any && !covered;
  return (
    <ErrorBoundary>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <div className="app">
        <Header />
        <ResumeBanner />
        <main id="main" className="app__main" tabIndex={-1}>
          {working ? <Workspace /> : any ? <Covered /> : <Welcome />}
        </main>
        {working && <NarrowSwitch />}
        {working && messagesOpen && <MessagesPanel />}
        {working && <StatusBar />}
      </div>
      {Dialog && <Dialog />}
      <DropLayer />
      <Notices />
      <LiveRegion />
      <TipLayer />
    </ErrorBoundary>
  );
}

function Workspace() {
  const { t } = useWords();
  const settings = useApp((s) => s.settings);
  const narrow = useApp((s) => s.narrowPanel);
  const set = useApp((s) => s.setSettings);
  return (
    <div className="workspace" data-narrow={narrow} data-testid="workspace">
      <h1 className="sr-only">{t('app.title')}</h1>
      {settings.studiesOpen && (
        <>
          <div id="studies-panel" className="workspace__studies" style={{ width: settings.studiesWidth }}>
            <StudiesPanel />
          </div>
          <Splitter
            label={t('app.studiesWidth')}
            controls="studies-panel"
            value={settings.studiesWidth}
            min={studiesWidth.min}
            max={studiesWidth.max}
            direction={1}
            onChange={(width) => set({ studiesWidth: width })}
          />
        </>
      )}
      <div className="workspace__viewer">
        <ReviewBar />
        <Viewer />
      </div>
      {settings.inspectorOpen && (
        <>
          <Splitter
            label={t('app.inspectorWidth')}
            controls="inspector-panel-box"
            value={settings.inspectorWidth}
            min={inspectorWidth.min}
            max={inspectorWidth.max}
            direction={-1}
            onChange={(width) => set({ inspectorWidth: width })}
          />
          <div id="inspector-panel-box" className="workspace__inspector" style={{ width: settings.inspectorWidth }}>
            <Inspector />
          </div>
        </>
      )}
    </div>
  );
}

const panels: readonly { readonly name: NarrowPanel; readonly icon: typeof Images }[] = [
  { name: 'studies', icon: Images },
  { name: 'viewer', icon: ScanEye },
  { name: 'inspector', icon: PanelRight },
];

/** Where only one panel fits (small windows, 400 % zoom): which one. */
function NarrowSwitch() {
  const { t } = useWords();
  const narrow = useApp((s) => s.narrowPanel);
  return (
    <nav className="narrow-switch" aria-label={t('app.panels')}>
      {panels.map(({ name, icon: Icon }) => (
        <button
          key={name}
          type="button"
          aria-pressed={narrow === name}
          onClick={() => {
            const app = useApp.getState();
            app.setNarrowPanel(name);
            app.setSettings({ studiesOpen: true, inspectorOpen: true });
          }}
        >
          <Icon size={16} aria-hidden />
          {t(`app.panel.${name}`)}
        </button>
      ))}
    </nav>
  );
}

/** The browser asks before edits are lost by closing the tab. */
function useLeaveGuard(): void {
  useEffect(() => {
    const guard = (event: BeforeUnloadEvent) => {
      const { past, exportState } = useApp.getState();
      if (past.length > 0 || exportState === 'running' || exportState === 'paused') event.preventDefault();
    };
    window.addEventListener('beforeunload', guard);
    return () => window.removeEventListener('beforeunload', guard);
  }, []);
}
