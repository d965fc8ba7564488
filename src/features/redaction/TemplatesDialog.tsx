import { Download, Trash2, Upload } from 'lucide-react';
import { useRef, useState, useSyncExternalStore } from 'react';
import { Button, IconButton } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { exportTemplates, getTemplates, importTemplates, subscribeTemplates } from './template-store';
import { applyTemplate, instancesFor, removeTemplate } from './templates';

export function TemplatesDialog() {
  const { t } = useWords();
  const templates = useSyncExternalStore(subscribeTemplates, getTemplates);
  const picker = useRef<HTMLInputElement>(null);
  const [bad, setBad] = useState(false);
  return (
    <Dialog
      title={t('templates.title')}
      testId="templates-dialog"
      beside
      onClose={() => useApp.getState().openDialog(null)}
      foot={
        <>
          <input
            ref={picker}
            type="file"
            accept="application/json,.json"
            hidden
            aria-label={t('templates.import')}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file) void file.text().then((text) => setBad(importTemplates(text) === null));
            }}
          />
          <Button icon={Upload} onClick={() => picker.current?.click()}>
            {t('templates.import')}
          </Button>
          <Button icon={Download} disabled={templates.length === 0} onClick={exportTemplates}>
            {t('templates.export')}
          </Button>
        </>
      }
    >
      <p>{t('templates.about')}</p>
      {bad && (
        <p role="alert" className="form-error">
          {t('templates.bad')}
        </p>
      )}
      {templates.length === 0 && <p className="dim">{t('templates.none')}</p>}
      <ul className="plain-list">
        {templates.map((template) => (
          <li key={`${template.manufacturer}|${template.model}|${template.columns}|${template.rows}`}>
            <span className="plain-list__words">
              <strong>{`${template.manufacturer} ${template.model}`.trim()}</strong>
              <span className="dim">
                {t('templates.facts', {
                  width: String(template.columns),
                  height: String(template.rows),
                  count: template.regions.length,
                })}
              </span>
            </span>
            <Button size="small" disabled={instancesFor(template).length === 0} onClick={() => applyTemplate(template)}>
              {t('templates.apply', { count: instancesFor(template).length })}
            </Button>
            <IconButton icon={Trash2} small label={t('templates.remove')} onClick={() => removeTemplate(template)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
