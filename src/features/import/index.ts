export { Welcome } from './Welcome';
export { DropLayer } from './DropLayer';
export { openSamples, pickFiles, pickFolder } from './import';
