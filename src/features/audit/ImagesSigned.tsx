import { BadgeCheck, TriangleAlert } from 'lucide-react';
import type { SignatureAccount } from '../../core/signature/account';
import { explain } from '../../locales/explain';
import { formatDate } from '../../locales/format';
import { useSealingWords } from '../../locales/sealing';

const mostListed = 200;

/** What the digital signatures in DICOM files say: by whom, and which files stand out. */
export function ImagesSigned({ account, otherSigner }: { readonly account: SignatureAccount; readonly otherSigner: boolean }) {
  const { p, locale } = useSealingWords();
  const date = (iso: string): string => formatDate(iso.slice(0, 10).replaceAll('-', ''), locale);
  const when = (from: string, until: string): string =>
    from.slice(0, 10) === until.slice(0, 10) ? date(from) : `${date(from)} – ${date(until)}`;
  const files = [
    ...account.problems.map(({ path, code }) => ({ path, text: explain(code).message })),
    ...account.unsigned.map((path) => ({ path, text: p('images.unsigned') })),
    ...account.partial.map(({ path, uncovered }) => ({ path, text: p('images.partial', { count: uncovered.length }) })),
    ...account.outdated.map((path) => ({ path, text: p('images.outdated') })),
  ];
  return (
    <section aria-label={p('images.title')} className="verify__images" data-testid="verify-images">
      {account.signers.map(({ name, fingerprint, files: count, from, until }) => (
        <div key={fingerprint} className="verify__signature">
          <BadgeCheck size={16} aria-hidden />
          <span>
            {p('images.by', { count, name, when: when(from, until) })}{' '}
            <span className="dim mono">{p('recipients.print', { print: fingerprint.match(/.{8}/g)?.join(' ') ?? '' })}</span>{' '}
            <span className="dim">{p('sign.compare')}</span>
          </span>
        </div>
      ))}
      {otherSigner && (
        <p className="verify__verdict verify__verdict--bad">
          <TriangleAlert size={16} aria-hidden />
          <span>{p('images.otherSigner')}</span>
        </p>
      )}
      {files.length > 0 && (
        <ul className="verify__problems">
          {files.slice(0, mostListed).map(({ path, text }) => (
            <li key={`${path} ${text}`}>
              <span>{text}</span> <code className="mono">{path}</code>
            </li>
          ))}
          {files.length > mostListed && <li>{p('reid.more', { count: files.length - mostListed })}</li>}
        </ul>
      )}
    </section>
  );
} // prettier-ignore
