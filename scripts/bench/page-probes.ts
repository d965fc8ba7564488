/** What `page.ts` runs inside the page. Each function must stand alone: it is sent as text. */

declare global {
  interface Window {
    benchInteractive?: number;
    benchDrop?: () => void;
  }
}

/** Notes the frame in which the first button of the empty page is there: React listens from the same commit on. */
export function interactiveProbe(): void {
  const look = (): void => {
    if (document.querySelector('[data-testid=pick-folder]') === null) requestAnimationFrame(look);
    // After this frame was painted.
    else requestAnimationFrame(() => setTimeout(() => (window.benchInteractive = performance.now())));
  };
  requestAnimationFrame(look);
}

/** Drops one file and waits for the frame in which the viewer's canvas shows something. @returns milliseconds */
export function lightUp(base64: string): Promise<number> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], 'one.dcm'));
  const shows = (): boolean => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=stage] canvas');
    if (canvas === null || canvas.width < 100) return false;
    const pixels = canvas.getContext('2d')?.getImageData(canvas.width / 2 - 40, canvas.height / 2 - 40, 80, 80).data;
    return pixels?.some((v, i) => i % 4 === 0 && v > 0) ?? false;
  };
  return new Promise((resolve) => {
    const start = performance.now();
    const look = (): void => {
      if (shows()) requestAnimationFrame(() => resolve(performance.now() - start));
      else requestAnimationFrame(look);
    };
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    look();
  });
}

/** Makes ready to drop what an <input> holds. */
export function holdFiles(input: HTMLInputElement): void {
  const transfer = new DataTransfer();
  for (const file of input.files ?? []) transfer.items.add(file);
  window.benchDrop = () => {
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  };
}

/** Makes ready to paste so many copies of a small file, each with an Instance UID and number of its own. */
export function holdCopies({ count, base64 }: { count: number; base64: string }): void {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const text = new TextDecoder('latin1').decode(bytes);
  const marks = [...text.matchAll(/7777777/g)].map((m) => m.index);
  const files: File[] = [];
  for (let i = 0; i < count; i += 1) {
    const copy = bytes.slice();
    const digits = new TextEncoder().encode(String(i + 1).padStart(7, '0'));
    for (const at of marks) copy.set(digits, at);
    files.push(new File([copy], `IM${i}.dcm`, { lastModified: 0 }));
  }
  // Pasted: a made-up drop turns each file into an entry first, which takes longer than all the rest.
  const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
  Object.defineProperty(paste, 'clipboardData', { value: { files } });
  window.benchDrop = () => window.dispatchEvent(paste);
}

/** Lets go of what is held. */
export function letGo(): void {
  window.benchDrop?.();
}

/** Scrolls the tree for so long and notes the time between frames. */
export function frameGaps({
  seconds,
  pixelsAFrame,
}: {
  seconds: number;
  pixelsAFrame: number | 'end';
}): Promise<number[]> {
  const tree = document.querySelector('[data-testid=studies-tree]');
  if (tree === null) throw new Error('no list');
  tree.scrollTop = 0;
  const whole = tree.scrollHeight - tree.clientHeight;
  return new Promise((resolve) => {
    const gaps: number[] = [];
    let start = 0;
    let before = 0;
    const step = (now: number): void => {
      if (start === 0) start = now;
      else gaps.push(now - before);
      before = now;
      const part = (now - start) / (seconds * 1000);
      if (part >= 1) {
        resolve(gaps);
        return;
      }
      tree.scrollTop = pixelsAFrame === 'end' ? whole * part : (tree.scrollTop + pixelsAFrame) % whole;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}
