import { ShieldCheck, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../../components/Button';
import { FilePicker } from '../../components/FilePicker';
import { sealingWorker } from '../../client/sealing';
import type { CertificateFacts } from '../../core/cms/certificates';
import { formatDate } from '../../locales/format';
import { explain } from '../../locales/explain';
import { useSealingWords } from '../../locales/sealing';
import './sealing.css';

interface RecipientsProps {
  /** Certificates, PEM. */
  readonly value: readonly string[];
  readonly onChange: (certificates: readonly string[]) => void;
}

type Known = ReadonlyMap<string, CertificateFacts | null>;

/** The certificates of those who may open something: who they are, and how to be sure of it. */
export function Recipients({ value, onChange }: RecipientsProps) {
  const { p, locale } = useSealingWords();
  const [known, setKnown] = useState<Known>(new Map());
  /** A code: it is said in the language that is in force when it is shown. */
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    const unknown = value.filter((pem) => !known.has(pem));
    if (unknown.length === 0) return;
    let left = false;
    void Promise.all(
      unknown.map(async (pem) => {
        const read = await sealingWorker().readCertificates(new TextEncoder().encode(pem));
        return [pem, read.ok ? (read.value[0] ?? null) : null] as const;
      }),
    ).then((read) => {
      if (!left) setKnown((before) => new Map([...before, ...read]));
    });
    return () => {
      left = true;
    };
  }, [value, known]);

  const add = async (chosen: readonly File[]) => {
    setProblem(null);
    let next = [...value];
    for (const one of chosen) {
      const read = await sealingWorker().readCertificates(new Uint8Array(await one.arrayBuffer()));
      if (!read.ok || read.value.length === 0) {
        setProblem('bad-certificate');
        continue;
      }
      next = [...next, ...read.value.map((c) => c.pem)];
    }
    onChange([...new Set(next)]);
  };

  return (
    <div className="recipients">
      {value.length > 0 && (
        <ul className="recipients__list" data-testid="recipients">
          {value.map((pem) => {
            const facts = known.get(pem);
            const now = new Date().toISOString();
            return (
              <li key={pem}>
                <ShieldCheck size={16} aria-hidden />
                <span className="recipients__words">
                  <strong>{facts ? facts.name : facts === null ? p('recipients.unreadable') : '…'}</strong>
                  {facts && (
                    <>
                      <span className="dim">
                        {p('recipients.facts', {
                          key: facts.key,
                          until: formatDate(facts.until.slice(0, 10).replaceAll('-', ''), locale),
                        })}
                      </span>
                      {(now < facts.from || now > facts.until) && (
                        <span className="form-error">{p('recipients.expired')}</span>
                      )}
                      <span className="dim mono recipients__print">
                        {p('recipients.print', { print: facts.fingerprint.match(/.{8}/g)?.join(' ') ?? '' })}
                      </span>
                    </>
                  )}
                </span>
                <IconButton
                  icon={X}
                  small
                  label={p('recipients.remove', { name: facts?.name ?? '' })}
                  onClick={() => onChange(value.filter((other) => other !== pem))}
                />
              </li>
            );
          })}
        </ul>
      )}
      {value.length > 0 && <p className="dim">{p('recipients.compare')}</p>}
      <FilePicker
        label={p('recipients.add')}
        size="small"
        accept=".pem,.crt,.cer,.der"
        multiple
        testId="certificate-file"
        buttonId="add-certificate"
        onPick={(chosen) => void add(chosen)}
      />
      {problem !== null && (
        <p role="alert" className="form-error">
          {explain(problem).message}
        </p>
      )}
    </div>
  );
}
