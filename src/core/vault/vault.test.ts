import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasProgram, inFolder, makeIdentity, run, type Identity } from '../../../fixtures/crypto-readers';
import { plantedCorpus } from '../../../fixtures/planted';
import { joinParts, joinSource, listed, parsed } from '../../../fixtures/support';
import { bytesSource } from '../bytes';
import { readPrivateKey, type PrivateKey } from '../cms/private-key';
import { basicProfile, type Profile, type VaultContent } from '../deid/profile';
import { parseProfile } from '../deid/profile-json';
import { readyProfiles } from '../deid/profiles';
import { findElement, type DicomFile } from '../dicom/data-set';
import { createEngine } from '../pipeline/engine';
import { verifyDicom } from '../verify/gate';
import { collectIdentity } from '../deid/identity';
import { makePlan } from '../deid/make-plan';
import { writeDicom } from '../dicom/write';
import type { NewElement } from '../deid/plan';
import { openVault, restored, vaultFacts } from './open';
import { checkVault, sealVault } from './seal';
import { ENCRYPTED_ATTRIBUTES, ENCRYPTED_CONTENT } from './tags';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 5 + 3);
const dicoms = plantedCorpus().filter((f) => f.kind === 'dicom');
const engine = createEngine();

describe.skipIf(!hasProgram('openssl'))('vault', () => {
  let rsa: Identity;
  let ec: Identity;
  let other: Identity;
  beforeAll(() => {
    // A recipient called as an institution of the corpus may not trip the gate.
    rsa = makeIdentity('rsa', 'Trial Office');
    ec = makeIdentity('P-256', 'Ethics Board');
    other = makeIdentity('P-256', 'Somebody else');
  });
  const withVault = (content: VaultContent = 'everything', base: Profile = basicProfile): Profile => ({
    ...base,
    pixels: { ...base.pixels, policy: 'off' },
    vault: { recipients: [rsa.certificate, ec.certificate], content },
  });
  const opened = async (pem: string): Promise<PrivateKey> => {
    const read = await readPrivateKey(pem);
    if (!read.ok) throw new Error(read.message);
    return read.value;
  };
  const deidentified = async (bytes: Uint8Array, profile: Profile, path = 'a.dcm') => {
    const source = bytesSource(bytes);
    const done = await engine.process({ path, source }, { profile, key });
    return done.ok ? joinSource(done.value.parts, source) : done;
  };
  const withoutPixels = (file: DicomFile) =>
    listed(
      file,
      file.elements.filter((e) => e.tag >>> 16 !== 0x7fe0 && (e.tag & 0xffff) !== 0 && !isGraphics(e.tag)),
    );
  const isGraphics = (tag: number): boolean => {
    const group = tag >>> 16;
    return (group & 0xff00) === 0x6000 || (group & 0xff00) === 0x5000 || group === 0x5400 || group === 0xfffa || group === 0xfffc || tag === 0x00880200;
  };

  it('changes nothing about what leaves, and the holder of the key gets every header back', { timeout: 240_000 }, async () => {
    const mine = await opened(ec.key);
    let back = 0;
    for (const { name, bytes } of dicoms) {
      const plain = await deidentified(bytes, { ...basicProfile, pixels: { ...basicProfile.pixels, policy: 'off' } }, name);
      const sealed = await deidentified(bytes, withVault(), name);
      if (!(plain instanceof Uint8Array)) {
        expect(sealed, name).toMatchObject({ ok: false, code: plain.code });
        continue;
      }
      if (!(sealed instanceof Uint8Array)) throw new Error(`${name}: ${sealed.code} ${sealed.where ?? ''} ${JSON.stringify(sealed.findings)}`);
      const file = parsed(sealed);
      const original = parsed(bytes);
      const vault = await openVault(file, mine);
      if (!vault.ok) throw new Error(`${name}: ${vault.message}`);
      const again = parsed(joinParts(restored(file, vault.value), sealed));
      // Duplicates of a tag, which no reader can tell apart, come back once.
      const seen = new Set<string>();
      const once = withoutPixels(original).filter(({ tag }) => !seen.has(tag) && seen.add(tag));
      const sorted = [...once].sort((a, b) => (a.tag < b.tag ? -1 : 1)).map((e) => ({ ...e, tag: e.tag }));
      expect(asValues(withoutPixels(again)), name).toEqual(asValues(sorted));
      back++;
    }
    expect(back).toBeGreaterThan(20);
  });

  it('is opened by OpenSSL and read by DCMTK', { timeout: 60_000 }, async () => {
    const sealed = await deidentified(dicoms[0]?.bytes ?? new Uint8Array(), withVault());
    if (!(sealed instanceof Uint8Array)) throw new Error(sealed.message);
    const file = parsed(sealed);
    const content = contentOf(file);
    const dump = inFolder((folder) => {
      writeFileSync(join(folder, 'in'), content);
      writeFileSync(join(folder, 'key'), rsa.key);
      run('openssl', ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', join(folder, 'in'), '-inkey', join(folder, 'key'), '-out', join(folder, 'out')]);
      return hasProgram('dcmdump') ? new TextDecoder().decode(run('dcmdump', ['-f', '-te', join(folder, 'out')])) : '(0010,0010)';
    });
    expect(dump).toContain('(0010,0010)');
    const facts = await openVault(file, await opened(rsa.key));
    if (!facts.ok) throw new Error(facts.message);
    expect(vaultFacts(facts.value).name).not.toBe('');
  });

  it('holds less when only the identity is asked for', async () => {
    const bytes = dicoms[0]?.bytes ?? new Uint8Array();
    const tags = async (content: VaultContent): Promise<number[]> => {
      const out = await deidentified(bytes, withVault(content));
      if (!(out instanceof Uint8Array)) throw new Error(out.message);
      const vault = await openVault(parsed(out), await opened(rsa.key));
      if (!vault.ok) throw new Error(vault.message);
      return vault.value.originals.map((e) => e.tag);
    };
    const [all, some] = [await tags('everything'), await tags('identity')];
    expect(some).toEqual(expect.arrayContaining([0x00100010, 0x00100020, 0x0020000d]));
    expect(some.length).toBeLessThan(all.length);
    expect(all).toEqual(expect.arrayContaining(some));
  });

  it('ends with a code for whoever may not, or can not, open it', async () => {
    const out = await deidentified(dicoms[0]?.bytes ?? new Uint8Array(), withVault());
    if (!(out instanceof Uint8Array)) throw new Error(out.message);
    const file = parsed(out);
    expect(await openVault(file, await opened(other.key))).toMatchObject({ code: 'wrong-key' });
    expect(await openVault(parsed(dicoms[0]?.bytes ?? new Uint8Array()), await opened(rsa.key))).toMatchObject({ code: 'no-vault' });
    // Every changed byte of the message is noticed, though its encryption would not notice all of them.
    const item = findElement(file.elements, ENCRYPTED_ATTRIBUTES)?.items?.[0];
    const content = item && findElement(item.elements, ENCRYPTED_CONTENT);
    if (!content) throw new Error('no content');
    const mine = await opened(rsa.key);
    const before = await openVault(file, mine);
    if (!before.ok) throw new Error(before.message);
    for (let at = content.valueStart; at < content.valueEnd; at += 37) {
      const harmed = out.slice();
      harmed[at] = (harmed[at] as number) ^ 0x21;
      const opened = await openVault(parsed(harmed), mine);
      // The other recipient's part may be harmed without harm to this one.
      if (opened.ok) expect(listed(opened.value.file, opened.value.originals)).toEqual(listed(before.value.file, before.value.originals));
      else expect(['wrong-key', 'bad-envelope']).toContain(opened.code);
    }
  });

  it('the gate holds back what is sealed for others, plain, missing or unasked', async () => {
    const bytes = dicoms[0]?.bytes ?? new Uint8Array();
    const file = parsed(bytes);
    const identity = collectIdentity(file, 'a.dcm');
    const profile = withVault();
    const plan = makePlan(file, profile, { key, identity });
    const judged = async (vault: NewElement | null, as: Profile = profile) => {
      const sealed = makePlan(file, as, { key, identity }, vault === null ? {} : { vault });
      const parts = writeDicom(file, sealed);
      const input = { file, source: bytesSource(bytes), path: 'a.dcm', identity, plan: sealed, regions: [], profile: as, pixelsChanged: false };
      const findings = await verifyDicom(input, { parts, outputPath: 'p/s.dcm' });
      return findings.filter((f) => f.severity === 'block').map((f) => `${f.check}: ${f.message}`);
    };
    const forOthers = await sealVault(file, plan, { recipients: [other.certificate], content: 'everything' });
    const right = await sealVault(file, plan, profile.vault ?? { recipients: [], content: 'everything' });
    if (!forOthers.ok || !right.ok || right.value === null) throw new Error('not sealed');
    const { vault, ...without } = profile;
    expect(vault).toBeDefined();
    expect(await judged(right.value)).toEqual([]);
    expect(await judged(forOthers.value)).toEqual([expect.stringContaining('exactly those') as string]);
    expect(await judged(null)).toEqual([expect.stringContaining('are not in the output') as string]);
    expect(await judged(right.value, without)).toEqual([expect.stringContaining('does not ask') as string]);
    const [item = []] = right.value.items ?? [];
    const plain = item.map((e) => (e.tag === ENCRYPTED_CONTENT ? { ...e, value: new TextEncoder().encode(`  ${identity.names[0] ?? ''}  ${identity.ids[0] ?? ''} `) } : e));
    const found = await judged({ ...right.value, items: [plain] });
    expect(found.join()).toContain('vault');
    expect(found.join()).toContain('no-identity');
    const tail = item.map((e) => (e.tag === ENCRYPTED_CONTENT ? { ...e, value: new Uint8Array([...(e.value ?? []), 1, 2]) } : e));
    expect(await judged({ ...right.value, items: [tail] })).toEqual([expect.stringContaining('besides') as string]);
  });

  it('is part of the profile document, checked with the line', () => {
    const text = JSON.stringify({ ...readyProfiles.research, vault: { recipients: [rsa.certificate], content: 'identity' } }, null, 1);
    const read = parseProfile(text);
    expect(read).toMatchObject({ ok: true, value: { vault: { content: 'identity' } } });
    for (const [from, to, says] of [
      ['"identity"', '"all"', 'has to be everything or identity'],
      ['-----BEGIN CERTIFICATE-----', '-----BEGIN CERT-----', 'one certificate as PEM'],
    ] as const) {
      const wrong = parseProfile(text.replace(from, to));
      expect(wrong).toMatchObject({ ok: false, message: expect.stringContaining(says) as string, where: expect.stringMatching(/^line \d+/) as string });
    }
    const empty = parseProfile(text.replace(/"recipients": \[[^\]]*\]/, '"recipients": []'));
    expect(empty).toMatchObject({ ok: false, message: expect.stringContaining('nobody could open') as string });
    expect(checkVault(withVault(), new Date())).toMatchObject({ ok: true });
    expect(checkVault(withVault(), new Date('2099-01-01'))).toMatchObject({ code: 'bad-certificate' });
  });
}); // prettier-ignore

function contentOf(file: DicomFile): Uint8Array {
  const item = findElement(file.elements, ENCRYPTED_ATTRIBUTES)?.items?.[0];
  const content = item && findElement(item.elements, ENCRYPTED_CONTENT);
  if (!content) throw new Error('no vault');
  return file.bytes(content.valueStart, content.valueEnd);
}

/** VRs of implicit data sets come from the dictionary either way; what counts is tag and value. */
function asValues(elements: ReturnType<typeof listed>): unknown {
  return elements.map(({ tag, value, items }) => ({ tag, value, items: items?.map((i) => asValues([...i])) }));
}
