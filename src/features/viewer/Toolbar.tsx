import {
  Contrast,
  Eye,
  EyeOff,
  Maximize,
  Move,
  RotateCcw,
  RotateCw,
  Scan,
  SquareDashedMousePointer,
  SunMedium,
  Undo2,
  Redo2,
  ZoomIn,
  type LucideIcon,
} from 'lucide-react';
import { useMemo } from 'react';
import { IconButton } from '../../components/Button';
import { Segments } from '../../components/Fields';
import type { ViewFrame } from '../../core/pipeline/types';
import { useWords } from '../../locales';
import { useApp, type Compare, type InstanceEntry, type ToolName } from '../../store';
import { presetOf, presetsFor } from './presets';

const tools: readonly { readonly name: ToolName; readonly icon: LucideIcon; readonly keys: string }[] = [
  { name: 'window', icon: SunMedium, keys: 'W' },
  { name: 'pan', icon: Move, keys: 'P' },
  { name: 'zoom', icon: ZoomIn, keys: 'Z' },
  { name: 'region', icon: SquareDashedMousePointer, keys: 'B' },
];

interface ToolbarProps {
  readonly entry: InstanceEntry;
  readonly frame: ViewFrame | null;
  readonly enabled: boolean;
}

export function Toolbar({ entry, frame, enabled }: ToolbarProps) {
  const { t } = useWords();
  const tool = useApp((s) => s.tool);
  const compare = useApp((s) => s.compare);
  const display = useApp((s) => s.display);
  const showRegions = useApp((s) => s.showRegions);
  const past = useApp((s) => s.past);
  const future = useApp((s) => s.future);
  const app = useApp.getState();
  const lastEdit = past.at(-1);
  const nextEdit = future.at(-1);
  return (
    <div className="viewer-tools" role="toolbar" aria-label={t('viewer.tools')}>
      <div className="viewer-tools__group" role="radiogroup" aria-label={t('viewer.tool')}>
        {tools.map(({ name, icon, keys }) => (
          <IconButton
            key={name}
            icon={icon}
            label={t(`tool.${name}`)}
            keys={keys}
            role="radio"
            aria-checked={tool === name}
            disabled={!enabled}
            data-testid={`tool-${name}`}
            onClick={() => app.setTool(name)}
          />
        ))}
      </div>
      <span className="viewer-tools__line" />
      <div className="viewer-tools__group">
        <WindowPresets entry={entry} frame={frame} enabled={enabled} />
        <IconButton
          icon={Contrast}
          label={t('viewer.invert')}
          keys="I"
          aria-pressed={display.invert}
          disabled={!enabled}
          onClick={() => app.setDisplay({ invert: !display.invert })}
        />
        <IconButton
          icon={RotateCw}
          label={t('viewer.rotate')}
          keys="R"
          disabled={!enabled}
          onClick={() => app.setDisplay({ rotation: (display.rotation + 90) % 360 })}
        />
        <IconButton
          icon={Maximize}
          label={t('viewer.fit')}
          keys="F"
          disabled={!enabled}
          aria-pressed={display.scale === null}
          onClick={() => app.setDisplay({ scale: null, pan: { x: 0, y: 0 } })}
        />
        <IconButton
          icon={Scan}
          label={t('viewer.actualSize')}
          keys="1"
          disabled={!enabled}
          aria-pressed={display.scale === 1}
          onClick={() => app.setDisplay({ scale: 1, pan: { x: 0, y: 0 } })}
        />
        <IconButton
          icon={RotateCcw}
          label={t('viewer.reset')}
          keys="0"
          disabled={!enabled}
          onClick={() => app.resetDisplay()}
        />
      </div>
      <span className="viewer-tools__line" />
      <div className="viewer-tools__group">
        <IconButton
          icon={Undo2}
          label={lastEdit ? t('edit.undoThat', { edit: t(lastEdit.label) }) : t('edit.undo')}
          keys="Ctrl Z"
          disabled={!lastEdit}
          data-testid="undo"
          onClick={() => app.undo()}
        />
        <IconButton
          icon={Redo2}
          label={nextEdit ? t('edit.redoThat', { edit: t(nextEdit.label) }) : t('edit.redo')}
          keys="Ctrl ⇧ Z"
          disabled={!nextEdit}
          data-testid="redo"
          onClick={() => app.redo()}
        />
      </div>
      <span className="viewer-tools__space" />
      <div className="viewer-tools__group">
        <IconButton
          icon={showRegions ? Eye : EyeOff}
          label={t('viewer.showRegions')}
          keys="H"
          aria-pressed={showRegions}
          disabled={!enabled}
          onClick={() => app.setShowRegions(!showRegions)}
        />
        <Segments<Compare>
          label={t('viewer.compare')}
          value={compare}
          choices={[
            { value: 'before', label: t('viewer.before'), disabled: !enabled },
            { value: 'after', label: t('viewer.after'), disabled: !enabled },
            { value: 'swipe', label: t('viewer.swipeShort'), disabled: !enabled },
          ]}
          onChange={(value) => app.setCompare(value)}
        />
      </div>
    </div>
  );
}

function WindowPresets({ entry, frame, enabled }: ToolbarProps) {
  const { t } = useWords();
  const window = useApp((s) => s.display.window);
  const modality = entry.summary?.series.modality ?? '';
  const presets = useMemo(() => (frame ? presetsFor(frame, modality) : []), [frame, modality]);
  const chosen = presetOf(window, presets);
  return (
    <select
      className="field preset"
      aria-label={t('viewer.window')}
      value={chosen?.id ?? 'own'}
      disabled={!enabled || presets.length === 0}
      onChange={(event) => {
        const preset = presets.find((p) => p.id === event.target.value);
        if (preset) useApp.getState().setDisplay({ window: preset.window });
      }}
    >
      {presets.map((p) => (
        <option key={p.id} value={p.id}>
          {'key' in p.name ? t(p.name.key) : p.name.text}
        </option>
      ))}
      {!chosen && (
        <option value="own">
          {!frame
            ? t('viewer.window')
            : presets.length === 0 || !window
              ? t('preset.colour')
              : t('preset.own', {
                  center: String(Math.round(window.center)),
                  width: String(Math.round(window.width)),
                })}
        </option>
      )}
    </select>
  );
}
