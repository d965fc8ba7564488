import { TabPanel, Tabs } from '../components/Tabs';
import { RecordPanel } from '../features/audit';
import { ProfilePanel } from '../features/profile';
import { RegionsPanel } from '../features/redaction';
import { TagsPanel } from '../features/tags';
import { useWords } from '../locales';
import { formatNumber } from '../locales/format';
import { currentEntry, useApp } from '../store';
import { tabs } from './inspector-tabs';

export function Inspector() {
  const { t, locale } = useWords();
  const tab = useApp((s) => s.tab);
  const entry = useApp(currentEntry);
  const count = useApp((s) => (s.currentId === null ? 0 : (s.regions[s.currentId]?.length ?? 0)));
  return (
    <section className="inspector" aria-label={t('inspector.title')}>
      <Tabs
        id="inspector"
        label={t('inspector.title')}
        value={tab}
        tabs={tabs.map((value) => ({
          value,
          label: t(`inspector.${value}`),
          count: value === 'regions' && count > 0 ? formatNumber(count, locale) : undefined,
        }))}
        onChange={(value) => useApp.getState().setTab(value)}
      />
      <TabPanel id="inspector" value={tab} className="inspector__panel">
        {tab === 'profile' && <ProfilePanel />}
        {tab === 'record' && <RecordPanel />}
        {tab === 'tags' &&
          (entry ? <TagsPanel entry={entry} /> : <p className="inspector__empty">{t('inspector.empty')}</p>)}
        {tab === 'regions' &&
          (entry ? <RegionsPanel entry={entry} /> : <p className="inspector__empty">{t('inspector.empty')}</p>)}
      </TabPanel>
    </section>
  );
}
