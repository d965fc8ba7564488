import type { Profile } from '../../core/deid/profile';

export interface EditProps {
  readonly profile: Profile;
  readonly edit: (next: Profile) => void;
}
