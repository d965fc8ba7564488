/** PEM (RFC 7468): what stands between BEGIN and END lines. */
import { derLength } from './der';

export interface PemBlock {
  /** 'CERTIFICATE', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'… */
  readonly label: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** There are header lines, as older programs write into encrypted keys. */
  readonly hasHeaders: boolean;
}

/** The blocks of a text, in order; those whose content is no Base64 are left out. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  for (const [, label = '', body = ''] of text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)) {
    const hasHeaders = body.includes(':');
    const bytes = hasHeaders ? new Uint8Array(0) : fromBase64(body);
    if (bytes !== null) blocks.push({ label, bytes, hasHeaders });
  }
  return blocks;
}

/** A block as text, 64 characters a line. */
export function formatPem(label: string, bytes: Uint8Array): string {
  const lines = toBase64(bytes).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replace(/\s+/g, '')), (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Each certificate of a file as a text of its own: of PEM, with whatever stands around it, or of DER. Empty when there is none. */
export function certificateTexts(bytes: Uint8Array): string[] {
  if (derLength(bytes) === bytes.byteLength) return [formatPem('CERTIFICATE', bytes)];
  const blocks = pemBlocks(new TextDecoder().decode(bytes)).filter((b) => b.label === 'CERTIFICATE');
  return blocks.map((b) => formatPem('CERTIFICATE', b.bytes));
}

/**
 * Whether a text holds exactly one certificate, as far as its outermost length tells. Cheap: what it says is read when it is used
 * (`certificates.ts`).
 */
export function looksLikeCertificate(text: string): boolean {
  const blocks = pemBlocks(text);
  const [block] = blocks;
  return blocks.length === 1 && block?.label === 'CERTIFICATE' && derLength(block.bytes) === block.bytes.byteLength;
}
