import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/Button';
import { Meter } from '../../components/Meter';
import { privacyWorker } from '../../client/privacy';
import type { SensitiveRule } from '../../core/deid/profile';
import { quasiNames, sensitiveNames, type QuasiName, type SensitiveName } from '../../core/deid/quasi-identifiers';
import { usualAttributes, type Study } from '../../core/privacy/cohort/study';
import { usePrivacyWords, type PrivacyKey } from '../../locales/privacy';
import { useApp } from '../../store';
import { applyProfile } from '../profile';
import { collectRecords } from '../session';
import { withoutCohort } from '../../core/deid/profile';
import { NumberField, SelectField } from '../../components/LabelledField';
import { StudyReport } from './StudyReport';

type RuleKind = 'none' | 'distinct' | 'entropy' | 't';

function ruleOf(attribute: SensitiveName, kind: RuleKind, level: number): readonly SensitiveRule[] {
  if (kind === 'none') return [];
  return [kind === 't' ? { attribute, t: level } : { attribute, diversity: { kind, l: level } }];
}

export function RiskTab() {
  const { p } = usePrivacyWords();
  const profile = useApp((s) => s.profile);
  const [by, setBy] = useState<ReadonlySet<QuasiName>>(() => new Set(usualAttributes(profile)));
  const [k, setK] = useState('5');
  const [leaveOut, setLeaveOut] = useState('5');
  const [fraction, setFraction] = useState('100');
  const [attribute, setAttribute] = useState<SensitiveName>('diagnosis');
  const [kind, setKind] = useState<RuleKind>('none');
  const [level, setLevel] = useState('2');
  const [phase, setPhase] = useState<{ done: number; total: number } | 'searching' | null>(null);
  const [study, setStudy] = useState<Study | null>(null);
  const [note, setNote] = useState<PrivacyKey | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const sensitive = ruleOf(attribute, kind, Number(level));
  const run = async () => {
    const abort = new AbortController();
    stop.current = abort;
    setStudy(null);
    setNote(null);
    setPhase({ done: 0, total: 1 });
    const records = await collectRecords((done, total) => setPhase({ done, total }), abort.signal);
    if (abort.signal.aborted) return;
    setPhase('searching');
    const found = await privacyWorker().study(records, {
      attributes: quasiNames.filter((name) => by.has(name)).map((name) => ({ name })),
      k: Number(k),
      sensitive,
      mostLeftOut: Number(leaveOut) / 100,
      metric: 'entropy',
      fraction: Number(fraction) / 100,
      threshold: 0.2,
    });
    // Aborted meanwhile: the panel is closed.
    if (stop.current !== abort) return;
    setPhase(null);
    if (records.length === 0) setNote('risk.none');
    else if (found.ok) setStudy(found.value);
    else setNote('risk.failed');
  };
  const valid =
    by.size > 0 && Number(k) >= 1 && Number.isInteger(Number(k)) && Number(leaveOut) >= 0 && Number(leaveOut) <= 100 && Number(fraction) > 0 && Number(fraction) <= 100 && (kind === 'none' || Number(level) > 0);
  return (
    <>
      <p className="cohort__about">{p('risk.about')}</p>
      {profile.cohort !== undefined && (
        <p className="cohort__force" role="status" data-testid="cohort-in-force">
          {p('risk.inForce', { k: profile.cohort.k })}
          <Button size="small" onClick={() => applyProfile(withoutCohort(profile))}>
            {p('risk.remove')}
          </Button>
        </p>
      )}
      <fieldset className="cohort__which">
        <legend>{p('risk.which')}</legend>
        {quasiNames.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={by.has(name)}
              onChange={(event) => {
                const next = new Set(by);
                if (event.target.checked) next.add(name);
                else next.delete(name);
                setBy(next);
              }}
            />
            {p(`quasi.${name}`)}
          </label>
        ))}
      </fieldset>
      <div className="cohort__form">
        <NumberField label={p('risk.k')} value={k} min={1} step={1} onChange={setK} />
        <NumberField label={p('risk.leaveOut')} value={leaveOut} min={0} max={100} onChange={setLeaveOut} />
        <NumberField label={p('risk.fraction')} value={fraction} min={0} max={100} onChange={setFraction} />
        <SelectField
          label={p('risk.sensitive')}
          value={attribute}
          choices={sensitiveNames.map((value) => ({ value, label: p(`sensitive.${value}`) }))}
          onChange={setAttribute}
        />
        <SelectField<RuleKind>
          label={p('risk.rule')}
          value={kind}
          choices={[
            { value: 'none', label: p('risk.noRule') },
            { value: 'distinct', label: p('risk.distinct') },
            { value: 'entropy', label: p('risk.entropy') },
            { value: 't', label: p('risk.t') },
          ]}
          onChange={(next) => {
            setKind(next);
            setLevel(next === 't' ? '0.3' : '2');
          }}
        />
        {kind !== 'none' && (
          <NumberField label={p('risk.level')} value={level} min={0} step="any" onChange={setLevel} />
        )}
      </div>
      <div className="cohort__actions">
        <Button look="primary" data-testid="cohort-run" disabled={phase !== null || !valid} onClick={() => void run()}>
          {p('risk.run')}
        </Button>
        <span role="status">
          {phase === 'searching' ? p('risk.searching') : phase !== null ? p('risk.reading') : note && p(note)}
        </span>
        {phase !== null && phase !== 'searching' && <Meter label={p('risk.reading')} done={phase.done} total={phase.total} />}
      </div>
      {study && (
        <StudyReport
          study={study}
          onApply={(steps) => {
            applyProfile({ ...profile, cohort: { attributes: steps, k: Number(k), sensitive } });
            setNote('risk.applied');
          }}
        />
      )}
    </>
  );
} // prettier-ignore
