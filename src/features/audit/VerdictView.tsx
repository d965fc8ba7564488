import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { Result } from '../../core/result';
import { useWords } from '../../locales';
import { explain } from '../../locales/explain';
import { sentenceGap } from '../../locales/format';
import { useSealingWords } from '../../locales/sealing';
import { ImagesSigned } from './ImagesSigned';
import { SignedBy } from './SignedBy';
import type { Verdict } from './verify';
import './record.css';

const mostProblems = 200;

/** Whether an export is as its record says, who signed it, and what is not as it should be. */
export function VerdictView({ verdict }: { readonly verdict: Result<Verdict> }) {
  const { t, locale } = useWords();
  const { p } = useSealingWords();
  const images = verdict.ok ? verdict.value.images : undefined;
  const imagesGood =
    images === undefined ||
    (images.problems.length === 0 && images.unsigned.length === 0 && verdict.ok && verdict.value.otherSigner !== true);
  const good = verdict.ok && verdict.value.problems.length === 0 && imagesGood;
  const imagesAlone = images !== undefined && verdict.ok && verdict.value.signature === undefined;
  const security = verdict.ok ? verdict.value.security : undefined;
  const securityAlone = verdict.ok && security !== undefined && verdict.value.listed === 0;
  return (
    <>
      {security && (
        <p
          className={`verify__verdict${'entries' in security ? '' : ' verify__verdict--bad'}`}
          role="status"
          data-testid="verify-security"
        >
          {'entries' in security ? <CircleCheck size={16} aria-hidden /> : <TriangleAlert size={16} aria-hidden />}
          <span>
            {'entries' in security
              ? t('verify.securityGood', { count: security.entries })
              : t('verify.securityBad', { where: security.where })}
          </span>
        </p>
      )}
      {!securityAlone && (
        <p
          className={`verify__verdict${good ? '' : ' verify__verdict--bad'}`}
          role="status"
          data-testid="verify-verdict"
        >
          {good ? <CircleCheck size={16} aria-hidden /> : <TriangleAlert size={16} aria-hidden />}
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
      {verdict.ok && verdict.value.problems.length > 0 && (
        <ul className="verify__problems">
          {verdict.value.problems.slice(0, mostProblems).map(({ kind, path = '' }) => (
            <li key={`${kind} ${path}`}>
              <span>{t(`verify.${kind}`)}</span>
              {sentenceGap(locale)}
              <code className="mono">{path}</code>
            </li>
          ))}
          {verdict.value.problems.length > mostProblems && (
            <li>{t('verify.more', { count: verdict.value.problems.length - mostProblems })}</li>
          )}
        </ul>
      )}
      {verdict.ok && verdict.value.signature !== undefined && <SignedBy signature={verdict.value.signature} />}
      {images && <ImagesSigned account={images} otherSigner={verdict.ok && verdict.value.otherSigner === true} />}
    </>
  );
}
