/** The pictures in the documentation: of which scene each is, and whether of the whole page or of the window in it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { home, type Camera } from './stage';

interface Picture {
  readonly scene: string;
  /** What of the page is shown; all of it where nothing is named. */
  readonly of?: string;
}

const window = 'dialog[open]';

export const guidePictures: Readonly<Record<string, Picture>> = {
  start: { scene: 'start-empty' },
  workspace: { scene: 'work-regions' },
  tags: { scene: 'work-tags' },
  profile: { scene: 'work-profile-research' },
  export: { scene: 'work-export', of: window },
  proof: { scene: 'start-proof-kept', of: window },
  review: { scene: 'work-review' },
  reason: { scene: 'review-reason', of: window },
  batch: { scene: 'export-running-behind' },
  interrupted: { scene: 'export-interrupted', of: '[data-testid=resume-banner]' },
  record: { scene: 'export-record', of: '#inspector-panel-box' },
  verified: { scene: 'export-verified', of: window },
  password: { scene: 'export-password-made', of: window },
  signing: { scene: 'export-signing-ready', of: window },
  vault: { scene: 'sealing-vault', of: '[data-testid=vault-section]' },
  reidentify: { scene: 'sealing-reidentify-opened', of: window },
  lookup: { scene: 'sealing-lookup-found', of: window },
  cohort: { scene: 'work-cohort-report', of: window },
  statistics: { scene: 'work-statistics-results', of: window },
  mask: { scene: 'work-mask', of: window },
  unlock: { scene: 'kiosk-unlock', of: window },
  policy: { scene: 'kiosk-policy', of: window },
};

/** One picture for each, as a first visitor sees the page. */
export function guideCamera(folder: string): Camera {
  mkdirSync(folder, { recursive: true });
  const names = new Map(Object.entries(guidePictures).map(([name, { scene }]) => [scene, name]));
  return {
    looks: [home],
    wants: (scene) => names.has(scene),
    take: async (page, scene) => {
      const name = names.get(scene) ?? scene;
      const of = guidePictures[name]?.of;
      const path = join(folder, `${name}.png`);
      await (of === undefined ? page : page.locator(of)).screenshot({ path });
    },
  };
}
