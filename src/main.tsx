// The common styles come first: those of the parts build on them.
import './components/tokens.css';
import './components/base.css';
import './components/buttons.css';
import './components/fields.css';
import './components/tabs.css';
import './components/chips.css';
import './components/feedback.css';
import './components/dialog.css';
import './components/layout.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { warmUp } from './app/warm-up';
import { startKiosk } from './features/kiosk/kiosk';
import { watchForInterrupted } from './features/session';
import { startOffline, watchInstall, watchRequests } from './features/settings';
import { keepSettings } from './store/persist';

watchRequests();
watchInstall();
keepSettings();
function show(): void {
  const root = document.getElementById('root');
  if (root) {
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
  }
}

// The page is there at once; what a policy forbids can't be opened, since nothing can be before it is known.
void startKiosk().then(warmUp);
show();
void watchForInterrupted();
startOffline();
