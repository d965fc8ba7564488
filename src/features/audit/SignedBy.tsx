import { BadgeCheck, BadgeMinus } from 'lucide-react';
import type { SignatureFacts } from '../../core/cms/signature';
import { formatDate } from '../../locales/format';
import { useSealingWords } from '../../locales/sealing';

/** Who signed a record, and how to be sure of it. */
export function SignedBy({ signature }: { readonly signature: SignatureFacts | null }) {
  const { p, locale } = useSealingWords();
  if (signature === null) {
    return (
      <p className="verify__signature" data-testid="verify-signature">
        <BadgeMinus size={16} aria-hidden />
        <span>{p('sign.none')}</span>
      </p>
    );
  }
  const date = formatDate((signature.signed ?? '').slice(0, 10).replaceAll('-', ''), locale);
  return (
    <div className="verify__signature" data-testid="verify-signature">
      <BadgeCheck size={16} aria-hidden />
      <span>
        {p('sign.by', { name: signature.name, date })}{' '}
        <span className="dim mono">
          {p('recipients.print', { print: signature.fingerprint.match(/.{8}/g)?.join(' ') ?? '' })}
        </span>{' '}
        <span className="dim">{p('sign.compare')}</span>
      </span>
    </div>
  );
}
