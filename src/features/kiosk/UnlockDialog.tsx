import { KeyRound } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { kioskSession } from '../../client/kiosk-session';
import type { Role } from '../../core/kiosk/roles';
import { useKioskWords } from '../../locales/kiosk';
import { useWords } from '../../locales';
import { formatTime } from '../../locales/format';
import { useApp } from '../../store';
import './kiosk.css';

/** Asks for the role and its PIN. */
export function UnlockDialog() {
  const { t } = useWords();
  const { p, locale } = useKioskWords();
  const session = kioskSession();
  const pins = session?.policy.pins ?? {};
  const choices = (['operator', 'supervisor', 'auditor'] as const).filter((r) => pins[r] !== undefined);
  const current = session?.role ?? null;
  const [role, setRole] = useState<Role | undefined>(choices.find((r) => r !== current) ?? choices[0]);
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<'wrong' | 'failed' | { readonly until: number } | null>(null);
  const close = () => useApp.getState().openDialog(null);
  const away = current !== null && (pins.operator !== undefined || current !== 'operator');

  const unlock = async (event: SubmitEvent) => {
    event.preventDefault();
    if (session === null || role === undefined || pin === '' || busy) return;
    setBusy(true);
    setWrong(null);
    try {
      const done = await session.unlock(role, pin);
      if (done.ok) {
        close();
        return;
      }
      setWrong(done.code === 'locked-out' ? { until: done.until } : 'wrong');
    } catch {
      setWrong('failed');
    }
    setPin('');
    setBusy(false);
  };
  const timeOf = (at: number): string => formatTime(at, locale);
  const leave = async () => {
    try {
      await session?.lock();
      close();
    } catch {
      setWrong('failed');
    }
  };

  return (
    <Dialog
      title={p('unlock.title')}
      testId="unlock-dialog"
      onClose={close}
      foot={
        <>
          {away && (
            <Button look="ghost" data-testid="unlock-leave" onClick={() => void leave()}>
              {p(pins.operator === undefined ? 'unlock.back' : 'unlock.leave')}
            </Button>
          )}
          {choices.length > 0 && (
            <Button
              look="primary"
              type="submit"
              form="unlock-form"
              icon={KeyRound}
              disabled={pin === '' || busy}
              data-testid="unlock-go"
            >
              {busy ? p('unlock.checking') : p('unlock.go')}
            </Button>
          )}
        </>
      }
    >
      <p>{p('unlock.about')}</p>
      {choices.length === 0 ? (
        <p>{p('unlock.noOther')}</p>
      ) : (
        <form id="unlock-form" className="unlock" onSubmit={(event) => void unlock(event)}>
          <fieldset className="unlock__roles">
            <legend>{p('unlock.role')}</legend>
            {choices.map((choice) => (
              <label key={choice} className={`unlock__role${choice === role ? ' unlock__role--chosen' : ''}`}>
                <input
                  type="radio"
                  name="unlock-role"
                  value={choice}
                  checked={choice === role}
                  onChange={() => setRole(choice)}
                />
                <span>
                  <strong>{t(`kiosk.role.${choice}`)}</strong>
                  <span className="dim">{p(`role.${choice}.about`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <label className="unlock__pin">
            <span>{p('unlock.pin')}</span>
            <input
              className="field field--mono"
              type="password"
              autoComplete="off"
              data-autofocus
              data-testid="unlock-pin"
              value={pin}
              aria-invalid={wrong !== null}
              aria-describedby="unlock-wrong"
              onChange={(event) => {
                setPin(event.target.value);
                setWrong(null);
              }}
            />
          </label>
          <p id="unlock-wrong" className="form-error" role="alert">
            {wrong !== null &&
              (typeof wrong === 'string' ? p(`unlock.${wrong}`) : p('unlock.lockedOut', { time: timeOf(wrong.until) }))}
          </p>
        </form>
      )}
    </Dialog>
  );
}
