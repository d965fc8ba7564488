import { ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react';
import { IconButton } from '../../components/Button';
import { useWords } from '../../locales';
import { useApp, type InstanceEntry } from '../../store';
import { stackOf, stepStack, useTree } from '../studies';

/** The slider under the image: frames of a cine, or images of the series. */
export function StackBar({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const frame = useApp((s) => s.frame);
  const playing = useApp((s) => s.playing);
  const rate = useApp((s) => s.cineRate);
  useTree();
  const stack = stackOf(entry, frame);
  const name = stack.kind === 'frames' ? t('viewer.frame') : t('viewer.image');
  const text = t(stack.kind === 'frames' ? 'viewer.frameOf' : 'viewer.imageOf', {
    position: stack.position + 1,
    length: stack.length,
  });
  return (
    <div className="stack-bar">
      {stack.kind === 'frames' && (
        <>
          <IconButton
            icon={playing ? Pause : Play}
            label={playing ? t('viewer.pause') : t('viewer.play')}
            keys="Space"
            onClick={() => useApp.getState().setPlaying(!playing)}
          />
          <label className="stack-bar__rate">
            <span className="sr-only">{t('viewer.rate')}</span>
            <input
              className="field"
              type="number"
              min={1}
              max={60}
              value={rate}
              onChange={(event) => useApp.getState().setCineRate(Number(event.target.value) || 1)}
            />
            <span aria-hidden="true">{t('viewer.fps')}</span>
          </label>
        </>
      )}
      <IconButton
        icon={ChevronLeft}
        label={t('viewer.previous')}
        keys="↑"
        disabled={stack.position <= 0}
        onClick={() => stepStack(-1)}
      />
      <input
        className="slider"
        type="range"
        min={0}
        max={Math.max(0, stack.length - 1)}
        value={Math.max(0, stack.position)}
        disabled={stack.length < 2}
        aria-label={name}
        aria-valuetext={text}
        data-testid="stack-slider"
        onChange={(event) => stack.go(Number(event.target.value))}
      />
      <IconButton
        icon={ChevronRight}
        label={t('viewer.next')}
        keys="↓"
        disabled={stack.position >= stack.length - 1}
        onClick={() => stepStack(1)}
      />
      <output className="stack-bar__count" data-testid="stack-count">
        {text}
      </output>
    </div>
  );
}
