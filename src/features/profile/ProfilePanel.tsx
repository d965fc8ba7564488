import { Download, TriangleAlert, Upload, X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Button, IconButton } from '../../components/Button';
import { Segments, Switch } from '../../components/Fields';
import type { OptionName, PixelPolicy, Profile, RedactionStyle, TextPolicy } from '../../core/deid/profile';
import { formatTag } from '../../core/dicom/data-set';
import { useWords } from '../../locales';
import { currentEntry, useApp } from '../../store';
import { loadPlan, saveBlob } from '../session';
import { withOverride } from '../tags/override';
import { applyProfile } from './apply';
import { planDifference, type EffectRow } from './effect';
import { KeySection } from './KeySection';
import { readProfile, writeProfile } from './profile-file';
import {
  cleaningOptions,
  isReadyName,
  own,
  readyNames,
  readyProfiles,
  retainingOptions,
  riskyOptions,
  withOption,
  type ReadyName,
} from './ready-profiles';
import './profile.css';

export function ProfilePanel() {
  const { t } = useWords();
  const profile = useApp((s) => s.profile);
  const edit = applyProfile;
  const kiosk = useApp((s) => s.kiosk);
  const locked = kiosk !== null && (kiosk === 'unusable' || kiosk.profile !== null);
  const ready: ReadyName | 'custom' = isReadyName(profile.name) ? profile.name : 'custom';
  return (
    <div className="profile" data-testid="profile-panel" inert={locked}>
      {locked && <p className="dim">{t('kiosk.locked')}</p>}
      <section className="profile__section">
        <h2>{t('profile.ready')}</h2>
        <div className="profile__ready" role="radiogroup" aria-label={t('profile.ready')}>
          {readyNames.map((name) => (
            <button
              key={name}
              type="button"
              role="radio"
              aria-checked={ready === name}
              className="ready"
              data-testid={`profile-${name}`}
              onClick={() => edit(readyProfiles[name])}
            >
              <strong>{t(`profile.name.${name}`)}</strong>
              <span>{t(`profile.about.${name}`)}</span>
            </button>
          ))}
          {ready === 'custom' && (
            <button type="button" role="radio" aria-checked="true" className="ready">
              <strong>{profile.name === 'custom' ? t('profile.name.custom') : profile.name}</strong>
              <span>{t('profile.about.custom')}</span>
            </button>
          )}
        </div>
        <ProfileFile profile={profile} onRead={edit} />
      </section>

      <Effect profile={profile} />

      <PixelSection profile={profile} edit={edit} />

      <OptionSection title={t('profile.retain')} options={retainingOptions} profile={profile} edit={edit} />
      <OptionSection title={t('profile.clean')} options={cleaningOptions} profile={profile} edit={edit} />

      <section className="profile__section">
        <h2>{t('profile.more')}</h2>
        <Switch
          label={t('profile.allowList')}
          help={t('profile.allowListHelp')}
          checked={profile.allowListOnly}
          onChange={(allowListOnly) => edit({ ...profile, allowListOnly })}
        />
        <PseudonymField profile={profile} edit={edit} />
        {profile.options.includes('retainLongitudinalModified') && <ShiftFields profile={profile} edit={edit} />}
      </section>

      <Overrides profile={profile} />
      <KeySection />
    </div>
  );
}

interface EditProps {
  readonly profile: Profile;
  readonly edit: (next: Profile) => void;
}

function OptionSection({
  title,
  options,
  profile,
  edit,
}: EditProps & { readonly title: string; readonly options: readonly OptionName[] }) {
  const { t } = useWords();
  return (
    <section className="profile__section">
      <h2>{title}</h2>
      {options.map((option) => {
        const on = profile.options.includes(option);
        return (
          <div key={option} className="profile__option">
            <Switch
              label={t(`option.${option}`)}
              help={t(`option.help.${option}`)}
              checked={on}
              onChange={(checked) => edit(withOption(profile, option, checked))}
            />
            {on && riskyOptions.has(option) && (
              <p className="profile__warning">
                <TriangleAlert size={14} aria-hidden />
                {t('option.risky')}
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}

function PixelSection({ profile, edit }: EditProps) {
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

function PseudonymField({ profile, edit }: EditProps) {
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

function ShiftFields({ profile, edit }: EditProps) {
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

type Lookup = (typeof import('../../core/dicom/dictionary'))['lookup'];

/** The data dictionary is large: it is fetched when a name is first needed. */
function useTagNames(wanted: boolean): Lookup | null {
  const [names, setNames] = useState<Lookup | null>(null);
  useEffect(() => {
    if (wanted) void import('../../core/dicom/dictionary').then(({ lookup }) => setNames(() => lookup));
  }, [wanted]);
  return names;
}

function Overrides({ profile }: { readonly profile: Profile }) {
  const { t } = useWords();
  const names = useTagNames(profile.overrides.length > 0);
  if (profile.overrides.length === 0) return null;
  return (
    <section className="profile__section">
      <h2>{t('profile.overrides')}</h2>
      <ul className="plain-list">
        {profile.overrides.map((override) => {
          const tag = parseInt(override.tag, 16);
          return (
            <li key={override.tag}>
              <span className="plain-list__words">
                <span>{names?.(tag)?.name ?? formatTag(tag)}</span>
                <span className="dim">{t(`override.${override.action}`)}</span>
              </span>
              <IconButton
                icon={X}
                small
                label={t('profile.clearOverride')}
                onClick={() => useApp.getState().editProfile('edit.tag.clear', own(withOverride(profile, tag, null)))}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Saves the profile as JSON, or takes one from a file. */
function ProfileFile({ profile, onRead }: { readonly profile: Profile; readonly onRead: (profile: Profile) => void }) {
  const { t } = useWords();
  const picker = useRef<HTMLInputElement>(null);
  const [bad, setBad] = useState(false);
  return (
    <div className="profile__file">
      <input
        ref={picker}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={t('profile.import')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (!file) return;
          void file.text().then((text) => {
            const read = readProfile(text);
            setBad(read === null);
            if (read) onRead(read);
          });
        }}
      />
      <Button size="small" look="ghost" icon={Upload} onClick={() => picker.current?.click()}>
        {t('profile.import')}
      </Button>
      <Button
        size="small"
        look="ghost"
        icon={Download}
        onClick={() =>
          saveBlob(
            new Blob([writeProfile(profile)], { type: 'application/json' }),
            `lethe-profile-${profile.name.replace(/[^\w-]+/g, '_')}.json`,
          )
        }
      >
        {t('profile.export')}
      </Button>
      {bad && (
        <p role="alert" className="form-error">
          {t('profile.bad')}
        </p>
      )}
    </div>
  );
}

/** What this profile changes in the image on the screen, compared with the plain Basic Profile. */
function Effect({ profile }: { readonly profile: Profile }) {
  const { t } = useWords();
  const entry = useApp(currentEntry);
  const [rows, setRows] = useState<readonly EffectRow[] | null>(null);
  const id = entry?.summary?.kind === 'dicom' ? entry.id : null;
  useEffect(() => {
    setRows(null);
    if (id === null) return;
    const abort = new AbortController();
    void Promise.all([
      loadPlan(id, readyProfiles.basic, [], abort.signal),
      loadPlan(id, profile, [], abort.signal),
    ]).then(([basic, chosen]) => {
      if (!abort.signal.aborted && basic.ok && chosen.ok) setRows(planDifference(basic.value, chosen.value));
    });
    return () => abort.abort();
  }, [id, profile]);
  if (id === null || rows === null) return null;
  const most = 8;
  return (
    <section className="profile__section profile__effect" aria-live="polite" data-testid="profile-effect">
      <h2>{t('profile.effect')}</h2>
      {rows.length === 0 ? (
        <p className="dim">{t('profile.effectNone')}</p>
      ) : (
        <>
          <p className="dim">{t('profile.effectSome', { count: rows.length })}</p>
          <ul className="effect">
            {rows.slice(0, most).map((row) => (
              <li key={row.path}>
                <span className="effect__name">{row.name}</span>
                <span className="effect__value mono">
                  {row.before === null ? t('tags.removed') : row.before || t('tags.empty')}
                </span>
                <span aria-hidden="true">→</span>
                <span className="effect__value mono">
                  {row.after === null ? t('tags.removed') : row.after || t('tags.empty')}
                </span>
              </li>
            ))}
          </ul>
          {rows.length > most && <p className="dim">{t('profile.effectMore', { count: rows.length - most })}</p>}
        </>
      )}
    </section>
  );
}
