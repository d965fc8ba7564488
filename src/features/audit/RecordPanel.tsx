import { Download, FileText, ShieldCheck, Users } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../../components/Button';
import { StateChip } from '../../components/State';
import { destinationWords } from '../../locales/destination-words';
import { explain, explainFinding, explainWhere } from '../../locales/explain';
import { useWords } from '../../locales';
import { formatMoment, formatNumber, sentenceGap } from '../../locales/format';
import { useApp, type StateKind } from '../../store';
import { isCovered } from '../../store/kiosk';
import { saveArchive } from '../session';
import { goToFinding } from '../review';
import { saveRecord } from './save-record';
import { summarise } from './summary';
import './record.css';

const states: readonly StateKind[] = ['ready', 'review', 'working', 'refused', 'skipped'];
const mostFindings = 200;

/** Counts, findings of the gate, and what happened: everything that a record of the session says. */
export function RecordPanel() {
  const { t, tCode, locale } = useWords();
  const instances = useApp((s) => s.instances);
  const regions = useApp((s) => s.regions);
  const result = useApp((s) => s.exportResult);
  const language = useApp((s) => s.settings.locale);
  const covered = useApp(isCovered);
  const summary = useMemo(() => summarise(instances.values(), regions), [instances, regions]);
  const n = (value: number) => formatNumber(value, locale);
  const found = summary.scores.reduce((a, b) => a + b, 0);
  return (
    <div className="record" data-testid="record-panel">
      <section className="record__section">
        <h2>{t('record.files')}</h2>
        <div
          className="record__bar"
          role="img"
          aria-label={states.map((s) => `${t(`state.${s}`)} ${n(summary.states[s])}`).join(', ')}
        >
          {states.map(
            (s) =>
              summary.states[s] > 0 && (
                <span key={s} className={`record__part record__part--${s}`} style={{ flexGrow: summary.states[s] }} />
              ),
          )}
        </div>
        <ul className="record__states">
          {states.map((s) => (
            <li key={s} data-none={summary.states[s] === 0 || undefined}>
              <StateChip state={s} />
              <span className="record__number">{n(summary.states[s])}</span>
            </li>
          ))}
        </ul>
        <dl className="facts">
          <dt>{t('record.total')}</dt>
          <dd>{n(summary.total)}</dd>
          <dt>{t('record.exported')}</dt>
          <dd>{n(summary.exported)}</dd>
          <dt>{t('record.toRedact')}</dt>
          <dd>{n(summary.redacted)}</dd>
          <dt>{t('record.toKeep')}</dt>
          <dd>{n(summary.kept)}</dd>
        </dl>
      </section>

      {found > 0 && (
        <section className="record__section">
          <h2>{t('record.confidence')}</h2>
          <Histogram scores={summary.scores} label={t('record.confidenceLabel', { count: found })} />
        </section>
      )}

      {summary.codes.length > 0 && (
        <section className="record__section">
          <div className="record__head">
            <h2>{t('record.stayed')}</h2>
            {!covered && (
              <Button size="small" look="ghost" onClick={() => useApp.getState().setMessagesOpen(true)}>
                {t('record.whichFiles')}
              </Button>
            )}
          </div>
          <ul className="record__codes">
            {summary.codes.map(({ code, entries }) => (
              <li key={code}>
                <span className="record__count">{n(entries.length)}</span>
                <span>
                  {explain(code).message}
                  {sentenceGap(locale)}
                  <span className="dim">{explain(code).next}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}

      {summary.findings.length > 0 && (
        <section className="record__section">
          <h2>{t('record.findings')}</h2>
          <ul className="record__findings">
            {summary.findings.slice(0, mostFindings).map(({ entry, finding }, i) => (
              <li key={i}>
                <button type="button" disabled={covered} onClick={() => goToFinding(entry.id, finding)}>
                  <span className={`record__severity record__severity--${finding.severity}`}>
                    {t(`finding.${finding.severity}`)}
                  </span>
                  <span>
                    {tCode('check', finding.check, finding.check)}: {explainFinding(finding.message)}
                    {finding.where !== undefined && <span className="mono dim"> {explainWhere(finding.where)}</span>}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}

      {result && (
        <section className="record__section">
          <h2>{t('record.last')}</h2>
          <p>
            {t('record.lastWhere', {
              count: result.counts.exported,
              destination: destinationWords(result.destination, t),
            })}
          </p>
          <dl className="facts">
            <dt>{t('record.profile')}</dt>
            <dd>{tCode('profile.name', result.report.profile.name, result.report.profile.name)}</dd>
            <dt>{t('key.fingerprint')}</dt>
            <dd className="mono">{result.report.keyFingerprint}</dd>
            <dt>{t('record.made')}</dt>
            <dd>{formatMoment(result.report.created, locale)}</dd>
          </dl>
          <div className="record__actions">
            {(['json', 'csv', 'html'] as const).map((format) => (
              <Button
                key={format}
                size="small"
                icon={Download}
                data-testid={`save-${format}`}
                onClick={() => saveRecord(result.report, format, language)}
              >
                {t(`record.save.${format}`)}
              </Button>
            ))}
            {result.hasArchive && !covered && (
              <Button size="small" icon={Download} onClick={saveArchive}>
                {t('export.saveAgain')}
              </Button>
            )}
          </div>
        </section>
      )}

      {Object.keys(summary.rules).length > 0 && (
        <section className="record__section">
          <h2>{t('record.rules')}</h2>
          <dl className="facts">
            {Object.entries(summary.rules)
              .sort((a, b) => b[1] - a[1])
              .map(([rule, count]) => (
                <RuleCount key={rule} rule={rule} count={n(count)} />
              ))}
          </dl>
        </section>
      )}
      {!result && <p className="record__hint">{t('record.hint')}</p>}
      {!covered && (
        <section className="record__section">
          <h2>{t('record.more')}</h2>
          <div className="record__actions">
            {(
              [
                ['cohort', Users, 'command.cohort'],
                ['mask', FileText, 'command.mask'],
                ['verify', ShieldCheck, 'verify.title'],
              ] as const
            ).map(([dialog, icon, label]) => (
              <Button
                key={dialog}
                size="small"
                icon={icon}
                data-testid={`open-${dialog}`}
                onClick={() => useApp.getState().openDialog(dialog)}
              >
                {t(label)}
              </Button>
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

/** Counts are kept by 'source:action'. */
function RuleCount({ rule, count }: { readonly rule: string; readonly count: string }) {
  const { tCode } = useWords();
  const [source = '', action = ''] = rule.split(/[:/ ]/);
  const words = [tCode('ruleName', source, source), action === '' ? '' : tCode('code', action, action)].filter(Boolean);
  return (
    <>
      <dt>{words.join(' · ')}</dt>
      <dd>{count}</dd>
    </>
  );
}

function Histogram({ scores, label }: { readonly scores: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...scores);
  return (
    <div className="histogram" role="img" aria-label={label}>
      <svg viewBox="0 0 200 49" aria-hidden>
        {scores.map((count, i) => {
          const height = Math.round((count / most) * 44);
          return (
            <rect
              key={i}
              className="histogram__bar"
              x={i * 20 + 2}
              y={48 - height}
              width={16}
              height={Math.max(height, count > 0 ? 1 : 0)}
              rx={1}
            />
          );
        })}
        <line className="histogram__axis" x1={0} x2={200} y1={48.5} y2={48.5} />
      </svg>
      {/* Beside the drawing: its text would shrink with it. */}
      <div className="histogram__ticks" aria-hidden>
        <span>0%</span>
        <span>50%</span>
        <span>100%</span>
      </div>
    </div>
  );
}
