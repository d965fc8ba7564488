import { ScanSearch } from 'lucide-react';
import { Button } from '../../components/Button';
import { useWords } from '../../locales';
import { sentenceGap } from '../../locales/format';
import type { InstanceEntry } from '../../store';
import { checkAgain } from '../session';

/** Whether the image was looked at, why or why not, and a way to look now. */
export function CheckLine({ entry, count }: { readonly entry: InstanceEntry; readonly count: number }) {
  const { t, tCode, locale } = useWords();
  const reason = entry.summary?.pixelRisk.reason ?? '';
  const why = tCode('risk', reason, '');
  const line = {
    pending: t('regions.pending'),
    running: t('regions.running'),
    done: t('regions.found', { count }),
    'not-needed': t('regions.notNeeded'),
    failed: t('regions.failed'),
  }[entry.check];
  const idle = entry.check === 'not-needed' || entry.check === 'failed';
  return (
    <div className="regions__check" role="status">
      <span>
        {line}
        {sentenceGap(locale)}
        {why !== '' && <span className="dim">{why}</span>}
      </span>
      {idle && (
        <Button size="small" icon={ScanSearch} data-testid="look-now" onClick={() => checkAgain([entry.id])}>
          {t('regions.lookNow')}
        </Button>
      )}
    </div>
  );
}
