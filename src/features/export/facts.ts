/** What an export that begins now would take along, and what stays behind and why. */
import { isFixed, profileNames } from '../../core/kiosk/profile-names';
import type { Decision, KioskDestination } from '../../core/kiosk/rules';
import { codedModality } from '../../core/pipeline/batch/modality';
import { isExportable, stateOf, type AppState, type InstanceEntry, type StateKind } from '../../store';
import { look } from '../../store/kiosk';

/** Images of one modality, and what the rules of the machine say of them. */
export interface ModalityFacts {
  readonly modality: string;
  readonly count: number;
  readonly decision: Decision;
}

export interface ExportFacts {
  /** Offered for export: waiting for nobody, and let out by the rules. */
  readonly leaving: number;
  readonly bytes: number;
  /** Regions that are redacted in these. */
  readonly boxes: number;
  readonly states: Readonly<Record<StateKind, number>>;
  /** One of them, for a preview of its name. */
  readonly example: InstanceEntry | null;
  /** What would leave if no rule held it, by modality, most first. */
  readonly modalities: readonly ModalityFacts[];
  /** Of these, how many a rule holds. */
  readonly held: number;
  /** Why the machine would refuse the export as a whole. */
  readonly refused: 'destination' | 'profile-fixed' | null;
}

export function exportFacts(
  { instances, regions, profile, kiosk }: Pick<AppState, 'instances' | 'regions' | 'profile' | 'kiosk'>,
  destination: KioskDestination,
): ExportFacts {
  const policy = kiosk === null || typeof kiosk === 'string' ? null : kiosk.policy;
  const names = profileNames(policy?.profile ?? null, profile);
  const decisions = new Map<string, Decision>();
  const counts = new Map<string, number>();
  const states: Record<StateKind, number> = { ready: 0, review: 0, working: 0, refused: 0, skipped: 0 };
  let [leaving, bytes, boxes, held] = [0, 0, 0, 0];
  let example: InstanceEntry | null = null;
  for (const entry of instances.values()) {
    states[stateOf(entry)]++;
    if (!isExportable(entry)) continue;
    const modality = codedModality(entry.summary?.series.modality ?? '');
    let decision = decisions.get(modality);
    if (decision === undefined) {
      decision = look(kiosk, 'export', { modality, profile: names, destination });
      decisions.set(modality, decision);
    }
    counts.set(modality, (counts.get(modality) ?? 0) + 1);
    if (!decision.allowed) {
      held++;
      continue;
    }
    leaving++;
    bytes += entry.size;
    example ??= entry;
    for (const region of regions[entry.id] ?? []) if (region.action === 'redact') boxes++;
  }
  const modalities = [...decisions]
    .map(([modality, decision]) => ({ modality, decision, count: counts.get(modality) ?? 0 }))
    .sort((a, b) => b.count - a.count);
  const whole = (): ExportFacts['refused'] => {
    if (policy === null) return null;
    if (!policy.destinations.includes(destination)) return 'destination';
    return isFixed(policy.profile, profile) || look(kiosk, 'change-profile').allowed ? null : 'profile-fixed';
  };
  const refused = whole();
  if (refused !== null) [leaving, bytes, boxes] = [0, 0, 0];
  return { leaving, bytes, boxes, states, example, modalities, held, refused };
}
