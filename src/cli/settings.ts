/** Profile and key as the command line states them. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Profile } from '../core/deid/profile';
import { parseProfile } from '../core/deid/profile-json';
import { isReadyProfileName, readyProfileNames, readyProfiles } from '../core/deid/profiles';
import { formatKey, keyLength, parseKey, randomKey } from '../core/pipeline/key';
import { UsageError, type AnonymizeCommand } from './arguments';

/** The profile with what the command line says instead. */
export async function readProfile(
  command: Pick<AnonymizeCommand, 'profile' | 'pixels' | 'style' | 'textPolicy'>,
  otherwise: Profile = readyProfiles.basic,
): Promise<Profile> {
  const { profile: given } = command;
  const profile =
    given === undefined ? otherwise : isReadyProfileName(given) ? readyProfiles[given] : await profileFrom(given);
  return {
    ...profile,
    pixels: {
      ...profile.pixels,
      ...(command.pixels !== undefined && { policy: command.pixels }),
      ...(command.textPolicy !== undefined && { text: command.textPolicy }),
      ...(command.style !== undefined && { style: command.style }),
    },
  };
}

async function profileFrom(file: string): Promise<Profile> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(
      `The profile '${file}' can't be read. It must be a JSON file or one of ${readyProfileNames.join(', ')}.`,
    );
  });
  const profile = parseProfile(text);
  if (!profile.ok) throw new UsageError(profile.message);
  return profile.value;
}

/** The key that was given, or a fresh one. */
export async function readKey(
  given: string | undefined,
): Promise<{ readonly key: Uint8Array; readonly fresh: boolean }> {
  if (given === undefined) return { key: randomKey(), fresh: true };
  const direct = parseKey(given);
  if (direct.ok) return { key: direct.value, fresh: false };
  const bytes = await readFile(given).catch(() => {
    throw new UsageError('--key must be 64 hexadecimal digits, or a file that holds them.');
  });
  if (bytes.byteLength === keyLength) return { key: new Uint8Array(bytes), fresh: false };
  const fromFile = parseKey(bytes.toString('utf8'));
  if (!fromFile.ok) throw new UsageError('The key file must hold 64 hexadecimal digits or 32 raw bytes.');
  return { key: fromFile.value, fresh: false };
}

/** Readable by the owner alone; never replaces a file. */
export async function writeKey(file: string, key: Uint8Array): Promise<void> {
  await writeFile(file, `${formatKey(key)}\n`, { mode: 0o600, flag: 'wx' }).catch(() => {
    throw new UsageError(`The key can't be written to '${file}': it exists, or you may not write there.`);
  });
}
