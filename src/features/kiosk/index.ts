export { startKiosk } from './kiosk';
