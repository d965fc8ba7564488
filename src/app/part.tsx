/** A part of the page that is loaded when first shown, or ahead of need: then it stands in the same frame as what it belongs to. */
import { useEffect, useState, type ComponentType } from 'react';

export interface Part {
  (): React.ReactNode;
  /** Loads it without showing it. */
  prepare(): Promise<void>;
}

/**
 * Not React's lazy: that waits at least once for what is there already, and holds back for up to 300 ms what was waited for, so that
 * placeholders do not flash. Here there are none.
 */
export function part(load: () => Promise<ComponentType>): Part {
  let Loaded: ComponentType | null = null;
  let loading: Promise<void> | null = null;
  const prepare = (): Promise<void> =>
    (loading ??= load().then(
      (component) => {
        Loaded = component;
      },
      (reason: unknown) => {
        // The next one who needs it tries again.
        loading = null;
        throw reason;
      },
    ));
  const Shown = () => {
    const [, set] = useState(0);
    useEffect(() => {
      if (Loaded !== null) return;
      let gone = false;
      prepare().then(
        () => {
          if (!gone) set(1);
        },
        (reason: unknown) => {
          // For the error boundary.
          set(() => {
            throw reason;
          });
        },
      );
      return () => {
        gone = true;
      };
    }, []);
    return Loaded === null ? null : <Loaded />;
  };
  return Object.assign(Shown, { prepare });
}
