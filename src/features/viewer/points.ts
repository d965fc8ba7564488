/**
 * Points of three spaces that must not be mixed up: pixels of the image, CSS pixels of the stage (origin at its top left),
 * CSS pixels of the window. Branded, so that a mix-up does not compile.
 */
declare const space: unique symbol;

interface Point<S extends string> {
  readonly x: number;
  readonly y: number;
  readonly [space]: S;
}

export type ImagePoint = Point<'image'>;
export type StagePoint = Point<'stage'>;
export type ClientPoint = Point<'client'>;

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint;
export const stagePoint = (x: number, y: number): StagePoint => ({ x, y }) as StagePoint;
export const clientPoint = (x: number, y: number): ClientPoint => ({ x, y }) as ClientPoint;

/** Where a point of the window lies on the stage. */
export const toStage = (point: ClientPoint, stage: { left: number; top: number }): StagePoint =>
  stagePoint(point.x - stage.left, point.y - stage.top);
