import { formatPath } from '../../core/dicom/data-set';
import { withOverride } from './override';
import { useEffect, useState } from 'react';
import type { PlanRow } from '../../core/deid/plan';
import type { Failure } from '../../core/result';
import { useApp, type InstanceEntry, type InstanceId } from '../../store';
import { loadPlan } from '../session';

interface PlanView {
  readonly rows: readonly PlanRow[] | null;
  readonly failure: Failure | null;
}

/** The plan of the Instance on the screen. The one before stays until the new one is there. */
export function usePlan(entry: InstanceEntry): PlanView {
  const profile = useApp((s) => s.profile);
  const redacts = useApp((s) => s.regions[entry.id]?.some((r) => r.action === 'redact') ?? false);
  const [view, setView] = useState<PlanView>({ rows: null, failure: null });
  const readable = entry.summary !== null;
  useEffect(() => {
    if (!readable) {
      setView({ rows: null, failure: null });
      return;
    }
    const abort = new AbortController();
    // Scrolling through a series asks for one plan, not for one per image.
    const timer = window.setTimeout(() => {
      void loadPlan(entry.id, profile, useApp.getState().regions[entry.id] ?? [], abort.signal).then((result) => {
        if (abort.signal.aborted) return;
        setView(result.ok ? { rows: result.value, failure: null } : { rows: null, failure: result });
      });
    }, 60);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [entry.id, profile, redacts, readable]);
  return view;
}

/** What the profile would do with an attribute if the person had not decided; null while it is not known or not asked for. */
export function useOwnRow(id: InstanceId, row: PlanRow, wanted: boolean): PlanRow | null {
  const profile = useApp((s) => s.profile);
  const [own, setOwn] = useState<PlanRow | null>(null);
  const path = formatPath(row.path);
  useEffect(() => {
    setOwn(null);
    if (!wanted) return;
    const abort = new AbortController();
    void loadPlan(id, withOverride(profile, row.tag, null), [], abort.signal).then((result) => {
      if (abort.signal.aborted || !result.ok) return;
      setOwn(result.value.find((r) => formatPath(r.path) === path) ?? null);
    });
    return () => abort.abort();
  }, [id, path, row.tag, profile, wanted]);
  return own;
}
