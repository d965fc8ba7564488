/** Images with text in their pixels, and where it is: the sample study, scored. */
import type { Expected, PlantedFile } from '../../fixtures/planted';
import { makeSamples } from '../samples/study';

type Box = readonly [number, number, number, number];

/** The sample images that hold text, with rectangles that must be hidden and those outside which nothing may change. */
export function burnedIn(): readonly PlantedFile[] {
  return makeSamples()
    .filter((s) => s.text.length > 0)
    .map((s) => {
      const box = (t: (typeof s.text)[number]): Box => [t.x, t.y, t.width, t.height];
      const hidden: Expected[] = s.text
        .filter((t) => t.identifying)
        .map((t) => ({ action: 'pixels_hidden', rect: box(t) }));
      const kind = s.path.endsWith('.png') ? 'png' : s.path.endsWith('.jpg') ? 'jpeg' : 'dicom';
      return {
        name: `burned in/${s.path}`,
        kind,
        bytes: s.bytes,
        codec: 'utf-8',
        patient: s.text.some((t) => t.text.includes('NM-771052')) ? 'NM-771052' : 'NM-204417',
        planted: [],
        expected: [...hidden, { action: 'pixels_retained', rects: s.text.map(box) }],
      };
    });
}
