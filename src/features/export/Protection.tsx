import { useId, useState } from 'react';
import { Button } from '../../components/Button';
import { Segments } from '../../components/Fields';
import { shortestPassword } from '../../core/export/aes-entry';
import { lengthOf, randomPassword } from '../../core/export/passwords';
import type { Protection } from '../../client/types';
import { Recipients } from '../sealing';
import { useSealingWords } from '../../locales/sealing';

export type ProtectionChoice = { readonly kind: 'none' } | Protection;

/** Whether an archive can be made with what was chosen. */
export function isComplete(choice: ProtectionChoice): boolean {
  if (choice.kind === 'recipients') return choice.certificates.length > 0;
  return choice.kind === 'none' || lengthOf(choice.password) >= shortestPassword;
}

const empty: Readonly<Record<ProtectionChoice['kind'], ProtectionChoice>> = {
  none: { kind: 'none' },
  password: { kind: 'password', password: '' },
  recipients: { kind: 'recipients', certificates: [] },
};

/** Who can open the ZIP: anybody, or who has the password. */
export function ProtectionFields({
  choice,
  onChange,
}: {
  readonly choice: ProtectionChoice;
  readonly onChange: (choice: ProtectionChoice) => void;
}) {
  const { p } = useSealingWords();
  return (
    <section aria-label={p('protect.title')} className="protect">
      <h3>{p('protect.title')}</h3>
      <Segments
        label={p('protect.title')}
        value={choice.kind}
        choices={(['none', 'password', 'recipients'] as const).map((value) => ({
          value,
          label: p(`protect.${value}`),
        }))}
        onChange={(kind) => onChange(empty[kind])}
      />
      <p className="dim">{p(`protect.${choice.kind}Help`)}</p>
      {choice.kind === 'password' && (
        <PasswordField password={choice.password} onChange={(password) => onChange({ kind: 'password', password })} />
      )}
      {choice.kind === 'recipients' && (
        <Recipients
          value={choice.certificates}
          onChange={(certificates) => onChange({ kind: 'recipients', certificates })}
        />
      )}
    </section>
  );
}

function PasswordField({
  password,
  onChange,
}: {
  readonly password: string;
  readonly onChange: (password: string) => void;
}) {
  const { p } = useSealingWords();
  const id = useId();
  const [shown, setShown] = useState(false);
  const [copied, setCopied] = useState(false);
  const change = (next: string) => {
    setCopied(false);
    onChange(next);
  };
  return (
    <>
      <div className="labelled-field">
        <label htmlFor={id}>{p('protect.word', { count: shortestPassword })}</label>
        <div className="protect__row">
          <input
            id={id}
            className="field field--mono"
            type={shown ? 'text' : 'password'}
            value={password}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={password !== '' && lengthOf(password) < shortestPassword}
            aria-describedby={`${id}-help`}
            data-testid="protect-password"
            onChange={(event) => change(event.target.value)}
          />
          <Button aria-pressed={shown} onClick={() => setShown(!shown)}>
            {p(shown ? 'protect.hide' : 'protect.show')}
          </Button>
          <Button
            data-testid="protect-make"
            onClick={() => {
              change(randomPassword());
              setShown(true);
            }}
          >
            {p('protect.make')}
          </Button>
          <Button
            disabled={password === ''}
            onClick={() => void navigator.clipboard.writeText(password).then(() => setCopied(true))}
          >
            {p('protect.copy')}
          </Button>
        </div>
      </div>
      <p id={`${id}-help`} className="dim">
        {p('protect.keep')} <span role="status">{copied && p('protect.copied')}</span>
      </p>
    </>
  );
}
