/** The pointer tools that change how the image is looked at: window, pan, zoom. A small state machine, free of the DOM. */
import type { Display, VoiWindow } from '../../store/view';
import { clampScale, scaleOf, zoomAt, type Size } from './transform';
import { stagePoint, type StagePoint } from './points';

export type DragKind = 'window' | 'pan' | 'zoom';

export type DragState =
  | { readonly name: 'idle' }
  /** Pressed, not yet moved far enough to be more than a click. */
  | { readonly name: 'pointing'; readonly kind: DragKind; readonly from: StagePoint; readonly start: Display }
  | { readonly name: 'dragging'; readonly kind: DragKind; readonly from: StagePoint; readonly start: Display };

export type DragEvent =
  | { readonly type: 'down'; readonly kind: DragKind; readonly at: StagePoint }
  | { readonly type: 'move'; readonly at: StagePoint }
  | { readonly type: 'up' }
  | { readonly type: 'cancel' };

export interface DragContext {
  readonly display: Display;
  readonly image: Size;
  readonly stage: Size;
  /** The window in force when none was chosen. */
  readonly window: VoiWindow;
  /** Grey levels from the darkest to the brightest pixel: sets how fast the window follows. */
  readonly range: number;
  /** Smallest width of a window; default 1. */
  readonly narrowest?: number;
}

export interface DragStep {
  readonly state: DragState;
  readonly display?: Partial<Display>;
  /** The press was a click. */
  readonly click?: boolean;
}

export const idle: DragState = { name: 'idle' };

/** CSS pixels that make a press a drag. */
const slop = 3;
/** The whole range is crossed over this many CSS pixels. */
const windowTravel = 600;
/** Doubles over this many CSS pixels. */
const zoomTravel = 120;

export function dragStep(state: DragState, event: DragEvent, context: DragContext): DragStep {
  switch (event.type) {
    case 'down':
      return { state: { name: 'pointing', kind: event.kind, from: event.at, start: context.display } };
    case 'move': {
      if (state.name === 'idle') return { state };
      const dx = event.at.x - state.from.x;
      const dy = event.at.y - state.from.y;
      if (state.name === 'pointing' && Math.hypot(dx, dy) < slop) return { state };
      return {
        state: { ...state, name: 'dragging' },
        display: dragged(state.kind, state.start, state.from, dx, dy, context),
      };
    }
    case 'up':
      return { state: idle, click: state.name === 'pointing' };
    case 'cancel':
      return state.name === 'dragging' ? { state: idle, display: state.start } : { state: idle };
  }
}

function dragged(
  kind: DragKind,
  start: Display,
  from: StagePoint,
  dx: number,
  dy: number,
  context: DragContext,
): Partial<Display> {
  switch (kind) {
    case 'window': {
      const before = start.window ?? context.window;
      const step = (context.range > 0 ? context.range : 1) / windowTravel;
      return {
        window: {
          width: Math.max(context.narrowest ?? 1, before.width + dx * step),
          center: before.center + dy * step,
        },
      };
    }
    case 'pan': {
      const scale = clampScale(scaleOf(start, context.image, context.stage));
      return { scale, pan: { x: start.pan.x + dx / scale, y: start.pan.y + dy / scale } };
    }
    case 'zoom':
      return zoomAt(start, context.image, context.stage, stagePoint(from.x, from.y), 2 ** (-dy / zoomTravel));
  }
}
