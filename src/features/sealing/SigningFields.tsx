import { useEffect, useId, useState, useSyncExternalStore } from 'react';
import { storedKey } from '../../client/key-store';
import { sealingWorker } from '../../client/sealing';
import { Button } from '../../components/Button';
import { explain } from '../../locales/explain';
import { useSealingWords } from '../../locales/sealing';
import { useApp } from '../../store';
import { getSigner, onSigner, setSigner } from '../session';
import { Unlock } from './SigningDialog';
import './sealing.css';

interface SigningFieldsProps {
  readonly record: boolean;
  readonly onRecord: (record: boolean) => void;
  readonly images: boolean;
  readonly onImages: (images: boolean) => void;
}

/** In the export window: whether the record is signed, and with whose key. */
export function SigningFields({ record, onRecord, images, onImages }: SigningFieldsProps) {
  const { p } = useSealingWords();
  const id = useId();
  const signer = useSyncExternalStore(onSigner, getSigner);
  const [pem, setPem] = useState<string | null>(null);
  /** A code: it is said in the language that is in force when it is shown. */
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    void storedKey().then(setPem);
  }, [signer]);
  const unlock = async (passphrase: string) => {
    if (pem === null) return;
    const opened = await sealingWorker().unlockSigner(pem, passphrase);
    setProblem(opened.ok ? null : opened.code);
    if (opened.ok) setSigner(opened.value);
  };
  return (
    <section aria-label={p('sign.section')} className="signing">
      <h3>{p('sign.section')}</h3>
      <p className="dim">{p('sign.sectionHelp')}</p>
      {signer !== null && (
        <label className="check">
          <input
            type="checkbox"
            checked={record}
            data-testid="sign-record"
            onChange={(event) => onRecord(event.target.checked)}
          />
          <span>{p('sign.record', { name: signer.facts.name })}</span>
        </label>
      )}
      {signer?.images !== undefined && (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={images}
              data-testid="sign-images"
              aria-describedby={`${id}-images`}
              onChange={(event) => onImages(event.target.checked)}
            />
            <span>{p('sign.images', { name: signer.facts.name })}</span>
          </label>
          <p id={`${id}-images`} className="dim">
            {p('sign.imagesHelp', { name: signer.facts.name })}
          </p>
        </>
      )}
      {signer !== null && signer.images === undefined && <p className="dim">{p('sign.imagesRsa')}</p>}
      {signer === null && pem !== null && <Unlock onUnlock={unlock} />}
      {signer === null && pem === null && (
        <Button size="small" onClick={() => useApp.getState().openDialog('signing')}>
          {p('sign.make')}
        </Button>
      )}
      {problem !== null && (
        <p role="alert" className="form-error">
          {explain(problem).message}
        </p>
      )}
    </section>
  );
}
