import { Segments } from '../../components/Fields';
import type { Profile, VaultContent } from '../../core/deid/profile';
import { useSealingWords } from '../../locales/sealing';
import { Recipients } from '../sealing';
import type { EditProps } from './edit-props';
import { own } from './ready-profiles';

/** Whether files take their originals along, encrypted, and for whom. */
export function VaultSection({ profile, edit }: EditProps) {
  const { p } = useSealingWords();
  const { vault, ...rest } = profile;
  const content = vault?.content ?? 'everything';
  const set = (recipients: readonly string[], next: VaultContent): void => {
    edit(
      own(recipients.length === 0 ? (rest satisfies Profile) : { ...profile, vault: { recipients, content: next } }),
    );
  };
  return (
    <section className="profile__section" data-testid="vault-section">
      <h2>{p('vault.title')}</h2>
      <p className="dim">{p('vault.about')}</p>
      {vault === undefined && <p>{p('vault.none')}</p>}
      <Recipients value={vault?.recipients ?? []} onChange={(recipients) => set(recipients, content)} />
      {vault !== undefined && (
        <div className="profile__row">
          <span className="profile__label">{p('vault.content')}</span>
          <Segments<VaultContent>
            label={p('vault.content')}
            value={content}
            choices={(['everything', 'identity'] as const).map((value) => ({ value, label: p(`vault.${value}`) }))}
            onChange={(next) => set(vault.recipients, next)}
          />
          <span className="profile__help">{p(`vault.${content}Help`)}</span>
        </div>
      )}
    </section>
  );
}
