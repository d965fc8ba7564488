import { CircleCheck, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { sealingWorker } from '../../client/sealing';
import { Button } from '../../components/Button';
import { FilePicker } from '../../components/FilePicker';
import { explain } from '../../locales/explain';
import { useSealingWords } from '../../locales/sealing';
import { TextField } from './TextField';

/** The private key that opens something: picked, unlocked where it must be, held by the worker alone. */
export function KeyStep({ onReady }: { readonly onReady: (ready: boolean) => void }) {
  const { p } = useSealingWords();
  const [pem, setPem] = useState('');
  const [asks, setAsks] = useState(false);
  const [passphrase, setPassphrase] = useState('');
  const [kind, setKind] = useState<string | null>(null);
  /** A code: it is said in the language that is in force when it is shown. */
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (text: string, word: string) => {
    const taken = await sealingWorker().takeKey(text, word);
    setPassphrase('');
    setKind(taken.ok ? taken.value.toUpperCase() : null);
    onReady(taken.ok);
    if (taken.ok) setPem('');
    setAsks(!taken.ok && taken.code === 'wrong-passphrase');
    // The first time the passphrase is only asked for.
    setProblem(taken.ok || (word === '' && taken.code === 'wrong-passphrase') ? null : taken.code);
  };
  return (
    <section aria-label={p('reid.key')}>
      <h3>{p('reid.key')}</h3>
      <FilePicker
        label={p('reid.chooseKey')}
        icon={KeyRound}
        accept=".pem,.key"
        testId="reid-key"
        onPick={([chosen]) => {
          void chosen.text().then((text) => {
            setPem(text);
            return take(text, '');
          });
        }}
      >
        {kind !== null && (
          <span className="sealing__status" role="status" data-testid="reid-key-ready">
            <CircleCheck size={16} aria-hidden />
            {p('reid.ready', { kind })}
          </span>
        )}
      </FilePicker>
      {asks && (
        <form
          className="sealing__row"
          onSubmit={(event) => {
            event.preventDefault();
            void take(pem, passphrase);
          }}
        >
          <TextField
            label={p('reid.passphrase')}
            secret
            value={passphrase}
            testId="reid-passphrase"
            onChange={setPassphrase}
          />
          <Button type="submit" disabled={passphrase === ''} data-testid="reid-unlock">
            {p('reid.unlock')}
          </Button>
        </form>
      )}
      {problem !== null && (
        <p role="alert" className="form-error">
          {explain(problem).message}
        </p>
      )}
    </section>
  );
}
