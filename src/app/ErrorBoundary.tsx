import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button';
import { t } from '../locales';

interface State {
  readonly failed: boolean;
}

/** A defect of the page itself: says so plainly. Files are untouched; nothing is sent anywhere. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="crash" role="alert">
        <h1>{t('crash.title')}</h1>
        <p>{t('crash.text')}</p>
        <Button look="primary" onClick={() => location.reload()}>
          {t('crash.reload')}
        </Button>
      </div>
    );
  }
}
