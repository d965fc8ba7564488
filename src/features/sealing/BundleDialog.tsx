import { Download, FileLock2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { sealingWorker } from '../../client/sealing';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { FilePicker } from '../../components/FilePicker';
import type { Result } from '../../core/result';
import { explain } from '../../locales/explain';
import { useSealingWords } from '../../locales/sealing';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';
import { VerdictView, verifyOutput, type Verdict } from '../audit';
import { filesIn } from '../import';
import { saveBlob } from '../session';
import { KeyStep } from './KeyStep';
import './sealing.css';

/** For whom a ZIP was encrypted: opens it with the private key, says whether it is as its record says, saves it. */
export function BundleDialog() {
  const { p } = useSealingWords();
  const [ready, setReady] = useState(false);
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState<{ readonly zip: Blob; readonly name: string } | null>(null);
  const [verdict, setVerdict] = useState<Result<Verdict> | null>(null);
  /** A code: it is said in the language that is in force when it is shown. */
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => void sealingWorker().forgetKey(), []);

  const open = async (bundle: File) => {
    if (!permitted(useApp.getState(), 'verify')) return;
    setBusy(true);
    setOpened(null);
    setVerdict(null);
    const zip = await sealingWorker().openBundle(bundle);
    setProblem(zip.ok ? null : zip.code);
    if (zip.ok) {
      const name = `${bundle.name.replace(/\.p7m$/i, '').replace(/\.zip$/i, '')}.zip`;
      setOpened({ zip: zip.value, name });
      setVerdict(await verifyOutput(await filesIn(new File([zip.value], name)), () => undefined));
    }
    setBusy(false);
  };
  return (
    <Dialog title={p('bundle.title')} testId="bundle-dialog" beside onClose={() => useApp.getState().openDialog(null)}>
      <div className="sealing">
        <p>{p('bundle.about')}</p>
        <KeyStep onReady={setReady} />
        <section aria-label={p('bundle.file')}>
          <h3>{p('bundle.file')}</h3>
          <FilePicker
            label={p('bundle.choose')}
            icon={FileLock2}
            accept=".p7m,.cms,.der"
            disabled={!ready || busy}
            testId="bundle-file"
            onPick={([chosen]) => void open(chosen)}
          >
            {busy && <span role="status">{p('reid.working')}</span>}
          </FilePicker>
        </section>
        {opened !== null && (
          <section aria-label={p('bundle.save')}>
            <h3>{p('bundle.save')}</h3>
            {verdict !== null && <VerdictView verdict={verdict} />}
            <Button
              look="primary"
              icon={Download}
              data-testid="bundle-save"
              onClick={() => saveBlob(opened.zip, opened.name)}
            >
              {p('reid.toZip')}
            </Button>
          </section>
        )}
        {problem !== null && (
          <p role="alert" className="form-error">
            {explain(problem).message}
          </p>
        )}
      </div>
    </Dialog>
  );
}
