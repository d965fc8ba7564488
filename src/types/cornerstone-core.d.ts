/** The part of cornerstone-core 2.6 that the viewer uses; the package ships no types. */
declare module 'cornerstone-core' {
  export interface Image {
    readonly imageId: string;
    readonly minPixelValue: number;
    readonly maxPixelValue: number;
    readonly slope: number;
    readonly intercept: number;
    readonly windowCenter: number;
    readonly windowWidth: number;
    readonly getPixelData: () => ArrayLike<number>;
    readonly rows: number;
    readonly columns: number;
    readonly height: number;
    readonly width: number;
    readonly color: boolean;
    readonly rgba: boolean;
    readonly columnPixelSpacing: number | undefined;
    readonly rowPixelSpacing: number | undefined;
    readonly invert: boolean;
    readonly sizeInBytes: number;
  }

  export interface Viewport {
    scale: number;
    translation: { x: number; y: number };
    voi: { windowWidth: number; windowCenter: number };
    invert: boolean;
    pixelReplication: boolean;
    rotation: number;
    hflip: boolean;
    vflip: boolean;
  }

  export interface Point {
    x: number;
    y: number;
  }

  interface Cornerstone {
    enable(element: HTMLElement): void;
    disable(element: HTMLElement): void;
    displayImage(element: HTMLElement, image: Image, viewport?: Partial<Viewport>): void;
    setViewport(element: HTMLElement, viewport: Partial<Viewport>): void;
    getViewport(element: HTMLElement): Viewport | undefined;
    getDefaultViewport(canvas: HTMLCanvasElement, image: Image): Viewport;
    pixelToCanvas(element: HTMLElement, point: Point): Point;
    canvasToPixel(element: HTMLElement, point: Point): Point;
    resize(element: HTMLElement, forceFitToWindow: boolean): void;
    draw(element: HTMLElement): void;
    imageCache: { purgeCache(): void };
  }

  const cornerstone: Cornerstone;
  export default cornerstone;
}
