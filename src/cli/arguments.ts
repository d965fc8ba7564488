/** The words of the command line, checked. */
import { parseArgs } from 'node:util';
import type { PixelPolicy, RedactionStyle, TextPolicy } from '../core/deid/profile';
import { isPrivacyCommand, parsePrivacyCommand, type PrivacyCommand } from './privacy-arguments';
import { destinationOf, type Container } from './destination';
import { isSealingCommand, parseSealingCommand, type SealingCommand } from './sealing-arguments';
import { jobsOf, oneOf, UsageError } from './usage';

export { UsageError } from './usage';

export interface AnonymizeCommand {
  readonly command: 'anonymize';
  readonly inputs: readonly string[];
  /** The folder, or the file of the archive. */
  readonly out: string;
  readonly container?: Container;
  readonly passwordFile?: string;
  readonly profile: string;
  readonly key?: string;
  readonly keyOut?: string;
  readonly pixels?: PixelPolicy;
  readonly textPolicy?: TextPolicy;
  readonly style?: RedactionStyle;
  readonly name?: string;
  readonly jobs: number;
  readonly resume: boolean;
  readonly dicomdir: boolean;
  readonly report?: string;
  readonly reportCsv?: string;
  readonly reportHtml?: string;
  readonly map?: string;
  readonly quiet: boolean;
}

export interface DetectCommand {
  readonly command: 'detect';
  readonly inputs: readonly string[];
  readonly jobs: number;
  /** Which of the found text would go. Absent: everything. */
  readonly textPolicy?: TextPolicy;
}

export interface VerifyCommand {
  readonly command: 'verify';
  readonly report: string;
  readonly folder: string;
}

export type Command =
  | AnonymizeCommand
  | DetectCommand
  | VerifyCommand
  | PrivacyCommand
  | SealingCommand
  | { readonly command: 'help'; readonly of?: 'privacy' | 'sealing' }
  | { readonly command: 'version' };

const options = {
  out: { type: 'string' },
  zip: { type: 'string' },
  'encrypted-zip': { type: 'string' },
  'password-file': { type: 'string' },
  profile: { type: 'string' },
  key: { type: 'string' },
  'key-out': { type: 'string' },
  pixels: { type: 'string' },
  'text-policy': { type: 'string' },
  style: { type: 'string' },
  name: { type: 'string' },
  jobs: { type: 'string' },
  report: { type: 'string' },
  'report-csv': { type: 'string' },
  'report-html': { type: 'string' },
  map: { type: 'string' },
  resume: { type: 'boolean' },
  dicomdir: { type: 'boolean' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const textPolicies = ['everything', 'identifying-and-unknown', 'identifying'] as const;

const onlyFor: Readonly<Record<string, 'anonymize' | 'detect'>> = {
  out: 'anonymize',
  zip: 'anonymize',
  'encrypted-zip': 'anonymize',
  'password-file': 'anonymize',
  profile: 'anonymize',
  key: 'anonymize',
  'key-out': 'anonymize',
  pixels: 'anonymize',
  style: 'anonymize',
  name: 'anonymize',
  report: 'anonymize',
  'report-csv': 'anonymize',
  'report-html': 'anonymize',
  map: 'anonymize',
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
    throw new UsageError('Say what to do: anonymize, detect, verify, cohort, publish or mask. See --help.');
  if (command !== 'anonymize' && command !== 'detect' && command !== 'verify') {
    throw new UsageError(
      `Unknown command '${command}'. There are anonymize, detect, verify, reidentify, cohort, publish and mask. See --help.`,
    );
  }
  for (const name of Object.keys(values)) {
    const owner = onlyFor[name];
    if (owner !== undefined && owner !== command) throw new UsageError(`--${name} belongs to ${owner}.`);
  }
  if (command === 'verify') {
    const [report, folder, ...more] = inputs;
    if (report === undefined || folder === undefined || more.length > 0) {
      throw new UsageError('verify wants a record and the folder that it is about.');
    }
    return { command, report, folder };
  }
  if (inputs.length === 0) throw new UsageError('Name at least one file or folder.');
  const jobs = jobsOf(values.jobs);
  const asked = values['text-policy'];
  const textPolicy = asked === undefined ? {} : { textPolicy: oneOf('text-policy', asked, textPolicies) };
  if (command === 'detect') {
    if (values.json !== true) throw new UsageError('detect prints JSON: say --json.');
    return { command, inputs, jobs, ...textPolicy };
  }
  return {
    command,
    inputs,
    jobs,
    ...destinationOf(values),
    ...(values['password-file'] !== undefined && { passwordFile: values['password-file'] }),
    profile: values.profile ?? 'basic',
    resume: values.resume === true,
    dicomdir: values.dicomdir === true,
    quiet: values.quiet === true,
    ...(values.key !== undefined && { key: values.key }),
    ...(values['key-out'] !== undefined && { keyOut: values['key-out'] }),
    ...(values.pixels !== undefined && { pixels: oneOf('pixels', values.pixels, ['auto', 'all', 'off']) }),
    ...textPolicy,
    ...(values.style !== undefined && { style: oneOf('style', values.style, ['blur', 'solid', 'mosaic']) }),
    ...(values.name !== undefined && { name: values.name }),
    ...(values.report !== undefined && { report: values.report }),
    ...(values['report-csv'] !== undefined && { reportCsv: values['report-csv'] }),
    ...(values['report-html'] !== undefined && { reportHtml: values['report-html'] }),
    ...(values.map !== undefined && { map: values.map }),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'Wrong usage. See --help.');
  }
}
