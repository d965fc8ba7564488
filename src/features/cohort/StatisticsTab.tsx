import { useRef, useState } from 'react';
import { Button } from '../../components/Button';
import { Meter } from '../../components/Meter';
import { privacyWorker, type LedgerState } from '../../client/privacy';
import type { Mechanism } from '../../core/privacy/noise/mechanisms';
import { modalities, sexes, type Answer, type Query } from '../../core/privacy/noise/statistics';
import type { Composition } from '../../core/privacy/noise/accountant';
import { usePrivacyWords, type PrivacyKey } from '../../locales/privacy';
import { collectRecords, saveBlob } from '../session';
import { NumberField, SelectField } from '../../components/LabelledField';

type Kind = 'count' | 'histogram' | 'mean' | 'median';
type Of = 'age' | 'size' | 'weight' | 'sex' | 'modality';

const usual: Readonly<Record<'age' | 'size' | 'weight', readonly [string, string, string]>> = {
  age: ['0', '90', '10'],
  size: ['1', '2.2', '0.1'],
  weight: ['0', '200', '20'],
};

interface Made {
  readonly query: Query;
  readonly mechanism: Mechanism;
  readonly answer: Answer;
}

function queryOf(kind: Kind, of: Of, low: number, high: number, width: number): Query {
  const bounds = { low, high };
  if (kind === 'count') return { kind };
  if (of === 'sex' || of === 'modality') return { kind: 'histogram', of, values: of === 'sex' ? sexes : modalities };
  if (kind === 'histogram') return { kind, of, bounds, width };
  return kind === 'mean' ? { kind, of, bounds } : { kind: 'quantile', of, bounds, q: 500 };
}

/** Kept while the page is open, since the budget belongs to the patients and not to the dialog. */
let kept: { ledger: LedgerState; made: readonly Made[] } | null = null;

export function StatisticsTab() {
  const { p, locale } = usePrivacyWords();
  const [ledger, setLedger] = useState<LedgerState | null>(kept?.ledger ?? null);
  const [made, setMade] = useState<readonly Made[]>(kept?.made ?? []);
  const [budget, setBudget] = useState('1');
  const [delta, setDelta] = useState('0.000001');
  const [composition, setComposition] = useState<Composition>('basic');
  const [kind, setKind] = useState<Kind>('count');
  const [of, setOf] = useState<Of>('age');
  const [[low, high, width], setBounds] = useState(usual.age);
  const [noise, setNoise] = useState<Mechanism['kind']>('laplace');
  const [epsilon, setEpsilon] = useState('0.1');
  const [note, setNote] = useState<PrivacyKey | null>(null);
  const [busy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const measures: readonly Of[] = kind === 'histogram' ? ['age', 'size', 'weight', 'sex', 'modality'] : ['age', 'size', 'weight'];
  const bounded = kind !== 'count' && of !== 'sex' && of !== 'modality';
  const number = (value: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
  const limits = ledger?.budget ?? { epsilon: Number(budget), delta: Number(delta), composition };

  const publish = async () => {
    setBusy(true);
    setNote(null);
    const query = queryOf(kind, of, Number(low), Number(high), Number(width));
    const mechanism: Mechanism =
      noise === 'gaussian' && kind !== 'median'
        ? { kind: 'gaussian', epsilon: Number(epsilon), delta: limits.delta / 10 }
        : { kind: 'laplace', epsilon: Number(epsilon) };
    const records = await collectRecords(() => undefined, new AbortController().signal);
    const done = await privacyWorker().ask(records, { query, mechanism }, { budget: limits, releases: ledger?.releases ?? [] });
    setBusy(false);
    if (!done.ok) {
      setNote(done.code === 'limit-exceeded' ? 'stat.over' : 'risk.failed');
      return;
    }
    const all = [{ query, mechanism, answer: done.value.answer }, ...made];
    kept = { ledger: done.value.ledger, made: all };
    setLedger(done.value.ledger);
    setMade(all);
  };
  const save = (value: unknown, name: string) => saveBlob(new Blob([JSON.stringify(value, null, 1)], { type: 'application/json' }), name);
  const open = async (chosen: File) => {
    const read = await privacyWorker().openLedger(await chosen.text());
    if (!read.ok) setNote('stat.badLedger');
    else {
      kept = { ledger: read.value, made };
      setLedger(read.value);
      setNote(null);
    }
  };
  return (
    <>
      <p className="cohort__about">{p('stat.about')}</p>
      <div className="cohort__form">
        <NumberField label={p('stat.budget')} value={ledger ? String(ledger.budget.epsilon) : budget} disabled={ledger !== null} min={0} max={50} step="any" onChange={setBudget} />
        <NumberField label={p('stat.delta')} value={ledger ? String(ledger.budget.delta) : delta} disabled={ledger !== null} min={0} max={0.01} step="any" onChange={setDelta} />
        <SelectField<Composition>
          label={p('stat.composition')}
          value={ledger?.budget.composition ?? composition}
          disabled={ledger !== null}
          choices={(['basic', 'advanced', 'zcdp'] as const).map((value) => ({ value, label: p(`stat.${value}`) }))}
          onChange={setComposition}
        />
      </div>
      <p className="dim">{p('stat.budgetHelp')}</p>
      <div className="cohort__actions">
        <span data-testid="budget-spent">{p('stat.spent', { spent: number(ledger?.spent.epsilon ?? 0), budget: number(limits.epsilon) })}</span>
        <Meter label={p('stat.budget')} done={ledger?.spent.epsilon ?? 0} total={limits.epsilon} />
        <Button size="small" disabled={ledger === null} onClick={() => ledger && save({ schema: 'lethe-ledger/1', budget: ledger.budget, releases: ledger.releases }, 'lethe-ledger.json')}>
          {p('stat.saveLedger')}
        </Button>
        <Button size="small" onClick={() => file.current?.click()}>
          {p('stat.openLedger')}
        </Button>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label={p('stat.openLedger')}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) void open(chosen);
            event.target.value = '';
          }}
        />
      </div>
      <div className="cohort__form">
        <SelectField<Kind>
          label={p('stat.kind')}
          value={kind}
          testId="stat-kind"
          choices={(['count', 'histogram', 'mean', 'median'] as const).map((value) => ({ value, label: p(`stat.${value}`) }))}
          onChange={(next) => {
            setKind(next);
            if (next !== 'histogram' && (of === 'sex' || of === 'modality')) setOf('age');
          }}
        />
        {kind !== 'count' && (
          <SelectField<Of>
            label={p('stat.of')}
            value={of}
            choices={measures.map((value) => ({ value, label: p(`quasi.${value}`) }))}
            onChange={(next) => {
              setOf(next);
              if (next !== 'sex' && next !== 'modality') setBounds(usual[next]);
            }}
          />
        )}
        {bounded && (
          <>
            <NumberField label={p('stat.low')} value={low} step="any" onChange={(v) => setBounds([v, high, width])} />
            <NumberField label={p('stat.high')} value={high} step="any" onChange={(v) => setBounds([low, v, width])} />
          </>
        )}
        {bounded && kind === 'histogram' && (
          <NumberField label={p('stat.width')} value={width} step="any" onChange={(v) => setBounds([low, high, v])} />
        )}
        {kind !== 'median' && (
          <SelectField<Mechanism['kind']>
            label={p('stat.mechanism')}
            value={noise}
            choices={(['laplace', 'gaussian'] as const).map((value) => ({ value, label: p(`stat.${value}`) }))}
            onChange={setNoise}
          />
        )}
        <NumberField label={p('stat.epsilon')} value={epsilon} min={0} step="any" onChange={setEpsilon} />
      </div>
      {bounded && <p className="dim">{p('stat.bounds')}</p>}
      <div className="cohort__actions">
        <Button look="primary" data-testid="stat-publish" disabled={busy} onClick={() => void publish()}>
          {p('stat.publish')}
        </Button>
        <span role="status" data-testid="stat-note">{note && p(note)}</span>
      </div>
      {made.length > 0 && (
        <section className="cohort__report" data-testid="stat-results">
          <h3>{p('stat.results')}</h3>
          {made.map(({ query, answer }, i) => (
            <table key={made.length - i}>
              <caption>
                {p(query.kind === 'quantile' ? 'stat.median' : `stat.${query.kind}`)}
                {'of' in query && ` · ${p(`quasi.${query.of}`)}`}
              </caption>
              <tbody>
                {answer.kind === 'value' ? (
                  <tr>
                    <td>{number(answer.value)}</td>
                    <td className="dim">{answer.margin !== null && p('stat.margin', { margin: number(answer.margin) })}</td>
                  </tr>
                ) : (
                  answer.bins.map((bin) => (
                    <tr key={bin.label}>
                      <th scope="row">{bin.label === '' ? p('stat.others') : bin.label}</th>
                      <td>{number(bin.value)}</td>
                      <td className="dim">{p('stat.margin', { margin: number(bin.margin) })}</td>
                    </tr>
                  ))
                )}
              </tbody>
            </table>
          ))}
          <Button size="small" onClick={() => save({ answers: made, budget: limits, spent: ledger?.spent }, 'lethe-statistics.json')}>
            {p('stat.save')}
          </Button>
        </section>
      )}
    </>
  );
} // prettier-ignore
