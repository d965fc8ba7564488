/** Videos decoded by the browser (WebCodecs), where it can. */
import { setVideoDecoding, type Video, type VideoImage, type VideoStream } from '../core/pixels/video';

export function setUpVideo(): void {
  if (typeof VideoDecoder === 'undefined' || typeof OffscreenCanvas === 'undefined') return;
  setVideoDecoding({
    stream: async (codec) => {
      const { supported } = await VideoDecoder.isConfigSupported({ codec });
      return supported === true ? new BrowserVideo(codec) : null;
    },
    container: openContainer,
  });
}

async function openContainer(bytes: Uint8Array): Promise<Video | null> {
  const { BufferSource, EncodedPacketSink, Input, MP4, MPEG_TS, QTFF, VideoSampleSink } = await import('mediabunny');
  const input = new Input({ source: new BufferSource(bytes), formats: [MP4, QTFF, MPEG_TS] });
  const track = (await input.canRead()) ? await input.getPrimaryVideoTrack() : null;
  if (track === null || !(await track.canDecode())) return null;
  const times: number[] = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    times.push(packet.timestamp);
  }
  // Packets come as they are decoded, frames as they are shown.
  times.sort((a, b) => a - b);
  const samples = new VideoSampleSink(track);
  return {
    frames: times.length,
    frame: async (index) => {
      const sample = await samples.getSample(times[index] ?? 0);
      if (sample === null) throw new Error('the frame never came');
      try {
        return imageOf(sample, (context) => {
          sample.draw(context, 0, 0);
        });
      } finally {
        sample.close();
      }
    },
  };
}

/** Goes on where it was as long as frames are asked for in order, as a cine does; begins at the key frame again otherwise. */
class BrowserVideo implements VideoStream {
  readonly #codec: string;
  #run: Run | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(codec: string) {
    this.#codec = codec;
  }

  frame(units: readonly Uint8Array[], key: number, index: number): Promise<VideoImage> {
    const turn = this.#last.then(() => this.#frame(units, key, index));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #frame(units: readonly Uint8Array[], key: number, index: number): Promise<VideoImage> {
    if (this.#run === undefined || this.#run.key !== key || this.#run.next > index) {
      this.#run?.close();
      this.#run = new Run(this.#codec, key, units);
    }
    try {
      return await this.#run.take(index);
    } catch (error) {
      this.#run.close();
      this.#run = undefined;
      throw error;
    }
  }
}

/** One pass over the frames from a key frame to the next. */
class Run {
  /** The frame that comes next, as they are shown. */
  next = 0;
  readonly #frames: VideoFrame[] = [];
  readonly #decoder: VideoDecoder;
  #fed = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(
    codec: string,
    readonly key: number,
    readonly units: readonly Uint8Array[],
  ) {
    this.#decoder = new VideoDecoder({
      output: (frame) => {
        this.#frames.push(frame);
        this.#wake?.();
      },
      error: (error) => {
        this.#failure = error;
        this.#wake?.();
      },
    });
    this.#decoder.addEventListener('dequeue', () => this.#wake?.());
    this.#decoder.configure({ codec });
  }

  async take(index: number): Promise<VideoImage> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const frame = this.#frames.shift();
      if (frame !== undefined) {
        const wanted = this.next++ === index;
        const image = wanted ? imageOf(frame, (context) => context.drawImage(frame, 0, 0)) : null;
        frame.close();
        if (image !== null) return image;
      } else if (this.#fed < this.units.length) {
        this.#feed();
        await this.#quiet();
      } else if (this.#decoder.state !== 'configured') {
        throw new Error('the decoder is closed');
      } else {
        await this.#decoder.flush();
        if (this.#frames.length === 0) throw new Error('the frame never came');
      }
    }
  }

  #feed(): void {
    const data = this.units[this.#fed];
    if (data === undefined) return;
    const type = this.#fed === 0 ? 'key' : 'delta';
    this.#decoder.decode(new EncodedVideoChunk({ type, timestamp: this.#fed, data }));
    this.#fed++;
  }

  /** Until the decoder has taken what it was given: a frame may have come by then. */
  async #quiet(): Promise<void> {
    while (this.#decoder.decodeQueueSize > 0 && this.#failure === undefined && this.#frames.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  close(): void {
    for (const frame of this.#frames.splice(0)) frame.close();
    if (this.#decoder.state !== 'closed') this.#decoder.close();
  }
}

function imageOf(
  { displayWidth: width, displayHeight: height }: { readonly displayWidth: number; readonly displayHeight: number },
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): VideoImage {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  draw(context);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
