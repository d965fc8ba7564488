/**
 * Imports scripts of the RSNA Clinical Trial Processor's DicomAnonymizer: what a profile can say becomes overrides and options,
 * everything else is listed, so that nobody believes a rule to be there that is not.
 */
import { tagOf } from '../dicom/dictionary';
import { fail, ok, type Result } from '../result';
import type { ActionCode, OptionName, Profile } from './profile';
import { basicProfile } from './profile';
import { isPatientTag } from './patient-tags';

export interface ImportedScript {
  readonly profile: Profile;
  /** Rules that were taken over, and rules that were not with the reason. */
  readonly mapped: number;
  readonly unmapped: readonly { readonly line: number; readonly rule: string; readonly reason: string }[];
}

interface Element {
  readonly line: number;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decode = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (all, dec?: string, hex?: string, name?: string) => {
    const code = dec !== undefined ? Number(dec) : hex !== undefined ? parseInt(hex, 16) : undefined;
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    return entities[name ?? ''] ?? all;
  });

/** The script's XML has one level: <script> of <p>, <e>, <k> and <r>, each with attributes and text. No DTD is read. */
function readElements(xml: string): readonly Element[] | undefined {
  const clean = xml.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
  if (!/<script[\s>]/.test(clean) || /<!(?:DOCTYPE|ENTITY)/i.test(clean)) return undefined;
  const elements: Element[] = [];
  for (const match of clean.matchAll(
    /<([pekr])((?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?:\/>|>([\s\S]*?)<\/\1\s*>)/g,
  )) {
    const attributes = new Map<string, string>();
    for (const a of (match[2] ?? '').matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      attributes.set(a[1] ?? '', decode(a[2] ?? a[3] ?? ''));
    }
    const line = clean.slice(0, match.index).split('\n').length;
    elements.push({ line, name: match[1] ?? '', attributes, text: decode(match[3] ?? '').trim() });
  }
  return elements;
}

/** '00100010', '(0010,0010)', '0010,0010' or a keyword. */
function tagText(element: Element): string | undefined {
  const raw = (element.attributes.get('t') ?? '').replace(/[(),\s]/g, '');
  if (/^[0-9a-fA-FxX]{8}$/.test(raw)) return raw.toUpperCase().replaceAll('X', 'x');
  const tag = tagOf(raw === '' ? (element.attributes.get('n') ?? '') : raw);
  return tag === undefined ? undefined : tag.toString(16).padStart(8, '0').toUpperCase();
}

type Mapped = { readonly action: ActionCode; readonly value?: string } | { readonly reason: string };

/** One script function as an action. Parameters (@NAME) are filled in by the caller. */
function actionOf(script: string): Mapped {
  const text = script.trim();
  if (text === '') return { action: 'Z' };
  const call = /^@(\w+)\s*\(([\s\S]*)\)$/.exec(text);
  if (call === null) {
    return text.includes('@')
      ? { reason: 'a combination of functions and text has no counterpart' }
      : { action: 'D', value: text };
  }
  const [, name = '', argument = ''] = call;
  switch (name) {
    case 'remove':
      return { action: 'X' };
    case 'keep':
      return { action: 'K' };
    case 'empty':
      return { action: 'Z' };
    case 'blank':
      return { action: 'Z' };
    case 'hashuid':
      return { action: 'U' };
    case 'process':
      return { action: 'C' };
    case 'require':
      return { action: 'K' };
    case 'date':
    case 'time':
      return { reason: `@${name}() writes the current ${name}, which tells when a file was processed` };
    case 'always':
      return actionOf(argument);
    case 'hashdate':
    case 'incrementdate':
    case 'modifydate':
      return { action: 'C' };
    case 'round':
      return { reason: '@round() makes ages and sizes coarser; ages over 89 are capped, others stay as they are' };
    case 'hash':
    case 'hashname':
    case 'hashptid':
    case 'lookup':
    case 'integer':
    case 'initials':
    case 'encrypt':
      return {
        reason: `@${name}() makes a value of the patient’s own; Lethe uses its keyed pseudonym for name and ID`,
      };
    default:
      return { reason: `@${name}() has no counterpart` };
  }
}

/** CTP keeps groups as wholes: <k> elements. Only those that an option stands for can be taken over. */
const dateFunctions = /@(?:hashdate|incrementdate|modifydate)\b/;

/**
 * Makes a profile of a script. Failure 'bad-profile' when the text is no such script. Name and ID stay with the pseudonym
 * whatever the script says, unless it removes or empties them.
 */
export function importCtpScript(xml: string, name = 'ctp-import'): Result<ImportedScript> {
  const elements = readElements(xml);
  if (elements === undefined || elements.length === 0) {
    return fail('bad-profile', 'This is not a script of the CTP DicomAnonymizer.');
  }
  const parameters = new Map(
    elements.filter((e) => e.name === 'p').map((e) => [e.attributes.get('t') ?? '', e.text] as const),
  );
  const overrides: { tag: string; action: ActionCode; value?: string }[] = [];
  const options = new Set<OptionName>(['cleanPixelData']);
  const unmapped: { line: number; rule: string; reason: string }[] = [];
  let mapped = 0;
  for (const element of elements) {
    const enabled = (element.attributes.get('en') ?? 'T').toUpperCase() === 'T';
    if (!enabled || element.name === 'p') continue;
    const label = element.attributes.get('n') ?? element.attributes.get('t') ?? element.name;
    const skip = (reason: string): void => void unmapped.push({ line: element.line, rule: label, reason });
    if (element.name === 'k') {
      skip('keeping a whole group would keep what the table removes from it');
      continue;
    }
    if (element.name === 'r') {
      const what = element.attributes.get('t') ?? '';
      if (/^(?:privategroups|unspecifiedelements|overlays|curves)$/i.test(what)) mapped++;
      else skip('this removal has no counterpart');
      continue;
    }
    const tag = tagText(element);
    if (tag === undefined) {
      skip('the attribute is not known');
      continue;
    }
    const script = element.text.replace(/@(\w+)(?!\s*\(|\w)/g, (all, key: string) => parameters.get(key) ?? all);
    if (dateFunctions.test(script)) {
      options.add('retainLongitudinalModified');
      mapped++;
      continue;
    }
    const action = actionOf(script);
    if ('reason' in action) {
      if (isPatientTag(tag)) mapped++;
      else skip(action.reason);
      continue;
    }
    if (isPatientTag(tag) && action.action === 'K') {
      skip('the patient’s name and ID are never kept by an import');
      continue;
    }
    overrides.push({ tag, ...action });
    mapped++;
  }
  const profile: Profile = { ...basicProfile, name, options: [...options], overrides };
  return ok({ profile, mapped, unmapped });
}
