/** Ready windows. Values of CT are in Hounsfield units, as radiologists commonly set them. */
import { fullWindow } from '../../core/pixels/display';
import type { ViewFrame } from '../../core/pipeline/types';
import type { MessageKey } from '../../locales';
import type { VoiWindow } from '../../store';

export interface Preset {
  readonly id: string;
  /** Its name: a sentence of the catalogues, or what the header calls it. */
  readonly name: { readonly key: MessageKey } | { readonly text: string };
  /** null: the one of the header or the full range. */
  readonly window: VoiWindow | null;
}

const ct: readonly Preset[] = [
  { id: 'soft', name: { key: 'preset.soft' }, window: { center: 40, width: 400 } },
  { id: 'lung', name: { key: 'preset.lung' }, window: { center: -600, width: 1500 } },
  { id: 'bone', name: { key: 'preset.bone' }, window: { center: 480, width: 2500 } },
  { id: 'brain', name: { key: 'preset.brain' }, window: { center: 40, width: 80 } },
  { id: 'liver', name: { key: 'preset.liver' }, window: { center: 60, width: 160 } },
];

/** The windows on offer for a frame: the header's, the full range, and those of its modality. */
export function presetsFor(frame: ViewFrame, modality: string): readonly Preset[] {
  if (frame.display === 'rgb') return [];
  const { windows } = frame.grayscale;
  const full: Preset = {
    id: 'full',
    name: { key: 'preset.full' },
    window: fullWindow(frame),
  };
  const others = windows.slice(1).map((w, i): Preset => ({
    id: `header-${i + 1}`,
    name: w.name ? { text: w.name } : { key: 'preset.headerOther' },
    window: { center: w.center, width: w.width },
  }));
  return [
    { id: 'default', name: { key: windows.length > 0 ? 'preset.header' : 'preset.auto' }, window: null },
    ...others,
    full,
    ...(modality === 'CT' ? ct : []),
  ];
}

/** Which preset is in force, if any. */
export function presetOf(window: VoiWindow | null, presets: readonly Preset[]): Preset | undefined {
  return presets.find((p) =>
    p.window === null || window === null
      ? p.window === window
      : p.window.center === window.center && p.window.width === window.width,
  );
}
