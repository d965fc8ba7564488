import { CircleCheck, FileArchive, FolderOpen, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Meter } from '../../components/Meter';
import type { Result } from '../../core/result';
import { useWords } from '../../locales';
import { useSealingWords } from '../../locales/sealing';
import { formatNumber } from '../../locales/format';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';
import { collectFolder, collectFiles } from '../import';
import { explain } from '../../locales/explain';
import { ImagesSigned } from './ImagesSigned';
import { SignedBy } from './SignedBy';
import { verifyOutput, type Verdict } from './verify';
import './record.css';

const mostProblems = 200;

/** Opens an export and says whether it is still what its record says. */
export function VerifyDialog() {
  const { t, locale } = useWords();
  const { p } = useSealingWords();
  const [work, setWork] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const [verdict, setVerdict] = useState<Result<Verdict> | null>(null);
  const n = (value: number) => formatNumber(value, locale);
  const check = async (collect: typeof collectFolder) => {
    if (!permitted(useApp.getState(), 'verify')) return;
    const files = await collect();
    if (files === null) return;
    setVerdict(null);
    setWork({ done: 0, total: files.length });
    setVerdict(await verifyOutput(files, (done, total) => setWork({ done, total })));
    setWork(null);
  };
  const images = verdict?.ok === true ? verdict.value.images : undefined;
  const imagesGood =
    images === undefined ||
    (images.problems.length === 0 &&
      images.unsigned.length === 0 &&
      verdict?.ok === true &&
      verdict.value.otherSigner !== true);
  const good = verdict?.ok === true && verdict.value.problems.length === 0 && imagesGood;
  const imagesAlone = images !== undefined && verdict?.ok === true && verdict.value.signature === undefined;
  const security = verdict?.ok === true ? verdict.value.security : undefined;
  const securityAlone = verdict?.ok === true && security !== undefined && verdict.value.listed === 0;
  return (
    <Dialog title={t('verify.title')} testId="verify-dialog" onClose={() => useApp.getState().openDialog(null)}>
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
        {security && (
          <p
            className={`verify__verdict${'entries' in security ? '' : ' verify__verdict--bad'}`}
            role="status"
            data-testid="verify-security"
          >
            {'entries' in security ? <CircleCheck size={20} aria-hidden /> : <TriangleAlert size={20} aria-hidden />}
            <span>
              {'entries' in security
                ? t('verify.securityGood', { count: security.entries })
                : t('verify.securityBad', { where: security.where })}
            </span>
          </p>
        )}
        {verdict && !securityAlone && (
          <p
            className={`verify__verdict${good ? '' : ' verify__verdict--bad'}`}
            role="status"
            data-testid="verify-verdict"
          >
            {good ? <CircleCheck size={20} aria-hidden /> : <TriangleAlert size={20} aria-hidden />}
            <span>
              {!verdict.ok
                ? verdict.code === 'bad-signature'
                  ? explain('bad-signature').message
                  : t(verdict.code === 'malformed' ? 'verify.noRecord' : 'verify.unreadable')
                : imagesAlone || !imagesGood
                  ? p(good ? 'images.good' : 'images.bad')
                  : good
                    ? t('verify.good', { count: verdict.value.listed })
                    : t('verify.bad', { count: verdict.value.problems.length })}
            </span>
          </p>
        )}
        {verdict?.ok === true && verdict.value.signature !== undefined && (
          <SignedBy signature={verdict.value.signature} />
        )}
        {images && (
          <ImagesSigned account={images} otherSigner={verdict?.ok === true && verdict.value.otherSigner === true} />
        )}
        {verdict?.ok === true && (
          <ul className="verify__problems">
            {verdict.value.problems.slice(0, mostProblems).map(({ kind, path = '' }) => (
              <li key={`${kind} ${path}`}>
                <span>{t(`verify.${kind}`)}</span> <code className="mono">{path}</code>
              </li>
            ))}
            {verdict.value.problems.length > mostProblems && (
              <li>{t('verify.more', { count: n(verdict.value.problems.length - mostProblems) })}</li>
            )}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
