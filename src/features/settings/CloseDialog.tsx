import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { closeSession } from '../session';

/** Closing forgets everything: it is asked once. */
export function CloseDialog() {
  const { t } = useWords();
  const count = useApp((s) => s.instances.size);
  const edits = useApp((s) => s.past.length);
  const close = () => useApp.getState().openDialog(null);
  return (
    <Dialog
      title={t('close.title')}
      testId="close-dialog"
      onClose={close}
      foot={
        <>
          <Button look="ghost" onClick={close}>
            {t('action.cancel')}
          </Button>
          <Button
            look="primary"
            data-testid="close-confirm"
            onClick={() => {
              close();
              closeSession();
            }}
          >
            {t('close.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('close.text', { count })}</p>
      {edits > 0 && <p className="dim">{t('close.edits', { count: edits })}</p>}
    </Dialog>
  );
}
