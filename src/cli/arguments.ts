/** The words of the command line, checked. */
import { parseArgs } from 'node:util';
import type { PixelPolicy, RedactionStyle, TextPolicy } from '../core/deid/profile';
import { isPrivacyCommand, parsePrivacyCommand, type PrivacyCommand } from './privacy-arguments';
import { destinationOf, type Container } from './destination';
import { isSealingCommand, parseSealingCommand, type SealingCommand } from './sealing-arguments';
import { roles } from '../core/kiosk/roles';
import type { PolicyWords } from './kiosk';
import { jobsOf, oneOf, UsageError } from './usage';

export { UsageError } from './usage';

export interface AnonymizeCommand {
  readonly command: 'anonymize';
  readonly inputs: readonly string[];
  /** The folder, or the file of the archive. */
  readonly out: string;
  readonly container?: Container;
  readonly passwordFile?: string;
  readonly recipients?: readonly string[];
  /** Absent: that of the policy, or 'basic'. */
  readonly profile?: string;
  readonly key?: string;
  readonly keyOut?: string;
  readonly pixels?: PixelPolicy;
  readonly textPolicy?: TextPolicy;
  readonly style?: RedactionStyle;
  /** A file of device templates. */
  readonly templates?: string;
  readonly name?: string;
  readonly jobs: number;
  readonly resume: boolean;
  readonly dicomdir: boolean;
  readonly report?: string;
  readonly reportCsv?: string;
  readonly reportHtml?: string;
  /** Prints which input became which output: it names files, so it goes to no file of ours. */
  readonly map: boolean;
  /** The encrypted lookup table. */
  readonly lookup?: string;
  readonly lookupPassphraseFile?: string;
  /** Signing key (PEM). */
  readonly sign?: string;
  readonly signPassphraseFile?: string;
  /** Also signs each DICOM file, with the same key. */
  readonly signDicom?: boolean;
  readonly quiet: boolean;
  readonly kiosk?: PolicyWords;
}

export interface DetectCommand {
  readonly command: 'detect';
  readonly inputs: readonly string[];
  readonly jobs: number;
  /** Which of the found text would go. Absent: everything. */
  readonly textPolicy?: TextPolicy;
  /** A file of device templates. */
  readonly templates?: string;
}

export interface VerifyCommand {
  readonly command: 'verify';
  /** A record of a batch or of a machine. */
  readonly report: string;
  /** Absent: a security record is checked by itself. */
  readonly folder?: string;
  /** The record in other forms: they must say what it says. Those that lie in the folder are looked at as well. */
  readonly copies?: readonly string[];
  readonly securityRecord?: string;
  /** Certificate (PEM) of who must have signed it. */
  readonly signer?: string;
}

/** Judges the signatures that DICOM files carry. */
export interface VerifyDicomCommand {
  readonly command: 'verify-dicom';
  readonly inputs: readonly string[];
  readonly signer?: string;
}

export type Command =
  | AnonymizeCommand
  | DetectCommand
  | VerifyCommand
  | VerifyDicomCommand
  | PrivacyCommand
  | SealingCommand
  | { readonly command: 'policy'; readonly file: string }
  | { readonly command: 'pin' }
  | { readonly command: 'help'; readonly of?: 'privacy' | 'sealing' }
  | { readonly command: 'version' };

const options = {
  out: { type: 'string' },
  zip: { type: 'string' },
  'encrypted-zip': { type: 'string' },
  bundle: { type: 'string' },
  recipient: { type: 'string', multiple: true },
  'password-file': { type: 'string' },
  profile: { type: 'string' },
  key: { type: 'string' },
  'key-out': { type: 'string' },
  pixels: { type: 'string' },
  'text-policy': { type: 'string' },
  style: { type: 'string' },
  templates: { type: 'string' },
  name: { type: 'string' },
  jobs: { type: 'string' },
  report: { type: 'string' },
  'report-csv': { type: 'string' },
  'report-html': { type: 'string' },
  map: { type: 'string' },
  lookup: { type: 'string' },
  'lookup-passphrase-file': { type: 'string' },
  policy: { type: 'string' },
  role: { type: 'string' },
  'pin-file': { type: 'string' },
  'security-record': { type: 'string' },
  sign: { type: 'string' },
  'sign-passphrase-file': { type: 'string' },
  'sign-dicom': { type: 'boolean' },
  signer: { type: 'string' },
  dicom: { type: 'boolean' },
  resume: { type: 'boolean' },
  dicomdir: { type: 'boolean' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const textPolicies = ['everything', 'identifying-and-unknown', 'identifying'] as const;

const onlyFor: Readonly<Record<string, 'anonymize' | 'detect' | 'verify' | 'anonymize and detect'>> = {
  out: 'anonymize',
  zip: 'anonymize',
  'encrypted-zip': 'anonymize',
  bundle: 'anonymize',
  recipient: 'anonymize',
  'password-file': 'anonymize',
  profile: 'anonymize',
  key: 'anonymize',
  'key-out': 'anonymize',
  pixels: 'anonymize',
  'text-policy': 'anonymize and detect',
  templates: 'anonymize and detect',
  style: 'anonymize',
  name: 'anonymize',
  report: 'anonymize',
  'report-csv': 'anonymize',
  'report-html': 'anonymize',
  map: 'anonymize',
  lookup: 'anonymize',
  'lookup-passphrase-file': 'anonymize',
  policy: 'anonymize',
  role: 'anonymize',
  'pin-file': 'anonymize',
  sign: 'anonymize',
  'sign-passphrase-file': 'anonymize',
  'sign-dicom': 'anonymize',
  signer: 'verify',
  dicom: 'verify',
  resume: 'anonymize',
  dicomdir: 'anonymize',
  quiet: 'anonymize',
  json: 'detect',
};

/** @throws UsageError */
export function parseCommand(words: readonly string[]): Command {
  const [first, ...rest] = words;
  if (isPrivacyCommand(first)) {
    const asksHelp = rest.includes('--help') || rest.includes('-h');
    return asksHelp ? { command: 'help', of: 'privacy' } : parsePrivacyCommand(first, rest);
  }
  if (isSealingCommand(first)) {
    const asksHelp = rest.includes('--help') || rest.includes('-h');
    return asksHelp ? { command: 'help', of: 'sealing' } : parseSealingCommand(first, rest);
  }
  const { values, positionals } = parse(words);
  if (values.help === true || positionals[0] === 'help') return { command: 'help' };
  if (values.version === true) return { command: 'version' };
  const [command, ...inputs] = positionals;
  if (command === undefined)
    throw new UsageError(
      'Say what to do: anonymize, detect, verify, cohort, publish, mask, policy or pin. See --help.',
    );
  if (command === 'pin' && inputs.length === 0) return { command };
  if (command === 'policy') {
    const [file, ...more] = inputs;
    if (file === undefined || more.length > 0) throw new UsageError('policy wants one file: a kiosk.json.');
    return { command, file };
  }
  if (command !== 'anonymize' && command !== 'detect' && command !== 'verify') {
    throw new UsageError(
      `Unknown command '${command}'. There are anonymize, detect, verify, reidentify, open, cohort, publish, mask, policy and pin. See --help.`,
    );
  }
  for (const name of Object.keys(values)) {
    const owner = onlyFor[name];
    if (owner !== undefined && !owner.split(' and ').includes(command))
      throw new UsageError(`--${name} belongs to ${owner}.`);
  }
  if (command === 'verify' && values.dicom === true) {
    if (inputs.length === 0) throw new UsageError('Name at least one signed DICOM file or folder.');
    return { command: 'verify-dicom', inputs, ...(values.signer !== undefined && { signer: values.signer }) };
  }
  if (command === 'verify') {
    const [report, folder, ...copies] = inputs;
    if (report === undefined) {
      throw new UsageError('verify wants a record and the folder that it is about, or a security record alone.');
    }
    const beside = values['security-record'];
    return {
      command,
      report,
      ...(copies.length > 0 && { copies }),
      ...(folder !== undefined && { folder }),
      ...(values.signer !== undefined && { signer: values.signer }),
      ...(beside !== undefined && { securityRecord: beside }),
    };
  }
  if (values['security-record'] !== undefined && command !== 'anonymize')
    throw new UsageError('--security-record belongs to anonymize and verify.');
  if (inputs.length === 0) throw new UsageError('Name at least one file or folder.');
  const jobs = jobsOf(values.jobs);
  const asked = values['text-policy'];
  const textPolicy = asked === undefined ? {} : { textPolicy: oneOf('text-policy', asked, textPolicies) };
  const templates = values.templates === undefined ? {} : { templates: values.templates };
  if (command === 'detect') {
    if (values.json !== true) throw new UsageError('detect prints JSON: say --json.');
    return { command, inputs, jobs, ...textPolicy, ...templates };
  }
  return {
    command,
    inputs,
    jobs,
    ...destinationOf(values),
    ...(values['password-file'] !== undefined && { passwordFile: values['password-file'] }),
    ...(values.profile !== undefined && { profile: values.profile }),
    ...kioskOf(values),
    resume: values.resume === true,
    dicomdir: values.dicomdir === true,
    quiet: values.quiet === true,
    ...(values.key !== undefined && { key: values.key }),
    ...(values['key-out'] !== undefined && { keyOut: values['key-out'] }),
    ...(values.pixels !== undefined && { pixels: oneOf('pixels', values.pixels, ['auto', 'all', 'off']) }),
    ...textPolicy,
    ...templates,
    ...(values.style !== undefined && { style: oneOf('style', values.style, ['blur', 'solid', 'mosaic']) }),
    ...(values.name !== undefined && { name: values.name }),
    ...(values.report !== undefined && { report: values.report }),
    ...(values['report-csv'] !== undefined && { reportCsv: values['report-csv'] }),
    ...(values['report-html'] !== undefined && { reportHtml: values['report-html'] }),
    map: wantsMap(values.map),
    ...(values.lookup !== undefined && { lookup: values.lookup }),
    ...(values['lookup-passphrase-file'] !== undefined && { lookupPassphraseFile: values['lookup-passphrase-file'] }),
    ...(values.sign !== undefined && { sign: values.sign }),
    ...(values['sign-passphrase-file'] !== undefined && { signPassphraseFile: values['sign-passphrase-file'] }),
    ...signsDicom(values),
  };
}

/** What is decided under a policy is written down: there is none without a record. */
function kioskOf(values: ReturnType<typeof parse>['values']): { readonly kiosk?: PolicyWords } {
  const { policy, role, 'pin-file': pinFile, 'security-record': securityRecord } = values;
  if (policy === undefined) {
    if (role ?? pinFile ?? securityRecord)
      throw new UsageError('--role, --pin-file and --security-record go with --policy.');
    return {};
  }
  if (securityRecord === undefined)
    throw new UsageError('--policy wants --security-record FILE: what it decides is written down.');
  return {
    kiosk: {
      policy,
      securityRecord,
      role: oneOf('role', role ?? 'operator', roles),
      ...(pinFile !== undefined && { pinFile }),
    },
  };
}

/** @throws UsageError without a key */
function signsDicom(values: ReturnType<typeof parse>['values']): { readonly signDicom?: true } {
  if (values['sign-dicom'] !== true) return {};
  if (values.sign === undefined) throw new UsageError('Say with which key: --sign-dicom goes with --sign KEY.pem.');
  return { signDicom: true };
}

/** Names of inputs are kept nowhere in the clear. @throws UsageError */
function wantsMap(value: string | undefined): boolean {
  if (value === undefined || value === '-') return value === '-';
  throw new UsageError(
    'What names the originals is written encrypted only: --lookup FILE. --map - prints the map instead.',
  );
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'Wrong usage. See --help.');
  }
}
