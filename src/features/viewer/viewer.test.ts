import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ViewFrame } from '../../core/pipeline/types';
import { defaultDisplay, type Display } from '../../store/view';
import { coreVoi, cornerstoneImage, defaultWindow, rgbaBytes } from './cornerstone-image';
import { dragStep, idle, type DragContext, type DragState } from './drag-tool';
import { placeLabels } from './labels';
import { imagePoint, stagePoint } from './points';
import { presetOf, presetsFor } from './presets';
import { fitScale, mapping, scaleOf, zoomAt } from './transform';

const image = { width: 512, height: 256 };
const stage = { width: 1000, height: 800 };
const displays = fc.record({
  window: fc.constant(null),
  invert: fc.boolean(),
  rotation: fc.constantFrom(0, 90, 180, 270),
  scale: fc.option(fc.double({ min: 0.1, max: 20, noNaN: true })),
  pan: fc.record({
    x: fc.double({ min: -300, max: 300, noNaN: true }),
    y: fc.double({ min: -300, max: 300, noNaN: true }),
  }),
});

describe('transform', () => {
  it('goes to the stage and back', () => {
    fc.assert(
      fc.property(
        displays,
        fc.integer({ min: 0, max: 512 }),
        fc.integer({ min: 0, max: 256 }),
        (display: Display, x, y) => {
          const map = mapping(display, image, stage);
          const back = map.toImage(map.toStage(imagePoint(x, y)));
          expect(back.x).toBeCloseTo(x, 6);
          expect(back.y).toBeCloseTo(y, 6);
        },
      ),
    );
  });

  it('fits turned images by their turned size', () => {
    expect(fitScale(image, stage, 90)).toBeCloseTo(784 / 512, 6);
    expect(fitScale(image, stage, 0)).toBeCloseTo(984 / 512, 6);
  });

  it('keeps the pixel under the pointer when zooming', () => {
    fc.assert(
      fc.property(
        displays,
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 800 }),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        (display: Display, x, y, factor) => {
          const at = stagePoint(x, y);
          const before = mapping(display, image, stage).toImage(at);
          const zoomed = { ...display, ...zoomAt(display, image, stage, at, factor) };
          const after = mapping(zoomed, image, stage).toImage(at);
          expect(after.x).toBeCloseTo(before.x, 4);
          expect(after.y).toBeCloseTo(before.y, 4);
        },
      ),
    );
  });
});

describe('drag tool', () => {
  const context: DragContext = {
    display: defaultDisplay,
    image,
    stage,
    window: { center: 40, width: 400 },
    range: 600,
  };
  const drag = (kind: 'window' | 'pan' | 'zoom', dx: number, dy: number) => {
    let state: DragState = idle;
    state = dragStep(state, { type: 'down', kind, at: stagePoint(100, 100) }, context).state;
    return dragStep(state, { type: 'move', at: stagePoint(100 + dx, 100 + dy) }, context);
  };

  it('windows by the range of the image', () => {
    expect(drag('window', 60, -30).display).toEqual({ window: { width: 460, center: 10 } });
  });

  it('never makes a window narrower than one', () => {
    expect(drag('window', -5000, 0).display?.window?.width).toBe(1);
  });

  it('pans in screen pixels', () => {
    const step = drag('pan', 50, 20);
    const scale = scaleOf(defaultDisplay, image, stage);
    expect(step.display).toEqual({ scale, pan: { x: 50 / scale, y: 20 / scale } });
  });

  it('zooms in upwards', () => {
    expect(drag('zoom', 0, -120).display?.scale).toBeCloseTo(2 * fitScale(image, stage, 0), 6);
  });

  it('takes a press without movement for a click', () => {
    const down = dragStep(idle, { type: 'down', kind: 'pan', at: stagePoint(1, 1) }, context);
    const move = dragStep(down.state, { type: 'move', at: stagePoint(2, 2) }, context);
    expect(move.display).toBeUndefined();
    expect(dragStep(move.state, { type: 'up' }, context)).toEqual({ state: idle, click: true });
    const far = dragStep(move.state, { type: 'move', at: stagePoint(20, 2) }, context);
    expect(dragStep(far.state, { type: 'up' }, context).click).toBe(false);
  });

  it('puts everything back when cancelled', () => {
    const dragging = drag('window', 60, 0).state;
    expect(dragStep(dragging, { type: 'cancel' }, context)).toEqual({ state: idle, display: defaultDisplay });
  });
});

const frame = (patch: Partial<ViewFrame>): ViewFrame => ({
  width: 2,
  height: 1,
  samples: 1,
  data: new Int16Array([-1000, 3000]),
  photometric: 'MONOCHROME2',
  bitsStored: 16,
  grayscale: { slope: 1, intercept: 0, windows: [], function: 'LINEAR', inverted: false },
  min: -1000,
  max: 3000,
  display: 'gray',
  ...patch,
});

describe('cornerstone image', () => {
  it('passes narrow samples on untouched, with exact extremes', () => {
    const f = frame({});
    const made = cornerstoneImage(f, 'lethe:a/0/0');
    expect(made.getPixelData()).toBe(f.data);
    expect([made.minPixelValue, made.maxPixelValue]).toEqual([-1000, 3000]);
  });

  it('leaves linear windows of integers to cornerstone and makes all other levels by the standard', () => {
    const grayscale = { slope: 1, intercept: 0, windows: [], inverted: false };
    expect(coreVoi(frame({}), null)).toBeNull();
    expect(coreVoi(frame({}), { center: 0, width: 1 })).toEqual({ center: 0, width: 1 });
    const sigmoid = frame({ grayscale: { ...grayscale, function: 'SIGMOID' } });
    expect(coreVoi(sigmoid, { center: 1000, width: 500 })).toEqual({ center: 1000, width: 500 });
    const voi = coreVoi(sigmoid, { center: 3000, width: 500 });
    const made = cornerstoneImage(sigmoid, 'x', voi);
    // PS3.3 C.11.2.1.3.1: half of the range at the centre.
    expect([...Array.from(made.getPixelData())]).toEqual([0, 128]);
    expect(made.invert).toBe(false);
  });

  it('begins with the table of the header, turned where MONOCHROME1 asks for it', () => {
    const table = { first: 0, bits: 8, data: Uint16Array.from([0, 100, 255]) };
    const f = frame({
      data: new Uint8Array([0, 1]),
      min: 0,
      max: 1,
      grayscale: { slope: 1, intercept: 0, windows: [], voiLuts: [table], function: 'LINEAR', inverted: true },
    });
    const made = cornerstoneImage(f, 'x', coreVoi(f, null));
    expect([...Array.from(made.getPixelData())]).toEqual([255, 155]);
  });

  it('shows samples of float type over their whole range, however small', () => {
    const f = frame({ data: new Float32Array([0, 0.0005, 0.001]), width: 3, min: 0, max: Math.fround(0.001) });
    const made = cornerstoneImage(f, 'x', coreVoi(f, null));
    expect([...Array.from(made.getPixelData())]).toEqual([0, 128, 255]);
  });

  it('survives a flat image', () => {
    const f = frame({ data: new Float64Array([5, 5]), min: 5, max: 5 });
    expect([...Array.from(cornerstoneImage(f, 'x', coreVoi(f, null)).getPixelData())].every((v) => v >= 0)).toBe(true);
  });

  it('turns colour of any depth into opaque RGBA', () => {
    expect([...rgbaBytes(new Uint16Array([65535, 256, 0]), 16, 1)]).toEqual([255, 1, 0, 255]);
    expect([...rgbaBytes(new Uint8Array([1, 2, 3]), 8, 1)]).toEqual([1, 2, 3, 255]);
  });

  it('windows as the header says, or over everything', () => {
    // LINEAR spans one less than its width (PS3.3 C.11.2.1.2.1).
    expect(defaultWindow(frame({}))).toEqual({ center: 1000.5, width: 4001 });
    const windows = [{ center: 40, width: 400 }];
    expect(
      defaultWindow(frame({ grayscale: { slope: 1, intercept: 0, windows, function: 'LINEAR', inverted: false } })),
    ).toEqual({ center: 40, width: 400 });
  });
});

describe('presets', () => {
  it('offers Hounsfield windows for CT alone', () => {
    expect(presetsFor(frame({}), 'CT').map((p) => p.id)).toContain('lung');
    expect(presetsFor(frame({}), 'MR').map((p) => p.id)).toEqual(['default', 'full']);
    expect(presetsFor(frame({ display: 'rgb' }), 'US')).toEqual([]);
  });

  it('knows which one is in force', () => {
    const presets = presetsFor(frame({}), 'CT');
    expect(presetOf(null, presets)?.id).toBe('default');
    expect(presetOf({ center: -600, width: 1500 }, presets)?.id).toBe('lung');
    expect(presetOf({ center: 1, width: 2 }, presets)).toBeUndefined();
  });
});

describe('labels', () => {
  it('cover neither boxes nor each other', () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({
      id: `r${i}`,
      text: 'Identifying',
      box: { left: 10, top: 10 + i * 14, right: 90, bottom: 22 + i * 14 },
    }));
    const places = placeLabels(rows, stage);
    const labels = [...places.values()].map(({ x, y }) => ({ left: x, top: y - 11, right: x + 60, bottom: y + 3 }));
    for (const label of labels) {
      for (const { box } of rows) {
        expect(
          label.left < box.right && box.left < label.right && label.top < box.bottom && box.top < label.bottom,
        ).toBe(false);
      }
    }
    expect(places.size).toBeGreaterThan(4);
  });
});
