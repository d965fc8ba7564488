import { Images, PanelRight, ScanEye } from 'lucide-react';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { Splitter } from '../components/Splitter';
import { TipLayer } from '../components/Tip';
import { DropLayer, Welcome } from '../features/import';
import { ResumeBanner } from '../features/resume';
import { activateLocale, useWords } from '../locales';
import { useApp, type DialogName, type NarrowPanel } from '../store';
import { kioskTitle } from '../store/kiosk';
import { inspectorWidth, studiesWidth } from '../store/ui';
import { ErrorBoundary } from './ErrorBoundary';
import { Header } from './Header';
import { LiveRegion, Notices } from './Notices';
import { useShortcuts } from './shortcuts';
import { StatusBar } from './StatusBar';
import './app.css';
import './header.css';
import './windows.css';
import './narrow.css';

// The workspace loads with the first file, dialogs with their first use: an empty page is up at once.
const StudiesPanel = lazy(async () => ({ default: (await import('../features/studies')).StudiesPanel }));
const Viewer = lazy(async () => ({ default: (await import('../features/viewer')).Viewer }));
const ReviewBar = lazy(async () => ({ default: (await import('../features/review')).ReviewBar }));
const Inspector = lazy(async () => ({ default: (await import('./Inspector')).Inspector }));

const MessagesPanel = lazy(async () => ({ default: (await import('../features/messages')).MessagesPanel }));

const dialogs: Readonly<Record<DialogName, React.LazyExoticComponent<() => ReactNode>>> = {
  export: lazy(async () => ({ default: (await import('../features/export')).ExportDialog })),
  help: lazy(async () => ({ default: (await import('./HelpDialog')).HelpDialog })),
  palette: lazy(async () => ({ default: (await import('./CommandPalette')).CommandPalette })),
  proof: lazy(async () => ({ default: (await import('../features/settings')).ProofDialog })),
  'close-session': lazy(async () => ({ default: (await import('../features/settings')).CloseDialog })),
  verify: lazy(async () => ({ default: (await import('../features/audit')).VerifyDialog })),
  review: lazy(async () => ({ default: (await import('../features/review')).ReasonDialog })),
  cohort: lazy(async () => ({ default: (await import('../features/cohort')).CohortDialog })),
  mask: lazy(async () => ({ default: (await import('../features/mask')).MaskDialog })),
  reidentify: lazy(async () => ({ default: (await import('../features/sealing')).ReidentifyDialog })),
  unlock: lazy(async () => ({ default: (await import('../features/kiosk/UnlockDialog')).UnlockDialog })),
  policy: lazy(async () => ({ default: (await import('../features/kiosk/PolicyDialog')).PolicyDialog })),
  lookup: lazy(async () => ({ default: (await import('../features/sealing')).LookupDialog })),
  signing: lazy(async () => ({ default: (await import('../features/sealing')).SigningDialog })),
  learning: lazy(async () => ({ default: (await import('../features/learning')).LearningDialog })),
  templates: lazy(async () => ({ default: (await import('../features/redaction')).TemplatesDialog })),
};

export function App() {
  const { t } = useWords();
  const settings = useApp((s) => s.settings);
  const any = useApp((s) => s.instances.size > 0 || s.collecting);
  const dialog = useApp((s) => s.dialog);
  const messagesOpen = useApp((s) => s.messagesOpen);
  const title = useApp(kioskTitle);
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

  const Dialog = dialog && dialogs[dialog];
  return (
    <ErrorBoundary>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <div className="app">
        <Header />
        <ResumeBanner />
        <main id="main" className="app__main" tabIndex={-1}>
          {any ? <Workspace /> : <Welcome />}
        </main>
        {any && <NarrowSwitch />}
        {any && messagesOpen && (
          <Suspense>
            <MessagesPanel />
          </Suspense>
        )}
        {any && <StatusBar />}
      </div>
      <Suspense>{Dialog && <Dialog />}</Suspense>
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
            <Suspense>
              <StudiesPanel />
            </Suspense>
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
        <Suspense>
          <ReviewBar />
          <Viewer />
        </Suspense>
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
            <Suspense>
              <Inspector />
            </Suspense>
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
