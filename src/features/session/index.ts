/** The session: dropped files, what is known of them, and the work on them. All of the page's talk with the workers is here. */
import { forgetInstances } from '../../store';
import { dropChecks } from './check';
import { dropExport } from './export';
import { stopPrivacyWorker } from '../../client/privacy';
import { stopSealingWorker } from '../../client/sealing';
import { dropDocuments } from './documents';
import { dropFiles, getClient } from './files';
import { dropImages } from './images';
import { dropPlans } from './plans';
import { dropReading } from './read';
import { setLookup } from './lookup';
import { setSigner } from './signer';

export { addFiles, needsCheck } from './read';
export { checkAgain, pauseChecks, reviewReasons } from './check';
export {
  cachedFrame,
  loadFrame,
  loadPreview,
  regionsRevision,
  cachedThumbnail,
  loadThumbnail,
  thumbnailSize,
} from './images';
export { dropPlans, loadPlan } from './plans';
export { forgetInterrupted, interruptedExport, watchForInterrupted, type ExportPlan } from './export';
export { cancelExport, pauseExport, resumeExport, runExport, saveArchive, saveBlob } from './export';
export { fileOf, getClient, getKey, noteSource, setKey } from './files';

export { collectRecords, sessionPeople } from './cohort';
export { keepDocument } from './documents';
export { getLookup, onLookup, setLookup } from './lookup';
export { getSigner, onSigner, setSigner } from './signer';
export { learntKey, restoreLearnt } from './learnt-head';

const closers = new Set<() => void>();

/** To be told when the session is closed: viewers purge what they hold. */
export function onCloseSession(listener: () => void): () => void {
  closers.add(listener);
  return () => closers.delete(listener);
}

/** Forgets every file, everything read from it and everything made of it. */
export function closeSession(): void {
  dropExport();
  dropChecks();
  dropReading();
  dropFiles();
  dropDocuments();
  stopPrivacyWorker();
  stopSealingWorker();
  setSigner(null);
  setLookup(null);
  dropImages();
  dropPlans();
  forgetInstances();
  getClient().prepare();
  for (const listener of closers) listener();
}
