export { Welcome } from './Welcome';
export { DropLayer } from './DropLayer';
export { openAgain, openSamples, pickFiles, pickFolder } from './import';
