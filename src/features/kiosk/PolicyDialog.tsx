import { Ban, CircleCheck, CircleDot, Download, KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { kioskActions } from '../../core/kiosk/roles';
import { profileNames } from '../../core/kiosk/profile-names';
import type { AccessRule, Attributes } from '../../core/kiosk/rules';
import { useKioskWords } from '../../locales/kiosk';
import { useWords } from '../../locales';
import { formatMoment, labelled } from '../../locales/format';
import { useApp } from '../../store';
import { isAllowed, look, type Kiosk } from '../../store/kiosk';
import { conditionsOf, entryWords, joinWords, roleName, why, type Speech } from './rule-words';
import { saveSecurityRecord, securityRecord, type SecurityRecord } from './security';
import './kiosk.css';

const latest = 50;

/** What the policy fixes, what may be done now and why, its rules, and what was decided. */
export function PolicyDialog() {
  const { p } = useKioskWords();
  const kiosk = useApp((s) => s.kiosk);
  const close = () => useApp.getState().openDialog(null);
  if (kiosk === null || typeof kiosk === 'string') return null;
  return (
    <Dialog
      title={p('policy.title')}
      testId="policy-dialog"
      wide
      beside
      onClose={close}
      foot={
        <Button icon={KeyRound} data-testid="policy-unlock" onClick={() => useApp.getState().openDialog('unlock')}>
          {p('unlock.title')}
        </Button>
      }
    >
      <div className="policy">
        <Fixed kiosk={kiosk} />
        <Now kiosk={kiosk} />
        <Rules rules={kiosk.policy.rules} />
        <Record kiosk={kiosk} />
      </div>
    </Dialog>
  );
}

function useSpeech(): Speech {
  const { t, tCode } = useWords();
  const { p, locale } = useKioskWords();
  return { t, tCode, p, locale };
}

function Fixed({ kiosk: { policy, role } }: { readonly kiosk: Kiosk }) {
  const speech = useSpeech();
  const { p, tCode } = speech;
  const { profile, idleMinutes } = policy;
  return (
    <section>
      <h3>{p('policy.fixed')}</h3>
      <dl className="facts">
        <dt>{p('policy.role')}</dt>
        <dd data-testid="policy-role">{role === null ? p('policy.nobody') : roleName(speech, role)}</dd>
        <dt>{p('policy.profile')}</dt>
        <dd>{profile === null ? p('policy.profileFree') : tCode('profile.name', profile.name, profile.name)}</dd>
        <dt>{p('policy.destinations')}</dt>
        <dd>
          {joinWords(
            policy.destinations.map((d) => p(`destination.${d}`)),
            speech.locale,
            'conjunction',
          )}
        </dd>
        <dt>{p('policy.review')}</dt>
        <dd>{p(policy.requireReview ? 'policy.yes' : 'policy.no')}</dd>
        <dt>{p('policy.idle')}</dt>
        <dd>{idleMinutes === null ? p('policy.idleNever') : p('policy.idleAfter', { minutes: idleMinutes })}</dd>
        <dt>{p('policy.digest')}</dt>
        <dd className="mono">{policy.digest.slice(0, 16)}</dd>
      </dl>
    </section>
  );
}

function Now({ kiosk }: { readonly kiosk: Kiosk }) {
  const speech = useSpeech();
  const { p } = speech;
  const profile = useApp((s) => s.profile);
  const attributes = { profile: profileNames(kiosk.policy.profile, profile) };
  return (
    <section>
      <h3>{p('policy.now')}</h3>
      <table className="policy__table">
        <tbody>
          {kioskActions.map((action) => {
            const decision = look(kiosk, action, attributes);
            const { rule, reason, missed } = decision;
            const depends = action === 'export' && !decision.allowed && someExport(kiosk, attributes);
            const allowed = decision.allowed || depends;
            return (
              <tr key={action} data-testid={`may-${action}`}>
                <th scope="row">{p(`action.${action}`)}</th>
                <td className={depends ? 'policy__some' : allowed ? 'policy__yes' : 'policy__no'}>
                  {depends ? (
                    <CircleDot size={14} aria-hidden />
                  ) : allowed ? (
                    <CircleCheck size={14} aria-hidden />
                  ) : (
                    <Ban size={14} aria-hidden />
                  )}
                  {p(depends ? 'policy.depends' : allowed ? 'policy.allowed' : 'policy.denied')}
                </td>
                <td>
                  {depends
                    ? p('policy.dependsWhy')
                    : why({ reason, rule: rule?.id, because: rule?.because, missed }, speech)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Whether there are images and destinations with which an export would be allowed. */
function someExport(kiosk: Kiosk, attributes: Attributes): boolean {
  const modalities = [...new Set((kiosk.policy.rules ?? []).flatMap((r) => r.modality ?? [])), 'OTHER_ONE'];
  return kiosk.policy.destinations.some((destination) =>
    modalities.some((modality) => look(kiosk, 'export', { ...attributes, destination, modality }).allowed),
  );
}

function Rules({ rules }: { readonly rules: readonly AccessRule[] | undefined }) {
  const speech = useSpeech();
  const { p } = speech;
  return (
    <section>
      <h3>{p('policy.rules')}</h3>
      <p className="dim">{p(rules === undefined ? 'policy.noRules' : 'policy.rulesAbout')}</p>
      <ul className="policy__rules" data-testid="policy-rules">
        {rules?.map((rule) => {
          const conditions = conditionsOf(rule, speech);
          return (
            <li key={rule.id}>
              <p>
                <strong className={rule.effect === 'allow' ? 'policy__yes' : 'policy__no'}>
                  {rule.effect === 'allow' ? <CircleCheck size={14} aria-hidden /> : <Ban size={14} aria-hidden />}
                  {p(`effect.${rule.effect}`)}
                </strong>{' '}
                <code className="mono">{rule.id}</code> {rule.because}
              </p>
              <p className="dim">
                {conditions.length === 0
                  ? p('policy.always')
                  : conditions.map(([name, text]) => labelled(p(`condition.${name}`), text, speech.locale)).join(' · ')}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Record({ kiosk }: { readonly kiosk: Kiosk }) {
  const speech = useSpeech();
  const { p, locale } = speech;
  const may = isAllowed({ kiosk }, 'see-record');
  const [record, setRecord] = useState<SecurityRecord | null>(null);
  useEffect(() => {
    let here = true;
    if (may)
      void securityRecord()
        .then((read) => here && setRecord(read))
        .catch(() => undefined);
    return () => {
      here = false;
    };
  }, [may]);
  return (
    <section>
      <h3>{p('policy.record')}</h3>
      <p className="dim">{p(may ? 'policy.recordAbout' : 'policy.recordMay')}</p>
      {record?.whole === false && (
        <p className="form-error" role="alert">
          {p('policy.recordBroken')}
        </p>
      )}
      {may && (
        <p className="policy__save">
          <Button
            size="small"
            icon={Download}
            data-testid="save-security"
            onClick={() => void saveSecurityRecord().catch(() => undefined)}
          >
            {p('policy.save')}
          </Button>
        </p>
      )}
      {may && record && (
        <table className="policy__table" data-testid="security-entries">
          <caption>{p('policy.latest')}</caption>
          <tbody>
            {record.entries
              .slice(-latest)
              .reverse()
              .map((entry) => {
                const words = entryWords(entry, speech);
                return (
                  <tr key={entry.n}>
                    <td className="policy__time">{formatMoment(entry.at, locale)}</td>
                    <td>{entry.role === null ? p('policy.nobodyThen') : roleName(speech, entry.role)}</td>
                    <td>{words.what}</td>
                    <td className="dim">{words.why}</td>
                  </tr>
                );
              })}
          </tbody>
        </table>
      )}
    </section>
  );
}
