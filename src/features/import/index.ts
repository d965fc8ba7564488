export { Welcome } from './Welcome';
export { DropLayer } from './DropLayer';
export { collectFiles, collectFolder, filesIn, openAgain, openSamples, pickFiles, pickFolder } from './import';
