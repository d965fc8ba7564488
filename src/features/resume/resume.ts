/** Goes on with an export that was interrupted: the folders are opened again, with the profile, key and decisions of then. */
import { inputKey } from '../../client/journal';
import { useApp } from '../../store';
import { openAgain } from '../import';
import { fileOf, getSigner, interruptedExport, runExport, setKey } from '../session';

/** Must be called inside a click: the browser asks anew whether the folders may be used. */
async function allowed(handle: FileSystemHandle, mode: 'read' | 'readwrite'): Promise<boolean> {
  if ((await handle.queryPermission?.({ mode })) === 'granted') return true;
  // Where there is no such method there is nothing to ask.
  return (await handle.requestPermission?.({ mode }).catch(() => 'denied')) !== 'denied';
}

export async function goOn(): Promise<void> {
  const interrupted = interruptedExport();
  const app = useApp.getState();
  if (interrupted === null) return;
  const { destination, sources, profile, key, salt, order, pathTemplate, dicomdir, imagesSignedBy } = interrupted;
  // What was signed goes on signed, by the same key.
  if (imagesSignedBy !== undefined && getSigner()?.facts.fingerprint !== imagesSignedBy) {
    app.notify('resume.unlockFirst');
    app.openDialog('signing');
    return;
  }
  if (app.instances.size === 0 && sources.length === 0) {
    app.notify('resume.openFirst');
    return;
  }
  let may = await allowed(destination, 'readwrite');
  for (const source of sources) may &&= await allowed(source, 'read');
  if (!may) {
    app.notify('resume.refused', { tone: 'error' });
    return;
  }
  setKey(key);
  useApp.setState({ profile });
  if (app.instances.size === 0) await openAgain(sources);
  const here = new Set(
    [...useApp.getState().instances.keys()].flatMap((id) => {
      const input = fileOf(id);
      return input ? [inputKey(salt, input)] : [];
    }),
  );
  const missing = order.filter((k) => !here.has(k)).length;
  if (missing > 0) app.notify('resume.missing', { values: { count: missing }, tone: 'error' });
  await runExport({
    destination: { kind: 'folder', handle: destination },
    name: destination.name,
    resumed: interrupted,
    ...(pathTemplate !== undefined && { pathTemplate }),
    ...(dicomdir && { dicomdir }),
    ...(imagesSignedBy !== undefined && { sign: true, signImages: true }),
  });
}
