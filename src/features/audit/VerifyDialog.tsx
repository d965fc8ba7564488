import { FileArchive, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Meter } from '../../components/Meter';
import type { Result } from '../../core/result';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';
import { collectFolder, collectFiles } from '../import';
import { VerdictView } from './VerdictView';
import { verifyOutput, type Verdict } from './verify';
import './record.css';

/** Opens an export and says whether it is still what its record says. */
export function VerifyDialog() {
  const { t } = useWords();
  const [work, setWork] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const [verdict, setVerdict] = useState<Result<Verdict> | null>(null);
  const check = async (collect: typeof collectFolder) => {
    if (!permitted(useApp.getState(), 'verify')) return;
    const files = await collect();
    if (files === null) return;
    setVerdict(null);
    setWork({ done: 0, total: files.length });
    setVerdict(await verifyOutput(files, (done, total) => setWork({ done, total })));
    setWork(null);
  };
  return (
    <Dialog title={t('verify.title')} testId="verify-dialog" beside onClose={() => useApp.getState().openDialog(null)}>
      <div className="verify">
        <p>{t('verify.about')}</p>
        <div className="verify__actions">
          <Button
            icon={FolderOpen}
            disabled={work !== null}
            data-testid="verify-folder"
            onClick={() => void check(collectFolder)}
          >
            {t('verify.folder')}
          </Button>
          <Button
            icon={FileArchive}
            disabled={work !== null}
            data-testid="verify-archive"
            onClick={() => void check(collectFiles)}
          >
            {t('verify.archive')}
          </Button>
        </div>
        {work && <Meter label={t('verify.title')} done={work.done} total={work.total} />}
        {verdict && <VerdictView verdict={verdict} />}
      </div>
    </Dialog>
  );
}
