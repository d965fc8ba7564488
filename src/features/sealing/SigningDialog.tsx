import { BadgeCheck, Download, FolderOpen, KeyRound, Trash2 } from 'lucide-react';
import { useEffect, useId, useState, useSyncExternalStore, type SyntheticEvent } from 'react';
import { dropKey, keepKey, storedKey } from '../../client/key-store';
import { sealingWorker } from '../../client/sealing';
import { Button } from '../../components/Button';
import { FilePicker } from '../../components/FilePicker';
import { Dialog } from '../../components/Dialog';
import type { CertificateFacts } from '../../core/cms/certificates';
import type { Result } from '../../core/result';
import { explain } from '../../locales/explain';
import { useSealingWords } from '../../locales/sealing';
import { useApp } from '../../store';
import { getSigner, onSigner, saveBlob, setSigner } from '../session';
import { TextField } from './TextField';
import './sealing.css';

/** Shortest passphrase of a key, as core has it; kept here so that this panel does not load what makes keys. */
const shortest = 12;

/** The key that records and images are signed with: made or imported, unlocked for the session, saved, forgotten. */
export function SigningDialog() {
  const { p } = useSealingWords();
  const signer = useSyncExternalStore(onSigner, getSigner);
  const [pem, setPem] = useState<string | null>(null);
  const [facts, setFacts] = useState<CertificateFacts | null>(null);
  /** A code: it is said in the language that is in force when it is shown. */
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void storedKey().then(setPem);
  }, []);
  useEffect(() => {
    setFacts(null);
    if (pem === null) return;
    void sealingWorker()
      .signingKeyFacts(pem)
      .then((read) => {
        if (read.ok) setFacts(read.value);
      });
  }, [pem]);

  /** A key under its passphrase becomes the one that signs. */
  const take = async (made: Promise<Result<string>>, passphrase: string) => {
    setBusy(true);
    setProblem(null);
    const text = await made;
    const opened = text.ok ? await sealingWorker().unlockSigner(text.value, passphrase) : text;
    setBusy(false);
    if (!text.ok || !opened.ok) {
      setProblem(opened.ok ? 'bad-key' : opened.code);
      return;
    }
    await keepKey(text.value);
    setPem(text.value);
    setSigner(opened.value);
  };
  const forget = async () => {
    await dropKey();
    setSigner(null);
    setPem(null);
  };
  const save = (text: string, name: string) => saveBlob(new Blob([text], { type: 'application/x-pem-file' }), name);

  return (
    <Dialog title={p('sign.title')} testId="signing-dialog" beside onClose={() => useApp.getState().openDialog(null)}>
      <div className="sealing">
        <p>{p('sign.about')}</p>
        {pem !== null && (
          <section aria-label={p('sign.yours')} data-testid="signing-key">
            <h3>{p('sign.yours')}</h3>
            {facts && (
              <>
                <p className="sealing__status">
                  <BadgeCheck size={16} aria-hidden />
                  <strong>{facts.name}</strong> <span className="dim">{facts.key}</span>
                </p>
                <p className="dim mono recipients__print">
                  {p('recipients.print', { print: facts.fingerprint.match(/.{8}/g)?.join(' ') ?? '' })}
                </p>
              </>
            )}
            {signer === null ? (
              <>
                <Unlock onUnlock={(passphrase) => take(Promise.resolve({ ok: true, value: pem }), passphrase)} />
                {problem !== null && <Problem code={problem} />}
              </>
            ) : (
              <p role="status" data-testid="signer-ready">
                {p('sign.ready')}
              </p>
            )}
            <div className="sealing__row">
              <Button
                size="small"
                icon={Download}
                onClick={() => save(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')), 'lethe-certificate.pem')}
              >
                {p('sign.saveCertificate')}
              </Button>
              <Button size="small" icon={Download} onClick={() => save(pem, 'lethe-signing-key.pem')}>
                {p('sign.saveKey')}
              </Button>
              <Button size="small" look="danger" icon={Trash2} onClick={() => void forget()}>
                {p('sign.forget')}
              </Button>
            </div>
          </section>
        )}
        {pem === null && (
          <>
            <MakeKey
              busy={busy}
              onMake={(name, passphrase) => take(sealingWorker().makeSigningKey(name, passphrase), passphrase)}
            />
            <ImportKey
              busy={busy}
              onImport={(text, old, next) => take(sealingWorker().adoptSigningKey(text, old, next), next)}
            />
          </>
        )}
        {problem !== null && pem === null && <Problem code={problem} />}
      </div>
    </Dialog>
  );
}

function Problem({ code }: { readonly code: string }) {
  return (
    <p role="alert" className="form-error">
      {explain(code).message}
    </p>
  );
}

export function Unlock({ onUnlock }: { readonly onUnlock: (passphrase: string) => Promise<void> }) {
  const { p } = useSealingWords();
  const [passphrase, setPassphrase] = useState('');
  return (
    <form
      className="sealing__row"
      onSubmit={(event) => {
        event.preventDefault();
        void onUnlock(passphrase).then(() => setPassphrase(''));
      }}
    >
      <TextField
        label={p('reid.passphrase')}
        secret
        value={passphrase}
        testId="signing-passphrase"
        onChange={setPassphrase}
      />
      <Button type="submit" disabled={passphrase === ''} data-testid="signing-unlock">
        {p('reid.unlock')}
      </Button>
    </form>
  );
}

function MakeKey({
  busy,
  onMake,
}: {
  readonly busy: boolean;
  readonly onMake: (name: string, passphrase: string) => Promise<void>;
}) {
  const { p } = useSealingWords();
  const [name, setName] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const differ = again !== '' && again !== passphrase;
  const good = name.trim() !== '' && Array.from(passphrase).length >= shortest && passphrase === again;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (good) void onMake(name.trim(), passphrase);
  };
  return (
    <section aria-label={p('sign.make')}>
      <h3>{p('sign.make')}</h3>
      <p className="dim">{p('sign.makeHelp')}</p>
      <form className="sealing__form" onSubmit={submit}>
        <TextField label={p('sign.name')} value={name} testId="signing-name" onChange={setName} />
        <TextField
          label={p('sign.passphrase', { count: shortest })}
          secret
          value={passphrase}
          testId="signing-new"
          onChange={setPassphrase}
        />
        <TextField
          label={p('sign.again')}
          secret
          value={again}
          testId="signing-again"
          invalid={differ}
          onChange={setAgain}
        />
        {differ && <p className="form-error">{p('sign.differ')}</p>}
        <Button type="submit" look="primary" icon={KeyRound} disabled={!good || busy} data-testid="signing-make">
          {p(busy ? 'sign.making' : 'sign.makeIt')}
        </Button>
      </form>
    </section>
  );
}

function ImportKey({
  busy,
  onImport,
}: {
  readonly busy: boolean;
  readonly onImport: (text: string, old: string, next: string) => Promise<void>;
}) {
  const { p } = useSealingWords();
  const id = useId();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{p('sign.import')}</h3>
      <p className="dim">{p('sign.importHelp')}</p>
      <FilePicker
        label={p('reid.chooseKey')}
        icon={FolderOpen}
        accept=".pem,.key"
        testId="signing-file"
        onPick={([chosen]) => {
          setName(chosen.name);
          void chosen.text().then(setText);
        }}
      >
        <span className="mono">{name}</span>
      </FilePicker>
      {text !== '' && (
        <form
          className="sealing__form"
          onSubmit={(event) => {
            event.preventDefault();
            void onImport(text, old, next).then(() => setText(''));
          }}
        >
          <TextField label={p('sign.old')} secret value={old} onChange={setOld} />
          <TextField label={p('sign.passphrase', { count: shortest })} secret value={next} onChange={setNext} />
          <Button type="submit" disabled={busy || Array.from(next).length < shortest}>
            {p('sign.importIt')}
          </Button>
        </form>
      )}
    </section>
  );
}
