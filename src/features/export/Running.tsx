import { Pause, Play } from 'lucide-react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Meter } from '../../components/Meter';
import { useWords } from '../../locales';
import { formatBytes } from '../../locales/format';
import { useApp } from '../../store';
import { cancelExport, pauseExport, resumeExport } from '../session';

export function Running({ onClose }: { readonly onClose: () => void }) {
  const { t, locale } = useWords();
  const progress = useApp((s) => s.exportProgress);
  const paused = useApp((s) => s.exportState === 'paused');
  const total = progress?.total ?? 0;
  return (
    <Dialog
      title={t('export.running')}
      testId="export-dialog"
      onClose={onClose}
      foot={
        <>
          <Button look="danger" onClick={cancelExport}>
            {t('action.cancel')}
          </Button>
          <Button icon={paused ? Play : Pause} data-testid="export-pause" onClick={paused ? resumeExport : pauseExport}>
            {t(paused ? 'status.resume' : 'status.pause')}
          </Button>
          <Button look="primary" onClick={onClose}>
            {t(paused ? 'action.close' : 'export.behind')}
          </Button>
        </>
      }
    >
      <div className="export">
        <Meter label={t('export.running')} done={progress?.done ?? 0} total={total} />
        <p>
          {t('export.progress', {
            done: progress?.done ?? 0,
            total,
            bytes: formatBytes(progress?.bytesDone ?? 0, locale),
          })}
          {paused && <span className="dim"> · {t('status.paused')}</span>}
        </p>
      </div>
    </Dialog>
  );
}
