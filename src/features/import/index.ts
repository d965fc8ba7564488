export { Welcome } from './Welcome';
export { DropLayer } from './DropLayer';
export { collectFiles, collectFolder, openAgain, openSamples, pickFiles, pickFolder } from './import';
