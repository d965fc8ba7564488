import { useApp } from '../../store';
import './export.css';
import { Finished } from './Finished';
import { Prepare } from './Prepare';
import { Running } from './Running';

export function ExportDialog() {
  const state = useApp((s) => s.exportState);
  const close = () => useApp.getState().openDialog(null);
  if (state === 'running' || state === 'paused') return <Running onClose={close} />;
  if (state === 'finished' || state === 'failed') return <Finished onClose={close} />;
  return <Prepare onClose={close} />;
}
