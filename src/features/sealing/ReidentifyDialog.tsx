import { FileArchive, FolderOpen, FolderOutput } from 'lucide-react';
import { useEffect, useState } from 'react';
import { sealingWorker } from '../../client/sealing';
import type { FileInput } from '../../client/types';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Meter } from '../../components/Meter';
import type { Result } from '../../core/result';
import { explain } from '../../locales/explain';
import { formatDate, formatPersonName, sentenceGap } from '../../locales/format';
import { useSealingWords } from '../../locales/sealing';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';
import { collectFiles, collectFolder } from '../import';
import { KeyStep } from './KeyStep';
import { reopen, saveReopened, type Reopened } from './reidentify';
import './sealing.css';

const mostListed = 200;
const canPickFolder = typeof window !== 'undefined' && 'showDirectoryPicker' in window;

/** For whoever holds the private key: opens the encrypted originals that files carry, shows them, saves the files with them. */
export function ReidentifyDialog() {
  const { p } = useSealingWords();
  const [ready, setReady] = useState(false);
  const [work, setWork] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const [found, setFound] = useState<Reopened | null>(null);
  const [saved, setSaved] = useState<Result<number> | null>(null);
  useEffect(() => () => void sealingWorker().forgetKey(), []);

  const open = async (collect: () => Promise<readonly FileInput[] | null>) => {
    if (!permitted(useApp.getState(), 'reidentify')) return;
    const files = await collect();
    if (files === null) return;
    setSaved(null);
    setFound(null);
    setWork({ done: 0, total: files.length });
    setFound(await reopen(files, (done) => setWork({ done, total: files.length })));
    setWork(null);
  };
  const save = async (to: 'zip' | 'folder') => {
    if (found === null) return;
    const done = await saveReopened(found, to);
    if (done !== null) setSaved(done);
  };
  return (
    <Dialog
      title={p('reid.title')}
      testId="reidentify-dialog"
      wide
      beside
      onClose={() => useApp.getState().openDialog(null)}
    >
      <div className="sealing">
        <p>{p('reid.about')}</p>
        <KeyStep onReady={setReady} />
        <section aria-label={p('reid.files')}>
          <h3>{p('reid.files')}</h3>
          <div className="sealing__row">
            <Button
              icon={FolderOpen}
              disabled={!ready || work !== null}
              data-testid="reid-folder"
              onClick={() => void open(collectFolder)}
            >
              {p('reid.folder')}
            </Button>
            <Button
              icon={FileArchive}
              disabled={!ready || work !== null}
              data-testid="reid-files"
              onClick={() => void open(collectFiles)}
            >
              {p('reid.pick')}
            </Button>
          </div>
          {work && <Meter label={p('reid.working')} done={work.done} total={work.total} />}
          {found && <Found found={found} />}
        </section>
        {found && found.files.length > 0 && (
          <section aria-label={p('reid.save')}>
            <h3>{p('reid.save')}</h3>
            <p className="dim">{p('reid.saveHelp')}</p>
            <div className="sealing__row">
              <Button look="primary" icon={FileArchive} data-testid="reid-zip" onClick={() => void save('zip')}>
                {p('reid.toZip')}
              </Button>
              <Button icon={FolderOutput} disabled={!canPickFolder} onClick={() => void save('folder')}>
                {p('reid.toFolder')}
              </Button>
            </div>
          </section>
        )}
        <p role="status">
          {saved &&
            (saved.ok
              ? p('reid.saved', { count: saved.value })
              : p('reid.saveFailed', { why: explain(saved.code).message }))}
        </p>
      </div>
    </Dialog>
  );
}

function Found({ found }: { readonly found: Reopened }) {
  const { p, locale } = useSealingWords();
  const columns = ['file', 'patient', 'id', 'born', 'accession', 'study'] as const;
  return (
    <>
      {/* Where all of them failed, the failures say it. */}
      {(found.files.length > 0 || found.failures.size === 0) && (
        <p role="status" data-testid="reid-opened">
          {p('reid.opened', { count: found.files.length })}
        </p>
      )}
      {[...found.failures].map(([code, count]) => (
        <p key={code} role="alert" className="form-error">
          {p('reid.notOpened', { count })}
          {sentenceGap(locale)}
          {explain(code).message}
        </p>
      ))}
      {found.files.length > 0 && (
        <div className="sealing__table" tabIndex={0} role="region" aria-label={p('reid.patient')}>
          <table>
            <thead>
              <tr>
                {columns.map((name) => (
                  <th key={name} scope="col">
                    {p(`reid.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.files.slice(0, mostListed).map(({ input, facts }) => (
                <tr key={input.path}>
                  <td className="mono">{input.path}</td>
                  <td>{formatPersonName(facts.name)}</td>
                  <td>{facts.patientId}</td>
                  <td>{formatDate(facts.birthDate, locale)}</td>
                  <td>{facts.accession}</td>
                  <td>{formatDate(facts.studyDate, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {found.files.length > mostListed && <p>{p('reid.more', { count: found.files.length - mostListed })}</p>}
        </div>
      )}
    </>
  );
}
