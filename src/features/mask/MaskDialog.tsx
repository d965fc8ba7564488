import { FolderOpen } from 'lucide-react';
import { useId, useMemo, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { FilePicker } from '../../components/FilePicker';
import { privacyWorker, type MaskedText } from '../../client/privacy';
import { decodeDocument, type DocumentFormat } from '../../core/privacy/mask/document';
import { peopleWithTable } from '../../core/privacy/mask/table-people';
import type { Result } from '../../core/result';
import { explain } from '../../locales/explain';
import { formatPersonName, sentenceGap } from '../../locales/format';
import { usePrivacyWords } from '../../locales/privacy';
import { useApp } from '../../store';
import { SelectField } from '../../components/LabelledField';
import { getKey, getLookup, keepDocument, onLookup, saveBlob, sessionPeople } from '../session';
import './mask.css';

/** More than a list that people look through; texts about the others are found by what they name. */
const mostListed = 200;
/** Pieces of a diff that are drawn; the file holds all of it. */
const mostPieces = 4000;

export function MaskDialog() {
  const { p, locale } = usePrivacyWords();
  const id = useId();
  const instances = useApp((s) => s.instances);
  const profile = useApp((s) => s.profile);
  const table = useSyncExternalStore(onLookup, getLookup);
  const people = useMemo(() => {
    const open = sessionPeople();
    return table === null ? open : peopleWithTable(open, table);
  }, [instances, profile, table]);
  const [source, setSource] = useState('');
  const [name, setName] = useState('');
  const [format, setFormat] = useState<DocumentFormat | 'auto'>('auto');
  const [subject, setSubject] = useState('');
  const [extra, setExtra] = useState<readonly string[]>([]);
  const [result, setResult] = useState<Result<MaskedText> | null>(null);
  const [kept, setKept] = useState<string | null>(null);

  const run = async (text: string, words: readonly string[], fileName = name) => {
    setKept(null);
    setExtra(words);
    setResult(
      await privacyWorker().mask(
        { name: fileName, text, ...(format !== 'auto' && { format }), ...(subject !== '' && { subject }) },
        { profile, key: getKey(), people, extra: words },
      ),
    );
  };
  const open = async (chosen: File) => {
    const text = decodeDocument(new Uint8Array(await chosen.arrayBuffer()));
    if (!text.ok) {
      setResult(text);
      return;
    }
    setSource(text.value);
    setName(chosen.name);
    await run(text.value, [], chosen.name);
  };
  const masked = result?.ok === true ? result.value : null;
  return (
    <Dialog title={p('mask.title')} testId="mask-dialog" wide beside onClose={() => useApp.getState().openDialog(null)}>
      <div
        className="mask"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          const [chosen] = event.dataTransfer.files;
          if (chosen) void open(chosen);
        }}
      >
        <p>{p('mask.about')}</p>
        <p className="dim">{p('mask.people', { count: people.length })}</p>
        <div className="labelled-field">
          <label htmlFor={id}>{p('mask.source')}</label>
          <textarea
            id={id}
            className="field mask__source"
            rows={7}
            value={source}
            spellCheck={false}
            data-testid="mask-source"
            onChange={(event) => {
              setSource(event.target.value);
              setName('');
            }}
          />
        </div>
        <div className="mask__actions">
          <SelectField
            label={p('mask.format')}
            value={format}
            choices={(['auto', 'text', 'csv', 'json'] as const).map((value) => ({ value, label: p(`mask.${value}`) }))}
            onChange={setFormat}
          />
          <SelectField
            label={p('mask.subject')}
            value={subject}
            choices={[
              { value: '', label: p('mask.anyone') },
              ...people.slice(0, mostListed).map((person) => ({
                value: person.identity.patientKey,
                label: `${formatPersonName(person.name) || p('mask.unnamed')} ${person.id}`,
              })),
            ]}
            onChange={setSubject}
          />
          <FilePicker
            label={p('mask.open')}
            icon={FolderOpen}
            accept=".txt,.csv,.tsv,.json,.md,text/*"
            testId="mask-file"
            onPick={([chosen]) => void open(chosen)}
          />
          <Button look="primary" data-testid="mask-run" disabled={source.trim() === ''} onClick={() => void run(source, extra)}>
            {p('mask.run')}
          </Button>
        </div>
        {result?.ok === false && (
          <p role="alert" className="mask__problem">
            {p('mask.problem')}{sentenceGap(locale)}{explain(result.code).message}
          </p>
        )}
        {masked && (
          <section className="mask__result" data-testid="mask-result">
            <h3>{p('mask.result')}</h3>
            <p role="status">
              {masked.segments.some((s) => s.before !== undefined)
                ? `${p('mask.found', { masked: masked.segments.filter((s) => s.before !== undefined).length, patients: masked.patients })}${sentenceGap(locale)}${p('mask.read')}`
                : p('mask.nothing')}
            </p>
            {masked.unclear > 0 && <p>{p('mask.unclear', { count: masked.unclear })}</p>}
            <pre className="mask__diff" tabIndex={0} data-testid="mask-diff">
              {masked.segments.slice(0, mostPieces).map((s, i) =>
                s.before === undefined ? (
                  s.text
                ) : (
                  <span key={i}>
                    <del>{s.before}</del>
                    <ins>{s.text}</ins>
                  </span>
                ),
              )}
              {masked.segments.length > mostPieces && '\n…'}
            </pre>
            {masked.possibleNames.length > 0 && (
              <>
                <h3>{p('mask.possible')}</h3>
                <p className="dim">{p('mask.possibleHelp')}</p>
                <p className="mask__names">
                  {masked.possibleNames.map((word) => (
                    <Button key={word} size="small" onClick={() => void run(source, [...extra, word])}>
                      {word}
                    </Button>
                  ))}
                </p>
              </>
            )}
            <div className="mask__actions">
              <Button data-testid="mask-save" onClick={() => saveBlob(new Blob([masked.text], { type: 'text/plain' }), masked.outputName)}>
                {p('mask.save')}
              </Button>
              <Button
                data-testid="mask-keep"
                disabled={instances.size === 0}
                onClick={() => {
                  keepDocument({ path: `texts/${masked.outputName}`, text: masked.text, masked: { ...masked.counts } });
                  setKept(masked.outputName);
                }}
              >
                {p('mask.keep')}
              </Button>
              <span role="status">{kept !== null && p('mask.kept', { name: kept })}</span>
            </div>
          </section>
        )}
      </div>
    </Dialog>
  );
} // prettier-ignore
