import { Ban, CircleCheck } from 'lucide-react';
import { useMemo } from 'react';
import { profileNames } from '../../core/kiosk/profile-names';
import { codedModality } from '../../core/pipeline/batch/modality';
import type { KioskDestination } from '../../core/kiosk/rules';
import { useKioskWords } from '../../locales/kiosk';
import { useWords } from '../../locales';
import { isExportable, useApp } from '../../store';
import { look } from '../../store/kiosk';
import { modalityWord, why } from './rule-words';
import './kiosk.css';

/** What the rules of this machine say of an export before it begins, by modality. Nothing where there are no rules. */
export function ExportRules({ destination }: { readonly destination: KioskDestination }) {
  const { t, tCode } = useWords();
  const { p, locale } = useKioskWords();
  const kiosk = useApp((s) => s.kiosk);
  const instances = useApp((s) => s.instances);
  const profile = useApp((s) => s.profile);
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const entry of instances.values()) {
      if (!isExportable(entry)) continue;
      const modality = codedModality(entry.summary?.series.modality ?? '');
      found.set(modality, (found.get(modality) ?? 0) + 1);
    }
    return [...found].sort((a, b) => b[1] - a[1]);
  }, [instances]);
  if (kiosk === null || typeof kiosk === 'string' || kiosk.policy.rules === undefined) return null;
  const names = profileNames(kiosk.policy.profile, profile);
  return (
    <section data-testid="export-rules">
      <h3>{p('export.rules')}</h3>
      <ul className="policy__rules">
        {counts.map(([modality, count]) => {
          const { allowed, reason, rule, missed } = look(kiosk, 'export', { modality, profile: names, destination });
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
