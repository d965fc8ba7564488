export { ResumeBanner } from './ResumeBanner';
