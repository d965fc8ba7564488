/** Asks the page's own worker about a made cohort, as the cohort window does. Times include the way of the records to the worker. */
import { wrap } from 'comlink';
import type { Remotely } from '../../../src/core/pipeline/host';
import type { CohortRecord } from '../../../src/core/privacy/cohort/table';
import type { StudyRequest } from '../../../src/core/privacy/cohort/study';
import type { PrivacyHost } from '../../../src/workers/privacy-host';

const worker = new Worker(new URL('../../../src/workers/privacy.worker.ts', import.meta.url), { type: 'module' });
const api = wrap<PrivacyHost>(worker) as unknown as Remotely<PrivacyHost>;

declare global {
  interface Window {
    study: (
      records: number,
      which: 'k' | 'klt',
    ) => Promise<{ ms: number; found: boolean; checked: number; nodes: number; leftOut: number }>;
  }
}

const names = ['age', 'sex', 'size', 'weight', 'ethnicGroup', 'country', 'studyDate', 'institution'] as const;

/** Random numbers that are the same each time. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function cohort(count: number): CohortRecord[] {
  const next = randoms(7);
  const normal = (mean: number, spread: number): number => mean + spread * (next() + next() + next() - 1.5);
  const pick = (of: readonly string[]): string => of[Math.floor(next() * next() * of.length)] ?? '';
  const diagnoses = Array.from({ length: 40 }, (_, i) => `D${i}`);
  const countries = ['DE', 'CN', 'FR', 'GB', 'US', 'PL', 'IN', 'BR'];
  const groups = ['A', 'B', 'C', 'D', 'E', 'F'];
  const places = Array.from({ length: 25 }, (_, i) => `Hospital ${i}`);
  return Array.from({ length: count }, (_, i): CohortRecord => {
    const sex = next() < 0.5 ? 'F' : 'M';
    const day = new Date(Date.UTC(2021, 0, 1) + Math.floor(next() * 1_200) * 86_400_000);
    return {
      person: `p${i}`,
      values: {
        age: `${String(Math.max(0, Math.round(normal(58, 22)))).padStart(3, '0')}Y`,
        sex,
        size: (normal(sex === 'F' ? 165 : 178, 9) / 100).toFixed(2),
        weight: normal(76, 20).toFixed(1),
        ethnicGroup: pick(groups),
        country: pick(countries),
        studyDate: day.toISOString().slice(0, 10).replaceAll('-', ''),
        institution: pick(places),
      },
      sensitive: { diagnosis: pick(diagnoses) },
    };
  });
}

window.study = async (count, which) => {
  const records = cohort(count);
  const request: StudyRequest = {
    attributes: names.map((name) => ({ name })),
    k: 5,
    sensitive: which === 'k' ? [] : [{ attribute: 'diagnosis', diversity: { kind: 'distinct', l: 3 }, t: 0.4 }],
    mostLeftOut: 0.02,
    metric: 'entropy',
    fraction: 1,
    threshold: 0.2,
  };
  const from = performance.now();
  const study = await api.study(records, request);
  const ms = performance.now() - from;
  if (!study.ok) throw new Error(study.message);
  const { best, checked, nodes } = study.value;
  return { ms, found: best !== null, checked, nodes, leftOut: best?.leftOut ?? 0 };
};
