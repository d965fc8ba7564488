import { Download, FileInput, FilePlus2, FolderOpen } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { sealingWorker } from '../../client/sealing';
import { Button } from '../../components/Button';
import { FilePicker } from '../../components/FilePicker';
import { Dialog } from '../../components/Dialog';
import { emptyLookup, findIn, lookupFromCsv, mergeLookups, type Lookup } from '../../core/lookup/table';
import type { Result } from '../../core/result';
import { explain } from '../../locales/explain';
import { formatPersonName } from '../../locales/format';
import { useSealingWords } from '../../locales/sealing';
import { useApp } from '../../store';
import { dropPlans, getLookup, onLookup, saveBlob, setLookup } from '../session';
import { TextField } from './TextField';
import './sealing.css';

const shortest = 12;
const mostFound = 50;

/** The lookup table of a project: opened with its passphrase, continued by exports, merged, searched, saved encrypted. */
export function LookupDialog() {
  const { p } = useSealingWords();
  const table = useSyncExternalStore(onLookup, getLookup);
  /** A code, said in the language that is in force when it is shown, below what it is about. */
  const [problem, setProblem] = useState<{ readonly of: 'table' | 'csv'; readonly code: string } | null>(null);
  const [saved, setSaved] = useState(false);

  /** What was read joins what is there. */
  const join = (of: 'table' | 'csv') => (read: Result<Lookup>) => {
    setSaved(false);
    const merged = read.ok ? mergeLookups(table ?? emptyLookup, read.value) : read;
    if (!merged.ok) {
      setProblem({ of, code: merged.code });
      return;
    }
    setProblem(null);
    setLookup(merged.value);
    refreshPlans();
  };
  return (
    <Dialog title={p('lookup.title')} testId="lookup-dialog" beside onClose={() => useApp.getState().openDialog(null)}>
      <div className="sealing">
        <p>{p('lookup.about')}</p>
        <section aria-label={p('lookup.open')}>
          <h3>{p('lookup.open')}</h3>
          {table === null ? (
            <Button
              icon={FilePlus2}
              data-testid="lookup-new"
              onClick={() => {
                setLookup(emptyLookup);
                refreshPlans();
              }}
            >
              {p('lookup.new')}
            </Button>
          ) : (
            <p role="status" data-testid="lookup-count">
              {p('lookup.count', { count: table.patients.length })}
            </p>
          )}
          <OpenTable onRead={join('table')} />
          {problem?.of === 'table' && <Problem code={problem.code} />}
          <ImportCsv onRead={join('csv')} />
          {problem?.of === 'csv' && <Problem code={problem.code} />}
        </section>
        {table !== null && (
          <>
            <Find table={table} />
            <SaveTable table={table} onSaved={() => setSaved(true)} />
          </>
        )}
        <p role="status">{saved && p('lookup.saved')}</p>
      </div>
    </Dialog>
  );
}

function Problem({ code }: { readonly code: string }) {
  const { p } = useSealingWords();
  return (
    <p role="alert" className="form-error">
      {code === 'bad-profile' ? p('lookup.contradict') : explain(code).message}
    </p>
  );
}

/** Other pseudonyms mean other plans. */
function refreshPlans(): void {
  dropPlans();
  useApp.setState((state) => ({ profile: { ...state.profile } }));
}

function OpenTable({ onRead }: { readonly onRead: (read: Result<Lookup>) => void }) {
  const { p } = useSealingWords();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [passphrase, setPassphrase] = useState('');
  return (
    <>
      <FilePicker
        label={p('lookup.openFile')}
        icon={FolderOpen}
        accept=".jwe,.txt"
        testId="lookup-file"
        onPick={([chosen]) => {
          setName(chosen.name);
          void chosen.text().then(setText);
        }}
      >
        <span className="mono">{name}</span>
      </FilePicker>
      {text !== '' && (
        <form
          className="sealing__row"
          onSubmit={(event) => {
            event.preventDefault();
            void sealingWorker()
              .openLookup(text, passphrase)
              .then((read) => {
                onRead(read);
                setPassphrase('');
                if (read.ok) setText('');
              });
          }}
        >
          <TextField
            label={p('lookup.passphrase')}
            secret
            value={passphrase}
            testId="lookup-passphrase"
            onChange={setPassphrase}
          />
          <Button type="submit" disabled={passphrase === ''} data-testid="lookup-unlock">
            {p('reid.unlock')}
          </Button>
        </form>
      )}
    </>
  );
}

function ImportCsv({ onRead }: { readonly onRead: (read: Result<Lookup>) => void }) {
  const { p } = useSealingWords();
  return (
    <FilePicker
      label={p('lookup.import')}
      icon={FileInput}
      accept=".csv,text/csv"
      testId="lookup-csv"
      onPick={([chosen]) => void chosen.text().then((text) => onRead(lookupFromCsv(text)))}
    />
  );
}

function Find({ table }: { readonly table: Lookup }) {
  const { p } = useSealingWords();
  const [wanted, setWanted] = useState('');
  const found = findIn(table, wanted);
  return (
    <section aria-label={p('lookup.find')} className="sealing__form">
      <h3>{p('lookup.find')}</h3>
      <TextField label={p('lookup.findHelp')} value={wanted} testId="lookup-find" onChange={setWanted} />
      <ul aria-live="polite" className="recipients__list" data-testid="lookup-found">
        {found.slice(0, mostFound).map(({ id, name, pseudonym }) => (
          <li key={id}>
            <span className="mono">{pseudonym}</span> <span>{id}</span> <span>{formatPersonName(name)}</span>
          </li>
        ))}
      </ul>
      {wanted.trim() !== '' && found.length === 0 && <p className="dim">{p('lookup.nobody')}</p>}
    </section>
  );
}

function SaveTable({ table, onSaved }: { readonly table: Lookup; readonly onSaved: () => void }) {
  const { p } = useSealingWords();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const differ = again !== '' && again !== passphrase;
  const good = Array.from(passphrase).length >= shortest && passphrase === again;
  return (
    <section aria-label={p('lookup.save')}>
      <h3>{p('lookup.save')}</h3>
      <p className="dim">{p('lookup.saveHelp')}</p>
      <form
        className="sealing__form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!good) return;
          void sealingWorker()
            .sealLookup(table, passphrase)
            .then((sealed) => {
              saveBlob(new Blob([`${sealed}\n`], { type: 'application/jose' }), 'lethe-lookup.jwe');
              setPassphrase('');
              setAgain('');
              onSaved();
            });
        }}
      >
        <TextField
          label={p('sign.passphrase', { count: shortest })}
          secret
          value={passphrase}
          testId="lookup-save-passphrase"
          onChange={setPassphrase}
        />
        <TextField
          label={p('sign.again')}
          secret
          value={again}
          testId="lookup-save-again"
          invalid={differ}
          onChange={setAgain}
        />
        {differ && <p className="form-error">{p('sign.differ')}</p>}
        <Button type="submit" look="primary" icon={Download} disabled={!good} data-testid="lookup-save">
          {p('lookup.saveIt')}
        </Button>
      </form>
    </section>
  );
}
