import { TriangleAlert } from 'lucide-react';
import { Switch } from '../../components/Fields';
import type { OptionName } from '../../core/deid/profile';
import { useWords } from '../../locales';
import { riskyOptions, withOption } from './ready-profiles';
import type { EditProps } from './edit-props';

export function OptionSection({
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
