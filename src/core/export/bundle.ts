/** A ZIP in a CMS envelope: opens with the private key of any of its recipients, in OpenSSL and other programs. */
import type { KnownCertificate } from '../cms/certificates';
import { envelopeStream } from '../cms/envelope-stream';
import type { Sink } from './sink';
import { zipSink, type ArchiveTarget } from './zip';

/** See `zipSink`; nothing but the piece in hand is held. */
export function bundleSink(
  target: ArchiveTarget,
  recipients: readonly KnownCertificate[],
  discard?: () => Promise<void>,
): Sink {
  return zipSink(async (archive) => target(archive.pipeThrough(await envelopeStream(recipients))), discard);
}
