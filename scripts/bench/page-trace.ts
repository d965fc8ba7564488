/** Traces of Chromium: which tasks the page's main thread ran, and how many frames it drew. */
import type { CDPSession } from 'playwright';

export interface Task {
  /** Milliseconds on the clock, what other threads took of the processor included. */
  readonly wall: number;
  /** Milliseconds of the processor. */
  readonly cpu: number;
  /** Milliseconds since the trace began. */
  readonly at: number;
  /** Of a long one, what it spent its time in, as the browser calls it. */
  readonly what: string;
}

export interface Trace {
  /** Tasks of the page's main thread, longest first. */
  readonly tasks: readonly Task[];
  /** Milliseconds of CPU samples by function, when asked for, within tasks over 50 ms. */
  readonly hot: readonly (readonly [name: string, ms: number])[];
}

interface Event {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly id?: string;
  readonly args?: {
    readonly name?: string;
    readonly data?: {
      readonly timeDeltas?: readonly number[];
      readonly cpuProfile?: {
        readonly samples?: readonly number[];
        readonly nodes?: readonly {
          readonly id: number;
          readonly parent?: number;
          readonly callFrame: { readonly functionName: string; readonly url?: string; readonly lineNumber?: number };
        }[];
      };
    };
  };
}

const longTask = 50;

export async function startTrace(session: CDPSession, profile: boolean): Promise<void> {
  await session.send('Tracing.start', {
    transferMode: 'ReturnAsStream',
    traceConfig: {
      recordMode: 'recordAsMuchAsPossible',
      includedCategories: [
        'disabled-by-default-devtools.timeline',
        ...(profile ? ['devtools.timeline', 'loading', 'v8'] : []),
        ...(profile ? ['disabled-by-default-v8.cpu_profiler'] : []),
      ],
      excludedCategories: ['*'],
    },
  });
}

export async function endTrace(session: CDPSession): Promise<Trace> {
  const ended = new Promise<string>((resolve, reject) => {
    session.once('Tracing.tracingComplete', ({ stream }) => {
      if (stream === undefined) reject(new Error('the browser gave no trace'));
      else resolve(stream);
    });
  });
  await session.send('Tracing.end');
  const handle = await ended;
  const pieces: string[] = [];
  for (;;) {
    const { data, eof } = await session.send('IO.read', { handle, size: 1 << 20 });
    pieces.push(data);
    if (eof) break;
  }
  await session.send('IO.close', { handle });
  return readTrace((JSON.parse(pieces.join('')) as { traceEvents: Event[] }).traceEvents);
}

function readTrace(events: readonly Event[]): Trace {
  const mains = new Set(
    events.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain').map((e) => `${e.pid}/${e.tid}`),
  );
  const start = events.reduce((least, e) => (e.ts > 0 ? Math.min(least, e.ts) : least), Infinity);
  const runs = events.filter((e) => e.name === 'RunTask' && mains.has(`${e.pid}/${e.tid}`));
  // Spare renderers idle beside the page's own.
  const busy = new Map<number, number>();
  for (const e of runs) busy.set(e.pid, (busy.get(e.pid) ?? 0) + (e.dur ?? 0));
  const pid = [...busy].sort((a, b) => b[1] - a[1])[0]?.[0];
  const own = runs.filter((e) => e.pid === pid);
  const tasks = own
    .map((e) => ({
      wall: (e.dur ?? 0) / 1000,
      cpu: (e.tdur ?? 0) / 1000,
      at: (e.ts - start) / 1000,
      what: (e.dur ?? 0) > longTask * 1000 ? partsOf(e, events) : '',
    }))
    .sort((a, b) => b.wall - a.wall);
  return { tasks, hot: pid === undefined ? [] : hotFunctions(events, pid, own) };
}

/** The longest events within a task, with their milliseconds. */
function partsOf(task: Event, events: readonly Event[]): string {
  const end = task.ts + (task.dur ?? 0);
  return events
    .filter(
      (e) =>
        e !== task && e.pid === task.pid && e.tid === task.tid && e.ts >= task.ts && e.ts < end && (e.dur ?? 0) > 4000,
    )
    .sort((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
    .slice(0, 5)
    .map((e) => `${e.name} ${Math.round((e.dur ?? 0) / 1000)}`)
    .join(', ');
}

/** Self time by function within long tasks: where to look first. */
function hotFunctions(events: readonly Event[], pid: number, runs: readonly Event[]): Trace['hot'] {
  const long = runs.filter((e) => (e.dur ?? 0) > longTask * 1000);
  const main = runs[0]?.tid;
  const names = new Map<number, string>();
  const hot = new Map<string, number>();
  const profile = events.find((e) => e.name === 'Profile' && e.pid === pid && e.tid === main);
  let at = profile?.ts ?? 0;
  for (const e of events) {
    if (e.name !== 'ProfileChunk' || e.pid !== pid || e.id !== profile?.id) continue;
    for (const node of e.args?.data?.cpuProfile?.nodes ?? []) {
      const { functionName, url = '', lineNumber = 0 } = node.callFrame;
      names.set(node.id, `${functionName || '(anonymous)'} ${url.split('/').at(-1) ?? ''}:${lineNumber}`);
    }
    const deltas = e.args?.data?.timeDeltas ?? [];
    for (const [i, sample] of (e.args?.data?.cpuProfile?.samples ?? []).entries()) {
      const spent = deltas[i] ?? 0;
      at += spent;
      if (!long.some((t) => at >= t.ts && at <= t.ts + (t.dur ?? 0))) continue;
      const name = names.get(sample) ?? String(sample);
      hot.set(name, (hot.get(name) ?? 0) + spent / 1000);
    }
  }
  return [...hot].sort((a, b) => b[1] - a[1]);
}
