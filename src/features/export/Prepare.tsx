import { FolderOutput, FileArchive } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Switch } from '../../components/Fields';
import { checkTemplate, defaultTemplate, outputPath } from '../../core/export/path-template';
import { useWords } from '../../locales';
import { formatBytes, formatNumber } from '../../locales/format';
import { useApp, type InstanceEntry } from '../../store';
import { ExportRules } from '../kiosk';
import { isReadyName } from '../profile';
import { runExport, saveArchive } from '../session';
import { SigningFields } from '../sealing';
import { exportFacts } from './facts';
import { isComplete, ProtectionFields, type ProtectionChoice } from './Protection';
import { Stays } from './Stays';
import { KindChoice, type Kind } from './KindChoice';

const canPickFolder = typeof window !== 'undefined' && 'showDirectoryPicker' in window;
const canStream = typeof window !== 'undefined' && 'showSaveFilePicker' in window;
/** Up to here a ZIP is made in the browser's own storage and saved by a link: no picker, no question. */
const smallArchive = 256 * 1024 * 1024;

export function Prepare({ onClose }: { readonly onClose: () => void }) {
  const { t, locale } = useWords();
  const instances = useApp((s) => s.instances);
  const regions = useApp((s) => s.regions);
  const profile = useApp((s) => s.profile);
  const kiosk = useApp((s) => s.kiosk);
  const permitted = kiosk === null || typeof kiosk === 'string' ? null : kiosk.policy.destinations;
  const mayZip = permitted === null || permitted.includes('zip') || permitted.includes('encrypted-zip');
  const [kind, setKind] = useState<Kind>(mayZip ? 'zip' : 'folder');
  const [template, setTemplate] = useState(defaultTemplate);
  const [dicomdir, setDicomdir] = useState(false);
  const [protection, setProtection] = useState<ProtectionChoice>(
    // A machine that lets no open ZIP out asks for the password at once.
    permitted?.includes('zip') === false && mayZip ? { kind: 'password', password: '' } : { kind: 'none' },
  );
  const [sign, setSign] = useState(true);
  const [signImages, setSignImages] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const destination = kind === 'folder' ? 'folder' : protection.kind === 'none' ? 'zip' : 'encrypted-zip';
  const facts = useMemo(
    () => exportFacts({ instances, regions, profile, kiosk }, destination),
    [instances, regions, profile, kiosk, destination],
  );
  const checked = checkTemplate(template);
  const preview = checked.ok ? previewPath(template, facts.example) : null;

  const start = async () => {
    setRefusal(null);
    try {
      const path = template === defaultTemplate ? {} : { pathTemplate: template };
      const more = { ...path, ...(dicomdir && { dicomdir }), ...(sign && { sign }), ...(signImages && { signImages }) };
      const guarded = protection.kind === 'none' ? {} : { protection };
      if (kind === 'folder') {
        const handle = await window.showDirectoryPicker({ id: 'lethe-out', mode: 'readwrite' });
        void runExport({ destination: { kind: 'folder', handle }, name: handle.name, ...more });
        return;
      }
      if (canStream && facts.bytes > smallArchive) {
        const handle = await window.showSaveFilePicker({
          id: 'lethe-out',
          suggestedName: protection.kind === 'recipients' ? 'lethe.zip.p7m' : 'lethe.zip',
          types: [{ accept: { 'application/zip': ['.zip'] } }],
        });
        void runExport({ destination: { kind: 'zip-file', handle, ...guarded }, name: handle.name, ...more });
        return;
      }
      void runExport({ destination: { kind: 'zip-blob', ...guarded }, name: null, ...more }).then(() => {
        const { exportResult } = useApp.getState();
        if (exportResult?.hasArchive === true && exportResult.counts.exported > 0) saveArchive();
      });
    } catch (reason) {
      if (reason instanceof DOMException && reason.name === 'AbortError') return;
      setRefusal(t('export.refused'));
    }
  };

  return (
    <Dialog
      title={t('export.title')}
      testId="export-dialog"
      onClose={onClose}
      foot={
        <>
          <Button look="ghost" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            look="primary"
            icon={kind === 'zip' ? FileArchive : FolderOutput}
            disabled={
              facts.leaving === 0 ||
              facts.refused !== null ||
              !checked.ok ||
              (kind === 'zip' && !isComplete(protection))
            }
            data-testid="export-start"
            onClick={() => void start()}
          >
            {kind === 'zip'
              ? t('export.toZip', { count: facts.leaving })
              : t('export.toFolder', { count: facts.leaving })}
          </Button>
        </>
      }
    >
      <div className="export">
        <fieldset className="export__kinds">
          <legend>{t('export.where')}</legend>
          <KindChoice
            kind="zip"
            chosen={kind}
            onChoose={setKind}
            closed={mayZip ? undefined : 'policy'}
            icon={<FileArchive size={20} aria-hidden />}
          />
          <KindChoice
            kind="folder"
            chosen={kind}
            onChoose={setKind}
            closed={permitted?.includes('folder') === false ? 'policy' : canPickFolder ? undefined : 'noFolder'}
            icon={<FolderOutput size={20} aria-hidden />}
          />
        </fieldset>

        {kind === 'zip' && <ProtectionFields choice={protection} onChange={setProtection} />}

        <section aria-label={t('export.leaves')}>
          <h3>{t('export.leaves')}</h3>
          <dl className="facts">
            <dt>{t('export.images')}</dt>
            <dd data-testid="export-count">
              {formatNumber(facts.leaving, locale)} · {formatBytes(facts.bytes, locale)}
            </dd>
            <dt>{t('export.profile')}</dt>
            <dd>
              {isReadyName(profile.name) || profile.name === 'custom'
                ? t(`profile.name.${profile.name}`)
                : profile.name}
            </dd>
            <dt>{t('export.boxes')}</dt>
            <dd>{t('export.boxesValue', { count: facts.boxes, style: t(`style.${profile.pixels.style}`) })}</dd>
            <dt>{t('export.with')}</dt>
            <dd>{t('export.report')}</dd>
          </dl>
          <ul className="export__stays">
            {facts.states.review > 0 && (
              <Stays state="review" text={t('export.inReview', { count: facts.states.review })} />
            )}
            {facts.held > 0 && <Stays state="refused" text={t('export.heldByRule', { count: facts.held })} />}
            {facts.states.working > 0 && (
              <Stays state="working" text={t('export.working', { count: facts.states.working })} />
            )}
            {facts.states.refused > 0 && (
              <Stays state="refused" text={t('export.refusedCount', { count: facts.states.refused })} />
            )}
            {facts.states.skipped > 0 && (
              <Stays state="skipped" text={t('export.skippedCount', { count: facts.states.skipped })} />
            )}
          </ul>
        </section>

        <section>
          <label className="export__template">
            <span>{t('export.names')}</span>
            <input
              className="field field--mono"
              value={template}
              spellCheck={false}
              aria-invalid={!checked.ok}
              aria-describedby="export-preview"
              onChange={(event) => setTemplate(event.target.value)}
            />
          </label>
          <p id="export-preview" className={checked.ok ? 'export__preview' : 'export__preview form-error'}>
            {preview === null ? t('export.badTemplate') : <span className="mono">{preview}</span>}
          </p>
          <p className="dim">{t('export.namesHelp')}</p>
          <div className="export__dicomdir">
            <Switch
              label={t('export.dicomdir')}
              help={t('export.dicomdirHelp')}
              checked={dicomdir}
              testId="export-dicomdir"
              onChange={setDicomdir}
            />
          </div>
        </section>
        <ExportRules modalities={facts.modalities} refused={facts.refused} />
        <SigningFields record={sign} onRecord={setSign} images={signImages} onImages={setSignImages} />
        {refusal !== null && (
          <p className="form-error" role="alert">
            {refusal}
          </p>
        )}
      </div>
    </Dialog>
  );
}

/** A name as it could come out: made-up pseudonyms, so that it can't show anybody. */
function previewPath(template: string, example: InstanceEntry | null): string {
  const summary = example?.summary;
  return outputPath(template, {
    patient: 'ANON-7Q2M4X',
    study: '2.25.3141',
    series: '2.25.5926',
    instance: '2.25.5358',
    modality: summary?.series.modality ?? 'OT',
    seriesNumber: 1,
    instanceNumber: 12,
    extension: summary?.extension ?? '.dcm',
  });
}
