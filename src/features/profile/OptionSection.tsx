import { TriangleAlert } from 'lucide-react';
import { Switch } from '../../components/Fields';
import type { OptionName } from '../../core/deid/profile';
import { useWords } from '../../locales';
import { EffectList } from './EffectList';
import { riskyOptions, withOption } from './ready-profiles';
import { useOptionEffects, type StudyEffect } from './study-effect';
import type { EditProps } from './edit-props';

/** So many attributes are named in the line; all of them when it is opened. */
const named = 2;

/** What they do is seen in the image, not in attributes. */
const ofPixels: ReadonlySet<OptionName> = new Set(['cleanPixelData', 'cleanRecognizableVisualFeatures']);

export function OptionSection({
  title,
  options,
  profile,
  edit,
  locked,
}: EditProps & {
  readonly locked: boolean;
  readonly title: string;
  readonly options: readonly OptionName[];
}) {
  const { t } = useWords();
  const effects = useOptionEffects(profile, options, !locked);
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
            {!ofPixels.has(option) && <OptionEffect effect={effects.get(option)} />}
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

/** What the option changes in this study, in a line; opened, attribute by attribute. */
function OptionEffect({ effect }: { readonly effect: StudyEffect | undefined }) {
  const { t } = useWords();
  if (effect === undefined || effect.series === 0) return null;
  const { rows } = effect;
  if (rows.length === 0) return <p className="profile__here">{t('option.hereNothing')}</p>;
  return (
    <details className="profile__here">
      <summary>
        {t('option.here', {
          count: rows.length,
          names: `${rows
            .slice(0, named)
            .map((r) => r.name)
            .join(', ')}${rows.length > named ? ' …' : ''}`,
        })}
      </summary>
      <p className="dim">{t('option.hereHead')}</p>
      <EffectList rows={rows} most={12} />
    </details>
  );
}
