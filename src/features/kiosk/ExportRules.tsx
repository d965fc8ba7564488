import { Ban, CircleCheck } from 'lucide-react';
import type { Decision } from '../../core/kiosk/rules';
import { useKioskWords } from '../../locales/kiosk';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { modalityWord, why } from './rule-words';
import './kiosk.css';

interface ExportRulesProps {
  readonly modalities: readonly {
    readonly modality: string;
    readonly count: number;
    readonly decision: Decision;
  }[];
  /** Why the machine would refuse the export as a whole. */
  readonly refused: 'destination' | 'profile-fixed' | null;
}

/** What the policy of this machine says of an export before it begins. Nothing where there is nothing to say. */
export function ExportRules({ modalities, refused }: ExportRulesProps) {
  const { t, tCode } = useWords();
  const { p, locale } = useKioskWords();
  const kiosk = useApp((s) => s.kiosk);
  if (kiosk === null || typeof kiosk === 'string') return null;
  if (refused !== null)
    return (
      <p className="form-error" role="alert" data-testid="export-rules">
        {p(`why.${refused}`)}
      </p>
    );
  if (kiosk.policy.rules === undefined) return null;
  return (
    <section data-testid="export-rules">
      <h3>{p('export.rules')}</h3>
      <ul className="policy__rules">
        {modalities.map(({ modality, count, decision: { allowed, reason, rule, missed } }) => {
          const speech = { t, tCode, p, locale };
          return (
            <li key={modality}>
              <span className={allowed ? 'policy__yes' : 'policy__no'}>
                {allowed ? <CircleCheck size={14} aria-hidden /> : <Ban size={14} aria-hidden />}
                {p(allowed ? 'policy.allowed' : 'policy.denied')}
              </span>{' '}
              {p('export.ofModality', { modality: modalityWord({ p }, modality), count })}{' '}
              <span className="dim">{why({ reason, rule: rule?.id, because: rule?.because, missed }, speech)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
