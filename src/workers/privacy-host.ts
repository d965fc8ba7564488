/** What is asked about sets and texts, away from the engines: long sums that must not hold up the page or an export. */
import { fail, ok, type Result } from '../core/result';
import { studyCohort, type Study, type StudyRequest } from '../core/privacy/cohort/study';
import type { CohortRecord } from '../core/privacy/cohort/table';
import { proposeNames } from '../core/deid/name-proposals';
import { maskDocument, type DocumentRequest, type MaskedDocument } from '../core/privacy/mask/document';
import type { MaskSettings } from '../core/privacy/mask/masker';
import { maskedName } from '../core/privacy/mask/names';
import { Accountant, type Budget, type Release } from '../core/privacy/noise/accountant';
import { checkLedger, type Question } from '../core/privacy/noise/ledger';
import { costOf, publish, type Answer } from '../core/privacy/noise/statistics';

export interface LedgerState {
  readonly budget: Budget;
  readonly releases: readonly Release[];
  readonly spent: { readonly epsilon: number; readonly delta: number };
}

export type MaskedText = MaskedDocument & {
  /** A name for the file that says nothing. */
  readonly outputName: string;
  /** Words that may be somebody's name and stay. */
  readonly possibleNames: readonly string[];
};

const senseless = fail('bad-profile', 'These numbers make no sense together.');

export const privacyHost = {
  study(records: readonly CohortRecord[], request: StudyRequest): Result<Study> {
    try {
      return ok(studyCohort(records, request));
    } catch {
      return senseless;
    }
  },
  /** Spends first, then answers. `limit-exceeded`: the budget does not reach; nothing was spent or drawn. */
  ask(
    records: readonly CohortRecord[],
    { query, mechanism }: Question,
    ledger: Pick<LedgerState, 'budget' | 'releases'>,
  ): Result<{ readonly answer: Answer; readonly ledger: LedgerState }> {
    try {
      const accountant = new Accountant(ledger.budget, ledger.releases);
      const what = 'of' in query ? `${query.kind} ${query.of}` : query.kind;
      if (!accountant.spend({ ...costOf(query, mechanism), what })) {
        return fail('limit-exceeded', 'The privacy budget does not reach.');
      }
      return ok({ answer: publish(records, query, mechanism).answer, ledger: stateOf(accountant) });
    } catch {
      return senseless;
    }
  },
  openLedger(text: string): Result<LedgerState> {
    const read = checkLedger(text);
    return read.ok ? ok(stateOf(read.value)) : read;
  },
  async mask(request: DocumentRequest, settings: MaskSettings): Promise<Result<MaskedText>> {
    const masked = maskDocument(request, settings);
    if (!masked.ok) return masked;
    const names = await proposeNames(masked.value.segments.map((s) => (s.before === undefined ? s.text : ' ')).join(''));
    return ok({
      ...masked.value,
      outputName: maskedName(settings.key, request.name),
      possibleNames: [...new Set(names.map((n) => n.text))].slice(0, 100),
    });
  },
}; // prettier-ignore

function stateOf({ budget, releases, spent }: Accountant): LedgerState {
  return { budget, releases, spent };
}

export type PrivacyHost = typeof privacyHost;
