import { X } from 'lucide-react';
import { useEffect } from 'react';
import { Button, IconButton } from '../components/Button';
import { useWords } from '../locales';
import { useApp, type Notice } from '../store';

const shownFor = 6000;

/** Short words at the bottom, with an undo where there is one. They go by themselves; nothing needs them. */
export function Notices() {
  const notices = useApp((s) => s.notices);
  return (
    <div className="notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { t } = useWords();
  const { dismiss, undo } = useApp.getState();
  useEffect(() => {
    const timer = window.setTimeout(() => dismiss(notice.id), notice.tone === 'error' ? shownFor * 2 : shownFor);
    return () => window.clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <div className={`notice notice--${notice.tone}`} role={notice.tone === 'error' ? 'alert' : 'status'}>
      <span>{t(notice.key, notice.values)}</span>
      {notice.undo && (
        <Button
          size="small"
          look="ghost"
          onClick={() => {
            undo();
            dismiss(notice.id);
          }}
        >
          {t('edit.undo')}
        </Button>
      )}
      <IconButton small icon={X} label={t('action.close')} onClick={() => dismiss(notice.id)} />
    </div>
  );
}

/** What screen readers are told of work that nobody is looking at. */
export function LiveRegion() {
  const { t } = useWords();
  const announcement = useApp((s) => s.announcement);
  return (
    <div className="sr-only" role="status" aria-live="polite" data-testid="live-region">
      {announcement ? t(announcement.key, announcement.values) : ''}
    </div>
  );
}
