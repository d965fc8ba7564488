/**
 * What a profile, or one option of it, changes in the study that is open: plans of one image of each series, made twice and compared.
 * A series is written by one machine in one way, so that one of its images speaks for the others.
 */
import { useEffect, useMemo, useState } from 'react';
import type { OptionName, Profile } from '../../core/deid/profile';
import { currentEntry, isIncluded, useApp, type AppState, type InstanceId } from '../../store';
import { loadPlan } from '../session';
import { planDifference, type EffectRow } from './effect';
import { withOption } from './ready-profiles';

/** Series that are looked at. A study seldom has more; of a cohort they are enough to see what an option is about. */
const mostSeries = 8;

/** One DICOM Instance of each of the first series, that of the image on the screen before all. */
export function sampleOf(state: Pick<AppState, 'instances' | 'currentId'>): readonly InstanceId[] {
  const series = new Map<string, InstanceId>();
  const current = state.currentId === null ? undefined : state.instances.get(state.currentId);
  const entries = current === undefined ? [] : [current];
  for (const list of [entries, state.instances.values()]) {
    for (const entry of list) {
      if (series.size >= mostSeries) return [...series.values()];
      if (entry.summary?.kind !== 'dicom' || !isIncluded(entry)) continue;
      const key = `${entry.summary.study.key}|${entry.summary.series.key}`;
      if (!series.has(key)) series.set(key, entry.id);
    }
  }
  return [...series.values()];
}

export interface StudyEffect {
  /** Attributes that leave otherwise, each once, with the values of the first series that has it. */
  readonly rows: readonly EffectRow[];
  readonly series: number;
}

/** The attributes of several images as one list: by the attribute, wherever in a sequence it stands. */
export function gathered(lists: readonly (readonly EffectRow[])[]): readonly EffectRow[] {
  const rows = new Map<string, EffectRow>();
  for (const list of lists) {
    for (const row of list) {
      const key = row.path.replace(/\[\d+\]/g, '');
      if (!rows.has(key)) rows.set(key, row);
    }
  }
  return [...rows.values()];
}

/** How two profiles differ over the sample; null when it was aborted or a plan could not be made. */
async function compare(
  ids: readonly InstanceId[],
  from: Profile,
  to: Profile,
  signal: AbortSignal,
): Promise<StudyEffect | null> {
  const lists: (readonly EffectRow[])[] = [];
  for (const id of ids) {
    // One after the other: what a person asks for meanwhile must not wait behind a hundred plans.
    const old = await loadPlan(id, from, [], signal);
    const next = await loadPlan(id, to, [], signal);
    if (signal.aborted) return null;
    if (old.ok && next.ok) lists.push(planDifference(old.value, next.value));
  }
  return { rows: gathered(lists), series: lists.length };
}

/** The sample by its ids, the same object while they are the same. */
function useSample(): readonly InstanceId[] {
  const key = useApp((s) => (s.collecting > 0 || s.reading.total > 0 ? '' : sampleOf(s).join(' ')));
  // Another image of the same series is as good as the one before.
  const series = useApp((s) => currentEntry(s)?.summary?.series.key ?? '');
  return useMemo(() => (key === '' ? [] : key.split(' ')), [series, key === '']);
}

/** What the profile does in this study otherwise than another; null while it is not known. */
export function useProfileEffect(from: Profile, to: Profile): StudyEffect | null {
  const sample = useSample();
  const [effect, setEffect] = useState<StudyEffect | null>(null);
  useEffect(() => {
    setEffect(null);
    if (sample.length === 0) return;
    const abort = new AbortController();
    void compare(sample, from, to, abort.signal).then((found) => {
      if (!abort.signal.aborted) setEffect(found);
    });
    return () => abort.abort();
  }, [sample, from, to]);
  return effect;
}

/** Made once for each profile and option, so that plans made for them are found again. */
const turned = new WeakMap<Profile, Map<string, Profile>>();

function turn(profile: Profile, option: OptionName, on: boolean): Profile {
  if (profile.options.includes(option) === on) return profile;
  let known = turned.get(profile);
  if (known === undefined) turned.set(profile, (known = new Map<string, Profile>()));
  let other = known.get(option);
  if (other === undefined) known.set(option, (other = withOption(profile, option, on)));
  return other;
}

/** What each option changes in this study when it is on: filled in one by one, in the order given. */
export function useOptionEffects(
  profile: Profile,
  options: readonly OptionName[],
  wanted: boolean,
): ReadonlyMap<OptionName, StudyEffect> {
  const sample = useSample();
  const [effects, setEffects] = useState<ReadonlyMap<OptionName, StudyEffect>>(new Map());
  useEffect(() => {
    if (!wanted || sample.length === 0) {
      setEffects(new Map());
      return;
    }
    const abort = new AbortController();
    const work = async () => {
      const found = new Map<OptionName, StudyEffect>();
      for (const option of options) {
        const effect = await compare(sample, turn(profile, option, false), turn(profile, option, true), abort.signal);
        if (effect === null) return;
        found.set(option, effect);
      }
      setEffects(found);
    };
    // Options are switched one after the other: only where a person rests is it worth the work.
    const timer = window.setTimeout(() => void work(), 250);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [sample, profile, options, wanted]);
  return effects;
}
