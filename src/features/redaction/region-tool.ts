/** Drawing, moving and resizing regions with the pointer: a state machine in image pixels, free of the DOM. */
import type { Rect } from '../../core/pixels/types';
import {
  contains,
  handlePoint,
  handles,
  moveRect,
  rectBetween,
  resizeRect,
  type Bounds,
  type Handle,
  type XY,
} from './geometry';

export interface Target extends Rect {
  readonly id: string;
}

export type RegionToolState =
  | { readonly name: 'idle' }
  /** Pressed; what it becomes depends on the first movement. */
  | { readonly name: 'pointing'; readonly from: XY; readonly hit: Hit }
  | { readonly name: 'drawing'; readonly from: XY; readonly rect: Rect | null }
  | { readonly name: 'moving'; readonly from: XY; readonly target: Target; readonly rect: Rect }
  | {
      readonly name: 'resizing';
      readonly from: XY;
      readonly target: Target;
      readonly handle: Handle;
      readonly rect: Rect;
    };

/** What lies under the pointer. */
export type Hit =
  | { readonly on: 'nothing' }
  | { readonly on: 'region'; readonly target: Target }
  | { readonly on: 'handle'; readonly target: Target; readonly handle: Handle };

export type RegionToolEvent =
  | { readonly type: 'down'; readonly at: XY; readonly hit: Hit }
  | { readonly type: 'move'; readonly at: XY }
  | { readonly type: 'up' }
  | { readonly type: 'cancel' };

/** What the page does after a step. */
export type RegionToolEffect =
  | { readonly do: 'select'; readonly id: string | null }
  | { readonly do: 'add'; readonly rect: Rect }
  | { readonly do: 'move' | 'resize'; readonly id: string; readonly rect: Rect };

export interface RegionToolStep {
  readonly state: RegionToolState;
  readonly effects: readonly RegionToolEffect[];
}

export interface RegionToolContext {
  readonly bounds: Bounds;
  /** Image pixels that make a press a drag: a few CSS pixels, whatever the zoom. */
  readonly slop: number;
}

export const idleRegionTool: RegionToolState = { name: 'idle' };

export function regionToolStep(
  state: RegionToolState,
  event: RegionToolEvent,
  context: RegionToolContext,
): RegionToolStep {
  if (event.type === 'cancel') return { state: idleRegionTool, effects: [] };
  if (event.type === 'down') {
    return {
      state: { name: 'pointing', from: event.at, hit: event.hit },
      effects: event.hit.on === 'nothing' ? [] : [{ do: 'select', id: event.hit.target.id }],
    };
  }
  if (event.type === 'move') return { state: moved(state, event.at, context), effects: [] };
  switch (state.name) {
    case 'pointing':
      return { state: idleRegionTool, effects: state.hit.on === 'nothing' ? [{ do: 'select', id: null }] : [] };
    case 'drawing':
      return { state: idleRegionTool, effects: state.rect ? [{ do: 'add', rect: state.rect }] : [] };
    case 'moving':
    case 'resizing': {
      const verb = state.name === 'moving' ? 'move' : 'resize';
      return { state: idleRegionTool, effects: [{ do: verb, id: state.target.id, rect: state.rect }] };
    }
    case 'idle':
      return { state, effects: [] };
  }
}

function moved(state: RegionToolState, at: XY, { bounds, slop }: RegionToolContext): RegionToolState {
  switch (state.name) {
    case 'idle':
      return state;
    case 'pointing': {
      if (Math.hypot(at.x - state.from.x, at.y - state.from.y) < slop) return state;
      const { hit, from } = state;
      if (hit.on === 'nothing') return moved({ name: 'drawing', from, rect: null }, at, { bounds, slop });
      if (hit.on === 'region')
        return moved({ name: 'moving', from, target: hit.target, rect: hit.target }, at, { bounds, slop });
      return moved({ name: 'resizing', from, target: hit.target, handle: hit.handle, rect: hit.target }, at, {
        bounds,
        slop,
      });
    }
    case 'drawing':
      return { ...state, rect: rectBetween(state.from, at, bounds) };
    case 'moving':
      return { ...state, rect: moveRect(state.target, at.x - state.from.x, at.y - state.from.y, bounds) };
    case 'resizing':
      return {
        ...state,
        rect: resizeRect(state.target, state.handle, at.x - state.from.x, at.y - state.from.y, bounds),
      };
  }
}

/** The rectangle in the making, and whose it is. */
export function draftOf(state: RegionToolState): { id: string | null; rect: Rect } | null {
  if (state.name === 'drawing') return state.rect && { id: null, rect: state.rect };
  if (state.name === 'moving' || state.name === 'resizing') return { id: state.target.id, rect: state.rect };
  return null;
}

/**
 * What is under a point: a handle of the selected region first, then the smallest region there, so that a small one on top of
 * a large one can be reached.
 * @param reach how far from a handle still counts, in image pixels
 */
export function hitTest(at: XY, regions: readonly Target[], selectedId: string | null, reach: number): Hit {
  const selected = regions.find((r) => r.id === selectedId);
  if (selected) {
    for (const handle of handles) {
      const point = handlePoint(selected, handle);
      if (Math.abs(point.x - at.x) <= reach && Math.abs(point.y - at.y) <= reach) {
        return { on: 'handle', target: selected, handle };
      }
    }
  }
  let best: Target | null = null;
  for (const region of regions) {
    if (contains(region, at) && (!best || region.width * region.height < best.width * best.height)) best = region;
  }
  return best ? { on: 'region', target: best } : { on: 'nothing' };
}
