import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { explain, explainFinding, explainWhere } from '../../locales/explain';
import { useWords } from '../../locales';
import { sentenceGap } from '../../locales/format';
import type { InstanceEntry } from '../../store';
import { goToFinding } from './places';
import { openFindings } from './review';

/** Why an image waits; of what the gate found, one finding after the other with the way to its place. */
export function Why({ entry }: { readonly entry: InstanceEntry }) {
  const { t, tCode, locale } = useWords();
  const [shown, setShown] = useState<{ readonly id: string; readonly at: number } | null>(null);
  const findings = openFindings(entry);
  const at = shown?.id === entry.id ? shown.at % Math.max(1, findings.length) : 0;
  const finding = findings[at];
  if (finding === undefined) {
    const sentences = entry.review.map((reason) =>
      (reason === 'gate' || reason === 'check-failed') && entry.problem
        ? explain(entry.problem.code).message
        : t(`review.why.${reason}`),
    );
    return <span className="review-bar__why">{sentences.join(sentenceGap(locale))}</span>;
  }
  return (
    <span className="review-bar__why" data-testid="review-finding">
      <strong>{tCode('check', finding.check, finding.check)}</strong> {explainFinding(finding.message)}
      {finding.where !== undefined && <span className="mono dim"> {explainWhere(finding.where)}</span>}
      <span className="review-bar__finding">
        <Button
          size="small"
          look="ghost"
          icon={ArrowRight}
          data-testid="go-to-finding"
          onClick={() => goToFinding(entry.id, finding)}
        >
          {t('review.showPlace')}
        </Button>
        {findings.length > 1 && (
          <Button
            size="small"
            look="ghost"
            onClick={() => {
              const next = (at + 1) % findings.length;
              setShown({ id: entry.id, at: next });
              const there = findings[next];
              if (there) goToFinding(entry.id, there);
            }}
          >
            {t('review.nextFinding', { position: at + 1, count: findings.length })}
          </Button>
        )}
      </span>
    </span>
  );
}
