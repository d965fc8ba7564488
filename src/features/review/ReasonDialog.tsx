import { useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { explainFinding, explainWhere } from '../../locales/explain';
import { useWords } from '../../locales';
import { currentEntry, useApp } from '../../store';
import { acceptWithReason, openFindings } from './review';

/** Letting a finding of the gate through is asked once, with a reason that goes into the record. */
export function ReasonDialog() {
  const { t, tCode } = useWords();
  const entry = useApp(currentEntry);
  const [reason, setReason] = useState('');
  const close = () => useApp.getState().openDialog(null);
  if (!entry) return null;
  return (
    <Dialog
      title={t('review.reasonTitle')}
      testId="reason-dialog"
      onClose={close}
      foot={
        <>
          <Button look="ghost" onClick={close}>
            {t('action.cancel')}
          </Button>
          <Button
            look="primary"
            disabled={reason.trim().length < 3}
            onClick={() => {
              acceptWithReason(entry, reason.trim());
              close();
            }}
          >
            {t('review.letThrough')}
          </Button>
        </>
      }
    >
      <ul className="plain-list">
        {openFindings(entry).map((finding, i) => (
          <li key={i}>
            <span className="plain-list__words">
              <strong>{tCode('check', finding.check, finding.check)}</strong>
              <span>{explainFinding(finding.message)}</span>
              {finding.where !== undefined && <span className="mono dim">{explainWhere(finding.where)}</span>}
            </span>
          </li>
        ))}
      </ul>
      <label className="reason">
        {t('review.reason')}
        <textarea
          className="field reason__text"
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <p className="dim">{t('review.reasonHelp')}</p>
    </Dialog>
  );
}
