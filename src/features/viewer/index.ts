export { Viewer } from './Viewer';
export { prepareViewer } from './CornerstoneLayer';
