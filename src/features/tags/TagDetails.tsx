import { TriangleAlert, X } from 'lucide-react';
import { IconButton } from '../../components/Button';
import { formatPath, formatTag } from '../../core/dicom/data-set';
import type { PlanRow } from '../../core/deid/plan';
import type { ActionCode } from '../../core/deid/profile';
import type { InputKind } from '../../core/pipeline/types';
import { useWords, type MessageKey } from '../../locales';
import { sentenceGap } from '../../locales/format';
import { useApp, type InstanceId } from '../../store';
import { isAllowed } from '../../store/kiosk';
import { cellText } from './diff';
import { useOwnRow } from './use-plan';
import { canOverride, overrideActions, overrideOf, weakens, withOverride } from './override';

/** Everything about one attribute: full values, the rule that decided, and the person's own decision. */
interface TagDetailsProps {
  readonly id: InstanceId;
  readonly row: PlanRow;
  readonly kind: InputKind;
}

export function TagDetails({ id, row, kind }: TagDetailsProps) {
  const { t, tCode, locale } = useWords();
  const profile = useApp((s) => s.profile);
  const chosen = overrideOf(profile, row.tag);
  const locked = useApp((s) => !isAllowed(s, 'change-profile'));
  // What the profile would say by itself: only that tells whether a decision lets something through.
  const own = useOwnRow(id, row, chosen !== null);
  const option = row.rule.option;
  const why = [
    t(`rule.${row.rule.source}`),
    option === undefined ? null : t('rule.byOption', { option: tCode('option', option, option) }),
    row.rule.code === undefined || row.rule.source === 'override' ? null : t('rule.tableCode', { code: row.rule.code }),
  ].filter(Boolean);
  const choose = (value: string) => {
    const app = useApp.getState();
    const action = value === '' ? null : (value as ActionCode);
    app.editProfile(
      action === null ? 'edit.tag.clear' : 'edit.tag.override',
      withOverride(app.profile, row.tag, action),
    );
  };
  return (
    <section className="tag-details" aria-label={t('tags.details')} data-testid="tag-details">
      <header className="tag-details__head">
        <strong>{row.name || row.keyword || formatTag(row.tag)}</strong>
        <IconButton icon={X} small label={t('action.close')} onClick={() => useApp.getState().setTagPath(null)} />
      </header>
      {kind === 'dicom' && (
        <p className="tag-details__path mono">
          {formatPath(row.path)} {row.vr} {row.keyword}
        </p>
      )}
      <dl className="tag-details__values">
        <dt>{t('tags.before')}</dt>
        <dd className="mono">{row.before === undefined ? t('tags.absent') : cellText({ t }, row.vr, row.before)}</dd>
        <dt>{t('tags.after')}</dt>
        <dd className="mono">
          {row.after === undefined
            ? t('tags.removed')
            : row.after === ''
              ? t('tags.empty')
              : cellText({ t }, row.vr, row.after)}
        </dd>
        <dt>{t('tags.why')}</dt>
        <dd>
          {t('tags.done', { action: t(`code.${row.action}`) })}
          {sentenceGap(locale)}
          {why.join(sentenceGap(locale))}
        </dd>
      </dl>
      {kind === 'dicom' && !canOverride(row) && <p className="tag-details__says">{t('tags.fixed')}</p>}
      {kind === 'dicom' && canOverride(row) && (
        <label className="tag-details__override">
          <span>{t('tags.override')}</span>
          <select
            className="field"
            value={chosen ?? ''}
            disabled={locked}
            data-testid="tag-override"
            onChange={(event) => choose(event.target.value)}
          >
            <option value="">{t('tags.asProfile')}</option>
            {overrideActions.map((action) => (
              <option key={action} value={action}>
                {t(`override.${action}` as MessageKey)}
              </option>
            ))}
          </select>
        </label>
      )}
      {locked && <p className="tag-details__says">{t('kiosk.locked')}</p>}
      {chosen !== null && own !== null && own.action !== chosen && (
        <p className="tag-details__says">{t('tags.profileSays', { action: t(`code.${own.action}`) })}</p>
      )}
      {chosen !== null && own !== null && weakens(own, chosen) && (
        <p className="tag-details__warning" role="status" data-testid="override-warning">
          <TriangleAlert size={14} aria-hidden />
          {t('tags.overrideWarning')}
        </p>
      )}
    </section>
  );
}
