/** The words of the commands that open what Lethe sealed, checked. */
import { parseArgs } from 'node:util';
import { UsageError } from './usage';

export interface ReidentifyCommand {
  readonly command: 'reidentify';
  readonly inputs: readonly string[];
  readonly key: string;
  readonly passphraseFile?: string;
  readonly out: string;
}

/** Makes a key to sign with. */
export interface SignKeyCommand {
  readonly command: 'sign-key';
  readonly name: string;
  readonly out: string;
  readonly passphraseFile?: string;
}

/** What is done with encrypted lookup tables. */
export interface LookupCommand {
  readonly command: 'lookup';
  readonly task: 'import' | 'merge' | 'find';
  readonly files: readonly string[];
  /** A pseudonym, an original ID, or a Study Instance UID. */
  readonly wanted: string;
  readonly out: string;
  readonly passphraseFile?: string;
}

/** Opens a bundle. */
export interface OpenCommand {
  readonly command: 'open';
  readonly bundle: string;
  readonly key: string;
  readonly passphraseFile?: string;
  readonly out: string;
}

export type SealingCommand = ReidentifyCommand | SignKeyCommand | LookupCommand | OpenCommand;

export const isSealingCommand = (word: string | undefined): word is SealingCommand['command'] =>
  word === 'reidentify' || word === 'sign-key' || word === 'lookup' || word === 'open';

/** @throws UsageError */
export function parseSealingCommand(command: SealingCommand['command'], words: readonly string[]): SealingCommand {
  if (command === 'lookup') return lookup(words);
  if (command === 'open') return open(words);
  return command === 'sign-key' ? signKey(words) : reidentify(words);
}

function lookup(words: readonly string[]): LookupCommand {
  const { values, positionals } = parse(words, ['out', 'passphrase-file']);
  const [task, ...rest] = positionals;
  if (task !== 'import' && task !== 'merge' && task !== 'find') {
    throw new UsageError('lookup wants import, merge or find. See lethe lookup --help.');
  }
  const files = task === 'find' ? rest.slice(0, 1) : rest;
  if (files.length === 0) throw new UsageError('Name the lookup table.');
  const wanted = task === 'find' ? rest[1] : '';
  if (wanted === undefined || (task === 'find' && rest.length > 2)) {
    throw new UsageError('Say who is looked for: a pseudonym, an ID or a Study Instance UID.');
  }
  if (task !== 'find' && values.out === undefined)
    throw new UsageError('Say where the encrypted table goes: --out FILE.');
  return {
    command: 'lookup',
    task,
    files,
    wanted,
    out: values.out ?? '',
    ...(values['passphrase-file'] !== undefined && { passphraseFile: values['passphrase-file'] }),
  };
}

function signKey(words: readonly string[]): SignKeyCommand {
  const { values } = parse(words, ['name', 'out', 'passphrase-file']);
  if (values.name === undefined || values.name.trim() === '') throw new UsageError('Say who signs: --name NAME.');
  if (values.out === undefined) throw new UsageError('Say where the key goes: --out KEY.pem.');
  return {
    command: 'sign-key',
    name: values.name.trim().slice(0, 64),
    out: values.out,
    ...(values['passphrase-file'] !== undefined && { passphraseFile: values['passphrase-file'] }),
  };
}

function open(words: readonly string[]): OpenCommand {
  const { values, positionals } = parse(words, ['key', 'passphrase-file', 'out']);
  const [bundle, ...more] = positionals;
  if (bundle === undefined || more.length > 0) throw new UsageError('open wants one bundle: FILE.p7m.');
  if (values.key === undefined) throw new UsageError('Say which private key opens it: --key KEY.pem.');
  if (values.out === undefined) throw new UsageError('Say where its content goes: --out FILE.zip.');
  return {
    command: 'open',
    bundle,
    key: values.key,
    out: values.out,
    ...(values['passphrase-file'] !== undefined && { passphraseFile: values['passphrase-file'] }),
  };
}

function reidentify(words: readonly string[]): ReidentifyCommand {
  const { values, positionals } = parse(words, ['key', 'passphrase-file', 'out']);
  if (positionals.length === 0) throw new UsageError('Name at least one de-identified file or folder.');
  if (values.key === undefined) throw new UsageError('Say which private key opens it: --key KEY.pem.');
  if (values.out === undefined) throw new UsageError('Say where the files with their identity go: --out DIR.');
  return {
    command: 'reidentify',
    inputs: positionals,
    key: values.key,
    out: values.out,
    ...(values['passphrase-file'] !== undefined && { passphraseFile: values['passphrase-file'] }),
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly positionals: readonly string[];
}

function parse(words: readonly string[], names: readonly string[]): Parsed {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'Wrong usage. See --help.');
  }
}
