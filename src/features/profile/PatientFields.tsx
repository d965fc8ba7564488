import { useEffect, useId, useState } from 'react';
import { Switch } from '../../components/Fields';
import { useWords } from '../../locales';
import type { EditProps } from './edit-props';

export function PseudonymField({ profile, edit }: EditProps) {
  const { t } = useWords();
  const id = useId();
  const [text, setText] = useState(profile.patient.pseudonym);
  useEffect(() => setText(profile.patient.pseudonym), [profile.patient.pseudonym]);
  const valid = /\{[nh]\}/.test(text) && text.length <= 48;
  return (
    <div className="profile__row">
      <label className="profile__label" htmlFor={id}>
        {t('profile.pseudonym')}
      </label>
      <input
        id={id}
        className="field field--mono"
        value={text}
        aria-invalid={!valid}
        aria-describedby={`${id}-help`}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          if (valid && text !== profile.patient.pseudonym) edit({ ...profile, patient: { pseudonym: text } });
        }}
      />
      <span id={`${id}-help`} className="profile__help">
        {valid ? t('profile.pseudonymHelp') : t('profile.pseudonymBad')}
      </span>
    </div>
  );
}

export function ShiftFields({ profile, edit }: EditProps) {
  const { t } = useWords();
  const { dates } = profile;
  const { min, max } = dates.shiftDays;
  const set = (shiftDays: { min: number; max: number }) => {
    if (shiftDays.min <= shiftDays.max) edit({ ...profile, dates: { ...dates, shiftDays } });
  };
  const number = (label: string, value: number, onChange: (value: number) => void) => (
    <input
      className="field"
      type="number"
      step={1}
      aria-label={label}
      defaultValue={value}
      key={value}
      onBlur={(event) => {
        const next = Math.trunc(Number(event.target.value));
        if (Number.isFinite(next) && next !== value) onChange(next);
      }}
    />
  );
  return (
    <>
      <div className="profile__row">
        <span className="profile__label">{t('profile.shift')}</span>
        <span className="profile__pair">
          {number(t('profile.shiftFrom'), min, (value) => set({ min: value, max }))}
          <span aria-hidden="true">–</span>
          {number(t('profile.shiftTo'), max, (value) => set({ min, max: value }))}
        </span>
        <span className="profile__help">{t('profile.shiftHelp')}</span>
      </div>
      <Switch
        label={t('profile.weeks')}
        help={t('profile.weeksHelp')}
        checked={dates.wholeWeeks}
        onChange={(wholeWeeks) => edit({ ...profile, dates: { ...dates, wholeWeeks } })}
      />
    </>
  );
}
