import { useEffect } from 'react';
import { useApp, type InstanceEntry } from '../../store';

/** Plays the frames of a cine. A frame that is not decoded yet is waited for: the film slows down, it does not skip. */
export function useCine(entry: InstanceEntry, playing: boolean): void {
  const frames = entry.summary?.pixels?.frames ?? 0;
  const rate = useApp((s) => s.cineRate);
  useEffect(() => {
    if (!playing || frames < 2) return;
    const timer = window.setInterval(() => {
      const state = useApp.getState();
      state.showFrame((state.frame + 1) % frames);
    }, 1000 / rate);
    return () => window.clearInterval(timer);
  }, [playing, frames, rate, entry.id]);
}
