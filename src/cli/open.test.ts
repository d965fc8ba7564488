import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasProgram, makeIdentity, run } from '../../fixtures/crypto-readers';
import { parseCommand } from './arguments';
import { openBundle } from './open';
import type { OpenCommand } from './sealing-arguments';

const folder = mkdtempSync(join(tmpdir(), 'lethe-open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

describe.skipIf(!hasProgram('openssl'))('lethe open', () => {
  const lethe = async (...words: string[]): Promise<[number, string]> => {
    let said = '';
    const command = parseCommand(['open', ...words]) as OpenCommand;
    return [await openBundle(command, (text) => (said += text)), said];
  };

  it('opens what OpenSSL sealed, with the right key alone, and writes nothing else', async () => {
    const [mine, other] = [makeIdentity('rsa', 'Mine'), makeIdentity('rsa', 'Other')];
    writeFileSync(at('c.pem'), mine.certificate);
    writeFileSync(at('k.pem'), mine.key);
    writeFileSync(at('o.pem'), other.key);
    const content = new Uint8Array(300_000).map((_, i) => i & 0xff);
    const words = ['cms', '-encrypt', '-binary', '-stream', '-outform', 'DER', '-aes256', '-recip', at('c.pem')];
    writeFileSync(at('b.p7m'), run('openssl', [...words, '-keyopt', 'rsa_padding_mode:oaep'], content));
    expect(await lethe(at('b.p7m'), '--key', at('o.pem'), '--out', at('no.zip'))).toEqual([2, expect.stringContaining('wrong-key') as string]);
    expect(await lethe(at('b.p7m'), '--key', at('k.pem'), '--out', at('b.zip'))).toEqual([0, expect.stringContaining('lethe verify') as string]);
    expect(Buffer.compare(readFileSync(at('b.zip')), content)).toBe(0);
    await expect(lethe(at('b.p7m'), '--key', at('k.pem'), '--out', at('b.zip'))).rejects.toThrow('Nothing is overwritten');
    writeFileSync(at('cut.p7m'), readFileSync(at('b.p7m')).subarray(0, 200_000));
    expect(await lethe(at('cut.p7m'), '--key', at('k.pem'), '--out', at('cut.zip'))).toEqual([2, expect.stringContaining('Nothing was written') as string]);
    expect([at('no.zip'), at('cut.zip')].some((name) => existsSync(name))).toBe(false);
  }); // prettier-ignore
});
