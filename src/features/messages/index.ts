export { MessagesPanel } from './MessagesPanel';
