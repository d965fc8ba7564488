import { useEffect, useState } from 'react';
import { RefreshCw } from 'lucide-react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { useWords } from '../../locales';
import { formatNumber } from '../../locales/format';
import { useApp } from '../../store';
import { lookForUpdate, takeUpdate, useOffline, useRequests } from './offline-state';

type Looked = 'not-yet' | 'looking' | 'current' | 'waiting' | 'failed';

/** The one request that a person can ask for: is there a newer page where this one came from? */
function Update() {
  const { t } = useWords();
  const offline = useOffline();
  const [looked, setLooked] = useState<Looked>('not-yet');
  if (offline === 'unsupported') return null;
  const waiting = offline === 'update-waiting';
  const look = () => {
    setLooked('looking');
    void lookForUpdate().then(setLooked);
  };
  return (
    <>
      <h3>{t('proof.update')}</h3>
      <p>{t('proof.updateAbout')}</p>
      <div className="proof__update">
        {waiting ? (
          <Button size="small" icon={RefreshCw} data-testid="take-update" onClick={takeUpdate}>
            {t('proof.takeUpdate')}
          </Button>
        ) : (
          <Button
            size="small"
            icon={RefreshCw}
            disabled={looked === 'looking'}
            data-testid="look-for-update"
            onClick={look}
          >
            {t('proof.lookForUpdate')}
          </Button>
        )}
        <span role="status" className="dim" data-testid="update-state">
          {waiting ? t('proof.update.waiting') : looked === 'not-yet' ? '' : t(`proof.update.${looked}`)}
        </span>
      </div>
    </>
  );
}

/** The proof behind the badge: the policy that the browser enforces, what was requested since load, how to check it oneself. */
export function ProofDialog() {
  const { t, locale } = useWords();
  const requests = useRequests();
  const offline = useOffline();
  const kept = offline === 'ready' || offline === 'update-waiting';
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
    <Dialog
      title={t('proof.title')}
      testId="proof-dialog"
      wide
      beside
      onClose={() => useApp.getState().openDialog(null)}
    >
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
        <p className="dim">{t('proof.counted')}</p>
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
          {kept && <li>{t('proof.step3')}</li>}
        </ol>
        <Update />
      </div>
    </Dialog>
  );
}
