import { Download, GraduationCap, RotateCcw, Upload } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Meter } from '../../components/Meter';
import { useLearningWords } from '../../locales/learning';
import { useApp } from '../../store';
import { correctionsOf } from './corrections';
import { exportLearnt, getLearnt, importLearnt, learnFrom, subscribeLearnt, keepLearnt } from './learnt';

type State =
  | { readonly kind: 'idle' | 'done' | 'bad-file' }
  | { readonly kind: 'working'; readonly done: number; readonly total: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Learning from corrections: on request, here, and back again. */
export function LearningDialog() {
  const { p } = useLearningWords();
  const learnt = useSyncExternalStore(subscribeLearnt, getLearnt);
  const regions = useApp((s) => s.regions);
  const past = useApp((s) => s.past);
  const busy = useApp((s) => s.checking.done < s.checking.total);
  const said = useMemo(() => correctionsOf(regions, past), [regions, past]);
  const all = said.flatMap((image) => image.regions);
  const [state, setState] = useState<State>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => () => running.current?.abort(), []);

  const learn = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setState({ kind: 'working', done: 0, total: said.length });
    const problem = await learnFrom(said, controller.signal, (done, total) => {
      setState({ kind: 'working', done, total });
    });
    if (problem !== null) setState({ kind: 'failed', message: problem });
    else setState({ kind: controller.signal.aborted ? 'idle' : 'done' });
  };
  const working = state.kind === 'working';
  return (
    <Dialog
      title={p('learn.title')}
      testId="learning-dialog"
      beside
      onClose={() => useApp.getState().openDialog(null)}
      foot={
        <>
          <input
            ref={picker}
            type="file"
            accept="application/json,.json"
            hidden
            aria-label={p('learn.import')}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file) void file.text().then((text) => setState({ kind: importLearnt(text) ? 'idle' : 'bad-file' }));
            }}
          />
          <Button icon={Upload} disabled={working} onClick={() => picker.current?.click()}>
            {p('learn.import')}
          </Button>
          <Button icon={Download} disabled={learnt === null} onClick={exportLearnt}>
            {p('learn.export')}
          </Button>
          <Button icon={RotateCcw} disabled={learnt === null || working} onClick={() => keepLearnt(null)}>
            {p('learn.reset')}
          </Button>
          {working ? (
            <Button onClick={() => running.current?.abort()}>{p('learn.stop')}</Button>
          ) : (
            <Button
              look="primary"
              icon={GraduationCap}
              data-testid="learn-now"
              disabled={all.length === 0 || busy}
              onClick={() => void learn()}
            >
              {p('learn.start')}
            </Button>
          )}
        </>
      }
    >
      <p>{p('learn.about')}</p>
      <p className="dim">
        {all.length === 0
          ? p('learn.none')
          : p('learn.have', {
              text: all.filter(({ text }) => text).length,
              other: all.filter(({ text }) => !text).length,
              images: new Set(said.map(({ id }) => id)).size,
            })}
      </p>
      <p className="dim" data-testid="learnt">
        {learnt === null ? p('learn.factory') : p('learn.learnt', { count: learnt.corrections })}
      </p>
      <div role="status">
        {state.kind === 'working' && <Meter label={p('learn.working')} done={state.done} total={state.total} />}
        {state.kind === 'done' && <p>{p('learn.done')}</p>}
        {busy && all.length > 0 && <p className="dim">{p('learn.busy')}</p>}
      </div>
      {state.kind === 'failed' && (
        <p role="alert" className="form-error">
          {p('learn.failed', { message: state.message })}
        </p>
      )}
      {state.kind === 'bad-file' && (
        <p role="alert" className="form-error">
          {p('learn.bad')}
        </p>
      )}
    </Dialog>
  );
}
