import { useEffect, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { useWords } from '../../locales';
import { formatNumber } from '../../locales/format';
import { useApp } from '../../store';
import { useOffline, useRequests } from './offline-state';

/** The proof behind the badge: the policy that the browser enforces, what was requested since load, how to check it oneself. */
export function ProofDialog() {
  const { t, locale } = useWords();
  const requests = useRequests();
  const offline = useOffline();
  const [policy, setPolicy] = useState<readonly string[]>([]);
  useEffect(() => {
    const meta = document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]');
    setPolicy(
      (meta?.content ?? '')
        .split(';')
        .map((d) => d.trim())
        .filter(Boolean),
    );
  }, []);
  const foreign = requests.filter((r) => !r.own).length;
  return (
    <Dialog title={t('proof.title')} testId="proof-dialog" wide onClose={() => useApp.getState().openDialog(null)}>
      <div className="proof">
        <p>{t('proof.about')}</p>
        <dl className="facts">
          <dt>{t('proof.foreign')}</dt>
          <dd data-testid="proof-foreign">{formatNumber(foreign, locale)}</dd>
          <dt>{t('proof.own')}</dt>
          <dd data-testid="proof-own">{formatNumber(requests.length - foreign, locale)}</dd>
          <dt>{t('proof.offline')}</dt>
          <dd>{t(`offline.${offline}`)}</dd>
          <dt>{t('proof.network')}</dt>
          <dd>{navigator.onLine ? t('proof.online') : t('proof.unplugged')}</dd>
        </dl>
        {requests.length > 0 && (
          <details>
            <summary>{t('proof.list')}</summary>
            <ul className="proof__list mono">
              {requests.map((r, i) => (
                <li key={i}>{r.name}</li>
              ))}
            </ul>
          </details>
        )}
        <h3>{t('proof.policy')}</h3>
        {policy.length === 0 ? (
          <p className="dim">{t('proof.noPolicy')}</p>
        ) : (
          <ul className="proof__policy mono" data-testid="proof-policy">
            {policy.map((directive) => (
              <li key={directive}>{directive}</li>
            ))}
          </ul>
        )}
        <p className="dim">{t('proof.policyMeans')}</p>
        <h3>{t('proof.check')}</h3>
        <ol className="proof__steps">
          <li>{t('proof.step1')}</li>
          <li>{t('proof.step2')}</li>
          <li>{t('proof.step3')}</li>
        </ol>
      </div>
    </Dialog>
  );
}
