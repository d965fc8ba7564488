/** Decides what is to be redacted in one Instance: by a person, or by the profile's pixel policy. */
import type { PixelRecord } from '../audit/outcome';
import type { IdentityFacts } from '../deid/context';
import { keepsOverlays } from '../deid/keeps-overlays';
import type { Region } from '../detect/types';
import { pixelFacts } from '../pixels/facts';
import { hasOverlays } from '../pixels/overlays';
import type { PixelFacts } from '../pixels/types';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { explanations } from './errors';
import type { Opened } from './open';
import { riskOf } from './summary';
import type { ProcessSettings } from './types';

export interface PixelDecision {
  readonly check: PixelRecord['check'];
  readonly risk: string;
  /** All regions, kept ones too. */
  readonly regions: readonly Region[];
  readonly redact: readonly Region[];
}

/** Looks for text in the Instance as the policy asks. */
export type Detect = (opened: Opened, identity: IdentityFacts) => Promise<Result<readonly Region[]>>;

/**
 * Fails with a code that waits for review when the policy demands a look and the look is impossible: pixels that can't be decoded,
 * a model that can't be loaded. Never lets such an Instance through as if it had been checked.
 */
export async function decidePixels(
  opened: Opened,
  settings: Pick<ProcessSettings, 'profile' | 'regions'>,
  identity: IdentityFacts,
  detect: Detect,
): Promise<Result<PixelDecision>> {
  const { policy } = settings.profile.pixels;
  const facts = opened.kind === 'dicom' ? pixelFacts(opened.file) : null;
  const pixels: PixelFacts | null | undefined = facts === null ? undefined : facts.ok ? facts.value : null;
  const keepsSome =
    opened.kind === 'dicom' && pixels && keepsOverlays(settings.profile) && hasOverlays(opened.file, pixels);
  const risk = keepsSome
    ? { check: true, reason: 'kept-overlays' }
    : opened.kind !== 'dicom'
      ? { check: true, reason: 'plain-image' }
      : facts?.ok === true
        ? riskOf(opened.file, pixels ?? null)
        : { check: true, reason: 'bad-pixel-data' };

  if (settings.regions !== undefined) return ok(decided('decided', risk.reason, settings.regions));
  if (facts?.ok === false) return unreadable(facts);
  if (facts?.ok === true && facts.value === null) return ok(decided('none', 'no-pixels', []));
  if (policy === 'off') return ok(decided(risk.check ? 'unchecked' : 'none', risk.reason, []));
  if (policy === 'auto' && !risk.check) return ok(decided('none', risk.reason, []));
  const found = await detect(opened, identity);
  return found.ok ? ok(decided('checked', risk.reason, found.value)) : found;
}

function decided(check: PixelRecord['check'], risk: string, regions: readonly Region[]): PixelDecision {
  return { check, risk, regions, redact: regions.filter((r) => r.action === 'redact') };
}

/** Pixel Data that contradict the header: whatever the code, a person has to look. */
function unreadable(failure: Failure): Failure {
  return { ...failure, code: 'bad-pixel-data', message: explanations['bad-pixel-data'].message };
}
