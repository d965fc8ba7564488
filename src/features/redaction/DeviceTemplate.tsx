import { useMemo, useSyncExternalStore } from 'react';
import { BookmarkPlus, LayoutTemplate, Stamp } from 'lucide-react';
import { Button } from '../../components/Button';
import type { Region } from '../../core/detect/types';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry } from '../../store';
import { getTemplates, subscribeTemplates } from './template-store';
import { applyTemplate, instancesFor, isApplied, saveTemplate, templateFor } from './templates';

/** What is known of the device that made this image, and learning from it. */
export function DeviceTemplate({
  entry,
  regions,
}: {
  readonly entry: InstanceEntry;
  readonly regions: readonly Region[];
}) {
  const { t } = useWords();
  const templates = useSyncExternalStore(subscribeTemplates, getTemplates);
  const instances = useApp((s) => s.instances);
  const known = useMemo(() => templateFor(entry), [entry, templates]);
  const count = useMemo(() => (known === undefined ? 0 : instancesFor(known).length), [known, instances]);
  const { manufacturer = '', model = '' } = entry.summary?.device ?? {};
  if (model === '') return null;
  const device = `${manufacturer} ${model}`.trim();
  const offer = known !== undefined && !isApplied(known, regions);
  if (!offer && regions.length === 0) return null;
  return (
    <section className="regions__device" aria-label={t('templates.title')}>
      {offer && (
        <p className="regions__known" data-testid="known-device">
          <span>{t('templates.known', { device, count: known.regions.length })}</span>
          <Button size="small" icon={Stamp} onClick={() => applyTemplate(known)}>
            {t('templates.apply', { count })}
          </Button>
        </p>
      )}
      <div className="regions__copy-row">
        {regions.length > 0 && (
          <Button
            size="small"
            look="ghost"
            icon={BookmarkPlus}
            data-testid="save-template"
            onClick={() => saveTemplate(entry)}
          >
            {t('regions.saveTemplate', { device })}
          </Button>
        )}
        <Button
          size="small"
          look="ghost"
          icon={LayoutTemplate}
          data-testid="open-templates"
          onClick={() => useApp.getState().openDialog('templates')}
        >
          {t('regions.templates')}
        </Button>
      </div>
    </section>
  );
}
