/** A profile compiled against Table E.1-1: the code that an attribute has under the chosen options and overrides. */
import type { Tag } from '../dicom/data-set';
import { optionOfColumn } from './options';
import type { Rule } from './plan';
import type { ActionCode, OptionName, Profile } from './profile';
import { e11Row } from './tables/e11';

export interface TableRule {
  /** A code of the table, possibly compound; or the action of an option or an override. */
  readonly code: string;
  readonly rule: Rule;
  /** Option that a 'C' or 'K' comes from. */
  readonly option?: OptionName;
  /** Value that an override wants. */
  readonly value?: string;
}

export type DateMode = 'remove' | 'keep' | 'shift';

/** Strictest first, where several chosen options have a cell for one attribute: cleaning wins over keeping. */
function choose(
  options: string,
  chosen: ReadonlySet<OptionName>,
): { action: ActionCode; option: OptionName } | undefined {
  let found: { action: ActionCode; option: OptionName } | undefined;
  for (let i = 0; i < options.length; i += 2) {
    const option = optionOfColumn(options.charAt(i));
    if (option === undefined || !chosen.has(option.name)) continue;
    const action = option.resolve(options.charAt(i + 1) === 'K' ? 'K' : 'C');
    if (found === undefined || (found.action === 'K' && action === 'C')) found = { action, option: option.name };
  }
  return found;
}

/** The code that a row of E.1-1 or E.3.4-1 has under the chosen options. */
export function chosenCode(
  row: { readonly basic: string; readonly options: string },
  chosen: ReadonlySet<OptionName>,
): { readonly code: string; readonly option?: OptionName } {
  const option = choose(row.options, chosen);
  return option === undefined ? { code: row.basic } : { code: option.action, option: option.option };
}

/** Rules of one profile, looked up by tag and remembered: a batch asks for the same few hundred tags again and again. */
export class ProfileRules {
  readonly options: ReadonlySet<OptionName>;
  readonly dates: DateMode;
  private readonly known = new Map<Tag, TableRule | null>();
  private readonly overrides: readonly { mask: number; value: number; action: ActionCode; text: string | undefined }[];

  constructor(readonly profile: Profile) {
    this.options = new Set(profile.options);
    this.dates = this.options.has('retainLongitudinalModified')
      ? 'shift'
      : this.options.has('retainLongitudinalFull')
        ? 'keep'
        : 'remove';
    this.overrides = profile.overrides.map((o) => ({
      mask: parseInt(o.tag.replace(/[0-9A-Fa-f]/g, 'F').replace(/x/gi, '0'), 16) >>> 0,
      value: parseInt(o.tag.replace(/x/gi, '0'), 16) >>> 0,
      action: o.action,
      text: o.value,
    }));
  }

  has(option: OptionName): boolean {
    return this.options.has(option);
  }

  /** The user's own decision about a tag, private ones included. */
  override(tag: Tag): TableRule | undefined {
    for (const o of this.overrides) {
      if ((tag & o.mask) >>> 0 !== o.value) continue;
      const rule: TableRule = { code: o.action, rule: { source: 'override', code: o.action } };
      return o.text === undefined ? rule : { ...rule, value: o.text };
    }
    return undefined;
  }

  /** Override, else option, else Basic Profile; undefined for attributes that the table does not list. */
  ruleOf(tag: Tag): TableRule | undefined {
    const known = this.known.get(tag);
    if (known !== undefined) return known ?? undefined;
    const rule = this.find(tag);
    this.known.set(tag, rule ?? null);
    return rule;
  }

  private find(tag: Tag): TableRule | undefined {
    const override = this.overrides.length === 0 ? undefined : this.override(tag);
    if (override !== undefined) return override;
    const row = e11Row(tag);
    if (row === undefined) return undefined;
    const { code, option } = chosenCode(row, this.options);
    return option === undefined
      ? { code, rule: { source: 'table', code } }
      : { code, rule: { source: 'option', code, option }, option };
  }
}

const compiled = new WeakMap<Profile, ProfileRules>();
/** Profiles are cloned on their way to a worker; the last one is recognised by its text. */
let last: { readonly text: string; readonly rules: ProfileRules } | undefined;

export function rulesOf(profile: Profile): ProfileRules {
  const known = compiled.get(profile);
  if (known !== undefined) return known;
  const text = JSON.stringify(profile);
  const rules = last?.text === text ? last.rules : new ProfileRules(profile);
  last = { text, rules };
  compiled.set(profile, rules);
  return rules;
}
