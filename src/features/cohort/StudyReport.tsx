import { Button } from '../../components/Button';
import type { Assessment } from '../../core/privacy/cohort/assess';
import type { Study } from '../../core/privacy/cohort/study';
import { formatNumber } from '../../locales/format';
import { usePrivacyWords, type PrivacyKey } from '../../locales/privacy';

interface StudyReportProps {
  readonly study: Study;
  readonly onApply: (steps: NonNullable<Study['best']>['steps']) => void;
}

/** Before and after, side by side. */
export function StudyReport({ study, onApply }: StudyReportProps) {
  const { p, locale } = usePrivacyWords();
  const { before, best } = study;
  const after = best?.after;
  const overlaps = [before, after].some((a) => a !== undefined && Math.round(a.meanClass * a.classes) > a.persons);
  const n = (value: number) => formatNumber(value, locale);
  const share = (value: number) =>
    new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  const rows: readonly (readonly [PrivacyKey, (a: Assessment) => string])[] = [
    ['risk.patients', (a) => n(a.persons)],
    ['risk.groups', (a) => n(a.classes)],
    ['risk.smallest', (a) => n(a.k)],
    ['risk.prosecutor', (a) => share(a.risk?.prosecutor.highest ?? 0)],
    ['risk.mean', (a) => share(a.risk?.prosecutor.mean ?? 0)],
    ['risk.journalist', (a) => share(a.risk?.journalist.highest ?? 0)],
    ['risk.alone', (a) => n(a.risk?.unique ?? 0)],
    ['risk.lost', (a) => share(a.loss)],
  ];
  return (
    <section className="cohort__report" data-testid="cohort-report">
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{p('risk.before')}</th>
            {after && <th scope="col">{p('risk.after')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, read]) => (
            <tr key={key}>
              <th scope="row">{p(key)}</th>
              <td>{read(before)}</td>
              {after && <td>{read(after)}</td>}
            </tr>
          ))}
          {best && (
            <tr>
              <th scope="row">{p('risk.leftOut')}</th>
              <td>{n(0)}</td>
              <td>{n(best.leftOut)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {(after ?? before).sensitive.map((s) => (
        <p key={s.attribute}>
          {p('risk.sensitiveFacts', {
            name: p(`sensitive.${s.attribute}` as PrivacyKey),
            distinct: s.distinct,
            entropy: s.entropy.toFixed(1),
            distance: s.distance.toFixed(2),
          })}
        </p>
      ))}
      <h3>{p('risk.sizes')}</h3>
      <div className="cohort__charts">
        <Sizes title={p('risk.before')} found={before} />
        {after && <Sizes title={p('risk.after')} found={after} />}
      </div>
      {overlaps && <p className="dim">{p('risk.overlap')}</p>}
      {best === null ? (
        <p className="cohort__impossible">{p('risk.impossible')}</p>
      ) : (
        <>
          <h3>{p('risk.steps')}</h3>
          <table>
            <tbody>
              {study.attributes.map(({ name, distinct }) => (
                <tr key={name}>
                  <th scope="row">{p(`quasi.${name}`)}</th>
                  <td className="dim">{p('risk.values', { count: distinct })}</td>
                  <td>{p(`step.${best.steps[name] ?? 'full'}` as PrivacyKey)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="dim">{p('risk.checked', { checked: study.checked, nodes: study.nodes })}</p>
          <Button data-testid="cohort-apply" onClick={() => onApply(best.steps)}>
            {p('risk.apply')}
          </Button>
        </>
      )}
    </section>
  );
}

/** Groups by the number of patients in them: the lone ones are what is dangerous, and differ by pattern as well as by hue. */
function Sizes({ title, found }: { readonly title: string; readonly found: Assessment }) {
  const { p } = usePrivacyWords();
  const label = (from: number, to: number) => (from === to ? String(from) : to === Infinity ? `${from}+` : `${from}–${to}`);
  const most = Math.max(1, ...found.sizes.map((b) => b.classes));
  const text = found.sizes.map((b) => `${label(b.from, b.to)}: ${b.classes}`).join(', ');
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg viewBox="0 0 240 84" role="img" aria-label={p('risk.sizesLabel', { text })}>
        {found.sizes.map((bin, i) => {
          const height = Math.max(1, Math.round((bin.classes / most) * 52));
          return (
            <g key={bin.from}>
              <rect
                className={bin.from === 1 ? 'cohort__bar cohort__bar--alone' : 'cohort__bar'}
                x={i * 26 + 3}
                y={66 - height}
                width={20}
                height={height}
                rx={1}
              />
              <text x={i * 26 + 13} y={62 - height} textAnchor="middle">
                {bin.classes}
              </text>
              <text className="dim" x={i * 26 + 13} y={79} textAnchor="middle">
                {label(bin.from, bin.to)}
              </text>
            </g>
          );
        })}
        <line x1={0} x2={240} y1={66.5} y2={66.5} />
      </svg>
    </figure>
  );
} // prettier-ignore
