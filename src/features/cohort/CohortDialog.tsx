import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { TabPanel, Tabs } from '../../components/Tabs';
import { usePrivacyWords } from '../../locales/privacy';
import { useApp } from '../../store';
import { RiskTab } from './RiskTab';
import { StatisticsTab } from './StatisticsTab';
import './cohort.css';

type Tab = 'risk' | 'statistics';

/** The set as a whole: how recognisable its patients still are, and numbers about it that may be published. */
export function CohortDialog() {
  const { p } = usePrivacyWords();
  const [tab, setTab] = useState<Tab>('risk');
  return (
    <Dialog
      title={p('cohort.title')}
      testId="cohort-dialog"
      wide
      beside
      onClose={() => useApp.getState().openDialog(null)}
    >
      <Tabs
        id="cohort"
        label={p('cohort.title')}
        value={tab}
        tabs={[
          { value: 'risk', label: p('cohort.tab.risk') },
          { value: 'statistics', label: p('cohort.tab.statistics') },
        ]}
        onChange={setTab}
      />
      <TabPanel id="cohort" value={tab} className="cohort">
        {tab === 'risk' ? <RiskTab /> : <StatisticsTab />}
      </TabPanel>
    </Dialog>
  );
}
