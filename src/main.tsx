import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { lookForInterrupted } from './features/session';
import { startOffline, watchRequests } from './features/settings';
import { keepSettings } from './store/persist';
import './components/tokens.css';
import './components/base.css';
import './components/controls.css';

watchRequests();
keepSettings();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
void lookForInterrupted();
startOffline();
