/** The ways in: files, folders, drops, pastes, the sample study. */
import { addFiles, getClient, noteSource } from '../session';
import type { FileInput, SourceHandle } from '../../client/types';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';
import { unpackArchives } from './archives';
import { droppedSources, readDirectory, readDrop, readFileList, readSource, type Collected } from './read-drop';
import { loadSamples } from './samples';

/** Shows that something is happening while names are gathered, then reads the files. */
async function take(collect: Promise<Collected>, sources: readonly SourceHandle[] | null = null): Promise<void> {
  if (!(await mayOpen())) return;
  const gathered = gathering();
  try {
    await readCollected(await collect, sources, gathered);
  } finally {
    gathered();
  }
}

async function readCollected(
  collected: Collected,
  sources: readonly SourceHandle[] | null,
  gathered: () => void,
): Promise<void> {
  const app = useApp.getState();
  const inputs = await unpackArchives(collected.inputs);
  if (collected.tooMany) app.notify('import.tooMany', { tone: 'error' });
  if (collected.unreadable > 0)
    app.notify('import.unreadable', { values: { count: collected.unreadable }, tone: 'error' });
  if (collected.inputs.length === 0) {
    if (collected.unreadable === 0) app.notify('import.nothing');
    return;
  }
  if (sources === null) noteSource(null);
  else for (const source of sources) noteSource(source);
  const added = await addFiles(inputs, gathered);
  if (added === 0) app.notify('import.already');
}

/**
 * Counts one more that gathers files, until what it returns is called, once or more often: when they stand in the list. The page would
 * be the empty one for a moment otherwise, and what a person typed meanwhile lost.
 */
function gathering(): () => void {
  const step = (by: 1 | -1) => {
    const { collecting, setJobs } = useApp.getState();
    setJobs({ collecting: Math.max(0, collecting + by) });
  };
  let done = false;
  step(1);
  return () => {
    if (!done) step(-1);
    done = true;
  };
}

/** Nothing is opened before the policy of the machine is known, nor when it does not allow it. */
async function mayOpen(): Promise<boolean> {
  if (useApp.getState().kiosk === 'unknown')
    await new Promise<void>((resolve) => {
      const stop = useApp.subscribe(({ kiosk }) => {
        if (kiosk === 'unknown') return;
        stop();
        resolve();
      });
    });
  const state = useApp.getState();
  if (state.kiosk !== 'unusable') return permitted(state, 'open-files');
  state.notify('kiosk.unusable', { tone: 'error' });
  return false;
}

function pick(folder: boolean): Promise<Collected | null> {
  getClient().prepare();
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = folder;
    input.addEventListener('change', () => resolve(readFileList(input.files ?? [])));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

export async function pickFiles(): Promise<void> {
  const collected = await pick(false);
  if (collected) await take(Promise.resolve(collected));
}

export async function pickFolder(): Promise<void> {
  if ('showDirectoryPicker' in window) {
    getClient().prepare();
    let handle: FileSystemDirectoryHandle;
    try {
      handle = await window.showDirectoryPicker({ id: 'lethe-in', mode: 'read' });
    } catch (reason) {
      if (reason instanceof DOMException && reason.name === 'AbortError') return;
      useApp.getState().notify('import.folderRefused', { tone: 'error' });
      return;
    }
    await take(readDirectory(handle), [handle]);
    return;
  }
  const collected = await pick(true);
  if (collected) await take(Promise.resolve(collected));
}

/** The files of a folder or ZIP that a person picks, without taking them into the session; null when they pick none. */
export async function collectFolder(): Promise<readonly FileInput[] | null> {
  if (!('showDirectoryPicker' in window)) return (await pick(true))?.inputs ?? null;
  try {
    const handle = await window.showDirectoryPicker({ id: 'lethe-in', mode: 'read' });
    return (await readDirectory(handle)).inputs;
  } catch {
    return null;
  }
}

export async function collectFiles(): Promise<readonly FileInput[] | null> {
  const collected = await pick(false);
  return collected && unpackArchives(collected.inputs);
}

/** What is in one file, as if a person had picked it. */
export const filesIn = (file: File): Promise<readonly FileInput[]> => unpackArchives(readFileList([file]).inputs);

/** Opens folders and archives of an earlier visit again. */
export async function openAgain(sources: readonly SourceHandle[]): Promise<void> {
  for (const source of sources) await take(readSource(source), [source]);
}

export async function takeDrop(data: DataTransfer): Promise<void> {
  const sources = droppedSources(data);
  const collected = readDrop(data);
  await take(collected, await sources);
}

export async function takeFiles(files: Iterable<File>): Promise<void> {
  await take(Promise.resolve(readFileList(files)));
}

export async function openSamples(): Promise<void> {
  try {
    await take(loadSamples());
  } catch {
    useApp.getState().notify('import.noSamples', { tone: 'error' });
  }
}
