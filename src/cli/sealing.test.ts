import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasProgram, makeIdentity, run } from '../../fixtures/crypto-readers';
import { plantedCorpus } from '../../fixtures/planted';
import { parsed } from '../../fixtures/support';
import { basicProfile } from '../core/deid/profile';
import { stringOf } from '../core/dicom/values';
import { anonymize } from './anonymize';
import { parseCommand, UsageError, type AnonymizeCommand, type VerifyCommand } from './arguments';
import { reidentify } from './reidentify';
import { signKey } from './signing';
import { verify } from './verify';
import { verifyDicomFiles } from './verify-dicom';
import { lookup } from './lookup';
import type { LookupCommand, ReidentifyCommand } from './sealing-arguments';

const folder = mkdtempSync(join(tmpdir(), 'lethe-sealing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);
const file = plantedCorpus().find((f) => f.kind === 'dicom');
const said: string[] = [];
const signal = new AbortController().signal;

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(root, name)).isFile());

function lethe(...words: string[]): Promise<number> {
  said.length = 0;
  const note = (text: string): void => void said.push(text);
  const command = parseCommand(words);
  return command.command === 'reidentify'
    ? reidentify(command satisfies ReidentifyCommand, note, signal)
    : anonymize(command as AnonymizeCommand, { note, progress: () => undefined }, signal);
}

describe.skipIf(!hasProgram('openssl'))('lethe reidentify', () => {
  it('gives back what anonymize took, with the right key alone', { timeout: 60_000 }, async () => {
    const [board, other] = [makeIdentity('rsa', 'Board'), makeIdentity('rsa', 'Other')];
    const profile = { ...basicProfile, vault: { recipients: [board.certificate], content: 'everything' } };
    writeFileSync(at('profile.json'), JSON.stringify(profile));
    writeFileSync(at('in.dcm'), file?.bytes ?? '');
    writeFileSync(at('key.pem'), board.key);
    writeFileSync(at('other.pem'), other.key);
    await lethe('anonymize', at('in.dcm'), '--out', at('out'), '--profile', at('profile.json'), '--pixels', 'off', '--report', at('r.json'));
    const [name = ''] = filesBelow(at('out'));
    expect(name).toMatch(/\.dcm$/);
    expect(readFileSync(at('r.json'), 'utf8')).toContain('"vault:D"');

    expect(await lethe('reidentify', at('out'), '--key', at('other.pem'), '--out', at('none'))).toBe(2);
    expect(said.join()).toContain('wrong-key');
    expect(existsSync(at('none')) ? filesBelow(at('none')) : []).toEqual([]);

    expect(await lethe('reidentify', at('out'), '--key', at('key.pem'), '--out', at('back'))).toBe(0);
    const [back = ''] = filesBelow(at('back'));
    const again = parsed(new Uint8Array(readFileSync(at('back', back))));
    const before = parsed(new Uint8Array(readFileSync(at('in.dcm'))));
    for (const tag of [0x00100010, 0x00100020, 0x00080018, 0x0020000d]) {
      expect(stringOf(again, tag)).toBe(stringOf(before, tag));
    }

    // A key that a passphrase protects.
    writeFileSync(at('pass.txt'), 'ein langes Wort\n');
    run('openssl', ['pkcs8', '-topk8', '-in', at('key.pem'), '-out', at('locked.pem'), '-v2', 'aes-256-cbc', '-passout', 'pass:ein langes Wort']);
    expect(await lethe('reidentify', at('out'), '--key', at('locked.pem'), '--passphrase-file', at('pass.txt'), '--out', at('again'))).toBe(0);
    writeFileSync(at('pass.txt'), 'falsch\n');
    await expect(lethe('reidentify', at('out'), '--key', at('locked.pem'), '--passphrase-file', at('pass.txt'), '--out', at('no'))).rejects.toThrow(UsageError);
  });

  it('wants everything that it needs said, and refuses a profile whose certificate is of no use', async () => {
    expect(() => parseCommand(['reidentify', 'a', '--out', 'b'])).toThrow('--key');
    expect(() => parseCommand(['reidentify', 'a', '--key', 'b'])).toThrow('--out');
    expect(() => parseCommand(['reidentify', '--key', 'k', '--out', 'b'])).toThrow('at least one');
    expect(parseCommand(['reidentify', '--help'])).toEqual({ command: 'help', of: 'sealing' });
    const weak = { ...basicProfile, vault: { recipients: [makeIdentity('rsa-1024', 'Weak').certificate], content: 'everything' } };
    writeFileSync(at('weak.json'), JSON.stringify(weak));
    writeFileSync(at('w.dcm'), file?.bytes ?? '');
    const code = await lethe('anonymize', at('w.dcm'), '--out', at('weak'), '--profile', at('weak.json'), '--pixels', 'off');
    expect([code, said.join()]).toEqual([2, expect.stringContaining('of no use') as string]);
    expect(existsSync(at('weak'))).toBe(false);
  });
}); // prettier-ignore

describe.skipIf(!hasProgram('openssl'))('a signed record', () => {
  it('is made with a key of one’s own, verified by us and by OpenSSL, and any change is told', { timeout: 120_000 }, async () => {
    writeFileSync(at('kp.txt'), 'passphrase of the key\n');
    expect(await signKey({ command: 'sign-key', name: 'Trial Office', out: at('sign.pem'), passphraseFile: at('kp.txt') }, () => undefined)).toBe(0);
    expect(statSync(at('sign.pem')).mode & 0o77).toBe(0);
    writeFileSync(at('s.dcm'), file?.bytes ?? '');
    const key = ['--sign', at('sign.pem'), '--sign-passphrase-file', at('kp.txt')];
    await lethe('anonymize', at('s.dcm'), '--out', at('signed'), '--pixels', 'off', '--report', at('signed.json'), ...key);
    let text = '';
    const check = async (...more: string[]): Promise<number> => {
      text = '';
      const command = parseCommand(['verify', at('signed.json'), at('signed'), ...more]);
      return verify(command as VerifyCommand, (t) => {
        text += t;
        return Promise.resolve();
      });
    };
    expect([await check(), text]).toEqual([0, expect.stringContaining('Signed by “Trial Office”') as string]);
    expect(await check('--signer', at('sign.pem'))).toBe(0);
    const other = makeIdentity('rsa', 'Trial Office');
    writeFileSync(at('other-cert.pem'), other.certificate);
    expect([await check('--signer', at('other-cert.pem')), text]).toEqual([2, expect.stringContaining('not the certificate') as string]);
    run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', at('signed.json.p7s'), '-content', at('signed.json'), '-CAfile', at('sign.pem'), '-purpose', 'any', '-out', at('o')]);

    // A record that was forged whole, chain and all, has another signature or none.
    const record = readFileSync(at('signed.json'), 'utf8');
    writeFileSync(at('signed.json'), record.replace('"name": "basic"', '"name": "BASIC"'));
    expect([await check(), text]).toEqual([2, expect.stringContaining('does not fit') as string]);
    writeFileSync(at('signed.json'), record);
    const signature = readFileSync(at('signed.json.p7s'));
    rmSync(at('signed.json.p7s'));
    expect([await check('--signer', at('sign.pem')), text]).toEqual([2, expect.stringContaining('not signed') as string]);
    signature[signature.length - 5] = (signature.at(-5) ?? 0) ^ 1;
    writeFileSync(at('signed.json.p7s'), signature);
    expect(await check()).toBe(2);
  });
}); // prettier-ignore

describe('an encrypted lookup table', () => {
  it('gains the patients of a batch, and gives them their pseudonyms again whatever the key', { timeout: 120_000 }, async () => {
    writeFileSync(at('lp.txt'), 'passphrase of the table\n');
    writeFileSync(at('l.dcm'), file?.bytes ?? '');
    const original = parsed(file?.bytes ?? new Uint8Array());
    const id = stringOf(original, 0x00100020);
    const words = ['--pixels', 'off', '--lookup', at('table.jwe'), '--lookup-passphrase-file', at('lp.txt')];
    const pseudonymIn = (folderName: string): string => {
      const [name = ''] = filesBelow(at(folderName));
      return stringOf(parsed(new Uint8Array(readFileSync(at(folderName, name)))), 0x00100020);
    };
    await lethe('anonymize', at('l.dcm'), '--out', at('l1'), '--key', '1'.repeat(64), ...words);
    const kept = readFileSync(at('table.jwe'), 'utf8');
    expect(statSync(at('table.jwe')).mode & 0o77).toBe(0);
    expect(kept.split('.').map((p) => Buffer.from(p, 'base64url').toString('latin1')).join()).not.toContain(id);
    // Another key would make another pseudonym; the table keeps the one that was given.
    await lethe('anonymize', at('l.dcm'), '--out', at('l2'), '--key', '2'.repeat(64), ...words);
    expect(pseudonymIn('l2')).toBe(pseudonymIn('l1'));

    const asked = async (...more: string[]): Promise<[number, string]> => {
      let text = '';
      const command = parseCommand(['lookup', ...more, '--passphrase-file', at('lp.txt')]) as LookupCommand;
      const code = await lookup(command, (t) => Promise.resolve(void (text += t)), () => undefined);
      return [code, text];
    };
    const [code, line] = await asked('find', at('table.jwe'), pseudonymIn('l1'));
    expect([code, line]).toEqual([0, expect.stringContaining(id) as string]);
    expect((await asked('find', at('table.jwe'), 'nobody'))[0]).toBe(2);
    writeFileSync(at('old.csv'), 'old,new\nMRN-1,P-1\n');
    await asked('import', at('old.csv'), '--out', at('imported.jwe'));
    await asked('merge', at('table.jwe'), at('imported.jwe'), '--out', at('both.jwe'));
    expect((await asked('find', at('both.jwe'), 'P-1'))[1]).toContain('mrn-1');
    expect((await asked('find', at('both.jwe'), id))[1]).toContain(pseudonymIn('l1'));
    writeFileSync(at('lp.txt'), 'another passphrase\n');
    await expect(asked('find', at('both.jwe'), id)).rejects.toThrow('wrong');
    expect(() => parseCommand(['anonymize', 'a', '--out', 'b', '--map', 'map.json'])).toThrow('--lookup');
  });
}); // prettier-ignore

describe.skipIf(!hasProgram('openssl'))('signed DICOM files', () => {
  it('are signed by anonymize, and judged by verify and by DCMTK', { timeout: 60_000 }, async () => {
    writeFileSync(at('kp2.txt'), 'passphrase of the key\n');
    writeFileSync(at('d.dcm'), file?.bytes ?? '');
    expect(await signKey({ command: 'sign-key', name: 'Trial Office', out: at('dsign.pem'), passphraseFile: at('kp2.txt') }, () => undefined)).toBe(0);
    const key = ['--sign', at('dsign.pem'), '--sign-passphrase-file', at('kp2.txt'), '--sign-dicom'];
    expect(await lethe('anonymize', at('d.dcm'), '--out', at('dout'), '--pixels', 'off', '--report', at('dout.json'), ...key)).toBe(0);
    const [name = ''] = filesBelow(at('dout'));
    let text = '';
    const print = (more: string): Promise<void> => Promise.resolve(void (text += more));
    const check = async (...words: string[]): Promise<number> => {
      text = '';
      const command = parseCommand(['verify', ...words]);
      return command.command === 'verify-dicom' ? verifyDicomFiles(command, print) : verify(command as VerifyCommand, print);
    };
    expect([await check(at('dout.json'), at('dout')), text]).toEqual([0, expect.stringContaining('1 DICOM files signed by “Trial Office”') as string]);
    expect([await check('--dicom', at('dout'), '--signer', at('dsign.pem')), text]).toEqual([0, expect.not.stringContaining('outside') as string]);
    writeFileSync(at('other2.pem'), makeIdentity('rsa', 'Other').certificate);
    expect(await check('--dicom', at('dout'), '--signer', at('other2.pem'))).toBe(2);
    expect([await check('--dicom', at('d.dcm')), text]).toEqual([2, expect.stringContaining('no signature') as string]);
    if (hasProgram('dcmsign')) {
      const said = spawnSync('dcmsign', ['--verify', '+rc', '+cf', at('dsign.pem'), at('dout', name)]);
      expect(said.stderr.toString() + said.stdout.toString()).toContain('Verification : OK');
    }
    const bytes = readFileSync(at('dout', name));
    bytes[bytes.indexOf('ISO_IR') + 3] = 0x51;
    writeFileSync(at('dout', name), bytes);
    expect([await check('--dicom', at('dout')), text]).toEqual([2, expect.stringContaining('does not fit') as string]);
  });

  it('want an RSA key, and a key at all', async () => {
    const curve = makeIdentity('P-256', 'Curve');
    writeFileSync(at('curve.pem'), curve.key + curve.certificate);
    writeFileSync(at('d.dcm'), file?.bytes ?? '');
    await expect(lethe('anonymize', at('d.dcm'), '--out', at('none2'), '--sign', at('curve.pem'), '--sign-dicom')).rejects.toThrow('RSA');
    expect(() => parseCommand(['anonymize', 'x', '--out', 'y', '--sign-dicom'])).toThrow('--sign KEY.pem');
  });
}); // prettier-ignore
