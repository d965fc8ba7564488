/** Encryption, signatures and what opens them, away from the page and from the engines. */
import { transfer } from 'comlink';
import { readCertificates, type CertificateFacts } from '../core/cms/certificates';
import { certificateTexts } from '../core/cms/pem';
import { readPrivateKey, type PrivateKey } from '../core/cms/private-key';
import { asStream, openEnvelope } from '../core/cms/open-stream';
import { checkSignature } from '../core/cms/signature';
import { adoptSigningKey, makeSigningKey, openSigner, signingKeyFacts } from '../core/cms/signing-key';
import type { Part } from '../core/bytes';
import { parseDicom } from '../core/dicom/parse';
import { entryCiphers, type EntryCipher } from '../core/export/aes-entry';
import { packedSource, type InputBytes } from '../core/pipeline/packed';
import { blobSource } from '../core/pipeline/sources';
import { fail, ok, type Result } from '../core/result';
import { signaturesOf, type FileSignatures } from '../core/signature/account';
import { openLookup, sealLookup } from '../core/lookup/vault';
import { openVault, restored, vaultFacts, type VaultFacts } from '../core/vault/open';

const entries = new Map<number, EntryCipher>();
let counter = 0;

const entry = (id: number): EntryCipher => {
  const found = entries.get(id);
  if (found === undefined) throw new RangeError('no such entry');
  return found;
};

const moved = (bytes: Uint8Array): Uint8Array => transfer(bytes, [bytes.buffer as ArrayBuffer]);

/** The private key that was given last. It lives here alone, and dies with the worker. */
let privateKey: PrivateKey | undefined;

/** A file with its identity back: identity, for the screen and for whoever saves it. */
export interface Reidentified {
  readonly facts: VaultFacts;
  /** Ranges refer to the input. */
  readonly parts: readonly Part[];
}

export const sealingHost = {
  /** Certificates of a file (PEM, or DER), each with its text and what people are told of it. */
  readCertificates(bytes: Uint8Array<ArrayBuffer>): Result<readonly (CertificateFacts & { readonly pem: string })[]> {
    const texts = certificateTexts(bytes);
    const read = readCertificates(texts);
    if (!read.ok) return read;
    return ok(
      read.value.map(({ name, fingerprint, key, from, until }, i) => ({
        name,
        fingerprint,
        key,
        from,
        until,
        pem: texts[i] ?? '',
      })),
    );
  },
  /** Takes a private key in. `wrong-passphrase` when it needs one, or another. */
  async takeKey(pem: string, passphrase: string): Promise<Result<PrivateKey['kind']>> {
    const read = await readPrivateKey(pem, passphrase);
    privateKey = read.ok ? read.value : undefined;
    return read.ok ? ok(read.value.kind) : read;
  },
  /** A new key to sign with, under its passphrase. */
  async makeSigningKey(name: string, passphrase: string): Promise<Result<string>> {
    return ok(await makeSigningKey(name, passphrase, new Date()));
  },
  adoptSigningKey,
  signingKeyFacts,
  /** The key can be used by whoever gets it, not read. */
  unlockSigner: openSigner,
  checkSignature,
  /** Of a file: what its digital signatures say; null when it is no DICOM file. */
  async checkImage(input: InputBytes): Promise<FileSignatures> {
    return signaturesOf(packedSource(input)).catch(() => fail('read-failed', 'The file can not be read.'));
  },
  openLookup,
  sealLookup,
  forgetKey(): void {
    privateKey = undefined;
  },
  async reidentify(input: InputBytes): Promise<Result<Reidentified>> {
    if (privateKey === undefined) return fail('bad-key', 'No private key was given.');
    const file = await parseDicom(packedSource(input));
    if (!file.ok) return file;
    const vault = await openVault(file.value, privateKey);
    if (!vault.ok) return vault;
    return ok({ facts: vaultFacts(vault.value), parts: restored(file.value, vault.value) });
  },
  /** What is in an encrypted bundle, by the key that was given. The browser keeps it, on disk where it is large. */
  async openBundle(bundle: Blob): Promise<Result<Blob>> {
    if (privateKey === undefined) return fail('bad-key', 'No private key was given.');
    const damaged = fail('bad-envelope', 'The bundle is damaged, or none.');
    try {
      const opened = await openEnvelope(blobSource(bundle), privateKey);
      if (!opened.ok) return opened;
      return ok(await new Response(asStream(opened.value), { headers: { 'content-type': 'application/zip' } }).blob());
    } catch {
      return damaged;
    }
  },
  /** Begins an entry of an encrypted ZIP. */
  async beginEntry(password: string): Promise<{ readonly id: number; readonly head: Uint8Array }> {
    const cipher = await entryCiphers(password)();
    const id = ++counter;
    entries.set(id, cipher);
    return { id, head: cipher.head };
  },
  async updateEntry(id: number, piece: Uint8Array): Promise<Uint8Array> {
    return moved(await entry(id).update(piece));
  },
  async finishEntry(id: number): Promise<Uint8Array> {
    const code = await entry(id).finish();
    entries.delete(id);
    return code;
  },
};

export type SealingHost = typeof sealingHost;
