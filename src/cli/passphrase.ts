/** Passwords and passphrases of the command line: from a file, or typed unseen. Never from the words of the command: others see those. */
import { readFile } from 'node:fs/promises';
import { UsageError } from './usage';

/**
 * @param file its first line is the passphrase; absent: it is asked for, where there is a terminal
 * @param option the name of the option that names the file, for the message
 */
export async function readPassphrase(file: string | undefined, option: string, question: string): Promise<string> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch(() => {
      throw new UsageError(`The file of --${option} can't be read.`);
    });
    const [line = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    if (line === '') throw new UsageError(`The file of --${option} is empty.`);
    return line;
  }
  if (!process.stdin.isTTY) throw new UsageError(`Say where the passphrase stands: --${option} FILE.`);
  return typed(question);
}

function typed(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  let text = '';
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off('data', take);
      stderr.write('\n');
    };
    const take = (chunk: string): void => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') {
          end();
          resolve(text);
          return;
        }
        if (character === '\u0003') {
          end();
          reject(new UsageError('Nothing was done.'));
          return;
        }
        text = character === '\u007f' ? text.slice(0, -1) : text + character;
      }
    };
    stdin.on('data', take);
  });
}
