/** The command line over the same core as the page. */
import { program } from '../core/audit/program';
import { anonymize, type Terminal } from './anonymize';
import { parseCommand, UsageError } from './arguments';
import { cohort } from './cohort';
import { detect } from './detect';
import { help } from './help';
import { checkPolicy, pinRecord } from './kiosk';
import { lookup } from './lookup';
import { mask } from './mask';
import { openBundle } from './open';
import { privacyHelp } from './privacy-help';
import { publish } from './publish';
import { reidentify } from './reidentify';
import { sealingHelp } from './sealing-help';
import { signKey } from './signing';
import { verify } from './verify';
import { verifyDicomFiles } from './verify-dicom';

const stop = new AbortController();

function terminal(quiet: boolean): Terminal {
  const live = process.stderr.isTTY && !quiet;
  return {
    note: (text) => void process.stderr.write(`${text}\n`),
    progress: (text) => {
      if (live) process.stderr.write(`\r\u001b[K${text}`);
    },
  };
}

/** Resolves when all of it is written: a pipe may be slower than we are. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => {
      resolve();
    });
  });
}

async function main(words: readonly string[]): Promise<number> {
  const command = parseCommand(words);
  switch (command.command) {
    case 'help':
      await print(command.of === 'privacy' ? privacyHelp : command.of === 'sealing' ? sealingHelp : help);
      return 0;
    case 'version':
      await print(`${program.version}\n`);
      return 0;
    case 'anonymize':
      return anonymize(command, { ...terminal(command.quiet), print }, stop.signal);
    case 'verify':
      return verify(command, print);
    case 'verify-dicom':
      return verifyDicomFiles(command, print);
    case 'policy':
      return checkPolicy(command.file, print);
    case 'pin':
      return pinRecord(print);
    case 'cohort':
      return cohort(command, print, stop.signal);
    case 'publish':
      return publish(command, print, stop.signal);
    case 'mask':
      return mask(command, terminal(true).note, stop.signal);
    case 'reidentify':
      return reidentify(command, terminal(true).note, stop.signal);
    case 'open':
      return openBundle(command, terminal(true).note);
    case 'lookup':
      return lookup(command, print, terminal(true).note);
    case 'sign-key':
      return signKey(command, terminal(true).note);
    case 'detect': {
      let json = '[]';
      const code = await detect(command, (text) => (json = text), terminal(true), stop.signal);
      await print(`${json}\n`);
      return code;
    }
  }
}

process.once('SIGINT', () => {
  stop.abort();
});

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof UsageError) {
      process.stderr.write(`lethe: ${error.message}\n`);
      process.exit(1);
    }
    // The kind alone: a message could quote a file.
    process.stderr.write(`lethe: internal error (${error instanceof Error ? error.name : 'unknown'})\n`);
    process.exit(2);
  },
);
