/** Carries a cohort policy out on single elements: the last word on quasi-identifiers that the rest of the profile keeps. */
import type { DicomElement, DicomFile, Tag } from '../dicom/data-set';
import { defaultCharacterSet } from '../dicom/character-sets';
import type { Decision, Scope } from './decision';
import { REMOVE } from './decision';
import type { Edit } from './plan';
import type { ProfileRules } from './profile-rules';
import { coarsened, coarsenedDate, quasiIdentifiers, type Quasi, type StepName } from './quasi-identifiers';
import { attributeType } from './tables/types';
import { dummied, emptied, replacedByText, textOf } from './values-edit';

const BIRTH_DATE = 0x00100030;

interface Coarse {
  readonly quasi: Quasi;
  readonly step: StepName;
  /** The place among the tags of the quasi-identifier; -1 for a companion. */
  readonly part: number;
}

/** A cohort policy compiled: which attributes are coarsened, and how. */
export class CoarseRules {
  private readonly byTag = new Map<Tag, Coarse>();
  private readonly dateStep: StepName;

  constructor({ profile }: ProfileRules) {
    const steps = profile.cohort?.attributes ?? {};
    for (const quasi of quasiIdentifiers) {
      const step = steps[quasi.name] ?? 'full';
      if (step === 'full') continue;
      quasi.tags.forEach((tag, part) => this.byTag.set(tag, { quasi, step, part }));
      for (const tag of quasi.companions) {
        if (!this.byTag.has(tag)) this.byTag.set(tag, { quasi, step: 'none', part: -1 });
      }
    }
    this.dateStep = steps.studyDate ?? 'full';
  }

  /** The decision about an element once the policy is applied; the same one where it says nothing about it. */
  apply(file: DicomFile, element: DicomElement, vr: string, scope: Scope, decision: Decision, sopClass: string): Decision {
    const rule = this.byTag.get(element.tag);
    const isDate = this.dateStep !== 'full' && (vr === 'DA' || vr === 'DT') && element.tag !== BIRTH_DATE;
    if ((rule === undefined && !isDate) || decision.edit.kind === 'remove') return decision;
    const before = resultText(file, element, vr, scope, decision.edit);
    if (before === '') return decision;
    const gone = (): Decision => {
      // A dummy only where the object needs a value: an age of 30 years that nobody has would spoil a study.
      const type = attributeType(element.tag, scope.sequences, sopClass).charAt(0);
      const action = type === '1' ? 'D' : type === '2' ? 'Z' : 'X';
      const edit = action === 'X' ? REMOVE : action === 'Z' ? emptied(element) : dummied(element, vr);
      return { action, rule: { source: 'cohort', code: 'none' }, edit };
    };
    if (isDate && rule?.part !== -1) {
      // Every day of the file goes with the study's: any of them would tell it.
      if (this.dateStep === 'none') return gone();
      const values = (before ?? '').split('\\').map((v) => coarsenedDate(v, vr, this.dateStep));
      return written(element, vr, decision, before, values.join('\\'), this.dateStep, gone);
    }
    if (rule === undefined || rule.part < 0 || rule.step === 'none' || before === undefined) return gone();
    const { quasi, step, part } = rule;
    const parts = quasi.tags.map((_, i) => (i === part ? before.split('\\')[0] ?? '' : ''));
    const after = quasi.tags.length === 1 ? coarsened(quasi, before.split('\\')[0] ?? '', step) : coarsened(quasi, parts.join('\\'), step).split('\\')[part] ?? '';
    return written(element, vr, decision, before, after, step, gone);
  }
} // prettier-ignore

function written(
  element: DicomElement,
  vr: string,
  decision: Decision,
  before: string | undefined,
  after: string,
  step: StepName,
  gone: () => Decision,
): Decision {
  if (after === before) return decision;
  if (after.replaceAll('\\', '') === '') return gone();
  return { action: 'C', rule: { source: 'cohort', code: step }, edit: replacedByText(element, after, vr) };
}

/** The text that an element has under an edit; undefined for sequences. What Lethe writes for these attributes is ASCII. */
function resultText(file: DicomFile, element: DicomElement, vr: string, scope: Scope, edit: Edit): string | undefined {
  switch (edit.kind) {
    case 'keep':
      return element.items === undefined ? textOf(file, element, vr, scope.charset).trim() : undefined;
    case 'replace':
      return defaultCharacterSet.decode(edit.value).replace(/\0/g, '').trim();
    case 'remove':
      return '';
    case 'descend':
      return undefined;
  }
}

const compiled = new WeakMap<ProfileRules, CoarseRules | null>();

/** null where the profile has no cohort policy, as most have not. */
export function coarseRulesOf(rules: ProfileRules): CoarseRules | null {
  let coarse = compiled.get(rules);
  if (coarse === undefined) {
    coarse = rules.profile.cohort === undefined ? null : new CoarseRules(rules);
    compiled.set(rules, coarse);
  }
  return coarse;
}
