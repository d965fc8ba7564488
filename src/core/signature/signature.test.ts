import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDicom } from '../../../fixtures/build';
import { encodingCases } from '../../../fixtures/cases';
import { hasProgram, inFolder, makeIdentity, run, type Identity } from '../../../fixtures/crypto-readers';
import { plantedCorpus } from '../../../fixtures/planted';
import { joinParts, joinSource, listed, parsed } from '../../../fixtures/support';
import { bytesSource } from '../bytes';
import type { ImageSigner } from '../cms/rsa';
import { openSigner } from '../cms/signing-key';
import { collectIdentity } from '../deid/identity';
import { makePlan } from '../deid/make-plan';
import type { Plan } from '../deid/plan';
import { basicProfile } from '../deid/profile';
import { findElement } from '../dicom/data-set';
import { parseDicomBytes } from '../dicom/parse';
import { keepAll, keptMeta, writeDicom } from '../dicom/write';
import { createEngine } from '../pipeline/engine';
import { signOutput } from '../pipeline/sign-output';
import { verifyDicom } from '../verify/gate';
import { checkSignatures } from './check';
import { isSignable, macStream } from './mac-stream';
import { signedElements } from './sign';
import { DIGITAL_SIGNATURES, MAC_PARAMETERS } from './tags';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 3 + 1);
const profile = { ...basicProfile, pixels: { ...basicProfile.pixels, policy: 'off' as const } };
const engine = createEngine();
const dicoms = plantedCorpus().filter((f) => f.kind === 'dicom');
const python = '/usr/bin/python3';
const hasPython = spawnSync(python, ['-c', 'import pydicom, cryptography']).status === 0;

const check = async (bytes: Uint8Array) =>
  checkSignatures({ file: parsed(bytes), read: (start, end) => bytesSource(bytes).read(start, end) });

/** Of a file, what a signature over all of it is made from. */
async function stream(bytes: Uint8Array): Promise<Uint8Array> {
  const file = parsed(bytes);
  const pieces: Uint8Array[] = [];
  const source = { file, read: (start: number, end: number) => bytesSource(bytes).read(start, end) };
  await macStream(source, signedElements(file.elements), file.encoding, (piece) => pieces.push(piece.slice()));
  return Uint8Array.from(Buffer.concat(pieces));
}

describe.skipIf(!hasProgram('openssl'))('digital signatures', () => {
  let person: Identity;
  let signer: ImageSigner;
  beforeAll(async () => {
    person = makeIdentity('rsa', 'Trial Office');
    signer = await signerOf(person);
  });
  const signerOf = async ({ key: pem, certificate }: Identity): Promise<ImageSigner> => {
    const read = await openSigner(pem + certificate, '');
    if (!read.ok || read.value.images === undefined) throw new Error('no signer');
    return read.value.images;
  };
  const signed = async (bytes: Uint8Array, by = signer, path = 'a.dcm') => {
    const source = bytesSource(bytes);
    const done = await engine.process({ path, source }, { profile, key, signer: by });
    return done.ok ? joinSource(done.value.parts, source) : done;
  };
  /** A file as it is, with a signature. */
  const signedAsIs = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const file = parsed(bytes);
    const plan = { dataSet: keepAll(file.elements), meta: keptMeta(file) };
    const made = await signOutput(file, writeDicom(file, plan), bytesSource(bytes), signer);
    if (!made.ok) throw new Error(made.message);
    return joinParts(writeDicom(file, { ...plan, dataSet: { ...plan.dataSet, insert: made.value } }), bytes);
  };
  const dcmsign = (words: readonly string[]): string => {
    const done = spawnSync('dcmsign', words);
    return `${done.stderr.toString()}${done.stdout.toString()}`;
  };
  const dcmsignSays = (bytes: Uint8Array, ...words: string[]): string =>
    inFolder((folder) => {
      writeFileSync(join(folder, 'in.dcm'), bytes);
      writeFileSync(join(folder, 'c.pem'), person.certificate);
      return dcmsign(['--verify', '+cf', join(folder, 'c.pem'), ...words, join(folder, 'in.dcm')]);
    });
  /** Signed by DCMTK; and the bytes that it signed. */
  const signedByDcmtk = (bytes: Uint8Array, ...words: string[]): { signed: Uint8Array; stream: Uint8Array } | null =>
    inFolder((folder) => {
      const at = (name: string): string => join(folder, name);
      writeFileSync(at('in.dcm'), bytes);
      writeFileSync(at('k.pem'), person.key);
      writeFileSync(at('c.pem'), person.certificate);
      dcmsign(['+s', at('k.pem'), at('c.pem'), '+d', at('stream'), ...words, at('in.dcm'), at('out.dcm')]);
      if (!existsSync(at('out.dcm'))) return null;
      return {
        signed: new Uint8Array(readFileSync(at('out.dcm'))),
        stream: new Uint8Array(readFileSync(at('stream'))),
      };
    });
  const judged = (...files: Uint8Array[]): string[] =>
    inFolder((folder) => {
      const names = files.map((bytes, i) => {
        writeFileSync(join(folder, `${i}.dcm`), bytes);
        return join(folder, `${i}.dcm`);
      });
      const said = run(python, ['-W', 'ignore', 'fixtures/judge-signature.py', ...names]);
      return new TextDecoder().decode(said).trim().split('\n');
    });

  it('every exported planted file is signed, passes the gate, and the signature fits', async () => {
    let count = 0;
    for (const { name, bytes } of dicoms) {
      const plain = await engine.process({ path: name, source: bytesSource(bytes) }, { profile, key });
      if (!plain.ok) continue;
      const output = await signed(bytes);
      if (!(output instanceof Uint8Array)) throw new Error(`${name}: ${output.code}`);
      const [judgement, ...others] = await check(output);
      expect(judgement, name).toMatchObject({ ok: true, value: { name: 'Trial Office', algorithm: 'SHA256' } });
      expect(others).toEqual([]);
      if (judgement?.ok !== true) continue;
      const beside = parsed(output).elements.filter((e) => judgement.value.uncovered.includes(e.tag));
      expect(beside.filter(isSignable), name).toEqual([]);
      count++;
    }
    expect(count).toBeGreaterThan(10);
  });

  it('an input’s signatures go; a signature that nobody asked for is held back, as is one of somebody else', async () => {
    const bytes = await signedAsIs(buildDicom({ name: 'x', extends: 'ct', elements: [] }));
    const source = bytesSource(bytes);
    const done = await engine.process({ path: 'a.dcm', source }, { profile, key });
    if (!done.ok) throw new Error(done.code);
    const tags = parsed(await joinSource(done.value.parts, source)).elements.map((e) => e.tag);
    expect(tags.filter((t) => t === MAC_PARAMETERS || t === DIGITAL_SIGNATURES)).toEqual([]);

    const file = parsed(bytes);
    const identity = collectIdentity(file, 'a.dcm');
    const plan = makePlan(file, profile, { key, identity });
    const made = await signOutput(file, writeDicom(file, plan), source, signer);
    if (!made.ok) throw new Error(made.message);
    const withSignature = { ...plan, dataSet: { ...plan.dataSet, insert: [...plan.dataSet.insert, ...made.value] } };
    const input = { file, source, path: 'a.dcm', identity, regions: [], profile, pixelsChanged: false };
    const gate = async (signedBy: Uint8Array | undefined, of: Plan = withSignature): Promise<string[]> => {
      const output = { parts: writeDicom(file, of), outputPath: 'p/s/s/i.dcm' };
      const found = await verifyDicom({ ...input, plan: of, signedBy }, output);
      return found.map((f) => f.message);
    };
    expect(await gate(signer.certificate)).toEqual([]);
    expect(await gate(undefined)).toContain('The output holds a digital signature that nobody asked for.');
    const other = await signerOf(makeIdentity('rsa', 'Another'));
    expect(await gate(other.certificate)).toContain('The digital signature is by somebody else than who signs.');
    expect(await gate(signer.certificate, plan)).toContain(
      'The digital signature that was asked for is not in the output.',
    );
    const laterChange = {
      ...withSignature,
      dataSet: {
        ...withSignature.dataSet,
        insert: [...withSignature.dataSet.insert, { tag: 0x00189999, vr: 'US', value: Uint8Array.of(1, 0) }],
      },
    };
    expect(await gate(signer.certificate, laterChange)).toContain('The digital signature does not fit the output.');
  });

  it('a certificate that names somebody of the file is held back', async () => {
    const file = dicoms[0];
    const name = file?.planted.find((p) => p.place === 'patient name')?.text ?? '';
    if (file === undefined || name === '') throw new Error('no name');
    const output = await signed(file.bytes, await signerOf(makeIdentity('rsa', name.replaceAll('^', ' '))));
    expect(output).toMatchObject({ ok: false, code: 'gate-blocked', where: '(FFFA,FFFA)[0].(0400,0115)' });
  });

  it('any changed byte of what is signed, or of the signature, is found', async () => {
    const output = await signed(dicoms[0]?.bytes ?? new Uint8Array());
    if (!(output instanceof Uint8Array)) throw new Error(output.code);
    const file = parsed(output);
    const [judgement] = await check(output);
    const fingerprint = judgement?.ok === true ? judgement.value.fingerprint : '';
    const content = JSON.stringify(listed(file, file.elements));
    const first = file.elements.find(isSignable)?.start ?? 0;
    const isUnseen = async (at: number, by: number): Promise<boolean> => {
      const harmed = output.slice();
      harmed[at] = (harmed[at] ?? 0) ^ by;
      const again = parseDicomBytes(harmed);
      if (!again.ok || JSON.stringify(listed(again.value, again.value.elements)) === content) return false;
      const results = await check(harmed);
      // A certificate is another one then: people compare its fingerprint.
      const isSame = (r: (typeof results)[number]): boolean =>
        r.ok && r.value.fingerprint === fingerprint && r.value.uncovered.length === 0;
      return results.length > 0 && results.every(isSame);
    };
    for (let at = first; at < output.byteLength; at++) expect(await isUnseen(at, 1), `byte ${at}`).toBe(false);
    const byte = fc.integer({ min: first, max: output.byteLength - 1 });
    await fc.assert(
      fc.asyncProperty(byte, fc.integer({ min: 2, max: 255 }), async (at, by) => {
        expect(await isUnseen(at, by), `byte ${at}`).toBe(false);
      }),
      { numRuns: 400 },
    );
  }); // prettier-ignore

  it('keys of curves sign records, not images', async () => {
    const { key: pem, certificate } = makeIdentity('P-256', 'Curve');
    const read = await openSigner(pem + certificate, '');
    expect(read.ok && read.value.images).toBe(undefined);
  });

  it.skipIf(!hasPython)('an independent reading of the standard agrees, long sequences included', async () => {
    const long = buildDicom({
      name: 'long',
      extends: 'ct',
      elements: [
        {
          tag: '00081115',
          vr: 'SQ',
          items: Array.from({ length: 600 }, (_, i) => ({
            elements: [
              { tag: '00080100', vr: 'SH', value: `CODE ${i}` },
              { tag: '00080104', vr: 'LO', value: `a meaning of ${i} words` },
            ],
          })),
        },
      ],
    });
    const others = encodingCases.filter((c) => /^(explicit-le|encapsulated)/.test(c.name)).map((c) => buildDicom(c));
    const files = await Promise.all([long, ...others].map(signedAsIs));
    expect(judged(...files)).toEqual(files.map(() => 'good'));
    const harmed = files[0]?.slice() ?? new Uint8Array();
    const at = Buffer.from(harmed).indexOf('a meaning of 599');
    harmed[at] = 0x41;
    expect(judged(harmed)).not.toEqual(['good']);
  });

  describe.skipIf(!hasProgram('dcmsign'))('and DCMTK', () => {
    const cases = encodingCases.filter((c) => !/compressed-but-implicit|icon|tail/.test(c.name));

    it.each(cases.map((c) => [c.name, c] as const))('sign the same bytes of %s', async (_name, described) => {
      const bytes = buildDicom(described);
      const theirs = signedByDcmtk(bytes, '+m2');
      if (theirs === null) throw new Error('dcmsign does not sign it');
      const ours = await stream(bytes);
      // What follows is of their signature's own item.
      expect(Buffer.compare(theirs.stream.subarray(0, ours.byteLength), ours)).toBe(0);
      expect(Buffer.from(theirs.stream.subarray(ours.byteLength, ours.byteLength + 6)).toString('latin1')).toBe('\0\x04\x05\0US');
    }); // prettier-ignore

    it('verify what Lethe exports, as a Creator RSA signature', async () => {
      let count = 0;
      for (const { name, bytes } of dicoms.slice(0, 12)) {
        const output = await signed(bytes);
        if (!(output instanceof Uint8Array)) continue;
        expect(dcmsignSays(output, '+rc'), name).toContain('Verification : OK');
        count++;
      }
      expect(count).toBeGreaterThan(4);
      for (const described of cases) {
        expect(dcmsignSays(await signedAsIs(buildDicom(described))), described.name).toContain('Verification : OK');
      }
    });

    it('find what the other would find changed', async () => {
      const output = await signedAsIs(buildDicom({ name: 'x', extends: 'ct', elements: [] }));
      const pixels = findElement(parsed(output).elements, 0x7fe00010)?.valueStart ?? 0;
      output[pixels + 5] = (output[pixels + 5] ?? 0) ^ 1;
      expect(dcmsignSays(output)).toContain('document corrupted');
      expect(await check(output)).toMatchObject([{ ok: false, code: 'bad-signature' }]);
    });

    it.each(['+m2', '+m3', '+m5', '+ms', '+mr', '+mm'])('Lethe verifies theirs with %s', async (algorithm) => {
      const theirs = signedByDcmtk(buildDicom({ name: 'x', extends: 'ct', elements: [] }), algorithm);
      if (theirs === null) throw new Error('dcmsign does not sign it');
      const outdated = algorithm === '+ms' || algorithm === '+mr' || algorithm === '+mm';
      expect(await check(theirs.signed)).toMatchObject([{ ok: true, value: { outdated, uncovered: [] } }]);
    });

    it('tells what a signature over few attributes leaves out', async () => {
      const theirs = signedByDcmtk(buildDicom({ name: 'x', extends: 'ct', elements: [] }), '-t', '0008,0016', '-t', '0008,0018');
      if (theirs === null) throw new Error('dcmsign does not sign it');
      const [judgement] = await check(theirs.signed);
      expect(judgement?.ok === true && judgement.value.uncovered).toContain(0x7fe00010);
    }); // prettier-ignore

    it('a key of a curve is no RSA signature, and is not judged', async () => {
      const curve = makeIdentity('P-256', 'Curve');
      person = curve;
      const theirs = signedByDcmtk(buildDicom({ name: 'x', extends: 'ct', elements: [] }), '+m2');
      if (theirs === null) return;
      expect(await check(theirs.signed)).toMatchObject([{ ok: false, code: 'unknown-signature' }]);
    });
  });
});
