import { KeyRound, ScrollText } from 'lucide-react';
import { Button, IconButton } from '../../components/Button';
import { useWords } from '../../locales';
import { useApp } from '../../store';

/** Who is at this machine, and the way to change it. Nothing where there is no policy. */
export function RoleButton() {
  const { t } = useWords();
  const kiosk = useApp((s) => s.kiosk);
  if (kiosk === null || typeof kiosk === 'string') return null;
  const app = useApp.getState();
  return (
    <div className="header__group">
      <Button
        size="small"
        icon={KeyRound}
        aria-label={`${t('kiosk.unlock')}: ${t(`kiosk.role.${kiosk.role ?? 'nobody'}`)}`}
        data-testid="kiosk-role"
        onClick={() => app.openDialog('unlock')}
      >
        {t(`kiosk.role.${kiosk.role ?? 'nobody'}`)}
      </Button>
      <IconButton
        icon={ScrollText}
        label={t('kiosk.policy')}
        data-testid="open-policy"
        onClick={() => app.openDialog('policy')}
      />
    </div>
  );
}
