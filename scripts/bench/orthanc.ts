/** Orthanc's own anonymisation, over its REST interface on this machine: one study of many CT. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface OrthancRun {
  /** Seconds to take the files in, to anonymise the study, and to hand the result out as a ZIP. */
  readonly store: number;
  readonly anonymize: number;
  readonly fetch: number;
  readonly instances: number;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export async function orthanc(folder: string, work: string): Promise<OrthancRun> {
  const [http, dicom] = [await freePort(), await freePort()];
  const home = join(work, 'orthanc');
  mkdirSync(home);
  const settings = {
    StorageDirectory: home,
    IndexDirectory: home,
    HttpPort: http,
    DicomPort: dicom,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    Plugins: [],
    OverwriteInstances: true,
  };
  const file = join(work, 'orthanc.json');
  writeFileSync(file, JSON.stringify(settings));
  const child = spawn('Orthanc', [file], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${http}`;
  try {
    await up(`${url}/system`);
    const clock = async <T>(task: () => Promise<T>): Promise<{ readonly seconds: number; readonly value: T }> => {
      const start = performance.now();
      const value = await task();
      return { seconds: (performance.now() - start) / 1000, value };
    };
    const store = await clock(async () => {
      for (const name of readdirSync(folder)) {
        const answer = await fetch(`${url}/instances`, { method: 'POST', body: readFileSync(join(folder, name)) });
        if (!answer.ok) throw new Error(`Orthanc did not take a file: ${answer.status}`);
        await answer.arrayBuffer();
      }
    });
    const [study] = (await (await fetch(`${url}/studies`)).json()) as string[];
    const made = await clock(async () => {
      const body = JSON.stringify({ Synchronous: true });
      const answer = await fetch(`${url}/studies/${study ?? ''}/anonymize`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`Orthanc did not anonymise: ${answer.status}`);
      return (await answer.json()) as { ID: string };
    });
    const fetched = await clock(async () => {
      const answer = await fetch(`${url}/studies/${made.value.ID}/archive`);
      return (await answer.arrayBuffer()).byteLength;
    });
    const { length } = (await (await fetch(`${url}/studies/${made.value.ID}/instances`)).json()) as unknown[];
    return { store: store.seconds, anonymize: made.seconds, fetch: fetched.seconds, instances: length };
  } finally {
    child.kill();
    await ended;
  }
}

async function up(url: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const there = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (there) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Orthanc did not start');
}
