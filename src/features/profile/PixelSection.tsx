import { useEffect, useId, useState, type ReactNode } from 'react';
import { Segments } from '../../components/Fields';
import type { PixelPolicy, Profile, RedactionStyle, TextPolicy } from '../../core/deid/profile';
import { useWords } from '../../locales';
import type { EditProps } from './edit-props';

export function PixelSection({ profile, edit }: EditProps) {
  const { t } = useWords();
  const { pixels } = profile;
  const set = (patch: Partial<Profile['pixels']>) => edit({ ...profile, pixels: { ...pixels, ...patch } });
  return (
    <section className="profile__section">
      <h2>{t('profile.pixels')}</h2>
      <Row label={t('profile.policy')} help={t(`policy.help.${pixels.policy}`)}>
        <Segments<PixelPolicy>
          label={t('profile.policy')}
          value={pixels.policy}
          choices={(['auto', 'all', 'off'] as const).map((value) => ({ value, label: t(`policy.${value}`) }))}
          onChange={(policy) => set({ policy })}
        />
      </Row>
      <Row label={t('profile.text')} help={t(`text.help.${pixels.text}`)}>
        <Segments<TextPolicy>
          label={t('profile.text')}
          value={pixels.text}
          choices={(['everything', 'identifying-and-unknown', 'identifying'] as const).map((value) => ({
            value,
            label: t(`text.${value}`),
          }))}
          onChange={(text) => set({ text })}
        />
      </Row>
      <Row label={t('profile.style')} help={t('style.help')}>
        <Segments<RedactionStyle>
          label={t('profile.style')}
          value={pixels.style}
          choices={(['blur', 'solid', 'mosaic'] as const).map((value) => ({ value, label: t(`style.${value}`) }))}
          onChange={(style) => set({ style })}
        />
      </Row>
      <KeepList keep={pixels.keep} onChange={(keep) => set({ keep })} />
    </section>
  );
}

function Row({
  label,
  help,
  children,
}: {
  readonly label: string;
  readonly help: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="profile__row">
      <span className="profile__label">{label}</span>
      {children}
      <span className="profile__help">{help}</span>
    </div>
  );
}

function KeepList({
  keep,
  onChange,
}: {
  readonly keep: readonly string[];
  readonly onChange: (keep: readonly string[]) => void;
}) {
  const { t } = useWords();
  const id = useId();
  const [text, setText] = useState(keep.join(', '));
  useEffect(() => setText(keep.join(', ')), [keep]);
  const commit = () => {
    const next = [
      ...new Set(
        text
          .split(/[,，\n]/)
          .map((s) => s.trim())
          .filter(Boolean),
      ),
    ];
    if (JSON.stringify(next) !== JSON.stringify(keep)) onChange(next);
  };
  return (
    <div className="profile__row">
      <label className="profile__label" htmlFor={id}>
        {t('profile.keep')}
      </label>
      <input
        id={id}
        className="field"
        value={text}
        placeholder={t('profile.keepExample')}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
      <span className="profile__help">{t('profile.keepHelp')}</span>
    </div>
  );
}
